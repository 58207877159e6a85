"""Heads on few photographs: how right, beside the ordinary way, and how honest what is told of them.

    python benchmarks/heads.py --features FOLDER --rows heads.csv
    python benchmarks/heads.py --features FOLDER --rows heads.csv --sets trash chest-xray --sizes 5 10 --draws 20

For each set and size (pictures a class, or a share of each class), pictures are drawn again and again, exact copies together; the
others judge. The floor: pooled features of one view, standardised, scikit-learn's ``LogisticRegression(C=0.01)``. Beside it
``olhar``'s head, with what it tells of itself out of fold. A row of the CSV is a draw; rows that stand there are not made again.
Prints a cell a line, the difference with its paired 95 % interval, and how often the interval that was told held the accuracy on
the others. Choices (squash, strength, candidates, folds) were made on brazil-coins, trash and chest-xray, that of the layout
on these and hand-digits; the others only judge.

FOLDER holds ``SET.npz``: ``plain/NAME`` and ``mirror/NAME`` (N, width) of each pooled output of a body, ``plain/layout``,
``labels``, ``hashes``.
"""

import argparse
import csv
import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from olhar.bodies.heads.candidates import LAYOUT, wanted
from olhar.bodies.heads.interval import expected_accuracy, expected_on
from olhar.bodies.heads.learning import LearntHead, learn_head
from olhar.evaluation.intervals import wilson
from olhar.evaluation.measuring import cross_entropy

SETS = "brazil-coins trash chest-xray ants-bees hand-digits magnetic-tile cats-dogs"
SIZES = "5 10 20 0.8"
LAST = "features_pooled"


@dataclass(frozen=True)
class Pictures:
    """Pooled outputs (2, N, width) by name from picture to features, labels (N,), and a number (N,) that exact copies share."""

    outputs: Mapping[str, NDArray[np.float16]]
    labels: NDArray[np.int64]
    groups: NDArray[np.int64]


@dataclass(frozen=True)
class Row:
    """A draw: who was how right on the others, and what was told."""

    set: str
    size: float
    draw: int
    n: int
    others: int
    floor: float
    ours: float
    right: int
    loss: float
    told_loss: float
    calibration_error: float
    seconds: float
    kind: str
    pool: str

    @property
    def key(self) -> tuple[str, float, int]:
        """By which a draw is known."""
        return self.set, self.size, self.draw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, required=True, help="the folder of SET.npz")
    parser.add_argument("--rows", type=Path, required=True, help="CSV; what stands in it is not measured again")
    parser.add_argument("--sets", nargs="+", default=SETS.split())
    parser.add_argument("--sizes", nargs="+", type=float, default=[float(size) for size in SIZES.split()])
    parser.add_argument("--draws", type=int, default=50)
    given = parser.parse_args()
    known = read_rows(given.rows)
    for name in given.sets:
        pictures = pictures_of(given.features, name)
        for size in given.sizes:
            for draw in range(given.draws):
                if not any(row.key == (name, size, draw) for row in known):
                    known.append(measured(pictures, name, size, draw))
                    append_row(given.rows, known[-1])
    chosen = [row for row in known if row.set in given.sets and row.size in given.sizes]
    for line in table(chosen):
        print(line)


def pictures_of(folder: Path, name: str) -> Pictures:
    """Where features come from; the one place to change for another source."""
    with np.load(folder / f"{name}.npz") as stored:
        blocks = sorted(
            (key.split("/")[1] for key in stored if key.startswith("plain/block_")), key=lambda key: int(key.split("_")[1])
        )
        outputs = {key: np.stack([stored[f"{view}/{key}"] for view in ("plain", "mirror")]) for key in wanted([*blocks, LAST])}
        groups = np.unique(stored["hashes"], return_inverse=True)[1].astype(np.int64)
        if f"plain/{LAYOUT}" in stored:
            outputs = {LAYOUT: stored[f"plain/{LAYOUT}"][None], **outputs}
        halves = {key: each.astype(np.float16) for key, each in outputs.items()}
        return Pictures(halves, stored["labels"].astype(np.int64), groups)


