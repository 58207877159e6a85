"""From how many small pictures on does a network of one's own see more than a head on a body that has seen a million?

    python benchmarks/auto.py                                      every cell that --results has not
    python benchmarks/auto.py --data fer2013 --pictures 1000       some cells
    python benchmarks/auto.py --ways head-224 nothing              some ways
    python benchmarks/auto.py --table                              what was found so far, as Markdown, and what a rule loses

A cell is a data set and a number of pictures that teach, drawn by ``--seed`` from its training part; 2,000 others of that part
judge (of the digits 300, and no test part of theirs is looked at either). A way is ``head-SIDE``, a head on EfficientNet-Lite0
with the pictures brought to that side, ``nothing``, what ``--model auto`` learns from nothing, or a network: ``cnn``, ``cnn:16``
(its width). What learns from nothing gets ``--seconds`` of a processor's time on one core, so that other programs do not count;
a tenth of its pictures choose the epoch.
Each cell adds a row to ``--results``; what is there already is not done again. The pictures lie where ``OLHAR_TEST_DATA`` says.
"""

import argparse
import csv
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rows import commit, processor

from olhar.base.images import to_pixels
from olhar.base.progress import Quiet
from olhar.bodies.features import columns_of, picture_contract
from olhar.bodies.heads.learning import learn_head
from olhar.bodies.looking import AskedBody, compute
from olhar.bodies.opened import published_body
from olhar.data.dataset import Dataset, Part
from olhar.data.formats.pixels import ArraySource
from olhar.data.sources import read
from olhar.jobs.look import look
from olhar.jobs.prepare import Prepared, prepare
from olhar.jobs.resolve import resolve, with_model
from olhar.models.network_choice import likely_from_nothing
from olhar.training.recipe import Recipe

PICTURES = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
CELLS = {
    "cifar10": (100, 1000, 3000, 10_000),
    "fer2013": (100, 1000, 3000, 10_000),
    "digits": (30, 100, 500, 1300),
    "cifar10@16": (100, 1000, 3000),
    "cifar10@24": (100, 1000),
}
"""Sets, and after an ``@`` the side in pixels to which their pictures are brought first; and how many pictures teach."""
WAYS = ("head-224", "nothing")
HELD, HELD_OF_DIGITS = 2000, 300
COLUMNS: tuple[str, ...] = (
    "data",
    "pictures",
    "side",
    "way",
    "seed",
    "network",
    "accuracy",
    "epochs",
    "seconds",
    "judged",
    "commit",
    "processor",
)
MOST_EPOCHS = 200


def cell(name: str, pictures: int, seed: int) -> Dataset:
    """The pictures that teach, then those that judge, none of them of a test part; no part is brought."""
    name, _, side = name.partition("@")
    whole = read("digits" if name == "digits" else PICTURES / f"{name}.zip")
    parts = prepare(whole, Recipe(model="cnn"), Quiet()).parts if name == "digits" else whole.brought
    rows = np.flatnonzero([part != "test" for part in parts])
    drawn = np.random.default_rng(seed).permutation(rows)
    held = HELD_OF_DIGITS if name == "digits" else HELD
    chosen = replace(whole, brought=[""] * len(whole)).only(drawn[held : held + pictures].tolist() + drawn[:held].tolist())
    return smaller(chosen, int(side)) if side else chosen


def smaller(dataset: Dataset, side: int) -> Dataset:
    """The same pictures, as if they had been taken so small."""
    pixels = [to_pixels(dataset.read(row), (side, side), 3, "stretch", "") for row in range(len(dataset))]
    return replace(dataset, source=ArraySource(np.stack(pixels)))


def head(both: Dataset, taught: int, side: int, seed: int) -> dict[str, Any]:
    """The head start, as ``olhar train`` learns it, of one view."""
    said, labels = features(both, side), both.labels
    teaching = {name: values[None, :taught] for name, values in said.items()}
    learnt = learn_head(teaching, labels[:taught], np.arange(taught), len(both.classes), seed=seed)
    answers = learnt.head.logits({name: values[taught:] for name, values in said.items()}).argmax(1)
    return {"network": learnt.kind, "accuracy": float((answers == labels[taught:]).mean()), "epochs": ""}


def features(dataset: Dataset, side: int) -> dict[str, NDArray[np.float16]]:
    """The body's outputs by name, one view."""
    body = published_body("lite0", side)
    contract = picture_contract(body, 1 if look(dataset)[1] else 3)
    rows = list(compute(dataset, range(len(dataset)), AskedBody(body, contract, ("plain",)), lambda _n, _t=None: None))
    values = np.stack(rows)[:, 0]  # pyright: ignore[reportArgumentType, reportCallIssue]
    return {name: values[:, columns] for name, columns in columns_of(body).items()}


def nothing(both: Dataset, taught: int, seed: int, seconds: float, fields: dict[str, Any]) -> dict[str, Any]:
    """From nothing, on one core, as many epochs as its time allows."""
    import torch

    from olhar.jobs.learn import training_of

    torch.set_num_threads(1)
    asked = Recipe().with_({"seed": seed, "patience": 0, "minutes": seconds / 60} | fields)
    recipe, _ = with_model(resolve(asked, both.only(range(taught))), taught)  # as if there were no pictures that judge
    prepared = parted(prepare(both, recipe, Quiet()), taught, seed)
    training = training_of(prepared)
    training.total = max(1, min(MOST_EPOCHS * len(training.train), steps_in(training, seconds)))
    for _ in training.fit(lambda: None):
        pass
    training.network.load_state_dict(training.best)
    training.validation, training.average = prepared.batches("test"), None
    training.answering = training.network
    _, labels, answers = training.validate()
    network = f"{prepared.recipe.model}{f':{prepared.recipe.width}' if prepared.recipe.width else ''}"
    epochs = round(training.total / len(training.train), 1)
    return {"network": network, "accuracy": float((labels == answers).mean()), "epochs": epochs}


