"""Do the 95% intervals hold the truth in 95 of 100 draws? Pictures made up by stated rules, judged as ``olhar`` judges.

    python benchmarks/intervals.py --rows intervals.jsonl

Shares: accuracy and recall are Wilson's of n pictures; precision and F1 of one class against the rest.
Groups: each has its own share, from a beta distribution around the true one, so that two of its pictures are alike by ``rho``;
sizes are 1 + Poisson. Means: K classes, rarer and commoner ones, some recognised better. A cell in which fewer than one mistake
is expected, counted by what stands for itself, says little of a method and is shown apart. Cells in the file are not drawn again.
"""

import argparse
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from olhar.evaluation.averages import averages
from olhar.evaluation.confusion import Counts
from olhar.evaluation.intervals import Interval, f1_interval, share_of, wilson

Cell = dict[str, Any]
Draw = Callable[[np.random.Generator], Mapping[str, tuple[Interval, float]]]

SHARES = tuple(itertools.product((10, 30, 100, 1000, 10000), (0.5, 0.7, 0.9, 0.95, 0.99)))
ONE_CLASS = tuple(itertools.product((10, 30, 100, 1000), (0.5, 0.8, 0.95), (0.5, 0.8, 0.95)))
GROUPS = tuple(itertools.product((5, 10, 20, 40, 100), (2, 5, 20), (0.0, 0.1, 0.3, 0.7), (0.5, 0.8, 0.9, 0.95, 0.99)))
MEANS = tuple(itertools.product((2, 5, 10, 30), (5, 15, 50, 300), ("0.7", "0.9", "0.97", "mixed")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=Path, required=True, help="JSON lines; what stands in it is not drawn again")
    parser.add_argument("--draws", type=int, default=1000)
    asked = parser.parse_args()
    done = {json.dumps(row["cell"]) for row in _rows(asked.rows)}
    for number, (cell, draw, mistakes) in enumerate(_cells()):
        if json.dumps(cell) in done:
            continue
        rng = np.random.default_rng(number)
        drawn = [draw(rng) for _ in range(asked.draws)]
        for kind in dict.fromkeys(kind for one in drawn for kind in one):
            pairs = [one[kind] for one in drawn if kind in one]
            held = float(np.mean([interval.low - 1e-9 <= true <= interval.high + 1e-9 for interval, true in pairs]))
            width = float(np.mean([interval.high - interval.low for interval, _ in pairs]))
            _add(
                asked.rows, {"cell": cell, "kind": kind, "held": held, "width": width, "mistakes": mistakes, "draws": len(pairs)}
            )
    _tell(_rows(asked.rows))


def _cells() -> Iterator[tuple[Cell, Draw, float]]:
    """Each cell, how to draw in it, and how many mistakes (or right answers, where they are fewer) are expected."""
    for n, p in SHARES:
        yield {"of": "share", "n": n, "p": p}, _share(n, p), n * (1 - p)
    for n, precision, recall in ONE_CLASS:
        mistakes = n * min(1 - precision, 1 - recall)
        yield {"of": "class", "n": n, "precision": precision, "recall": recall}, _one_class(n, precision, recall), mistakes
    for groups, size, rho, p in GROUPS:
        mistakes = groups * size * (1 - p) / (1 + (size - 1) * rho)
        yield {"of": "groups", "groups": groups, "size": size, "rho": rho, "p": p}, _in_groups(groups, size, rho, p), mistakes
    for classes, each, kind in MEANS:
        share = 0.7 if kind == "mixed" else float(kind)
        yield {"of": "means", "classes": classes, "each": each, "kind": kind}, _means(classes, each, kind), each * (1 - share)


def _share(n: int, p: float) -> Draw:
    return lambda rng: {"accuracy, recall": (wilson(int(rng.binomial(n, p)), n), p)}


def _one_class(n: int, precision: float, recall: float) -> Draw:
    """A fifth of the pictures of ``5 n`` are of the class."""
    hit = 0.2 * recall
    shares = (hit, 0.2 - hit, hit / precision - hit)
    true = 2 * hit / (0.2 + hit / precision)

    def draw(rng: np.random.Generator) -> Mapping[str, tuple[Interval, float]]:
        hits, missed, false, _ = rng.multinomial(5 * n, (*shares, 1 - sum(shares)))
        told: dict[str, tuple[Interval, float]] = {}
        if hits + false:
            told["precision"] = (wilson(int(hits), int(hits + false)), precision)
        told["F1"] = (f1_interval(wilson(int(hits), max(1, int(hits + missed + false)))), true)
        return told

    return draw


def _in_groups(groups: int, size: int, rho: float, p: float) -> Draw:
    def draw(rng: np.random.Generator) -> Mapping[str, tuple[Interval, float]]:
        sizes = 1 + rng.poisson(size - 1, groups)
        odds = (1 - rho) / rho if rho else 0.0
        share = rng.beta(p * odds, (1 - p) * odds, groups) if rho else np.full(groups, p)
        group = np.repeat(np.arange(groups), sizes)
        hits = rng.random(len(group)) < share[group]
        interval = share_of(hits, np.ones(len(group), bool), group)
        return {"in groups": (interval or wilson(0, 1), p)}

    return draw


def _means(classes: int, each: int, kind: str) -> Draw:
    rng = np.random.default_rng(classes)
    right = np.linspace(0.4, 0.98, classes) if kind == "mixed" else np.full(classes, float(kind))
    mistaken = rng.dirichlet(np.ones(classes), classes)
    np.fill_diagonal(mistaken, 0)
    mistaken /= mistaken.sum(axis=1, keepdims=True)
    shares = (mistaken * (1 - right)[:, None] + np.diag(right)) * rng.dirichlet(np.full(classes, 8.0))[:, None]
    counts = Counts(np.diag(shares), shares.sum(axis=0), shares.sum(axis=1))
    names = ("precision", "recall", "F1")
    true = {
        f"{mean} {name}": float(value)
        for mean, by in (("macro", False), ("weighted", True))
        for name, value in zip(names, counts.means(weighted=by), strict=True)
    }

    def draw(rng: np.random.Generator) -> Mapping[str, tuple[Interval, float]]:
        confusion = rng.multinomial(each * classes, shares.ravel()).reshape(classes, classes).astype(np.int64)
        accuracy = wilson(int(np.diag(confusion).sum()), int(confusion.sum()))
        macro, weighted = averages(confusion, accuracy)
        told = [*(macro.precision, macro.recall, macro.f1), *(weighted.precision, weighted.recall, weighted.f1)]
        return {name: (interval, value) for (name, value), interval in zip(true.items(), told, strict=True)}

    return draw


def _tell(rows: list[Cell]) -> None:
    print(
        "| interval of | cells | held, mean | least | cells under 90% | cells apart | held there |\n|---|---|---|---|---|---|---|"
    )
    for kind in dict.fromkeys(row["kind"] for row in rows):
        own = [row for row in rows if row["kind"] == kind]
        told, apart = ([row["held"] for row in own if (row["mistakes"] < 1) == few] for few in (False, True))
        beside = f"{np.mean(apart):.1%} ({min(apart):.1%} at the least)" if apart else ""
        under = sum(held < 0.9 for held in told)
        print(f"| {kind} | {len(told)} | {np.mean(told):.1%} | {min(told):.1%} | {under} | {len(apart)} | {beside} |")


def _rows(path: Path) -> list[Cell]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []


def _add(path: Path, row: Cell) -> None:
    with path.open("a") as file:
        file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
