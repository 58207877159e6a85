"""Another head on a Keras file: all dense layers dropped, or the last alone, or a head that learns from features.

    python benchmarks/new_heads.py --into rows.jsonl [--draws 5] [--table]

Two files of Teachable Machine and two with dense layers of their own, each on pictures of classes that it does not know: twelve
(Teachable Machine) or twenty of each class teach, as many others judge, both drawn by the seed. The same pictures for each
way: ``--new-head --learn head`` with all dense layers dropped and with all but the last kept (ten epochs), and ``--learn
features``. "By folds" is what the choice takes of the first two, on the pictures that teach. Rows that stand in the file are
not measured again.
"""

import argparse
import os
from dataclasses import replace
from functools import cache, partial
from itertools import product
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from rows import missing, rows, table

import olhar
from olhar.base.progress import Quiet
from olhar.data.dataset import Dataset
from olhar.networks import new_head
from olhar.networks.base_model import BaseModel

HERE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("OLHAR_TEST_DATA", HERE.parent / "shared" / "data"))
CELLS = (
    ("abd4llah-cs__Image-Classification-Using-CNN/image_classifier.keras", "few/hand-digits.zip", "0..1", 20),
    ("2nithing__mask_detector_gradio/keras_model.h5", "few/trash.zip", "auto", 12),
    ("Safwan-Alemam__fruits-classifier/converted_keras__keras_model.h5", "cats-dogs.zip", "auto", 12),
    ("DERdeepanshu__Emotion-Recognition/fer.h5", "few/hand-digits.zip", "0..1", 20),
)
BY_FOLDS = "by folds"
WAYS = ("all dropped", "last dropped", "features")


class Settled(Exception):
    """What the choice took is known; nothing needs to learn."""


def main() -> None:
    """Measure what is missing, or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--table", action="store_true", help="only write the table of what was measured")
    given = parser.parse_args()
    for file, name, scaling, each in () if given.table else CELLS:
        for seed, way in product(range(given.draws), (BY_FOLDS, *WAYS)):
            key = {"file": file, "set": name, "seed": seed, "way": way}
            missing(given.into, key, partial(measured, file, name, each, seed, scaling, way))
    print(written(rows(given.into)))


@cache
def pictures(name: str) -> Dataset:
    return olhar.read(DATA / name, progress=Quiet())


def drawn(name: str, each: int, seed: int) -> Dataset:
    """Some pictures of each class, parted into those that teach and those that judge."""
    whole, rng = pictures(name), np.random.default_rng(seed)
    chosen, parts = list[int](), list[Any]()
    for label in range(len(whole.classes)):
        own = rng.permutation(np.flatnonzero(whole.labels == label))[: 2 * each].tolist()
        chosen += own
        parts += ["train"] * each + ["test"] * (len(own) - each)
    return replace(whole.only(chosen), brought=parts)


def measured(file: str, name: str, each: int, seed: int, scaling: str, way: str) -> dict[str, Any]:
    """A training, and what the choice by folds would have taken."""
    picked: list[str] = []
    settle = new_head.with_settled_head

    def settled(base: BaseModel, *others: Any) -> BaseModel:
        own = settle(base, *others)
        picked.append("last dropped" if own.last_only else "all dropped")
        if way == BY_FOLDS:
            raise Settled
        return replace(own, last_only=way == "last dropped")

    fields: dict[str, Any] = {"model": str(DATA / "keras-models" / file), "scaling": scaling}
    fields |= {"threads": 1, "precision": "fp32"} if each < 20 else {}
    fields |= {"learn": "features"} if way == "features" else {"learn": "head", "new_head": True, "epochs": 10, "folds": 0}
    new_head.with_settled_head = settled
    try:
        with TemporaryDirectory() as folder:
            run = olhar.train(drawn(name, each, seed), into=Path(folder) / "run", progress=Quiet(), **fields)
            return {"right": run.metrics.accuracy.value, "n": run.metrics.accuracy.n}
    except Settled:
        return {"picked": picked[0]}
    finally:
        new_head.with_settled_head = settle


def written(measurements: list[dict[str, Any]]) -> str:
    """A line a file: means over the draws that were trained in all ways, and what the choice takes."""
    lines: list[list[str]] = []
    for file, name, *_ in CELLS:
        own = [row for row in measurements if row["file"] == file and row["set"] == name]
        picks = {row["seed"]: row["picked"] for row in own if row["way"] == BY_FOLDS}
        right = {(row["seed"], row["way"]): row["right"] for row in own if row["way"] in WAYS}
        whole = [seed for seed in picks if all((seed, way) in right for way in WAYS)]
        if whole:
            cells = [f"{100 * mean(right[seed, way] for seed in whole):.1f}%, {_mean(own, way, 'wall'):.0f} s" for way in WAYS]
            taken = f"all dropped {list(picks.values()).count(WAYS[0])} of {len(picks)} times"
            chosen = f"{taken}: {100 * mean(right[seed, picks[seed]] for seed in whole):.1f}%"
            lines.append([file.partition("__")[2], name.removesuffix(".zip"), str(len(whole)), *cells, chosen])
    return table(["file", "pictures", "draws", *WAYS, BY_FOLDS], lines)


def _mean(own: list[dict[str, Any]], way: str, what: str) -> float:
    found = [row[what] for row in own if row["way"] == way]
    return mean(found) if found else float("nan")


if __name__ == "__main__":
    main()
