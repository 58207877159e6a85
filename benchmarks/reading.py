"""How long it takes to list pictures, and how much memory: a folder of many files, a zip of it, a table of pixels.

    python benchmarks/reading.py [--pictures 200000] [--rows 35887]

Each is read in a process of its own; peak memory is what the process held above an empty one that has imported the readers
(Linux only).
"""

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

READ = """
import re, sys, time
from pathlib import Path
import olhar
from olhar.data import sources
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = peak()
begun = time.perf_counter()
found = olhar.read(sys.argv[1])
seconds = time.perf_counter() - begun
held = peak() - before
print(f"{sys.argv[2]:14} {len(found):>8,} pictures {seconds:6.2f} s {1024 * held / len(found):7.0f} bytes a picture")
"""


def folder(root: Path, pictures: int) -> Path:
    for number in range(10):
        (root / "folder" / f"class{number}").mkdir(parents=True)
    for i in range(pictures):
        (root / "folder" / f"class{i % 10}" / f"picture-{i:07}.jpg").touch()
    return root / "folder"


def packed(source: Path) -> Path:
    path = source.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in source.rglob("*.jpg"):
            archive.write(file, file.relative_to(source).as_posix())
    return path


def table(root: Path, rows: int) -> Path:
    rng = np.random.default_rng(0)
    with (root / "table.csv").open("w") as file:
        file.write("emotion,pixels,Usage\n")
        for i in range(rows):
            pixels = " ".join(map(str, rng.integers(0, 256, 48 * 48).tolist()))
            file.write(f"{i % 7},{pixels},{'PrivateTest' if i % 5 == 0 else 'Training'}\n")
    return root / "table.csv"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=200_000)
    parser.add_argument("--rows", type=int, default=35_887)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        files = folder(Path(place), wanted.pictures)
        for name, path in (("folder", files), ("zip", packed(files)), ("pixel table", table(Path(place), wanted.rows))):
            subprocess.run([sys.executable, "-c", READ, str(path), name], check=True)


if __name__ == "__main__":
    main()
