"""What ``train`` tells of a head at its end: how right, beside what, its weakest class, and what more pictures would bring."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from olhar.base.texts import say
from olhar.cli.printing import accuracy_sentence
from olhar.reporting import facts, head_facts
from olhar.reporting.display_names import DisplayName
from olhar.reporting.trust import FEW_PICTURES

if TYPE_CHECKING:
    from olhar.base.signature import Signature
    from olhar.evaluation.metrics import Metrics
    from olhar.runs.results import Results


def head_summary(results: "Results", signature: "Signature") -> Iterator[str]:
    """One line each: the number, what stands beside it, and what more pictures would bring."""
    if not results.judged:
        yield say("report.trust.measured.nothing_held_back")
        return
    yield accuracy_sentence(results.metrics, results.measured, of_head=True)
    names = [DisplayName(name) for name in signature.names]
    yield _beside(results.metrics, names)
    told = head_facts.learning(results.curve, dict(zip(signature.classes, names, strict=True))) if results.curve else []
    if told:
        yield " ".join(map(_said, told))


def _beside(metrics: "Metrics", names: list[DisplayName]) -> str:
    """What always answering the commonest class would give, and the class that is recognised least."""
    by_class = metrics.by_class
    commonest = names[max(range(len(by_class)), key=lambda k: by_class[k].support)].plain
    baseline = say("cli.head_baseline", name=commonest, share=metrics.majority)
    measured = [k for k in range(len(by_class)) if by_class[k].support >= FEW_PICTURES]  # as the report does
    weakest = min(measured, key=lambda k: by_class[k].recall, default=None)
    mistaken = facts.taken_for(metrics, weakest) if weakest is not None else None
    if weakest is None or mistaken is None:
        return baseline
    right, n = int(metrics.confusion[weakest, weakest]), by_class[weakest].support
    values = {"name": names[weakest].plain, "right": right, "n": n, "other": names[mistaken.answer].plain}
    return f"{baseline} {say('cli.head_weakest', **values)}"


def _said(told: head_facts.Told) -> str:
    """A sentence without what only a page needs."""
    values = {name: value.plain if isinstance(value, DisplayName) else value for name, value in told.values.items()}
    return say(f"report.{told.key}", **values)
