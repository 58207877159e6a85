"""A million pictures: packed, looked at, searched for copies and split. Time and memory, and how they grow.

    python benchmarks/million.py [--counts 10000 100000 1000000] [--work DIR]

The pictures are synthetic, 32 x 32 in colour, no two alike (each is the mean of two patterns, no two of which meet twice), and
made when they are asked for; each number of them is packed and split in a process of its own, into a cache that is thrown away
(4.2 GB for a million).
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from olhar.base.images import Pixels
from olhar.base.progress import Quiet
from olhar.data.cache.store import pack
from olhar.data.dataset import Dataset
from olhar.jobs.prepare import prepare
from olhar.runs.environment import environment
from olhar.training.recipe import Recipe

SIDE, CLASSES = 32, 10
PATTERNS = (1009, 997)


def patterns(n: int, seed: int) -> Pixels:
    """uint8 (n, 32, 32, 3): blots of several sizes, halved in strength."""
    rng = np.random.default_rng(seed)
    blots = [np.kron(rng.normal(0, 24, (n, k, k, 3)), np.ones((1, SIDE // k, SIDE // k, 1))) for k in (4, 8, 16)]
    return np.clip(64 + sum(blots), 0, 127).astype(np.uint8)


ONE, OTHER = (patterns(n, seed) for seed, n in enumerate(PATTERNS))


@dataclass(frozen=True)
class Made:
    """Pictures that are made when they are read."""

    n: int

    def read(self, index: int) -> Pixels:
        """The pixels of picture ``index``, below 1,005,973."""
        return ONE[index % PATTERNS[0]] + OTHER[index % PATTERNS[1]]

    def fingerprint(self) -> Iterator[bytes]:
        """How many there are."""
        yield str(self.n).encode()


def made(n: int) -> Dataset:
    """A table of ``n`` such pictures in ten classes."""
    labels = np.arange(n, dtype=np.int64) % CLASSES
    where = [f"class-{row % CLASSES}/picture-{row:07}.png" for row in range(n)]
    return Dataset("made", Made(n), where, tuple(f"class-{k}" for k in range(CLASSES)), labels, ("",) * n)


def memory() -> float:
    """The most memory that this process had, in MB; pages of the store that the system keeps for it are in it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def one(n: int) -> None:
    """Pack and split ``n`` pictures, and print what it took as JSON."""
    start, data = memory(), made(n)
    table, begun = memory(), time.perf_counter()
    pack(data, (SIDE, SIDE), 3, "stretch")
    packed, after_packing = time.perf_counter(), memory()
    prepare(data, Recipe().with_({"size": SIDE}), Quiet())
    again = time.perf_counter()
    times = {"packing": packed - begun, "splitting": again - packed}
    sizes = {"table": table - start, "after packing": after_packing - start, "after splitting": memory() - start}
    print(json.dumps({"n": n, "seconds": times, "megabytes": sizes}))


def main() -> None:
    """One row a number of pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--work", type=Path, help="where the temporary files lie")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        one(asked.one)
        return
    about = environment()
    print(f"{about['processor']}, {about['cores']} cores, Python {about['python']}, one run\n")
    print("| pictures | packing, s | opening again, looking and splitting, s | most memory: table | packing | splitting, MB |")
    print("|---|---|---|---|---|---|")
    for n in asked.counts:
        with tempfile.TemporaryDirectory(dir=asked.work) as cache:
            command = [sys.executable, __file__, "--one", str(n)]
            environ = {**os.environ, "OLHAR_CACHE": cache}
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environ)
        found = json.loads(done.stdout.splitlines()[-1])
        seconds = " | ".join(f"{value:.2f}" for value in found["seconds"].values())
        sizes = " | ".join(f"{value:,.0f}" for value in found["megabytes"].values())
        print(f"| {n:,} | {seconds} | {sizes} |", flush=True)


if __name__ == "__main__":
    main()
