"""``python -m docs.kernels``: the page's kernels, compiled anew from ``kernels.c`` by Zig's compiler (package ``ziglang``)."""

import hashlib
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent.parent / "olhar" / "exports" / "web"
SOURCE, COMPILED = HERE / "kernels.c", HERE / "page" / "kernels.wasm"
_FLAGS = ("-target", "wasm32-freestanding", "-O3", "-msimd128", "-mbulk-memory", "-nostdlib", "-s")
_LINKED = ("-Wl,--no-entry", "-Wl,--import-memory", "-Wl,--export=__heap_base", "-Wl,-z,stack-size=8192")


def stamp(source: bytes) -> bytes:
    """A section of WebAssembly's that says of which source a file is: no engine reads it."""
    content = b"\x06source" + hashlib.sha256(source).hexdigest().encode()
    return b"\x00" + bytes([len(content)]) + content


def main() -> None:
    """Compile, and stamp."""
    subprocess.run([sys.executable, "-m", "ziglang", "cc", *_FLAGS, *_LINKED, "-o", COMPILED, SOURCE], check=True)
    COMPILED.write_bytes(COMPILED.read_bytes() + stamp(SOURCE.read_bytes()))


if __name__ == "__main__":
    main()
