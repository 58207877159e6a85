"""How long it takes to understand a table of a million rows: which column is which, and which picture each row names.

    python benchmarks/tables.py             # a million rows in a folder of its own, which is deleted again
    python benchmarks/tables.py --rows 100000

The pictures are empty files in a thousand folders; listing them is timed apart, since it is the disk's time. Printed are
seconds: of listing, of the table by ids without endings, of the table by paths that were written elsewhere, and of the table
by its name alone.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import olhar
from olhar.base.progress import Quiet
from olhar.data.files.folder import FolderFiles

_KINDS = ("healthy", "rust", "scab")


def make(folder: Path, n: int) -> None:
    """A million empty pictures, and nothing else yet."""
    for start in range(0, n, 1000):
        below = folder / "images" / f"{start // 1000:04}"
        below.mkdir(parents=True)
        for i in range(start, min(start + 1000, n)):
            (below / f"leaf_{i:07}.jpg").touch()


def write(folder: Path, n: int, how: str) -> None:
    """A table: a row number, what names the picture, a tree, a class, and a number that says nothing."""
    with (folder / "labels.csv").open("w", encoding="utf-8") as file:
        file.write("id,picture,tree,disease,height\n")
        for i in range(n):
            name = f"leaf_{i:07}" if how == "ids" else f"/content/drive/set/images/{i // 1000:04}/leaf_{i:07}.jpg"
            file.write(f"r{i},{name},t{i // 40},{_KINDS[i % 3]},{i * 7 % 1000 / 10}\n")


def seconds(what: str, do: Callable[[], object]) -> None:
    """Print how long something takes."""
    begun = time.perf_counter()
    do()
    print(f"{what:44} {time.perf_counter() - begun:6.2f} s", flush=True)


def main() -> None:
    """Make the set, and read it in each way."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rows", type=int, default=1_000_000)
    n = arguments.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, n)
        for how in ("ids", "paths"):
            write(folder, n, how)
            seconds("listing the folder", lambda: FolderFiles.below(folder))
            seconds(f"listing it and reading its table, by {how}", lambda: olhar.read(folder, progress=Quiet()))
        seconds("listing it and reading the table by its name", lambda: olhar.read(folder / "labels.csv", progress=Quiet()))


if __name__ == "__main__":
    main()
