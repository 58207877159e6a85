"""What ``train`` tells at its end: how right and how sure, beside what, the weakest class, and what more pictures would bring."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from olhar.base.extras import is_there
from olhar.base.texts import number, percent, say
from olhar.bodies.published import PUBLISHED
from olhar.cli.printing import accuracy_sentence
from olhar.reporting import facts, head_facts, trust
from olhar.reporting.display_names import DisplayName, display_names

if TYPE_CHECKING:
    from olhar.base.signature import Signature
    from olhar.evaluation.abstention import SelectiveAccuracy
    from olhar.evaluation.metrics import Metrics
    from olhar.evaluation.prediction_sets import SetCoverage
    from olhar.runs.results import Results

_ROOM, _ENOUGH = 0.97, 200
"""A head that is right less often leaves room; with fewer pictures learning blocks were no better (see its benchmark)."""


def run_summary(results: "Results", signature: "Signature") -> Iterator[str]:
    """One line each, the number with its interval first; what the first screen of the report says, in short."""
    if not results.judged:
        yield say("report.trust.measured.nothing_held_back")
        return
    names = display_names(signature.names)
    yield accuracy_sentence(results.metrics, results.measured, of_head=results.head is not None)
    yield beside(results.metrics, names)
    plain = trust.plain(results.metrics, results.baselines)
    if plain is not None:
        yield _said(plain)
    if results.answered is not None:
        yield " ".join(answered_sentences(results.answered, results.measured))
    if results.sets is not None:
        yield " ".join(set_sentences(results.sets, results.measured))
    if results.unlike is not None:
        share = results.unlike.share
        yield say("unlike.came_to", n=share.n, share=share.value, low=share.low, high=share.high)
    if results.before is not None:
        before = results.before.accuracy
        ends = {"low": percent(before.low), "high": percent(before.high)}
        yield say("train.better_than_before", before=percent(before.value), **ends)
    if results.folds is not None and results.head is None:
        accuracy = results.folds.accuracy
        yield say("folds.mean", k=len(results.folds.each), mean=percent(accuracy.mean), points=100 * accuracy.spread)
    if results.measured == "validation":
        yield say("cli.flattering")
    told = head_facts.learning(results.curve, dict(zip(signature.classes, names, strict=True))) if results.curve else []
    if told:
        yield " ".join(map(_said, told))
    if _minutes_may_bring(results):
        yield say("train.minutes_may_bring")


def _minutes_may_bring(results: "Results") -> bool:
    """Whether a head leaves room, and the last blocks of its body could learn here, and have not."""
    head = results.head
    if head is None or head.body not in PUBLISHED or head.last_blocks is not None or not is_there("train"):
        return False
    return results.metrics.accuracy.value < _ROOM and results.metrics.accuracy.n >= _ENOUGH


def beside(metrics: "Metrics", names: list[DisplayName]) -> str:
    """What always answering the commonest class would give, and the class that is recognised least."""
    by_class, warned = metrics.by_class, trust.baseline(metrics, names)
    usual = say("cli.baseline", name=trust.commonest(metrics, names).plain, share=metrics.majority)
    baseline = _said(warned) if warned is not None else usual
    weakest = facts.weakest_class(metrics)
    mistaken = facts.taken_for(metrics, weakest) if weakest is not None else None
    if weakest is None or mistaken is None:
        return baseline
    right, n = int(metrics.confusion[weakest, weakest]), by_class[weakest].support
    values = {"name": names[weakest].plain, "right": right, "n": n, "other": names[mistaken.answer].plain}
    often = metrics.confusion[weakest, mistaken.answer] > 1
    return f"{baseline} {say('cli.weakest' if often else 'cli.weakest_alone', **values)}"


def answered_sentences(answered: "SelectiveAccuracy", measured: str) -> Iterator[str]:
    """What a threshold came to, and whether the pictures that chose it judge it."""
    if answered.accuracy is None:
        yield say("abstention.silent")
        return
    coverage, accuracy = answered.coverage, answered.accuracy
    bounds = {"low": coverage.low, "high": coverage.high, "right_low": accuracy.low, "right_high": accuracy.high}
    yield say("abstention.came_to", coverage=coverage.value, accuracy=accuracy.value, **bounds)
    if measured != "test":
        yield say("abstention.same_pictures")


def set_sentences(covered: "SetCoverage", measured: str) -> Iterator[str]:
    """What prediction sets came to, and whether the pictures that chose their threshold judge it."""
    coverage, size = covered.coverage, covered.size
    sizes = {"size": number(size.value, 2), "size_low": number(size.low, 2), "size_high": number(size.high, 2)}
    yield say("prediction_sets.came_to", coverage=coverage.value, low=coverage.low, high=coverage.high, **sizes)
    if measured != "test":
        yield say("prediction_sets.same_pictures")


def _said(told: "head_facts.Told | trust.Remark") -> str:
    """A sentence of the report without what only a page needs."""
    values = {name: value.plain if isinstance(value, DisplayName) else value for name, value in told.values.items()}
    return say(f"report.{told.key.removeprefix('report.')}", **values)
