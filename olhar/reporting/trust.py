"""Can I trust it? What a story gives reason to believe and to doubt, as remarks before they become sentences."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from olhar.evaluation.baselines import Baseline
from olhar.evaluation.false_alarms import FalseAlarms
from olhar.evaluation.intervals import Interval, wilson
from olhar.evaluation.metrics import Metrics
from olhar.reporting import facts
from olhar.reporting.display_names import DisplayName
from olhar.reporting.story import Story
from olhar.runs.head_record import NEAREST_MEAN

Level = Literal["good", "note", "careful"]

NARROW, FAIR = 0.02, 0.05
"""Half an interval's width, up to which it is called narrow, and fair."""

ASKED_HALF = 0.02
MEMORISED_GAP = 0.10
WEAK_GAP = 0.10
FEW_PICTURES = 10
SURE = 0.90
NOTICED = 0.75
"""Of the pictures that were drawn to be of no class; from here on a model is said to notice them."""


@dataclass(frozen=True)
class Remark:
    """One plain sentence: the key of it and its values (a ``DisplayName`` where a class is named)."""

    level: Level
    key: str
    values: dict[str, Any] = field(default_factory=dict[str, Any])


def remarks(story: Story) -> list[Remark]:
    """What is to be said about how far the numbers can be trusted, what they were measured on first."""
    if story.metrics is None:
        unjudged = story.head is not None and story.head.kind == NEAREST_MEAN
        return [Remark("careful", "report.trust.measured.nothing_held_back" if unjudged else "report.trust.nothing")]
    metrics = story.metrics
    worth = (baseline(metrics, facts.class_names(story)), plain(metrics, story.baselines), memorised(story))
    of_whole = (_measured(story), folds(story), interval(metrics.accuracy), *worth)
    of_parts = (
        unmoved(story),
        scarce(metrics),
        weakest(story, metrics),
        sure_and_wrong(story),
        strangers(story.unlike),
        agreement(story),
    )
    return [remark for remark in (*of_whole, *of_parts) if remark is not None]


def _measured(story: Story) -> Remark:
    if story.head is not None and story.measured == "folds":
        pictures = sum(numbers.support for numbers in story.metrics.by_class) if story.metrics else 0
        return Remark("good", "report.trust.measured.heads", {"n": pictures, "k": len(story.folds.each) if story.folds else 0})
    level: Level = "good" if story.measured in ("test", "folds") else "careful"
    return Remark(level, f"report.trust.measured.{story.measured}", {"k": len(story.folds.each)} if story.folds else {})


def folds(story: Story) -> Remark | None:
    """How far the models of the folds lay apart; nothing of heads, which are too alike for that to tell."""
    if story.folds is None or story.head is not None:
        return None
    values = {"k": len(story.folds.each), "mean": story.folds.accuracy.mean, "points": 100 * story.folds.accuracy.spread}
    return Remark("note", "report.trust.folds", values)


def interval(accuracy: Interval) -> Remark:
    """Whether there were pictures enough; where not, how many would give two points either way."""
    half = (accuracy.high - accuracy.low) / 2
    values = {"n": accuracy.n, "points": 100 * half}
    if half <= NARROW:
        return Remark("good", "report.trust.narrow", values)
    values["enough"] = enough(accuracy.value, _wider(accuracy))
    return Remark("note" if half <= FAIR else "careful", "report.trust.fair" if half <= FAIR else "report.trust.wide", values)


def _wider(accuracy: Interval) -> float:
    """How many times as many pictures an interval takes as that of so many pictures judged by one model would."""
    plain = wilson(round(accuracy.value * accuracy.n), accuracy.n)
    return max(1.0, ((accuracy.high - accuracy.low) / (plain.high - plain.low)) ** 2)


def enough(share: float, wider: float = 1.0) -> int:
    """Pictures for a 95% interval of two points either way, to two digits; ``wider`` times as many where it is wider."""
    share = min(max(share, 0.05), 0.95)
    n = wider * 1.96**2 * share * (1 - share) / ASKED_HALF**2
    step = 10 ** max(0, math.floor(math.log10(n)) - 1)
    return math.ceil(n / step) * step


