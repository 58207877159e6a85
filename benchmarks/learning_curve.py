"""What a learning curve promises, beside what more pictures really brought.

    python benchmarks/learning_curve.py --features FOLDER --rows learning-curve.csv
    python benchmarks/learning_curve.py --features FOLDER --rows learning-curve.csv --sets trash --sizes 10 --draws 20

For each set and size, so many pictures a class are drawn, exact copies together; of every second draw one class is half as large.
They teach a head, which promises. Then what was promised is done: so many more pictures, of all classes or of one, drawn four
times; a head learns from all of them, the first one and it answer about the pictures left over, and the mean difference of the
accuracy is the true gain. Answers count as much as the classes do among the pictures that taught first.
A row of the CSV is a promise; draws that stand there are not made again. Prints a line a set, size and kind of promise: the mean
promise and gain, how far they lie apart, how often the interval held the gain, and how much the gain itself is uncertain: the
deviation of the mean of four, and the chance in the pictures that judge; ``wide``: how often an interval
held it to which that noise is added. Choices were made on brazil-coins, trash and chest-xray.

FOLDER holds ``SET.npz``, as for ``benchmarks/heads.py``.
"""

import argparse
import csv
import itertools
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from heads import Pictures, pictures_of
from numpy.typing import NDArray

from olhar.bodies.heads.ground import Ground
from olhar.bodies.heads.learning import LearntHead, learn_head
from olhar.bodies.heads.learning_curve import learning_curve
from olhar.evaluation.learning_curve import Promise

SETS = "brazil-coins trash chest-xray ants-bees hand-digits magnetic-tile cats-dogs"
SIZES = "10 20 40"
ADDED = 4
LEFT = 15
"""So many pictures of each class are left to judge; else the draw is passed over."""

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Row:
    """A promise, and what came of it; ``key`` is empty for all classes and ``one`` for a class alone. Shares of 1."""

    set: str
    size: int
    draw: int
    key: str
    n: int
    more: int
    others: int
    gain: float
    low: float
    high: float
    true: float
    deviation: float
    chance: float
    seconds: float

    @property
    def noise(self) -> float:
        """The deviation of the true gain as it was measured."""
        return math.hypot(self.deviation, self.chance)

    @property
    def held_within_noise(self) -> bool:
        """The same for an interval to which the noise is added."""
        half = math.hypot((self.high - self.low) / 2, 1.96 * self.noise)
        return abs(self.true - (self.high + self.low) / 2) <= half

    @property
    def held(self) -> bool:
        """Whether the interval held the gain."""
        return self.low <= self.true <= self.high


@dataclass(frozen=True)
class Draw:
    """Pictures that teach first, and of each class those that may come."""

    teach: Rows
    coming: list[Rows]
    share: NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, required=True, help="the folder of SET.npz")
    parser.add_argument("--rows", type=Path, required=True, help="CSV; what stands in it is not measured again")
    parser.add_argument("--sets", nargs="+", default=SETS.split())
    parser.add_argument("--sizes", nargs="+", type=int, default=[int(size) for size in SIZES.split()])
    parser.add_argument("--draws", type=int, default=20)
    given = parser.parse_args()
    known = read_rows(given.rows)
    for name in given.sets:
        pictures = pictures_of(given.features, name)
        for size, draw in itertools.product(given.sizes, range(given.draws)):
            if not any((row.set, row.size, row.draw) == (name, size, draw) for row in known):
                found = list(measured(pictures, name, size, draw))
                append_rows(given.rows, found)
                known += found
    for line in table([row for row in known if row.set in given.sets and row.size in given.sizes]):
        print(line)


def drawn(pictures: Pictures, size: int, draw: int) -> Draw:
    rng, classes = np.random.default_rng([draw, size]), int(pictures.labels.max()) + 1
    counts = np.full(classes, size)
    if draw % 2:
        counts[rng.integers(classes)] //= 2
    teach, coming = list[Rows](), list[Rows]()
    for label, count in enumerate(counts.tolist()):
        own = pictures.labels == label
        groups = rng.permutation(np.unique(pictures.groups[own]))
        teach.append(np.flatnonzero(np.isin(pictures.groups, groups[:count]) & own))
        coming.append(np.flatnonzero(~np.isin(pictures.groups, groups[:count]) & own))
    return Draw(np.concatenate(teach), coming, counts / counts.sum())


