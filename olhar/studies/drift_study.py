"""What drifted: pictures that a model was asked about, beside those that it learnt from, which its run describes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import OlharError, RunError
from olhar.base.images import Pixels
from olhar.base.progress import Progress, Quiet
from olhar.base.texts import Sentence, sentence
from olhar.bundle.answers import Answers
from olhar.bundle.predictor import Predictor
from olhar.data.cache.on_demand import OnDemand
from olhar.data.checks.check import Evidence
from olhar.data.checks.survey import Survey, survey
from olhar.data.copies.groups import joined_groups, numbered
from olhar.data.dataset import Dataset
from olhar.data.places import is_here
from olhar.data.sources import read
from olhar.evaluation.drift.distribution import Distribution
from olhar.evaluation.drift.drift import Drift, drift, one_each
from olhar.evaluation.drift.two_samples import nearest
from olhar.evaluation.predictions import Predictions
from olhar.jobs.distribution import counted, distribution, evenly, features, measured, mix_of, sharpness
from olhar.runs.distribution import read_distribution
from olhar.runs.folder import RunFolder
from olhar.runs.judged import JudgedPictures
from olhar.runs.results import results
from olhar.runs.split import SplitRow, split_rows

_Mix = Mapping[str, int]
_EXAMPLES = 8


@dataclass(frozen=True)
class StudiedDrift:
    """What drifted, and pictures that show it.

    Attributes:
        drift: it.
        examples: measure -> rows of the data: pictures that are usual here; for ``features`` those furthest from the others.
    """

    drift: Drift
    examples: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class _Here:
    """The pictures that are asked about.

    ``rows``: of the data, of each group one; ``sample``: some of these, and their ``pixels`` as the network sees them.
    """

    distribution: Distribution
    looks: Survey
    rows: NDArray[np.int64]
    sample: NDArray[np.int64]
    pixels: Pixels


def drift_of(run: RunFolder | None, answers: Answers, progress: Progress) -> StudiedDrift | Sentence:
    """What differs between the pictures of some answers and those that their model learnt from; or why nobody can tell.

    Raises:
        RunError: a file of the run that says it is damaged.
    """
    if run is None:
        return sentence("drift.no_run", where=answers.predictor.name)
    if not len(answers):
        return sentence("drift.no_pictures")
    there = read_distribution(run) or _recomputed(run, answers.predictor)
    if there is None:
        return sentence("drift.pictures_gone", where=str(run.path), data=run.request().data)
    looks = survey(answers.data, progress)
    places = _independent(answers, looks)
    here = _here(answers, looks, places)
    found = drift(there, here.distribution, _answered(run, answers.predictions, places))
    return StudiedDrift(found, dict(_examples(found, there, here)))


def _here(answers: Answers, looks: Survey, places: NDArray[np.int64]) -> _Here:
    rows = np.array(answers.rows, np.int64)[places]
    sample = evenly(rows)
    pixels = _as_seen(answers.data, sample, answers.predictor)
    mix = mix_of(answers.predictions, places)
    told = distribution(looks, rows, len(answers), mix, sharpness(pixels), features(answers.predictor, pixels))
    return _Here(told, looks, rows, sample, pixels)


def _examples(found: Drift, there: Distribution, here: _Here) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Of each measure that differs the pictures nearest to the middle here; of features those furthest from the others."""
    values = measured(here.looks, here.rows)
    for one in found.drifted:
        if one.measure in values:
            away, places = np.abs(values[one.measure] - one.here[2]), here.looks.rows[np.isin(here.looks.rows, here.rows)]
        elif one.measure == "sharpness":
            away, places = np.nan_to_num(np.abs(sharpness(here.pixels) - one.here[2]), nan=np.inf), here.sample
        elif one.measure == "features":
            away, places = -nearest(here.distribution.features, there.features), here.sample
        else:
            continue
        yield one.measure, tuple(places[np.argsort(away, kind="stable")[:_EXAMPLES]].tolist())


def _as_seen(data: Dataset, rows: NDArray[np.int64], predictor: Predictor) -> NDArray[np.uint8]:
    signature = predictor.signature
    size = (signature.height, signature.width)
    shown = OnDemand(data, rows, size, signature.channels, signature.fit, signature.levels)
    return shown[np.arange(len(rows))]


def _independent(answers: Answers, looks: Survey) -> NDArray[np.int64]:
    """int64: places among the answers, of each group of pictures one; copies are a group, too."""
    data, signature = answers.data, answers.predictor.signature
    evidence = Evidence(data, looks, signature.fit, max(signature.height, signature.width), data.mirrorable)
    alike = np.arange(len(data))
    alike[looks.rows] = looks.rows[evidence.groups]
    groups = joined_groups(alike, [str(group) for group in data.groups])
    return one_each(groups[np.array(answers.rows, np.int64)])


def _answered(run: RunFolder, predictions: Predictions, places: NDArray[np.int64]) -> tuple[_Mix, _Mix] | None:
    """What the model answered of pictures that it had not learnt from, and here; None where the run does not keep the first."""
    try:
        judged = JudgedPictures.of(run)
    except RunError:
        return None
    then = judged.predictions
    if then.classes != predictions.classes:
        return None
    chosen = one_each(_groups(judged.rows))
    return counted(then.classes, then.predicted[chosen]), counted(predictions.classes, predictions.predicted[places])


def _groups(rows: "tuple[SplitRow, ...] | list[SplitRow]") -> NDArray[np.int64]:
    return numbered([(row.group or row.content).hex() for row in rows])


def _recomputed(run: RunFolder, predictor: Predictor) -> Distribution | None:
    """What the pictures of a run are like that is from before it was kept; None where they are no longer there."""
    request = run.request()
    if not is_here(request.data):
        return None
    try:
        data = read(request.data, progress=Quiet(), **request.reading.keywords())
        looks = survey(data, Quiet())
    except OlharError:
        return None
    rows = {content.tobytes(): row for row, content in zip(looks.rows.tolist(), looks.hashes, strict=True)}
    found = [row for row in split_rows(run) if row.content in rows]
    teaching = [row for row in found if row.part != "test"]
    if not teaching or len(found) < len(split_rows(run)) / 2:
        return None
    chosen = [teaching[place] for place in one_each(_groups(teaching)).tolist()]
    head = results(run).head
    body_learnt = head is None or (head.last_blocks is not None and head.last_blocks.kept)
    held = [row for row in found if row.part != "train"]
    untaught = [held[place] for place in one_each(_groups(held)).tolist()] if body_learnt else chosen

    def seen(some: list[SplitRow]) -> NDArray[np.uint8]:
        return _as_seen(data, evenly(np.array([rows[row.content] for row in some], np.int64)), predictor)

    labels = [row.label for row in chosen]
    mix = {name: labels.count(name) for name in predictor.classes}
    own = np.array([rows[row.content] for row in chosen], np.int64)
    return distribution(looks, own, len(teaching), mix, sharpness(seen(chosen)), features(predictor, seen(untaught)))