def commonest(metrics: Metrics, names: Sequence[DisplayName]) -> DisplayName:
    """The class that the baseline always answers."""
    return names[max(range(len(metrics.by_class)), key=lambda k: metrics.by_class[k].support)]


def baseline(metrics: Metrics, names: Sequence[DisplayName]) -> Remark | None:
    """A warning where the network is not shown to be better than always answering the commonest class."""
    if metrics.accuracy.low > metrics.majority:
        return None
    return Remark("careful", "report.trust.baseline", {"name": commonest(metrics, names), "share": metrics.majority})


def plain(metrics: Metrics, baselines: Sequence[Baseline]) -> Remark | None:
    """A warning where the network is not shown to be better than the better of the models on tiny pictures."""
    best = max(baselines, key=lambda one: one.accuracy.value, default=None)
    beaten = metrics.accuracy.low <= metrics.majority  # of which ``baseline`` warns, which is worse
    if best is None or beaten or metrics.accuracy.low > best.accuracy.value:
        return None
    key = "report.trust.plain" if best.kind == "linear" else "report.trust.plain_mean"
    return Remark("careful", key, {"share": best.accuracy.value})


def memorised(story: Story) -> Remark | None:
    """A warning where training pictures are known much better than validation pictures at the kept epoch."""
    kept_epoch = next((epoch for epoch in story.history if epoch.get("epoch") == story.kept), {})
    train, validation = kept_epoch.get("accuracy"), kept_epoch.get("val_accuracy")
    if train is None or validation is None or not train - validation > MEMORISED_GAP:
        return None
    return Remark("careful", "report.trust.memorised", {"train": float(train), "validation": float(validation)})


def unmoved(story: Story) -> Remark | None:
    """That no epoch was better than what the training began from, whose weights were kept."""
    if story.before is None or story.kept:
        return None
    return Remark("careful", "report.trust.unmoved", {"name": DisplayName(story.began_from)})


def scarce(metrics: Metrics) -> Remark | None:
    """A warning where classes have too few pictures for numbers of their own."""
    n = sum(numbers.support < FEW_PICTURES for numbers in metrics.by_class)
    return Remark("careful", "report.trust.scarce", {"n": n, "few": FEW_PICTURES}) if n else None


def weakest(story: Story, metrics: Metrics) -> Remark | None:
    """The class that is recognised least, and what it is taken for, where it lies well below the whole."""
    k = facts.weakest_class(metrics)
    mistaken = facts.taken_for(metrics, k) if k is not None else None
    if k is None or mistaken is None or metrics.accuracy.value - metrics.by_class[k].recall < WEAK_GAP:
        return None
    names, often = facts.class_names(story), metrics.confusion[k, mistaken.answer] > 1
    values = {"name": names[k], "share": metrics.by_class[k].recall, "other": names[mistaken.answer]}
    return Remark("note", "report.trust.weakest" if often else "report.trust.weakest_alone", values)


def sure_and_wrong(story: Story) -> Remark | None:
    """A note where the network was wrong with high confidence."""
    highest = max((mistake.confidence for mistake in story.mistakes), default=0.0)
    return Remark("note", "report.trust.sure", {"share": highest}) if highest >= SURE else None


def strangers(unlike: FalseAlarms | None) -> Remark | None:
    """Whether a picture of none of the classes would be noticed, by some that were drawn; nothing where that was not tried."""
    if unlike is None:
        return Remark("note", "report.trust.strangers.never")
    if unlike.caught is None:
        return None
    noticed = unlike.caught.value >= NOTICED
    key = "report.trust.strangers.noticed" if noticed else "report.trust.strangers.passed"
    return Remark("good" if noticed else "careful", key, {"n": unlike.caught.n, "share": unlike.caught.value})


def agreement(story: Story) -> Remark | None:
    """That the exported file answers as the trained weights do, with the power of ten that the difference stays under."""
    if story.agreement is None:
        return None
    places = max(1, min(7, -math.ceil(math.log10(max(story.agreement, 1e-7)))))
    return Remark("good", "report.trust.agreement", {"bound": Decimals(10.0**-places, places)})


@dataclass(frozen=True)
class Decimals:
    """A number to be written with so many decimals."""

    value: float
    places: int
