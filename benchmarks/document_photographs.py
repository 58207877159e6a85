"""Photographs that were not made for CIFAR-10, shrunk to its size, as in a document: right, wrong, unsure, unlike?

    python benchmarks/document_photographs.py --rows photographs.jsonl [--taught 4000]

A head on Lite0 learns from so many pictures of CIFAR-10, with ``at_least``, and is asked about the photographs of cats and dogs,
stretched to 32 x 32, and about its own test pictures of these two classes. Each picture counts once: answered rightly or wrongly,
withheld as unsure, or as unlike anything seen. ``forced`` is how often the likeliest class is right.
"""

import argparse
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from rows import missing, rows, table

import olhar
from olhar.base.images import to_pixels
from olhar.bundle.prediction import Prediction

DATA = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
ASKED, ANIMALS, TESTED = (0.9, 0.95), ("cat", "dog"), 1000


def main() -> None:
    """Measure what is missing, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--taught", type=int, default=4000)
    given = parser.parse_args()
    for asked in ASKED:
        key = {"asked": asked, "pictures": given.taught}
        missing(given.rows, key, lambda a=asked: measured(a, given.taught))
    print(table(["asked", "pictures", "n", "right", "wrong", "unsure", "unlike", "forced"], list(lines(rows(given.rows)))))


def measured(asked: float, taught: int) -> Mapping[str, Any]:
    """What becomes of each picture, by where it is from."""
    cifar = olhar.read(DATA / "cifar10.zip")
    rng, parts = np.random.default_rng(0), np.array(cifar.brought)
    chosen = [rng.permutation(np.flatnonzero(parts == part))[:n] for part, n in (("train", taught), ("test", TESTED))]
    animals = np.flatnonzero((parts == "test") & np.isin(cifar.labels, [cifar.classes.index(name) for name in ANIMALS]))
    with tempfile.TemporaryDirectory() as folder:
        run = olhar.train(cifar.only(np.concatenate(chosen).tolist()), into=Path(folder) / "run", model="lite0", at_least=asked)
        predictor = olhar.load(run.path)
        own = predictor.many(cifar.read(row) for row in animals.tolist())
        photographs = olhar.read(DATA / "cats-dogs.zip")
        shrunk = (to_pixels(photographs.read(row), (32, 32), 3, "stretch") for row in range(len(photographs)))
        strange = predictor.many(shrunk)
    truths = [photographs.classes[label].removesuffix("s").lower() for label in photographs.labels.tolist()]
    return {
        "threshold": predictor.signature.threshold,
        "test pictures of cats and dogs": counted(own, [cifar.classes[cifar.labels[row]] for row in animals.tolist()]),
        "photographs of cats and dogs": counted(strange, truths),
    }


def counted(answers: Iterable[Prediction], truths: list[str]) -> dict[str, int]:
    """How many are right, wrong, unsure, unlike; and how many would be right if all were answered."""
    found: Counter[str] = Counter()
    for one, truth in zip(answers, truths, strict=True):
        found[one.why or ("right" if one.answer == truth else "wrong")] += 1
        found["forced"] += one.label == truth
    return dict(found)


def lines(measured_rows: list[dict[str, Any]]) -> Iterable[list[str]]:
    for row in measured_rows:
        for kind in ("test pictures of cats and dogs", "photographs of cats and dogs"):
            n = sum(row[kind].get(name, 0) for name in ("right", "wrong", "unsure", "unlike"))
            shares = [f"{row[kind].get(name, 0) / n:.1%}" for name in ("right", "wrong", "unsure", "unlike", "forced")]
            yield [f"{row['asked']:.0%}", kind, str(n), *shares]


if __name__ == "__main__":
    main()
