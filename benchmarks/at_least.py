"""Is what ``--at-least`` promises kept on other pictures, and how many of them are answered?

    python benchmarks/at_least.py --features FOLDER --rows at_least.csv

Pictures are drawn again and again, exact copies together: seven tenths teach a head, whose answers out of fold choose the
threshold, as ``olhar train --at-least`` does; the others say what it keeps. Beside it the threshold of a point estimate: the
lowest from which on the answers out of fold are right as often as was asked. A promise counts as broken where fewer of the
answers are right than was asked; how often a model that keeps it exactly shows as much stands beside (by chance).
FOLDER is that of ``benchmarks/heads.py``. A row of the CSV is a draw; rows that stand there are not made again.
"""

import argparse
import csv
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from heads import drawn, pictures_of
from numpy.typing import NDArray

from olhar.bodies.heads.interval import DESIGN
from olhar.bodies.heads.learning import learn_head
from olhar.evaluation.abstention import choose_threshold, needed

SETS, ASKED, TAUGHT = "cats-dogs brazil-coins hand-digits trash", "0.9 0.95 0.99", 0.7


@dataclass(frozen=True)
class Row:
    """A draw: of the others, how many were answered and how many of these rightly, by our threshold and by a point estimate."""

    set: str
    asked: float
    draw: int
    chosen_on: int
    others: int
    promised: bool
    answered: int
    right: int
    naive_answered: int
    naive_right: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--sets", nargs="+", default=SETS.split())
    parser.add_argument("--draws", type=int, default=200)
    asked = parser.parse_args()
    done = {(row.set, row.draw) for row in _rows(asked.rows)}
    for name in asked.sets:
        for draw in range(asked.draws):
            if (name, draw) not in done:
                _append(asked.rows, _measured(asked.features, name, draw))
    _tell(_rows(asked.rows))


def _measured(folder: Path, name: str, draw: int) -> list[Row]:
    pictures = pictures_of(folder, name)
    teach, others = drawn(pictures, TAUGHT, draw)
    labels, truth = pictures.labels[teach], pictures.labels[others]
    features = {key: each[:, teach] for key, each in pictures.outputs.items()}
    learnt = learn_head(features, labels, pictures.groups[teach], int(truth.max()) + 1)
    held_back, said = (
        learnt.out_of_fold,
        learnt.head.probabilities({key: each[0, others] for key, each in pictures.outputs.items()}),
    )
    sure, right = held_back.max(axis=1), held_back.argmax(axis=1) == labels
    other_sure, other_right = said.max(axis=1), said.argmax(axis=1) == truth
    rows: list[Row] = []
    for asked in map(float, ASKED.split()):
        found = choose_threshold(sure, right, asked, DESIGN)
        ours = other_sure >= (found.confidence if found is not None else 2.0)
        naive = other_sure >= _by_point(sure, right, asked)
        counts = [int(each.sum()) for each in (ours, ours & other_right, naive, naive & other_right)]
        rows.append(Row(name, asked, draw, len(teach), len(others), found is not None, *counts))
    return rows


def _by_point(sure: NDArray[np.float32], right: NDArray[np.bool_], asked: float) -> float:
    """The lowest confidence from which on the answers are right as often as was asked, on the pictures at hand."""
    order = np.argsort(-sure, kind="stable")
    kept = np.flatnonzero(np.cumsum(right[order]) >= asked * np.arange(1, len(order) + 1))
    return float(sure[order[kept[-1]]]) if len(kept) else 2.0


def _tell(rows: list[Row]) -> None:
    print("| pictures | asked | draws with a threshold | kept | by chance | answered | right | by point: kept | answered |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, asked in dict.fromkeys((row.set, row.asked) for row in rows):
        own = [row for row in rows if (row.set, row.asked) == (name, asked)]
        ours, naive = [row for row in own if row.promised and row.answered], [row for row in own if row.naive_answered]
        short = f"none: {own[0].chosen_on} pictures of {needed(asked, DESIGN)}" if not ours else f"{len(ours)} of {len(own)}"
        kept = np.mean([row.right >= asked * row.answered for row in ours]) if ours else float("nan")
        chance = np.mean([_by_chance(row.answered, asked) for row in ours]) if ours else float("nan")
        share = sum(row.right for row in ours) / max(1, sum(row.answered for row in ours))
        answered = np.mean([row.answered / row.others for row in ours]) if ours else float("nan")
        naive_kept = np.mean([row.naive_right >= asked * row.naive_answered for row in naive])
        naive_answered = np.mean([row.naive_answered / row.others for row in naive])
        told = (kept, chance, answered, share) if ours else (None,) * 4
        cells = (f"{cell:.1%}" if cell is not None else "" for cell in (*told, naive_kept, naive_answered))
        print(f"| {name} | {asked:.0%} | {short} | {' | '.join(cells)} |")


def _by_chance(n: int, asked: float) -> float:
    """How often a model that keeps it exactly shows as much on so many pictures."""
    from scipy.stats import binom

    return float(binom.sf(np.ceil(asked * n - 1e-9) - 1, n, asked))


def _rows(path: Path) -> list[Row]:
    if not path.is_file():
        return []
    with path.open(newline="") as file:
        return [_row(row) for row in csv.DictReader(file)]


def _row(cells: dict[str, str]) -> Row:
    counts = (int(cells[field.name]) for field in fields(Row)[3:5])
    rest = (int(cells[field.name]) for field in fields(Row)[6:])
    return Row(cells["set"], float(cells["asked"]), int(cells["draw"]), *counts, cells["promised"] == "True", *rest)


def _append(path: Path, rows: list[Row]) -> None:
    new = not path.is_file()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)])
        if new:
            writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


if __name__ == "__main__":
    main()
