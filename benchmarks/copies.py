"""What the check and the search for near copies cost: time and memory, on made-up pictures and on real ones, and how it grows.

    python benchmarks/copies.py                          10,000, 100,000 and 1,000,000 made-up thumbnails
    python benchmarks/copies.py --sizes 10000,100000
    python benchmarks/copies.py --data fer2013.zip       the whole check of real pictures, nothing cached, then cached

A made-up set holds one changed copy (noise and another brightness) for every ten pictures, so that what is found can be counted.
Every row is measured in a process of its own, which tells the most memory that it held.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

COPIES = 10


def made_up(n: int, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Thumbnails with structure, memory-mapped as a survey's are: the last n/11 are changed copies of the first."""
    rng = np.random.default_rng(0)
    gray = np.lib.format.open_memmap(folder / "gray.npy", mode="w+", dtype=np.uint8, shape=(n, 32, 32))
    colour = np.lib.format.open_memmap(folder / "colour.npy", mode="w+", dtype=np.uint8, shape=(n, 4, 4, 3))
    own = n - n // (COPIES + 1)
    for start in range(0, own, 10_000):
        m = min(10_000, own - start)
        coarse = np.kron(rng.normal(0, 30, (m, 4, 4)), np.ones((8, 8)))
        middle = np.kron(rng.normal(0, 25, (m, 8, 8)), np.ones((4, 4)))
        fine = np.kron(rng.normal(0, 15, (m, 16, 16)), np.ones((2, 2)))
        gray[start : start + m] = np.clip(128 + coarse + middle + fine, 0, 255)
        colour[start : start + m] = rng.integers(0, 256, (m, 4, 4, 3))
    for start in range(own, n, 10_000):
        rows = np.arange(start, min(start + 10_000, n))
        noise = rng.normal(0, 4, (len(rows), 32, 32)) + rng.uniform(-15, 15, (len(rows), 1, 1))
        gray[rows] = np.clip(gray[rows - own] + noise, 0, 255)
        colour[rows] = colour[rows - own]
    return gray, colour


def one_size(n: int) -> dict[str, float]:
    from olhar.data.assignment import Shares
    from olhar.data.copies.groups import connected_groups
    from olhar.data.copies.near_copies import near_copies
    from olhar.data.split import split

    with tempfile.TemporaryDirectory() as folder:
        gray, colour = made_up(n, Path(folder))
        begun = time.monotonic()
        found = near_copies(gray, colour, np.ones(n, bool))
        searched = time.monotonic() - begun
        own = n - n // (COPIES + 1)
        right = (found.pairs[:, 1] - found.pairs[:, 0] == own).sum()
        hashes = [row.tobytes() for row in np.random.default_rng(1).integers(0, 256, (n, 16)).astype(np.uint8)]
        begun = time.monotonic()
        group = connected_groups(n, found.pairs)
        split(["0", "1"], np.arange(n) % 2, [""] * n, hashes, Shares.parse("80/10/10"), 0, groups=group)
        divided = time.monotonic() - begun
        numbers = {"found": right / (n - own), "others": len(found.pairs) - right, "compared": found.compared}
    return {"n": n, "copies_s": searched, "split_s": divided, **numbers}


def whole(data: str) -> dict[str, float]:
    import olhar

    found = {}
    for name in ("first_s", "again_s"):
        begun = time.monotonic()
        audit = olhar.check(data)
        found[name] = time.monotonic() - begun
    counts = {one.code: one.values["n"] for one in (*audit.issues, *audit.tips) if "n" in one.values}
    return {"n": len(audit.dataset), **found, "compared": audit.evidence.survey.near.compared, **counts}


def alone(*arguments: str) -> dict[str, float]:
    """Run this file again with an empty cache; its row, and the most memory that it held."""
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"OLHAR_CACHE": cache}
        done = subprocess.run([sys.executable, __file__, *arguments], check=True, capture_output=True, text=True, env=environment)
    return json.loads(done.stdout.splitlines()[-1])


def show(row: dict[str, float]) -> None:
    print("  ".join(f"{name} {value:,.3g}" if isinstance(value, float) else f"{name} {value:,}" for name, value in row.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--data", nargs="*", default=[])
    parser.add_argument("--one", type=int)
    parser.add_argument("--whole")
    asked = parser.parse_args()
    if asked.one or asked.whole:
        row = one_size(asked.one) if asked.one else whole(asked.whole)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
        print(json.dumps(row | {"megabytes": most}, default=int))
        return
    for data in asked.data:
        print(data)
        show(alone("--whole", data))
    for size in [] if asked.data else asked.sizes.split(","):
        show(alone("--one", size))


if __name__ == "__main__":
    main()
