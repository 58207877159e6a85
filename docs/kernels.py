"""``python -m docs.kernels``: the page's kernels, compiled anew from their C by Zig's compiler (package ``ziglang``)."""

import hashlib
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent.parent / "olhar" / "exports" / "web"
SOURCES, COMPILED = (HERE / "kernels.c", HERE / "shrinking.c"), HERE / "page" / "kernels.wasm"
_FLAGS = ("-target", "wasm32-freestanding", "-O3", "-msimd128", "-mbulk-memory", "-nostdlib", "-s")
_LINKED = ("-Wl,--no-entry", "-Wl,--import-memory", "-Wl,--export=__heap_base", "-Wl,-z,stack-size=8192")


def stamp() -> bytes:
    """A section of WebAssembly's that says of which sources a file is: no engine reads it."""
    content = b"\x06source" + hashlib.sha256(b"".join(source.read_bytes() for source in SOURCES)).hexdigest().encode()
    return b"\x00" + bytes([len(content)]) + content


def main() -> None:
    """Compile, and stamp."""
    subprocess.run([sys.executable, "-m", "ziglang", "cc", *_FLAGS, *_LINKED, "-o", COMPILED, *SOURCES], check=True)
    COMPILED.write_bytes(COMPILED.read_bytes() + stamp())


if __name__ == "__main__":
    main()