def steps_in(training: Any, seconds: float) -> int:
    """How many steps a processor makes in so many seconds of its own, by a trial on a copy."""
    import copy

    trial, begun, steps = copy.deepcopy(training), 0.0, 0
    trial.total = 10**9
    for pictures, labels in [*trial.train.shuffled(0, 0)][:12]:
        trial.learn(pictures, labels, 0)
        begun, steps = (time.process_time(), 0) if not begun else (begun, steps + 1)
    return int(seconds / ((time.process_time() - begun) / steps))


def parted(prepared: Prepared, taught: int, seed: int) -> Prepared:
    """Every tenth of the pictures that teach chooses the epoch; copies are left where they fall."""
    order = np.random.default_rng(seed).permutation(taught)
    choosing = set(order[: max(1, taught // 10)].tolist())
    rows = prepared.packed.rows.tolist()
    parts: list[Part] = ["test" if row >= taught else "validation" if row in choosing else "train" for row in rows]
    return prepared.divided(parts)


def measured(name: str, pictures: int, way: str, options: argparse.Namespace) -> dict[str, Any]:
    both = cell(name, pictures, options.seed)
    begun = time.process_time()
    if way.startswith("head-"):
        found = head(both, pictures, int(way.removeprefix("head-")), options.seed)
    else:
        model, _, width = way.partition(":")
        fields = {} if way == "nothing" else {"model": model, "width": int(width or 0)}
        found = nothing(both, pictures, options.seed, options.seconds, fields)
    about = {"data": name, "pictures": pictures, "side": look(both)[0], "way": way, "seed": options.seed}
    seconds = round(time.process_time() - begun, 1)
    return about | found | {"seconds": seconds, "judged": len(both) - pictures, "commit": commit(), "processor": processor()}


def rows_in(results: Path) -> list[dict[str, str]]:
    if not results.is_file():
        return []
    with results.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def add(results: Path, row: dict[str, Any]) -> None:
    new = not results.is_file()
    with results.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        if new:
            writer.writeheader()
        writer.writerow(row | {"accuracy": f"{row['accuracy']:.4f}"})


def table(rows: list[dict[str, str]]) -> None:
    """The mean over seeds of each cell, and what the rule and either way lose against the better of the two."""
    found: dict[tuple[str, int, int], dict[str, list[float]]] = {}
    for row in rows:
        key = row["data"], int(row["pictures"]), int(row["side"])
        found.setdefault(key, {}).setdefault(row["way"], []).append(100 * float(row["accuracy"]))
    ways = sorted({way for cells in found.values() for way in cells})
    print("| data | pictures | side |", " | ".join(ways), "|\n|---|---|---|" + "---|" * len(ways))
    for (name, pictures, side), cells in sorted(found.items()):
        shown = (f"{np.mean(cells[way]):.1f}" if way in cells else "" for way in ways)
        print(f"| {name} | {pictures} | {side} |", " | ".join(shown), "|")
    lost: dict[str, list[float]] = {"always a head": [], "always from nothing": [], "the rule": []}
    for (name, pictures, side), cells in found.items():
        if all(way in cells for way in WAYS):
            of_head, of_nothing = (float(np.mean(cells[way])) for way in WAYS)
            alone = likely_from_nothing(pictures, side, 0, symbols=name == "digits", gray=name in ("digits", "fer2013"))
            chosen = of_nothing if alone else of_head
            for rule, value in zip(lost, (of_head, of_nothing, chosen), strict=True):
                lost[rule].append(max(of_head, of_nothing) - value)
    for rule, losses in lost.items():
        print(f"{rule}: {np.mean(losses):.2f} points lost on average over {len(losses)} cells, {max(losses):.1f} at most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_argument: Callable[..., Any] = parser.add_argument
    add_argument("--data", nargs="+", choices=CELLS, default=list(CELLS))
    add_argument("--pictures", nargs="+", type=int, help="by default those of each set")
    add_argument("--ways", nargs="+", default=list(WAYS))
    add_argument("--seed", type=int, default=0)
    add_argument("--seconds", type=float, default=120.0, help="of a processor's time on one core, for what learns from nothing")
    add_argument("--results", type=Path, default=Path("auto.csv"))
    add_argument("--table", action="store_true")
    options = parser.parse_args()
    done = {(row["data"], row["pictures"], row["way"], row["seed"]) for row in rows_in(options.results)}
    for name in [] if options.table else options.data:
        for pictures in options.pictures or CELLS[name]:
            for way in options.ways:
                if (name, str(pictures), way, str(options.seed)) not in done:
                    row = measured(name, pictures, way, options)
                    add(options.results, row)
                    print({key: row[key] for key in COLUMNS[:9]}, flush=True)
    table(rows_in(options.results))


if __name__ == "__main__":
    main()
