"""How long a folder takes to be understood, beside how long it takes to be listed.

    python benchmarks/layouts.py --pictures 200000

Makes folders of empty files in a temporary place, in the layouts that ask most of the rules, lists each and reads each. An
empty file is no picture, but no rule opens more than a hundred and sixteen. Medians of three.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from olhar.base.progress import Quiet
from olhar.data.files.folder import FolderFiles
from olhar.data.sources import read

LAYOUTS: dict[str, Callable[[int], Iterator[str]]] = {
    "200 classes": lambda n: (f"class_{i % 200}/img_{i}.jpg" for i in range(n)),
    "parts, 1,000 classes, a folder of images in each": lambda n: (
        f"{('train', 'val')[i % 10 == 0]}/n{i % 1000:08}/images/n{i % 1000:08}_{i}.JPEG" for i in range(n)
    ),
    "pictures and masks": lambda n: (
        f"set/{('images', 'masks')[i % 2]}/c{i // 2 % 50}/ISIC_{i // 2 * 7:09}.png" for i in range(n)
    ),
    "held twice": lambda n: (f"{('', 'set/')[i % 2]}c{i // 2 % 20}/{i // 2}.jpg" for i in range(n)),
    "three variants": lambda n: (f"{('color', 'gray', 'segmented')[i % 3]}/c{i // 3 % 38}/{i // 3}.jpg" for i in range(n)),
    "280 patients": lambda n: (f"{8000 + 3 * (i % 280)}/{i // 280 % 2}/{i}.png" for i in range(n)),
    "names of files": lambda n: (f"{('cat', 'dog')[i % 2]}.{i}.jpg" for i in range(n)),
    "a date, a class and a number in names": lambda n: (
        f"2023-05-{i % 28 + 1:02}_{('cat', 'dog')[i % 2]}_{i:06}.jpg" for i in range(n)
    ),
}


def main() -> None:
    """Print a line a layout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=200_000)
    n = parser.parse_args().pictures
    for name, layout in LAYOUTS.items():
        with tempfile.TemporaryDirectory() as place:
            _make(Path(place), layout(n))
            listed = _seconds(lambda place=place: FolderFiles.below(Path(place)))
            whole = _seconds(lambda place=place: _read(place))
        print(f"{name:50} listed in {listed:5.2f} s, read in {whole:5.2f} s, {whole - listed:5.2f} s more")


def _make(root: Path, names: Iterator[str]) -> None:
    made: set[str] = set()
    for name in names:
        folder = name.rpartition("/")[0]
        if folder not in made:
            (root / folder).mkdir(parents=True, exist_ok=True)
            made.add(folder)
        os.close(os.open(root / name, os.O_CREAT | os.O_WRONLY))


def _read(place: str) -> None:
    try:
        read(place, progress=Quiet())
    except Exception as error:
        print(f"  ({error})")


def _seconds(work: Callable[[], object]) -> float:
    seconds: list[float] = []
    for _ in range(3):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return median(seconds)


if __name__ == "__main__":
    main()
