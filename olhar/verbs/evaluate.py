"""evaluate: what a model is worth on some pictures, matched by the names of their classes, and what drifted since it learnt."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError, RunError
from olhar.base.files import refuse_unwritable
from olhar.base.path_errors import tells_paths
from olhar.base.progress import Progress, default_progress
from olhar.base.texts import Sentence
from olhar.base.types import StrPath
from olhar.bundle.answers import Answers, ask
from olhar.bundle.predictor import Predictor
from olhar.data.copies.groups import numbered
from olhar.data.dataset import Dataset
from olhar.data.read_options import ReadKeywords
from olhar.data.sources import read
from olhar.evaluation.evaluation import Evaluation
from olhar.evaluation.measuring import measure
from olhar.jobs.at_least import JudgedThreshold, promised, refuse_share
from olhar.jobs.pictures_asked import with_classes_of
from olhar.jobs.prediction_sets import JudgedSets, judged_sets, refuse_set_share
from olhar.runs.folder import run_of
from olhar.verbs.load import load
from olhar.verbs.on import runner_on


@tells_paths
def evaluate(  # noqa: PLR0913 (each a choice of its own)
    model: StrPath | Predictor,
    data: StrPath | Dataset,
    progress: Progress | None = None,
    *,
    at_least: float = 0.0,
    prediction_sets: float = 0.0,
    page: StrPath | None = None,
    run: StrPath | None = None,
    on: str | None = None,
    without_token: bool = False,
    **reading: Unpack[ReadKeywords],
) -> Evaluation:
    """Measure a model on pictures, and tell what differs between them and those that it learnt from.

    Where the data says which pictures belong together, intervals count groups, and drift counts one picture of each. Pictures
    without classes give drift and what they are answered as, and no accuracy. See ``docs/evaluate.md``.

    Args:
        model: a run folder, a ``model.onnx``, a Keras file, or what ``olhar.load`` gave.
        data: as for ``train``; where it brings a test part, that part alone is measured.
        progress: where to tell how far it is.
        at_least: choose a threshold by which so many of the answers are right, on one half of the pictures, and judge it on the
            other; 0: judge the one that the model has, if any.
        prediction_sets: the same for sets of classes of which so many hold the true one.
        page: write what came of it to this HTML file, with pictures.
        run: the run that says what the model learnt from; by default ``model``, where that is one or lies in one.
        on: where the pictures are asked about, as for ``predict``; None: here.
        without_token: take a cluster that lets anybody in.
        reading: how the data is to be read, as ``olhar.read`` takes it (``layout`` ...).

    Raises:
        DataError: the data cannot be read, or has classes and none of this model; or no classes, where ``at_least`` or
            ``prediction_sets`` needs them.
        UsageError: one of these two is no share, or ``on`` no cluster that can be used.
        ExtraError: Ray is not installed.
        Stopped: Ctrl-C, with ``on``.
    """
    refuse_share(at_least)
    refuse_set_share(prediction_sets)
    if page:
        refuse_unwritable(page)
    predictor = model if isinstance(model, Predictor) else load(model, progress=progress)
    progress = progress or default_progress()
    dataset = with_classes_of(predictor, read(data, progress=progress, **reading).test_part(), progress)
    if (at_least or prediction_sets) and not dataset.classes:
        flag = "--at-least" if at_least else "--prediction-sets"
        raise DataError("evaluation.promise_unlabelled", where=dataset.origin, flag=flag)
    with runner_on(on, progress, without_token=without_token, verb="evaluate") as runner:
        answers = ask(predictor, dataset, progress, runner)
    known = bool((answers.predictions.labels >= 0).any())
    groups = _groups(answers)
    promise = promised(answers.predictions, groups, at_least, progress) if known else JudgedThreshold()
    sets = judged_sets(answers.predictions, groups, prediction_sets, progress) if known else JudgedSets()
    place = run if run is not None else model if isinstance(model, (str, os.PathLike)) else None
    return _with_drift(
        Evaluation(
            dataset.origin,
            len(answers),
            _mix(answers),
            measure(answers.predictions, groups) if known else None,
            answered=promise.answered,
            halved=promise.halved,
            sets=sets.covered,
            sets_halved=sets.halved,
        ),
        answers,
        place,
        page,
        progress,
    )


def _with_drift(
    evaluation: Evaluation, answers: Answers, place: StrPath | None, page: StrPath | None, progress: Progress
) -> Evaluation:
    """With what differs from the pictures that the model learnt from, and as a page where one is asked for."""
    from olhar.studies.drift_study import drift_of

    source = run_of(Path(place).expanduser()) if place is not None else None
    try:
        studied = drift_of(source, answers, progress)
    except RunError as error:  # what the model says of the pictures does not hang on it
        studied = Sentence(error.key, error.values)
    found: Evaluation = (
        replace(evaluation, no_drift=studied) if isinstance(studied, Sentence) else replace(evaluation, drift=studied.drift)
    )
    if page:
        from olhar.reporting.drift_page import write_drift

        write_drift(found, answers, {} if isinstance(studied, Sentence) else studied.examples, source, page, progress)
    return found


def _mix(answers: Answers) -> dict[str, int]:
    counts: list[int] = np.bincount(answers.predictions.predicted, minlength=len(answers.classes)).tolist()
    return dict(zip(answers.classes, counts, strict=True))


def _groups(answers: Answers) -> NDArray[np.int64] | None:
    groups = answers.data.groups
    return numbered([groups[row] for row in answers.rows]) if groups else None
