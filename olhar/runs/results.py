"""What a finished run came to: ``metrics.json``, typed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from olhar.base.parsing import Count, checked, parsing
from olhar.base.signature import Signature
from olhar.evaluation.abstention import SelectiveAccuracy
from olhar.evaluation.baselines import Baseline
from olhar.evaluation.false_alarms import FalseAlarms
from olhar.evaluation.folds import Folds
from olhar.evaluation.learning_curve import LearningCurve
from olhar.evaluation.metrics import Measured, Metrics, measured_on
from olhar.evaluation.prediction_sets import SetCoverage
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder
from olhar.runs.head_record import NEAREST_MEAN, HeadRecord

_METRICS = "metrics.json"


@dataclass(frozen=True)
class PictureCost:
    """What a picture and the file cost on the machine that trained.

    Attributes:
        milliseconds: that one picture takes, asked alone, decoding left out.
        size: of the exported file, in bytes.
    """

    milliseconds: float
    size: Count


@dataclass(frozen=True)
class Results:
    """The numbers of a finished run.

    Attributes:
        measured: what ``metrics`` was measured on: ``test``; where there was no test part ``folds`` or ``validation``.
        metrics: the most honest numbers that there are.
        kept_epoch: the epoch whose weights were kept, counted from 1; 0: those that the training began from.
        agreement: the largest difference of a probability between the exported file and the trained weights.
        made: when, ISO 8601 in UTC.
        before: what the Keras file that the training began from said of the same pictures; None where there was none, or
            it did not know their classes.
        folds: what the models of the folds came to; None where there were none.
        head: of a head that learnt from a body's features; None of a network that learnt by gradients.
        curve: how right it is by its pictures; None where that was not measured.
        answered: what the threshold comes to, below which the model says that it does not know; None: it always answers.
        sets: what prediction sets come to; None: the model makes none.
        earlier: the name of the run that this one went on from, and its numbers; None where there was none.
        speed: what a picture and the file cost; None of runs from before that was measured.
        unlike: how often pictures of its classes are taken for unlike them all; None: the model does not tell.
        baselines: what plain models come to on the same pictures; empty in runs from before there were any.
    """

    measured: Measured
    metrics: Metrics
    kept_epoch: Count
    agreement: float
    made: str
    before: Metrics | None
    folds: Folds | None
    head: HeadRecord | None = None
    curve: LearningCurve | None = None
    earlier: tuple[str, Metrics] | None = None
    speed: PictureCost | None = None
    answered: SelectiveAccuracy | None = None
    unlike: FalseAlarms | None = None
    sets: SetCoverage | None = None
    baselines: tuple[Baseline, ...] = ()

    @property
    def judged(self) -> bool:
        """Whether ``metrics`` says anything: not where there was one picture of each class, so that none could be held back."""
        return self.measured != "folds" or self.head is None or self.head.kind != NEAREST_MEAN


def results(run: RunFolder) -> Results:
    """The numbers of a run.

    Raises:
        RunError: it is not finished, or its ``metrics.json`` is damaged.
    """
    stored: dict[str, Any] = run.read_json(_METRICS)
    with parsing(damaged(run.path, _METRICS)):
        return _results(stored)


def refuse_unlike(run: RunFolder, found: Results, signature: Signature) -> None:
    """See to it that a run's numbers are of the classes of its model.

    Raises:
        RunError: they are of others, so one of the two files is not as Olhar wrote it.
    """
    numbers = (found.metrics, found.before, found.folds.metrics if found.folds is not None else None)
    if any(tuple(one.key for one in metrics.by_class) != signature.classes for metrics in numbers if metrics is not None):
        raise damaged(run.path, _METRICS)


def _results(stored: dict[str, Any]) -> Results:
    part = measured_on(stored)
    datetime.fromisoformat(stored["made"])
    return checked(
        Results(
            measured=part,
            metrics=Metrics.from_dict(stored[part]),
            kept_epoch=stored["kept_epoch"],
            agreement=stored["agreement"],
            made=stored["made"],
            before=Metrics.from_dict(stored["before"]) if stored.get("before") else None,
            folds=Folds.from_dict(stored["folds"]) if stored.get("folds") else None,
            head=HeadRecord.from_dict(stored["head"]) if stored.get("head") else None,
            earlier=(stored["earlier"]["run"], Metrics.from_dict(stored["earlier"])) if stored.get("earlier") else None,
            answered=SelectiveAccuracy.from_dict(stored["answered"]) if stored.get("answered") else None,
            sets=SetCoverage.from_dict(stored["sets"]) if stored.get("sets") else None,
            unlike=FalseAlarms.from_dict(stored["unlike"]) if stored.get("unlike") else None,
            curve=LearningCurve.from_dict(stored["learning_curve"]) if stored.get("learning_curve") else None,
            speed=checked(PictureCost(**stored["speed"])) if stored.get("speed") else None,
            baselines=tuple(Baseline.from_dict(one) for one in stored.get("baselines", ())),
        )
    )