def drawn(pictures: Pictures, size: float, draw: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows that teach, ``size`` groups a class or that share of them, and the other rows."""
    rng, taken = np.random.default_rng([draw, int(size * 100)]), list[int]()
    for label in range(int(pictures.labels.max()) + 1):
        own = rng.permutation(np.unique(pictures.groups[pictures.labels == label]))
        taken += own[: round(size * len(own)) if size < 1 else int(size)].tolist()
    teach = np.isin(pictures.groups, taken)
    return np.flatnonzero(teach), np.flatnonzero(~teach)


def measured(pictures: Pictures, name: str, size: float, draw: int) -> Row:
    teach, others = drawn(pictures, size, draw)
    labels, truth = pictures.labels[teach], pictures.labels[others]
    begun = time.perf_counter()
    found = learn_head(
        {key: each[:, teach] for key, each in pictures.outputs.items()}, labels, pictures.groups[teach], truth.max() + 1
    )
    seconds = time.perf_counter() - begun
    said = found.head.probabilities({key: each[0, others] for key, each in pictures.outputs.items()})
    return Row(
        *(name, size, draw, len(teach), len(others), floor(pictures.outputs[LAST][0], pictures.labels, teach, others)),
        *(share(said, truth), right(found, labels), cross_entropy(said, truth), cross_entropy(found.out_of_fold, labels)),
        *(calibration_error(said, truth), seconds, found.kind, " ".join(f"{key}={weight}" for key, weight in found.pool.items())),
    )


def floor(x: NDArray[np.float16], labels: NDArray[np.int64], teach: NDArray[np.int64], others: NDArray[np.int64]) -> float:
    """The ordinary way's accuracy on the others."""
    x = x.astype(np.float64)
    mean, deviation = x[teach].mean(axis=0), x[teach].std(axis=0)
    scaled = (x - mean) / np.where(deviation > 0, deviation, 1)
    return float(
        LogisticRegression(C=0.01, max_iter=1000).fit(scaled[teach], labels[teach]).score(scaled[others], labels[others])
    )


def share(said: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    return float((said.argmax(axis=1) == truth).mean())


def right(found: LearntHead, labels: NDArray[np.int64]) -> int:
    return int((found.out_of_fold.argmax(axis=1) == labels).sum())


def calibration_error(said: NDArray[np.float32], truth: NDArray[np.int64], bins: int = 15) -> float:
    """Expected calibration error of the surest answer (Guo et al. 2017), bins of equal width."""
    sure, correct = said.max(axis=1), said.argmax(axis=1) == truth
    which = np.minimum((sure * bins).astype(int), bins - 1)
    return float(sum(abs((sure - correct)[which == i].sum()) for i in range(bins)) / len(truth))


def read_rows(path: Path) -> list[Row]:
    if not path.exists():
        return []
    kinds = {field.name: field.type for field in fields(Row)}
    with path.open(newline="") as file:
        return [Row(**{key: kinds[key](cell) for key, cell in line.items()}) for line in csv.DictReader(file)]


def append_row(path: Path, row: Row) -> None:
    new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)])
        if new:
            writer.writeheader()
        writer.writerow(asdict(row))


def table(rows: list[Row]) -> Iterator[str]:
    yield f"{'set':14}{'size':>5}{'floor':>8}{'ours':>8}{'differ':>8}  {'95 %':16}{'loss':>7}{'told':>7}{'ECE':>7}{'s':>7}"
    cells = {(row.set, row.size): [each for each in rows if (each.set, each.size) == (row.set, row.size)] for row in rows}
    gains = list[float]()
    for (name, size), own in cells.items():
        gain, half = paired(own)
        gains.append(gain)
        means = [mean(own, key) for key in ("loss", "told_loss", "calibration_error", "seconds")]
        yield (
            f"{name:14}{size:5g}{100 * mean(own, 'floor'):8.1f}{100 * mean(own, 'ours'):8.1f}{gain:8.1f}"
            f"  {f'{gain - half:.1f} to {gain + half:.1f}':16}" + "".join(f"{each:7.3f}" for each in means)
        )
    yield f"mean over cells: {np.mean(gains):.2f} points above the floor"
    for size in sorted({row.size for row in rows}):
        yield f"size {size:g}: " + coverage([row for row in rows if row.size == size])


def mean(rows: list[Row], key: str) -> float:
    return float(np.mean([getattr(row, key) for row in rows]))


def paired(rows: list[Row]) -> tuple[float, float]:
    """The mean difference to the floor in points, and half its 95 % interval by the spread over the draws."""
    points = np.array([100 * (row.ours - row.floor) for row in rows])
    return float(points.mean()), float(1.96 * points.std(ddof=1) / math.sqrt(len(points))) if len(points) > 1 else math.nan


def coverage(rows: list[Row]) -> str:
    """How many intervals hold the accuracy on the others, and their mean width: Wilson's, ours, and ours for so many others."""
    ways = {
        "Wilson": [wilson(row.right, row.n) for row in rows],
        "told": [expected_accuracy(row.right, row.n) for row in rows],
        "told of the others": [expected_on(row.others, row.right, row.n) for row in rows],
    }
    said = [
        f"{way} {np.mean([each.low <= row.ours <= each.high for each, row in zip(found, rows, strict=True)]):.1%}"
        f" (width {np.mean([each.high - each.low for each in found]):.3f})"
        for way, found in ways.items()
    ]
    return "; ".join(said)


if __name__ == "__main__":
    main()