def measured(pictures: Pictures, name: str, size: int, draw: int) -> Iterator[Row]:
    """The promises of one draw that the set is large enough to prove."""
    first = drawn(pictures, size, draw)
    begun = time.perf_counter()
    ground, labels, groups = taught(pictures, first.teach)
    learnt = learn_head(ground, labels, groups, len(first.share))
    middle = time.perf_counter()
    curve = learning_curve(ground, labels, groups, [str(label) for label in range(len(first.share))], learnt)
    seconds = time.perf_counter() - middle
    print(f"{name} {size} {draw}: {middle - begun:.2f} s, the curve {seconds:.2f} s", flush=True)
    for promised in curve.promises if curve else ():
        each = [gained(pictures, first, learnt, promised, time_) for time_ in range(ADDED)]
        if None in each:
            continue
        gains, chances, others = np.array(each).T
        yield Row(
            *(name, size, draw, "one" if promised.key else "", len(labels), promised.more, int(others.mean())),
            *(promised.gain, promised.low, promised.high, float(gains.mean()), float(gains.std(ddof=1) / math.sqrt(ADDED))),
            *(float(chances.mean()), seconds),
        )


def taught(pictures: Pictures, rows: Rows) -> tuple[Ground, Rows, Rows]:
    own = {key: each[:, rows] for key, each in pictures.outputs.items()}
    return Ground.of(own, tuple(own)), pictures.labels[rows], pictures.groups[rows]


def gained(pictures: Pictures, first: Draw, learnt: LearntHead, promised: Promise, draw: int) -> tuple[float, float, int] | None:
    """The true gain, its deviation by the pictures that judge, and how many those are; None where too few would be left."""
    rng, rows, others = np.random.default_rng([draw, 1]), [first.teach], list[Rows]()
    for label, coming in enumerate(first.coming):
        wanted = round(promised.more * first.share[label]) if not promised.key else promised.more * (promised.key == str(label))
        if len(coming) - wanted < LEFT:
            return None
        shuffled = rng.permutation(coming)
        rows.append(shuffled[:wanted])
        others.append(shuffled[wanted:])
    after = learn_head(*taught(pictures, np.concatenate(rows)), len(first.share))
    differences = [right(after, pictures, own).astype(float) - right(learnt, pictures, own) for own in others]
    gain = sum(share * own.mean() for share, own in zip(first.share, differences, strict=True))
    variance = sum(share**2 * own.var() / len(own) for share, own in zip(first.share, differences, strict=True))
    return float(gain), math.sqrt(variance), sum(map(len, others))


def right(learnt: LearntHead, pictures: Pictures, rows: Rows) -> NDArray[np.bool_]:
    said = learnt.head.logits({key: each[0, rows] for key, each in pictures.outputs.items()})
    return said.argmax(axis=1) == pictures.labels[rows]


def read_rows(path: Path) -> list[Row]:
    if not path.exists():
        return []
    kinds = {field.name: field.type for field in fields(Row)}
    with path.open(newline="") as file:
        return [Row(**{key: kinds[key](cell) for key, cell in line.items()}) for line in csv.DictReader(file)]


def append_rows(path: Path, rows: list[Row]) -> None:
    new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)])
        if new:
            writer.writeheader()
        writer.writerows(map(asdict, rows))


def table(rows: list[Row]) -> Iterator[str]:
    heads = (
        ("rows", 5),
        ("more", 6),
        ("promised", 10),
        ("gained", 8),
        ("apart", 7),
        ("held", 7),
        ("half", 7),
        ("noise", 7),
        ("wide", 6),
    )
    yield f"{'set':14}{'size':>5} {'of':4}" + "".join(f"{head:>{width}}" for head, width in heads)
    for (name, size, key), own in itertools.groupby(sorted(rows, key=_cell), key=_cell):
        yield f"{name:14}{size:5} {key or 'all':4}" + _numbers(list(own))
    for key in ("", "one"):
        if own := [row for row in rows if row.key == key]:
            yield f"{'all sets':14}{'':5} {key or 'all':4}" + _numbers(own)


def _cell(row: Row) -> tuple[str, int, str]:
    return row.set, row.size, row.key


def _numbers(rows: list[Row]) -> str:
    def mean(*values: float) -> float:
        return 100 * float(np.mean(values))

    apart = 100 * math.sqrt(np.mean([(row.gain - row.true) ** 2 for row in rows]))
    noise = 100 * math.sqrt(np.mean([row.noise**2 for row in rows]))
    half = mean(*((row.high - row.low) / 2 for row in rows))
    return (
        f"{len(rows):5}{np.mean([row.more for row in rows]):6.0f}{mean(*(row.gain for row in rows)):10.2f}"
        f"{mean(*(row.true for row in rows)):8.2f}{apart:7.2f}{mean(*(row.held for row in rows)):6.0f}%{half:7.2f}{noise:7.2f}"
        f"{mean(*(row.held_within_noise for row in rows)):5.0f}%"
    )


if __name__ == "__main__":
    main()
