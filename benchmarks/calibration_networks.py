"""Whether 80% means 80% for networks from nothing, before and after their temperature; and what undoing a balance would do.

    python benchmarks/calibration_networks.py --into rows.jsonl [--table]

CIFAR-10 and FER2013: so many pictures of the training part teach, a tenth of them chooses the temperature, the whole test part
judges. Refuse, and cats and dogs, at 64 x 64: Olhar deals them, a fifth judges. As anybody would train them. Where the classes
were balanced in training (FER2013), a third line: the same answers with that balance taken back, by the shares of the classes
among the training pictures. A row a set and seed; what stands in the file is not measured again.
"""

import argparse
import csv
import json
import os
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from calibration import perfect
from numpy.typing import NDArray
from rows import missing, rows, table

import olhar
from olhar.base.progress import Quiet
from olhar.data.dataset import Dataset
from olhar.evaluation.calibration import calibration
from olhar.evaluation.measuring import cross_entropy

DATA = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
LARGE = {"cifar10": (10_000, 32), "fer2013": (10_000, 48)}
SMALL = {"few/trash": 20, "cats-dogs": 20}
EPOCHS, SIDE, SEEDS = 8, 64, 3

Shares = NDArray[np.float32]


def main() -> None:
    """Measure what is missing, or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--table", action="store_true", help="only write the table of what was measured")
    given = parser.parse_args()
    cells = [(name, seed) for name in SMALL for seed in range(SEEDS)] + [(name, 0) for name in LARGE]
    for name, seed in [] if given.table else cells:
        missing(given.into, {"set": name, "seed": seed}, partial(measured, name, seed))
    print(table(HEADS, list(lines(rows(given.into)))))


def measured(name: str, seed: int) -> dict[str, Any]:
    """One training, and what its answers are worth in each way."""
    with tempfile.TemporaryDirectory() as place:
        options: dict[str, Any] = {"into": Path(place) / "run", "model": "quick", "seed": seed, "folds": 0, "progress": Quiet()}
        if name in LARGE:
            run = olhar.train(part_of(name), epochs=EPOCHS, **options)
        else:
            run = olhar.train(DATA / f"{name}.zip", epochs=SMALL[name], size=SIDE, split="64/16/20", **options)
        shares, truth, classes = answers(run.path / "predictions-test.csv")
        warm = json.loads((run.path / "metrics.json").read_text(encoding="utf-8")).get("temperature", 1.0)
        balanced = 'balance = "sampling"' in (run.path / "recipe.toml").read_text(encoding="utf-8")
        taught = np.array([taught_of(run.path / "split.csv").get(each, 0) for each in classes], np.float64)
    ways = {"before": scaled(shares, warm), "after": shares}
    if balanced:
        ways["balance undone"] = weighed(shares, taught / taught.sum() * len(classes))
    said = {way: worth(each, truth, seed) for way, each in ways.items()}
    return {"taught": int(taught.sum()), "judged": len(truth), "temperature": round(warm, 3), "ways": said}


def part_of(name: str) -> Dataset:
    """Some pictures of the training part, and all of the test part."""
    n, _ = LARGE[name]
    whole = olhar.read(DATA / f"{name}.zip", progress=Quiet())
    train, test = (np.flatnonzero([(part == "test") is of_test for part in whole.brought]) for of_test in (False, True))
    return whole.only([*np.sort(np.random.default_rng(0).permutation(train)[:n]).tolist(), *test.tolist()])


def answers(file: Path) -> tuple[Shares, NDArray[np.int64], list[str]]:
    """Probabilities (N, K), the truth (N,) and the classes of ``predictions-test.csv``."""
    with file.open(encoding="utf-8", newline="") as lines_of:
        told = list(csv.DictReader(lines_of))
    columns = [column for column in told[0] if column.startswith("p:")]
    classes = [column.removeprefix("p:") for column in columns]
    shares = np.array([[row[column] for column in columns] for row in told], np.float32)
    return shares, np.array([classes.index(row["label"]) for row in told]), classes


def taught_of(file: Path) -> dict[str, int]:
    """How many training pictures each class has."""
    with file.open(encoding="utf-8", newline="") as lines_of:
        labels = [row["label"] for row in csv.DictReader(lines_of) if row["part"] == "train"]
    return {label: labels.count(label) for label in {*labels}}


def scaled(shares: Shares, warm: float) -> Shares:
    """The answers before their logits were divided by ``warm``."""
    return weighed(np.exp(warm * np.log(np.maximum(shares, 1e-12))), np.ones(shares.shape[1]))


def weighed(shares: Shares, weights: NDArray[np.float64]) -> Shares:
    changed = shares * weights
    return (changed / changed.sum(axis=1, keepdims=True)).astype(np.float32)


def worth(shares: Shares, truth: NDArray[np.int64], seed: int) -> dict[str, float]:
    told, right = calibration(shares, truth), shares.argmax(axis=1) == truth
    by_class = [float(right[truth == each].mean()) for each in np.unique(truth)]
    return {
        "right": float(right.mean()),
        "balanced": float(np.mean(by_class)),
        "ece": told.ece,
        "perfect": perfect(shares, seed),
        "loss": cross_entropy(shares, truth),
        "brier": told.brier,
    }


HEADS = [
    "set",
    "taught",
    "judged",
    "answers",
    "right",
    "by class",
    "calibration error",
    "95 of 100 perfect ones below",
    "log-loss",
    "Brier",
]


def lines(measured_rows: list[dict[str, Any]]) -> Iterator[list[str]]:
    """A line a set and way, means over seeds."""
    for name in dict.fromkeys(row["set"] for row in measured_rows):
        own = [row for row in measured_rows if row["set"] == name]
        for way in own[0]["ways"]:
            mean = {key: float(np.mean([row["ways"][way][key] for row in own])) for key in own[0]["ways"][way]}
            above = sum(row["ways"][way]["ece"] > row["ways"][way]["perfect"] for row in own)
            shares = [f"{100 * mean[key]:.1f}%" for key in ("right", "balanced", "ece", "perfect")]
            shares[-1] += f" ({above} of {len(own)} above)"
            first = [name.rpartition("/")[2], f"{np.mean([row['taught'] for row in own]):.0f}", str(own[0]["judged"]), way]
            yield [*first, *shares, f"{mean['loss']:.3f}", f"{mean['brier']:.3f}"]


if __name__ == "__main__":
    main()
