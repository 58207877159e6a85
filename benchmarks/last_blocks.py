"""The last blocks learn too: what it brings beside the head alone, by blocks, views, rate and epochs; five folds.

    python benchmarks/last_blocks.py --data FOLDER --rows last_blocks.csv --sets trash chest-xray
    python benchmarks/last_blocks.py --data FOLDER --rows last_blocks.csv --sets hand-digits magnetic-tile --usual

FOLDER holds the zips. A row of the CSV is a set and a setting: what the head alone and the tuned network got right of the same
pictures, each by a network that had not learnt from it, their log-losses, and how often chance does so much; rows that stand
there are not made again. chest-xray is shown gray, as colour gives its classes away. Choices were made on trash and chest-xray;
the others only judge.
"""

import argparse
import csv
import itertools
import tempfile
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from olhar.base.progress import Quiet
from olhar.bodies.heads.learning import learn_head
from olhar.bodies.learning_part import last_blocks, learning_part
from olhar.bodies.opened import names_of, published_graph
from olhar.jobs.folds import fold_of_each
from olhar.jobs.last_blocks import Teaching, head_and_blocks, held_out, tempered
from olhar.jobs.prepare import Prepared
from olhar.jobs.prepare_features import prepare_features
from olhar.models.learning_body import LearningBody
from olhar.training.augment import Augmentation
from olhar.training.augment_presets import preset_fields
from olhar.training.last_blocks import Gently
from olhar.training.recipe import Recipe
from olhar.training.views import KeptViews, Varied, keep_views

FOLDS, GRAY = 5, ("chest-xray",)


@dataclass(frozen=True)
class Setting:
    """What was tried."""

    set: str
    body: str
    blocks: int
    views: int
    augment: str
    rate: float
    epochs: int
    smoothing: float


@dataclass(frozen=True)
class Row(Setting):
    """What came of it."""

    pictures: int
    head: float
    tuned: float
    only_head: int
    only_tuned: int
    head_loss: float
    loss: float
    chance: float
    loss_chance: float
    temperature: float
    view_seconds: float
    seconds: float


def main() -> None:
    """Make the rows that are missing."""
    asked = _parser().parse_args()
    done = _done(asked.rows)
    for name in asked.sets:
        prepared = _prepared(asked.data / f"{name}.zip", asked.body, gray=name in GRAY)
        for blocks, views, augment in itertools.product(asked.blocks, asked.views, asked.augment):
            settings = [
                Setting(name, asked.body, blocks, views, augment, rate, epochs, smoothing)
                for rate, epochs, smoothing in itertools.product(asked.rates, asked.epochs, asked.smoothing)
            ]
            missing = [setting for setting in settings if setting not in done]
            if missing:
                _try(prepared, missing, asked.rows)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--sets", nargs="+", default=["trash", "chest-xray"])
    parser.add_argument("--body", default="lite0")
    parser.add_argument("--blocks", nargs="+", type=int, default=[1])
    parser.add_argument("--views", nargs="+", type=int, default=[4])
    parser.add_argument("--augment", nargs="+", default=["standard"])
    parser.add_argument("--rates", nargs="+", type=float, default=[1e-3])
    parser.add_argument("--epochs", nargs="+", type=int, default=[8])
    parser.add_argument("--smoothing", nargs="+", type=float, default=[0.1])
    return parser


def _prepared(path: Path, body: str, *, gray: bool) -> Prepared:
    return prepare_features(path, Recipe(model=body, colour="gray" if gray else "auto"), Quiet())


def _try(prepared: Prepared, settings: list[Setting], path: Path) -> None:
    first = settings[0]
    graph = published_graph(first.body, prepared.signature.height)
    network = LearningBody(graph, names_of(graph), learning_part(graph, last_blocks(graph, first.blocks)))
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        views = _views(prepared, network, first, Path(folder))
    view_seconds = time.perf_counter() - begun
    assert prepared.head_start is not None
    features = prepared.head_start.features.blocks()
    teaching = Teaching(features, prepared.labels, prepared.division.groups, len(prepared.signature.classes), None, views)
    fold = fold_of_each(prepared, FOLDS, 0)
    head = learn_head(features, teaching.labels, teaching.groups, teaching.classes, fold=fold).out_of_fold
    for setting in settings:
        begun = time.perf_counter()
        how = Gently(setting.epochs, 32, setting.rate, 1e-4, setting.smoothing, 0)
        logits = np.empty(head.shape)
        for number in range(FOLDS):
            logits[fold == number] = held_out(network, teaching, fold, number, how, lambda: None)
        tuned, temperature = tempered(logits, teaching.labels, fold, teaching.classes)
        compared, n = head_and_blocks(head, tuned, teaching.labels, teaching.groups), len(head)
        row = Row(
            **asdict(setting),
            pictures=n,
            head=round(100 * compared.head_right / n, 2),
            tuned=round(100 * compared.right / n, 2),
            only_head=compared.only_head,
            only_tuned=compared.only_blocks,
            head_loss=round(compared.head_loss, 4),
            loss=round(compared.loss, 4),
            chance=round(compared.chance, 4),
            loss_chance=round(compared.loss_chance, 4),
            temperature=round(temperature, 2),
            view_seconds=round(view_seconds, 1),
            seconds=round(time.perf_counter() - begun, 1),
        )
        _append(path, row)


def _views(prepared: Prepared, network: LearningBody, setting: Setting, folder: Path) -> KeptViews:
    recipe = Recipe(augment=setting.augment)
    recipe = recipe.with_(preset_fields(recipe, mirrors=prepared.dataset.mirrorable))
    augmentation = Augmentation.of(recipe, len(prepared.signature.classes))
    rows = np.arange(len(prepared.labels))
    source = Varied(prepared.packed.pixels, rows, prepared.signature, augmentation, 0)
    return keep_views(network, source, setting.views, folder, lambda _: None)


def _done(path: Path) -> set[Setting]:
    if not path.is_file():
        return set()
    kinds = {field.name: field.type for field in fields(Setting)}
    with path.open(encoding="utf-8") as file:
        return {Setting(**{name: kind(row[name]) for name, kind in kinds.items()}) for row in csv.DictReader(file)}  # pyright: ignore[reportCallIssue, reportArgumentType]


def _append(path: Path, row: Row) -> None:
    new = not path.is_file()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)])
        if new:
            writer.writeheader()
        writer.writerow(asdict(row))
    print(*asdict(row).values(), flush=True)


if __name__ == "__main__":
    main()
