"""What a finished model says of pictures that neither taught nor judged it, by which a threshold may be chosen afterwards."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError, OlharError, PictureError
from olhar.base.parsing import parsing
from olhar.base.progress import Progress, Quiet
from olhar.bodies.heads.interval import DESIGN
from olhar.bundle.answers import Answers, ask
from olhar.bundle.predictor import Predictor
from olhar.data.cache.content_hash import content_hash
from olhar.data.copies.groups import numbered
from olhar.data.dataset import Dataset
from olhar.data.places import is_here
from olhar.data.sources import read
from olhar.evaluation.folds import FOLDS
from olhar.evaluation.predictions import Predictions
from olhar.jobs.at_least import ChoosingAnswers, design_of
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder
from olhar.runs.judged import taught_by
from olhar.runs.results import results
from olhar.runs.split import SplitRow, split_rows

HELD_BACK = "predictions-held-back.csv"
"""In a run: what heads said of pictures that they had not learnt from, where others judge."""


def held_back(run: RunFolder, predictor: Predictor, progress: Progress) -> ChoosingAnswers | None:
    """Answers out of fold, where a head learnt; else of validation pictures, asked again where they lie; None: there are none.

    Raises:
        RunError: the run is not finished, or a file of it is damaged.
    """
    if results(run).head is None:
        return _of_validation(run, predictor, progress)
    for name in (HELD_BACK, FOLDS):
        if (run.path / name).is_file():
            return ChoosingAnswers(_kept(run, name), DESIGN)
    return None


def of_data(predictor: Predictor, data: Dataset, run: RunFolder | None, flag: str, progress: Progress) -> ChoosingAnswers:
    """What a model says of labelled pictures, by which ``flag`` is chosen; those that it has learnt from are left out.

    Raises:
        DataError: none is left.
    """
    taught = taught_by(run) if run is not None else frozenset[bytes]()
    rows = [row for row in range(len(data)) if not taught or _content(data, row) not in taught]
    if not rows:
        raise DataError("export.all_taught", where=data.origin, flag=flag)
    return replace(_choosing(ask(predictor, data.only(rows), progress)), sure=run is not None)


def _choosing(answers: Answers) -> ChoosingAnswers:
    predictions = answers.predictions
    known = np.flatnonzero(predictions.labels >= 0)
    chosen = predictions.only(known)
    groups = answers.data.groups
    if not groups:
        return ChoosingAnswers(chosen, 1.0)
    return ChoosingAnswers(chosen, design_of(chosen, numbered([groups[answers.rows[place]] for place in known.tolist()])))


def _of_validation(run: RunFolder, predictor: Predictor, progress: Progress) -> ChoosingAnswers | None:
    wanted = {row.content: row for row in split_rows(run) if row.part == "validation"}
    if not wanted:
        return None
    name = "predictions-validation.csv"
    if (run.path / name).is_file():
        return ChoosingAnswers(_kept(run, name), 1.0)
    request = run.request()
    if not is_here(request.data):
        return None
    try:
        data = read(request.data, progress=Quiet(), **request.reading.keywords())
    except OlharError:
        return None
    rows = [row for row in range(len(data)) if _content(data, row) in wanted]
    if not rows:
        return None
    answers = ask(predictor, data.only(rows), progress)
    return ChoosingAnswers(answers.predictions, design_of(answers.predictions, _groups(answers, wanted)))


def _groups(answers: Answers, wanted: Mapping[bytes, SplitRow]) -> NDArray[np.int64]:
    contents = [_content(answers.data, row) for row in answers.rows]
    return numbered([(wanted[content].group or content).hex() for content in contents])


def _kept(run: RunFolder, name: str) -> Predictions:
    text = run.read(name)
    with parsing(damaged(run.path, name), DataError):
        predictions = Predictions.from_csv(text, name)
        if (predictions.labels < 0).any():
            raise ValueError(name)
        return predictions


def _content(data: Dataset, row: int) -> bytes:
    try:
        return content_hash(data.read(row))
    except PictureError:
        return b""
