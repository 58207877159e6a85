"""What the figures and tables show, as data before it is drawn: pure functions of a Story."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.base.texts import say
from olhar.data.dataset import PARTS, Part
from olhar.evaluation.intervals import wilson
from olhar.evaluation.metrics import Metrics
from olhar.reporting.display_names import DisplayName, display_names
from olhar.reporting.story import Story
from olhar.runs.samples import Sample


@dataclass(frozen=True)
class Line:
    """One line of a panel: the epochs that have a value, and the values."""

    name: str
    epochs: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True)
class Panel:
    """Lines over epochs on one axis.

    Attributes:
        key: file name and anchor: ``loss``, ``accuracy``, ``f1``, ``precision``, ``recall``, ``learning_rate``.
        title: in the language in use.
        lines: those with at least one value.
        kept: the epoch whose weights were kept; 0 where none is known.
        share: whether the values are shares of 1, to be shown as per cent.
    """

    key: str
    title: str
    lines: tuple[Line, ...]
    kept: int
    share: bool

    def at_kept(self) -> list[tuple[str, float]]:
        """Name and value of each line at the kept epoch."""
        return [(line.name, line.values[line.epochs.index(self.kept)]) for line in self.lines if self.kept in line.epochs]


@dataclass(frozen=True)
class Confusion:
    """Pictures of class ``truth`` that were answered ``answer``; ``share`` of those of ``truth``."""

    truth: int
    answer: int
    count: int
    share: float


@dataclass(frozen=True)
class PartSize:
    """How many pictures a part holds, and its rarest and commonest class."""

    part: Part
    total: int
    rarest: tuple[DisplayName, int]
    commonest: tuple[DisplayName, int]


def curves(story: Story) -> list[Panel]:
    """Loss and accuracy of training and validation, one axis each."""
    train, validation = say("report.training"), say("report.validation")
    loss = _panel(story, "loss", {"loss": train, "val_loss": validation}, share=False)
    return [loss, _panel(story, "accuracy", {"accuracy": train, "val_accuracy": validation}, share=True)]


def scores(story: Story) -> list[Panel]:
    """Macro F1, precision and recall of validation, an axis each, as they lie close together; and a rate that fell."""
    validation = say("report.validation")
    panels = [_panel(story, measure, {f"val_{measure}": validation}, share=True) for measure in ("f1", "precision", "recall")]
    return [*panels, *_rate(story)]


def _rate(story: Story) -> list[Panel]:
    """The learning rate, where it fell whenever nothing better came: a fall explains what the other curves do from there."""
    if story.recipe.get("schedule") != "plateau":
        return []
    return [_panel(story, "learning_rate", {"learning_rate": say("report.panel.learning_rate")}, share=False)]


def class_names(story: Story) -> list[DisplayName]:
    """The names to show, in the order of the classes."""
    return display_names(story.signature.names)


def row_shares(confusion: NDArray[np.int64]) -> NDArray[np.float64]:
    """Each row as shares of its sum, 0 for a class without pictures; float64 (K, K)."""
    rows = confusion.sum(axis=1, keepdims=True)
    return np.divide(confusion, rows, out=np.zeros(confusion.shape), where=rows > 0)


def depth(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """How strongly a cell is tinted, 0..1: right answers by their share, wrong ones by its root, so that a few are seen."""
    return np.where(np.eye(len(shares), dtype=bool), shares, np.sqrt(shares))


def confusions(metrics: Metrics, limit: int) -> list[Confusion]:
    """The wrong answers that are most frequent among the pictures of a class, most pictures first."""
    wrong = metrics.confusion.copy()
    np.fill_diagonal(wrong, 0)
    shares = row_shares(metrics.confusion)
    truths, answers = np.nonzero(wrong)
    order = sorted(range(len(truths)), key=lambda i: (-wrong[truths[i], answers[i]], -shares[truths[i], answers[i]]))
    return [
        Confusion(int(t), int(a), int(wrong[t, a]), float(shares[t, a]))
        for t, a in ((truths[i], answers[i]) for i in order[:limit])
    ]


def taken_for(metrics: Metrics, truth: int) -> Confusion | None:
    """The wrong answer that pictures of a class get most often; None where there is none."""
    row = metrics.confusion[truth].copy()
    row[truth] = 0
    answer = int(row.argmax())
    if not row[answer]:
        return None
    return Confusion(truth, answer, int(row[answer]), float(row[answer] / metrics.confusion[truth].sum()))


def weakest_class(metrics: Metrics) -> int | None:
    """The class that is surely recognised least, by the upper bound of its recall: 0 of 3 say more than 0 of 1, and 60 of 80 more
    than 2 of 3; None where no class is mistaken."""
    mistaken = [k for k, row in enumerate(metrics.confusion) if row.sum() > row[k]]
    return min(mistaken, key=lambda k: _at_most(metrics, k), default=None)


def _at_most(metrics: Metrics, k: int) -> float:
    told = metrics.by_class[k].recall_interval
    return (told or wilson(int(metrics.confusion[k, k]), int(metrics.confusion[k].sum()))).high


@dataclass(frozen=True)
class Change:
    """A class: the share of it that was recognised before, None where it was not known then, and now; in points, what came."""

    index: int
    before: float | None
    now: float

    @property
    def points(self) -> float | None:
        """Percentage points that came to it; below zero, some of it is forgotten."""
        return None if self.before is None else 100 * (self.now - self.before)


def changes(story: Story) -> list[Change]:
    """Class by class, what the run that this one went on from recognised, and this one."""
    if story.earlier is None or story.metrics is None:
        return []
    before = {row.key: row.recall for row in story.earlier[1].by_class}
    return [Change(k, before.get(row.key), row.recall) for k, row in enumerate(story.metrics.by_class)]


def distribution(story: Story) -> dict[Part, list[int]]:
    """Pictures of each class, in the order of the classes, for each part that has any."""
    counts_of: dict[Part, list[int]] = {
        part: [story.counts.get(part, {}).get(key, 0) for key in story.signature.classes] for part in PARTS
    }
    return {part: counts for part, counts in counts_of.items() if sum(counts)}


def part_sizes(story: Story) -> list[PartSize]:
    """The size of each part, with its rarest and commonest class."""
    names = class_names(story)
    sizes: list[PartSize] = []
    for part, counts in distribution(story).items():
        low, high = int(np.argmin(counts)), int(np.argmax(counts))
        sizes.append(PartSize(part, sum(counts), (names[low], counts[low]), (names[high], counts[high])))
    return sizes


def samples_by_class(samples: Sequence[Sample], classes: int, in_all: int) -> dict[int, list[Sample]]:
    """A few pictures of each class, as many of each as fit in ``in_all``, between one and eight."""
    per_class = max(1, min(8, in_all // max(classes, 1)))
    by_class: dict[int, list[Sample]] = {}
    for sample in samples:
        if sample.label >= 0 and len(by_class.setdefault(sample.label, [])) < per_class:
            by_class[sample.label].append(sample)
    return {label: by_class[label] for label in sorted(by_class)[:in_all]}


def _panel(story: Story, key: str, names: dict[str, str], *, share: bool) -> Panel:
    lines = (_line(story, column, name) for column, name in names.items())
    return Panel(key, say(f"report.panel.{key}"), tuple(line for line in lines if line.epochs), story.kept, share)


def _line(story: Story, column: str, name: str) -> Line:
    points = [(int(row["epoch"]), row.get(column)) for row in story.history]
    measured = [(epoch, float(value)) for epoch, value in points if isinstance(value, (int, float)) and math.isfinite(value)]
    return Line(name, tuple(epoch for epoch, _ in measured), tuple(value for _, value in measured))
