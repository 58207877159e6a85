"""Pictures that look like something, so that a body which has seen photographs tells them apart: stripes, dots, ramps."""

from pathlib import Path

import numpy as np
from PIL import Image

KINDS = ("dots", "ramp", "stripes")


def scene(kind: str, seed: int, side: int = 80) -> np.ndarray:
    """One of a kind, in colours, period and place of its own: uint8 (side, side, 3)."""
    rng = np.random.default_rng(seed)
    low, high = rng.integers(0, 256, (2, 3))
    rows, columns = np.mgrid[:side, :side]
    period, start = rng.integers(8, 16), rng.integers(0, 8)
    shares = {
        "stripes": (rows + start) % period < period // 2,
        "dots": (rows % period - period / 2) ** 2 + (columns % period - period / 2) ** 2 < (period / 3) ** 2,
        "ramp": (rows + columns) / (2 * side),
    }
    share = np.asarray(shares[kind], float)[..., None]
    return (low + (high - low) * share).clip(0, 255).astype(np.uint8)


def write_scenes(root: Path, per_class: int = 12, kinds: tuple[str, ...] = KINDS, start: int = 0) -> Path:
    """A folder a kind."""
    for kind in kinds:
        (root / kind).mkdir(parents=True, exist_ok=True)
        for i in range(start, start + per_class):
            Image.fromarray(scene(kind, 1000 * KINDS.index(kind) + i)).save(root / kind / f"{i:03}.png")
    return root


def ring_and_disk(first: str, seed: int, side: int = 32) -> np.ndarray:
    """A ring and a disk side by side, ``first`` at the left, in colours and places of their own: uint8 (side, side, 3).

    Both kinds are made of the same parts, so that a head on pooled features hardly tells them apart.
    """
    rng = np.random.default_rng(seed)
    picture = np.full((side, side, 3), rng.integers(0, 120, 3), np.uint8)
    rows, columns = np.mgrid[:side, :side] * (64 / side)
    gap = rng.integers(18, 26)
    left, colours = rng.integers(10, 54 - gap), rng.integers(140, 256, (2, 3))
    heights = rng.integers(12, 52, 2)
    for number, middle in enumerate((left, left + gap)):
        far = (rows - heights[number]) ** 2 + (columns - middle) ** 2
        hollow = (number == 0) == (first == "ring")
        picture[(far < 81) & ((far > 25) | (not hollow))] = colours[number]
    return picture


def write_rings_and_disks(root: Path, per_class: int, start: int = 0) -> Path:
    """A folder for each of which stands at the left."""
    for number, first in enumerate(("ring", "disk")):
        (root / first).mkdir(parents=True, exist_ok=True)
        for i in range(start, start + per_class):
            Image.fromarray(ring_and_disk(first, 10_000 * number + i)).save(root / first / f"{i:03}.png")
    return root
