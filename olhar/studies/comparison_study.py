"""A comparison made: contenders -> what they said of the pictures that can judge all of them -> who is better."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from olhar.base.errors import DataError, RunError
from olhar.base.progress import Progress
from olhar.base.texts import Sentence, sentence
from olhar.bodies.heads.interval import DESIGN
from olhar.data.dataset import Dataset
from olhar.evaluation.compare.comparing import Against, Answered, Asked, compared
from olhar.evaluation.compare.comparison import Comparison, JudgedBy
from olhar.runs.folder import RunFolder
from olhar.runs.judged import JudgedPictures
from olhar.studies.asked_alike import Opened, asked_alike, run_of
from olhar.studies.contenders import NamedContender, counted, refuse_files
from olhar.studies.shared_pictures import SharedPictures, shared_pictures


@dataclass(frozen=True)
class Studied:
    """A comparison, and the content of each of its pictures, by which they are found again."""

    comparison: Comparison
    contents: Sequence[bytes]


def compare_runs(named: Sequence[NamedContender], against: Against) -> Studied:
    """Runs on the pictures by which all of them were judged.

    Raises:
        UsageError: a model file, which keeps no answers.
        RunError: a run is unfinished, damaged or without test pictures, or no picture judges all of them.
    """
    refuse_files(named)
    runs = [JudgedPictures.of(RunFolder.open(place)) for one in named for place in one.places]
    shared = shared_pictures(runs)
    if not shared.names:
        ends = {"first": str(named[0].places[0]), "second": str(named[-1].places[-1])}
        raise RunError("compare.nothing_shared", **ends, why=counted(dict(shared.left_out)))
    ways = {run.by for run in runs}
    judged: JudgedBy = "both" if len(ways) > 1 else runs[0].by
    signature = runs[0].run.signature()
    names = dict(zip(signature.classes, signature.names, strict=True))
    return _studied(named, shared, judged, names, against)


def compare_on(named: Sequence[NamedContender], data: Dataset, opened: Opened, against: Against, progress: Progress) -> Studied:
    """Runs and model files on labelled pictures.

    Raises:
        DataError: no picture is left by which all can be judged.
        ModelError, RunError: a model cannot be opened.
    """
    places = [place for one in named for place in one.places]
    shared = asked_alike(places, opened, data, progress)
    if not shared.names:
        raise DataError("compare.nothing_left", where=data.origin, why=counted(dict(shared.left_out)))
    notes = [sentence("compare.unknown_past", where=str(place)) for place in places if run_of(place) is None]
    names = dict(zip(data.classes, data.shown, strict=True))
    return _studied(named, shared, "data", names, against, notes)


def _studied(
    named: Sequence[NamedContender],
    shared: SharedPictures,
    judged: JudgedBy,
    names: Mapping[str, str],
    against: Against,
    notes: Sequence[Sentence] = (),
) -> Studied:
    asked = Asked(
        pictures=shared.names,
        classes=shared.classes,
        labels=shared.labels,
        groups=shared.groups,
        judged=judged,
        design=DESIGN if judged in ("folds", "both") else 1.0,
        left_out=shared.left_out,
        notes=tuple(notes),
        shown=tuple(names.get(key, key) for key in shared.classes),
    )
    ends = np.cumsum([len(one.places) for one in named]).tolist()
    rows = [slice(end - len(one.places), end) for one, end in zip(named, ends, strict=True)]
    sides = [
        Answered(one.name, tuple(map(str, one.places)), shared.answers[own], shared.confidences[own])
        for one, own in zip(named, rows, strict=True)
    ]
    return Studied(compared(sides, asked, against), shared.contents)
