"""Bodies beside each other on few photographs: Lite0, Lite2, the body of a Teachable Machine file, and a network from nothing.

    python benchmarks/bodies.py --into rows.jsonl [--draws 10] [--from-nothing 2] [--sets hand-digits] [--table]

Of each set so many pictures of each class teach, exact copies together, drawn by the seed; up to a hundred others a class judge.
A body looks at each picture once, and a head learns from what it says, as in ``olhar train`` (``--learn features`` for the file).
From nothing: ``quick``, 64 pixels, sixty epochs. A row a set, size, body and draw; rows that stand in the file are not measured
again. Lite2 is read from its package, or from the folder that OLHAR_BODIES names.
"""

import argparse
import os
from dataclasses import replace
from functools import cache, partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rows import missing, rows, table

import olhar
from olhar.base.progress import Quiet
from olhar.bodies.body import Body
from olhar.bodies.features import columns_of, picture_contract
from olhar.bodies.heads.learning import learn_head
from olhar.bodies.keras_file import keras_body
from olhar.bodies.looking import AskedBody, compute
from olhar.bodies.opened import published_body
from olhar.data.checks.survey import survey
from olhar.data.dataset import Dataset
from olhar.foreign.classifier import open_classifier
from olhar.foreign.preprocessing import known_preprocessing
from olhar.jobs.look import look

HERE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("OLHAR_TEST_DATA", HERE.parent / "shared" / "data"))
TEACHABLE = "2nithing__mask_detector_gradio/keras_model.h5"
SETS, SIZES = ("trash", "hand-digits", "chest-xray", "cats-dogs"), (5, 20)
BODIES, NOTHING = ("lite0", "lite2", "Teachable Machine"), "from nothing"
MOST, SIDE, EPOCHS = 120, 64, 60


def main() -> None:
    """Measure what is missing, or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--from-nothing", type=int, default=2, help="draws of the network from nothing")
    parser.add_argument("--sets", nargs="+", default=SETS, choices=SETS)
    parser.add_argument("--table", action="store_true", help="only write the table of what was measured")
    given = parser.parse_args()
    of_bodies = product(given.sets, BODIES, SIZES, range(0 if given.table else given.draws))
    of_nothing = product(given.sets, (NOTHING,), SIZES, range(0 if given.table else given.from_nothing))
    for name, body, size, draw in (*of_bodies, *of_nothing):
        measure = from_nothing if body == NOTHING else partial(by_a_head, body)
        missing(given.into, {"set": name, "body": body, "size": size, "draw": draw}, partial(measure, name, size, draw))
    print(written(rows(given.into)))


@cache
def pictures(name: str) -> tuple[Dataset, NDArray[np.int64]]:
    """Up to so many readable pictures a class, and a number that exact copies share."""
    whole = olhar.read(DATA / f"{name}.zip" if name == "cats-dogs" else DATA / "few" / f"{name}.zip", progress=Quiet())
    good = survey(whole, Quiet())
    labels, rng = whole.labels[good.rows], np.random.default_rng(0)
    places = [rng.permutation(np.flatnonzero(labels == label))[:MOST] for label in range(len(whole.classes))]
    chosen = np.sort(np.concatenate(places))
    groups = np.unique(good.hashes[chosen], axis=0, return_inverse=True)[1].astype(np.int64).ravel()
    some = whole.only(good.rows[chosen].tolist())
    return replace(some, brought=[""] * len(some)), groups


def drawn(name: str, size: int, draw: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows that teach, so many of each class, and those that judge."""
    dataset, groups = pictures(name)
    rng, taken = np.random.default_rng([draw, size]), list[int]()
    for label in range(len(dataset.classes)):
        taken += rng.permutation(np.unique(groups[dataset.labels == label]))[:size].tolist()
    teach = np.isin(groups, taken)
    return np.flatnonzero(teach), np.flatnonzero(~teach)


@cache
def opened(name: str) -> Body:
    if name in ("lite0", "lite2"):
        return published_body(name)
    classifier = open_classifier(DATA / "keras-models" / TEACHABLE)
    signature = known_preprocessing(classifier).signature
    assert signature is not None
    return keras_body(classifier, signature)


@cache
def seen(body_name: str, name: str) -> dict[str, NDArray[np.float16]]:
    """What a body says of all pictures of a set: float16 (1, N, width) by output."""
    dataset, _ = pictures(name)
    body = opened(body_name)
    fit = "stretch" if body_name != BODIES[-1] else "crop"
    contract = picture_contract(body, 1 if look(dataset)[1] else body.channels, fit)
    answers = [
        each
        for each in compute(dataset, range(len(dataset)), AskedBody(body, contract, ("plain",)), lambda *_: None)
        if isinstance(each, np.ndarray)
    ]
    values, columns = np.stack(answers).transpose(1, 0, 2), columns_of(body)
    return {name: values[:, :, own] for name, own in columns.items()}


def by_a_head(body: str, name: str, size: int, draw: int) -> dict[str, Any]:
    dataset, groups = pictures(name)
    features, (teach, judge) = seen(body, name), drawn(name, size, draw)
    taught = {key: each[:, teach] for key, each in features.items()}
    found = learn_head(taught, dataset.labels[teach], groups[teach], len(dataset.classes))
    said = found.head.probabilities({key: each[0, judge] for key, each in features.items()})
    return {"right": float((said.argmax(axis=1) == dataset.labels[judge]).mean()), "n": len(judge)}


def from_nothing(name: str, size: int, draw: int) -> dict[str, Any]:
    dataset, _ = pictures(name)
    teach, judge = drawn(name, size, draw)
    parted = replace(dataset.only([*teach.tolist(), *judge.tolist()]), brought=["train"] * len(teach) + ["test"] * len(judge))
    with TemporaryDirectory() as folder:
        run = olhar.train(parted, model="quick", size=SIDE, epochs=EPOCHS, folds=0, into=Path(folder) / "run", progress=Quiet())
        return {"right": run.metrics.accuracy.value, "n": run.metrics.accuracy.n}


def written(measurements: list[dict[str, Any]]) -> str:
    """A line a cell: the mean over the draws, and how far draws lie apart."""
    lines: list[list[str]] = []
    for name, size in product(SETS, SIZES):
        own = [row for row in measurements if (row["set"], row["size"]) == (name, size)]
        if own:
            cells = [_cell([row["right"] for row in own if row["body"] == body]) for body in (*BODIES, NOTHING)]
            lines.append([name, str(size), str(own[0]["n"]), *cells])
    return table(["pictures", "of a class teach", "judge", *BODIES, NOTHING], lines)


def _cell(right: list[float]) -> str:
    if not right:
        return ""
    spread = f" ± {100 * float(np.std(right, ddof=1)):.1f}" if len(right) > 1 else ""
    return f"{100 * float(np.mean(right)):.1f}{spread} ({len(right)})"


if __name__ == "__main__":
    main()
