"""What a finished run is worth, and what it is, as ``metrics.json`` keeps it."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from olhar.base.progress import Progress
from olhar.bundle.predictor import Predictor
from olhar.evaluation.abstention import answered_by
from olhar.evaluation.false_alarms import false_alarms
from olhar.evaluation.folds import Folds
from olhar.evaluation.intervals import Interval, wilson
from olhar.evaluation.measuring import measure
from olhar.evaluation.prediction_sets import covered_by
from olhar.jobs.drawn_strangers import drawn_strangers
from olhar.jobs.finished_model import FinishedModel, cost_of_a_picture
from olhar.jobs.judging import Judgement, answers_to
from olhar.jobs.learnt import Learnt
from olhar.jobs.prepare import Prepared
from olhar.runs.folder import VERSION
from olhar.runs.head_record import NEAREST_MEAN

Numbers = Mapping[str, Any]


def run_numbers(
    prepared: Prepared, model: FinishedModel, judgement: Judgement, plain: Numbers, progress: Progress
) -> dict[str, Any]:
    """All of them, what ``baselines`` told included; the file that the training began from is asked about the same pictures."""
    return {
        **_measured(prepared, judgement),
        **_answered(prepared, model, judgement),
        **_alarms(prepared, model, judgement),
        **plain,
        **_about(model.learnt, model.agreement, tested=judgement.part is not None),
        "speed": asdict(cost_of_a_picture(model.predictor, prepared)),
        **_before(prepared, judgement, progress),
        **_estimate(prepared, judgement),
    }


def _measured(prepared: Prepared, judgement: Judgement) -> Numbers:
    if judgement.part is None or judgement.asked is None:
        return {}
    groups = prepared.division.groups[judgement.asked.rows]
    return {judgement.part: measure(judgement.asked.predictions, groups).to_dict()}


def _answered(prepared: Prepared, model: FinishedModel, judgement: Judgement) -> Numbers:
    """What the promises come to on the pictures that judge."""
    answers, threshold, sets = judgement.answers, model.promises.threshold, model.promises.sets
    if answers is None:
        return {}
    about = prepared.division.groups[answers.rows], answers.design
    answered = {"answered": asdict(answered_by(answers.predictions, threshold, *about))} if threshold is not None else {}
    return answered | ({"sets": asdict(covered_by(answers.predictions, sets, *about))} if sets is not None else {})


def _alarms(prepared: Prepared, model: FinishedModel, judgement: Judgement) -> Numbers:
    """How many of the pictures that judge are taken for unlike anything, and how many that were drawn to be so."""
    answers = judgement.answers
    if answers is None:
        return {}
    found = false_alarms(answers.predictions, model.chosen_on, prepared.division.groups[answers.rows], answers.design)
    return {"unlike": asdict(replace(found, caught=_caught(prepared, model.predictor)))} if found is not None else {}


def _caught(prepared: Prepared, predictor: Predictor) -> Interval | None:
    height, width, channels = prepared.signature.shape
    _, strange = predictor.answers(drawn_strangers(height, width, channels))
    return wilson(int((strange > 1).sum()), len(strange)) if strange is not None else None


def _before(prepared: Prepared, judgement: Judgement, progress: Progress) -> Numbers:
    """What the file that the training began from says of the same pictures, where its classes are theirs."""
    base, part = prepared.base, judgement.part
    if part is None or base is None or base.new_head:
        return {}
    signature = replace(prepared.signature, names=prepared.signature.classes)
    said = answers_to(prepared, base.classifier.predictor(signature), part, progress)
    return {"before": measure(said, prepared.division.groups[prepared.rows(part)]).to_dict()}


def _estimate(prepared: Prepared, judgement: Judgement) -> Numbers:
    """What the answers of folds come to."""
    folds = judgement.folds
    if folds is None:
        return {}
    groups = prepared.division.groups[folds.rows]
    return {"folds": Folds.of(folds.predictions, folds.each, groups, folds.design).to_dict()}


def _about(learnt: Learnt, agreement: float, *, tested: bool) -> Numbers:
    return {
        "version": VERSION,
        **({"judged": False} if learnt.head and learnt.head.kind == NEAREST_MEAN and not tested else {}),
        "kept_epoch": learnt.kept_epoch,
        "steps": learnt.steps,
        **({"temperature": learnt.temperature} if learnt.temperature is not None else {}),
        "agreement": agreement,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        **({"head": learnt.head.to_dict()} if learnt.head else {}),
        **({"learning_curve": learnt.curve.to_dict()} if learnt.curve else {}),
        **({"earlier": {"run": learnt.earlier[0]} | learnt.earlier[1].to_dict()} if learnt.earlier else {}),
    }
