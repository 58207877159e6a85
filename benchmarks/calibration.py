"""Whether 80% means 80%: a head on Lite0 before and after its temperature, on pictures that nothing was chosen by.

    python benchmarks/calibration.py --into rows.jsonl [--draws 10] [--table]

CIFAR-10 and FER2013: so many pictures of the training part teach, the whole test part judges. Refuse, and cats and dogs: four
fifths teach, copies together, the others judge. Before: the weights of the pool add up to 1; after: as ``olhar train`` leaves
them. Beside the calibration error stands its 95th percentile for a model of the same confidences that is perfectly calibrated
(truths drawn from its own probabilities): no model is told to be better than that on so few pictures. A row a set and draw.
"""

import argparse
import os
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from auto import features
from bodies import pictures
from numpy.typing import NDArray
from rows import missing, rows, table

import olhar
from olhar.base.progress import Quiet
from olhar.bodies.heads.learning import learn_head
from olhar.data.dataset import Dataset
from olhar.evaluation.calibration import calibration
from olhar.evaluation.measuring import cross_entropy

HERE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("OLHAR_TEST_DATA", HERE.parent / "shared" / "data"))
LARGE, SMALL = ("cifar10", "fer2013"), ("trash", "cats-dogs")
TAUGHT, SIDE, SHARE, DRAWN = 5000, 224, 0.8, 200


def main() -> None:
    """Measure what is missing, or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=10, help="of the small sets; of the large ones one")
    parser.add_argument("--table", action="store_true", help="only write the table of what was measured")
    given = parser.parse_args()
    cells = [(name, draw) for name in SMALL for draw in range(given.draws)] + [(name, 0) for name in LARGE]
    for name, draw in [] if given.table else cells:
        missing(given.into, {"set": name, "draw": draw}, partial(measured, name, draw))
    print(written(rows(given.into)))


@cache
def large(name: str) -> Dataset:
    """Pictures of the training part that teach, then the whole test part."""
    whole = olhar.read(DATA / f"{name}.zip", progress=Quiet())
    train, test = (np.flatnonzero([(part == "test") is of_test for part in whole.brought]) for of_test in (False, True))
    return whole.only([*np.random.default_rng(0).permutation(train)[:TAUGHT].tolist(), *test.tolist()])


@cache
def said(name: str) -> dict[str, NDArray[np.float16]]:
    """What the body says of all pictures of a set."""
    return features(large(name) if name in LARGE else pictures(name)[0], SIDE)


def parted(name: str, draw: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Rows that teach, rows that judge, and the group of each picture."""
    if name in LARGE:
        every = np.arange(len(large(name)))
        return every[:TAUGHT], every[TAUGHT:], every
    groups = pictures(name)[1]
    drawn = np.random.default_rng(draw).permutation(np.unique(groups))
    teach = np.isin(groups, drawn[: round(SHARE * len(drawn))])
    return np.flatnonzero(teach), np.flatnonzero(~teach), groups


def measured(name: str, draw: int) -> dict[str, Any]:
    dataset = large(name) if name in LARGE else pictures(name)[0]
    teach, judge, groups = parted(name, draw)
    taught = {key: each[None, teach] for key, each in said(name).items()}
    found = learn_head(taught, dataset.labels[teach], groups[teach], len(dataset.classes), seed=draw)
    asked, truth = {key: each[judge] for key, each in said(name).items()}, dataset.labels[judge]
    row: dict[str, Any] = {"taught": len(teach), "judged": len(judge), "temperature": round(found.temperature, 3)}
    for when, head in (("before", found.head.scaled(found.temperature)), ("after", found.head)):
        chances = head.probabilities(asked)
        told = calibration(chances, truth)
        row |= {f"ece_{when}": told.ece, f"loss_{when}": cross_entropy(chances, truth), f"brier_{when}": told.brier}
        row |= {f"perfect_{when}": perfect(chances, draw)}
    return row | {"right": float((chances.argmax(1) == truth).mean())}


def perfect(chances: NDArray[np.float32], seed: int) -> float:
    """The 95th percentile of the calibration error where truths follow the probabilities."""
    rng, ends = np.random.default_rng(seed), chances.astype(np.float64).cumsum(axis=1)
    errors: list[float] = []
    for _ in range(DRAWN):
        truths = (rng.random((len(chances), 1)) * ends[:, -1:] > ends).sum(axis=1).clip(0, chances.shape[1] - 1)
        errors.append(calibration(chances, truths.astype(np.int64)).ece)
    return float(np.quantile(errors, 0.95))


def written(found: list[dict[str, Any]]) -> str:
    heads = [
        "set",
        "taught",
        "judged",
        "right",
        "calibration error before",
        "after",
        "95 of 100 perfect ones below",
        "log-loss",
        "Brier",
    ]
    lines: list[list[str]] = []
    for name in (*SMALL, *LARGE):
        own = [row for row in found if row["set"] == name]
        if not own:
            continue
        mean = {key: float(np.mean([row[key] for row in own])) for key in own[0] if isinstance(own[0][key], int | float)}
        errors = [f"{100 * mean[key]:.1f}%" for key in ("ece_before", "ece_after", "perfect_after")]
        both = [f"{mean[f'{key}_before']:.3f} / {mean[f'{key}_after']:.3f}" for key in ("loss", "brier")]
        above = sum(row["ece_after"] > row["perfect_after"] for row in own)
        errors[2] += f" ({above} of {len(own)} above)"
        lines.append([name, f"{mean['taught']:.0f}", f"{mean['judged']:.0f}", f"{100 * mean['right']:.1f}%", *errors, *both])
    return table(heads, lines)


if __name__ == "__main__":
    main()
