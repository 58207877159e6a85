"""Do the sets of ``--prediction-sets`` hold the true class as often as was asked, and how large are they?

    python benchmarks/prediction_sets.py --features FOLDER --rows sets.jsonl

Pictures are drawn again and again, exact copies together: seven tenths teach a head, whose answers out of fold choose what is in
a set, as ``olhar train --prediction-sets`` does; the others say how often the sets hold the truth. Beside it, with the same
bound: adaptive sets (APS, Romano et al. 2020; RAPS with 0.01 from the third class on, Angelopoulos et al. 2021), not randomised;
and the usual threshold by a quantile, which promises the mean over draws. A promise counts as broken where fewer sets hold the
truth than was asked. FOLDER is that of ``benchmarks/heads.py``. A row is a draw; rows that stand there are not made again.
"""

import argparse
import math
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from heads import Pictures, drawn, pictures_of
from numpy.typing import NDArray
from rows import missing, rows, table
from scipy.special import betainc

from olhar.bodies.heads.interval import DESIGN
from olhar.bodies.heads.learning import learn_head
from olhar.evaluation.abstention import UNSURE, needed
from olhar.evaluation.prediction_sets import choose_set_threshold
from olhar.evaluation.predictions import Predictions, in_sets

SETS, ASKED, TAUGHT = ("cats-dogs", "brazil-coins", "hand-digits", "trash"), (0.9, 0.95), 0.7
WAYS = ("shipped", "APS", "RAPS", "quantile")
_PENALTY, _FREE = 0.01, 2

Floats = NDArray[np.float64]


def main() -> None:
    """Measure what is missing, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=200)
    given = parser.parse_args()
    read = cache(partial(pictures_of, given.features))
    for name in SETS:
        for draw in range(given.draws):
            missing(given.rows, {"set": name, "draw": draw}, lambda n=name, d=draw: measured(read(n), d))
    print(written(rows(given.rows)))


def measured(pictures: Pictures, draw: int) -> Mapping[str, Any]:
    """A head and its sets, in each way, at each share that is asked."""
    teach, others = drawn(pictures, TAUGHT, draw)
    labels, truth = pictures.labels[teach], pictures.labels[others]
    features = {key: each[:, teach] for key, each in pictures.outputs.items()}
    learnt = learn_head(features, labels, pictures.groups[teach], int(truth.max()) + 1)
    said = learnt.head.probabilities({key: each[0, others] for key, each in pictures.outputs.items()})
    found = {f"{way} {asked}": ways(learnt.out_of_fold, labels, said, truth, asked, way) for asked in ASKED for way in WAYS}
    return {"taught": len(teach), "others": len(others), "found": found}


def ways(
    held_back: NDArray[np.float32],
    labels: NDArray[np.int64],
    said: NDArray[np.float32],
    truth: NDArray[np.int64],
    asked: float,
    way: str,
) -> list[float] | None:
    """How many sets hold the truth, of how many classes they are on the mean, and what the worst class has; None: too few."""
    inside = sets(held_back, labels, said, asked, way)
    if inside is None:
        return None
    holds = inside[np.arange(len(truth)), truth]
    worst = min(float(holds[truth == k].mean()) for k in np.unique(truth))
    return [round(float(each), 4) for each in (holds.mean(), inside.sum(axis=1).mean(), worst)]


def sets(
    held_back: NDArray[np.float32], labels: NDArray[np.int64], said: NDArray[np.float32], asked: float, way: str
) -> NDArray[np.bool_] | None:
    """bool (N, K): which classes are in the set of each of the others."""
    n, every = len(labels), np.arange(len(labels))
    if way == "shipped":
        names = tuple(map(str, range(held_back.shape[1])))
        found = choose_set_threshold(Predictions([""] * n, names, labels, held_back), asked, DESIGN)
        return in_sets(said, found.probability) if found is not None else None
    if way == "quantile":
        rank = math.floor((n + 1) * (1 - asked))
        return in_sets(said, float(np.sort(held_back[every, labels])[rank - 1])) if rank else None
    scores = np.sort(likeness(held_back, way)[every, labels])
    kept = np.flatnonzero(betainc((n - every) / DESIGN, every / DESIGN + 1, asked) <= UNSURE)
    if not len(kept):
        return None
    inside = likeness(said, way) >= scores[kept[-1]]
    inside[np.arange(len(said)), said.argmax(axis=1)] = True
    return inside


def likeness(probabilities: NDArray[np.float32], way: str) -> Floats:
    """float64 (N, K), higher where a class is sooner in the set: less, the likelier all classes before it and itself are."""
    order = np.argsort(-probabilities, axis=1, kind="stable")
    before = np.take_along_axis(probabilities.astype(np.float64), order, axis=1).cumsum(axis=1)
    if way == "RAPS":
        before += _PENALTY * np.maximum(0, np.arange(1, before.shape[1] + 1) - _FREE)
    told = np.empty_like(before)
    np.put_along_axis(told, order, -before, axis=1)
    return told


def written(found: list[dict[str, Any]]) -> str:
    lines: list[list[str]] = []
    for name in dict.fromkeys(row["set"] for row in found):
        own = [row for row in found if row["set"] == name]
        for key in own[0]["found"]:
            way, asked = key.split()
            told = np.array([row["found"][key] for row in own if row["found"][key] is not None])
            start = [f"{name}, {own[0]['taught']}", f"{float(asked):.0%}", way]
            if not len(told):
                lines.append([*start, f"none: {needed(float(asked), DESIGN)} needed", "", "", ""])
                continue
            kept = float((told[:, 0] >= float(asked)).mean())
            lines.append(
                [*start, f"{kept:.1%}", f"{told[:, 0].mean():.1%}", f"{told[:, 1].mean():.2f}", f"{told[:, 2].mean():.1%}"]
            )
    return table(["pictures", "asked", "way", "kept", "held", "classes in a set", "least class"], lines)


if __name__ == "__main__":
    main()
