"""Folders of tiny pictures, grown from a few words, and what they are read as."""

from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np

import olhar
from olhar.data.dataset import Dataset
from tests.conftest import encoded

Counts = dict[str, int]


@cache
def photo(seed: int) -> bytes:
    """A picture of many tones and colours; another seed, another picture."""
    return encoded(np.random.default_rng(seed).integers(0, 255, (12, 12, 3), dtype=np.uint8))


@cache
def mask(seed: int) -> bytes:
    """A gray picture of two tones."""
    pixels = np.zeros((12, 12), np.uint8)
    pixels[seed % 8 : seed % 8 + 4, 3:9] = 255
    return encoded(pixels)


def grow(root: Path, *lines: str) -> Path:
    """Write pictures below ``root``: ``"train/cat 6"``, ``"pets 3 cat.{}.png"``, ``"masks 3 {}.png mask"``, one line a folder.

    Pictures of one folder and name are always the same; ``as OTHER`` behind a line takes the pictures of another folder.
    """
    for line in lines:
        words, _, other = line.partition(" as ")
        folder, n, *rest = words.split(" | ") if " | " in words else words.split()
        form, kind = (*rest, "img_{}.png", "photo")[:2] if len(rest) != 1 else (rest[0], "photo")
        (root / folder).mkdir(parents=True, exist_ok=True)
        make = mask if kind == "mask" else photo
        for i in range(int(n)):
            seed = sum(map(ord, f"{other or folder}{form}")) * 1000 + i
            (root / folder / form.format(i)).write_bytes(make(seed) if form.endswith("png") else b"text")
    return root


def counts(dataset: Dataset) -> Counts:
    """How many pictures each part and class has: ``{"train/cat": 6}``; without parts ``{"cat": 6}``."""
    names = (dataset.classes[label] if label >= 0 else "?" for label in dataset.labels.tolist())
    found = Counter(f"{part}/{name}" if part else name for part, name in zip(dataset.brought, names, strict=True))
    return dict(sorted(found.items()))


def read(root: Path, *lines: str, **options: str) -> tuple[Counts, str]:
    """What grown folders are read as: the counts, and the line that is told."""
    dataset = olhar.read(grow(root, *lines), **options)  # pyright: ignore[reportArgumentType]
    return counts(dataset), str(dataset.read_as)


def each(classes: str, n: int, parts: str = "") -> Counts:
    """The counts of equal classes: ``each("cat dog", 6, "train test")``."""
    names = [f"{part}/{name}" for part in parts.split() for name in classes.split()] if parts else classes.split()
    return dict.fromkeys(sorted(names), n)
