"""Several models asked about the same labelled pictures: those that taught one of them are left out, told by their content."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import PictureError
from olhar.base.progress import Progress
from olhar.base.texts import sentence
from olhar.bundle.answers import ask
from olhar.bundle.predictor import Predictor
from olhar.data.cache.content_hash import content_hash
from olhar.data.dataset import Dataset
from olhar.data.folders.spelling import spelled_alike, spelled_as
from olhar.runs.folder import RunFolder
from olhar.runs.judged import taught_by
from olhar.runs.split import NAME as SPLIT
from olhar.studies.contenders import is_run
from olhar.studies.shared_pictures import SharedPictures, grouped

Opened = Callable[[Path], Predictor]


@dataclass(frozen=True)
class _Looked:
    """What is known of each picture before any model is asked: its content, empty where it cannot be read."""

    contents: list[bytes]
    why: list[str]
    """Why it is left out; empty where it is not."""

    @property
    def rows(self) -> list[int]:
        return [row for row, reason in enumerate(self.why) if not reason]


def run_of(place: Path) -> RunFolder | None:
    """The run of a folder, or of the ``model.onnx`` in one; None where a file stands alone."""
    folder = RunFolder(place if is_run(place) else place.parent)
    return folder if folder.begun and (folder.path / SPLIT).is_file() and place in (folder.path, folder.model) else None


def asked_alike(places: Sequence[Path], opened: Opened, data: Dataset, progress: Progress) -> SharedPictures:
    """What models say of labelled pictures that taught none of them; there may be no picture.

    Args:
        places: runs and model files, R of them.
        opened: a model by its place.
        data: the pictures.
        progress: where to tell how far it is.

    Raises:
        ModelError, RunError: a model cannot be opened, or the split of a run is damaged.
    """
    predictors = [opened(place) for place in places]
    taught = frozenset[bytes]().union(*(taught_by(run) for place in places if (run := run_of(place)) is not None))
    looked = _looked(data, predictors, taught, progress)
    chosen = data.only(looked.rows)
    said = [_said(predictor, chosen, progress) for predictor in predictors]
    readable = np.flatnonzero(np.all([confidence >= 0 for _, _, confidence in said], axis=0))
    classes = tuple(dict.fromkeys((*data.classes, *(name for names, _, _ in said for name in names))))
    rows = [looked.rows[row] for row in readable.tolist()]
    left_out = Counter(filter(None, looked.why)) + Counter(unreadable=len(looked.rows) - len(rows))
    return SharedPictures(
        names=[data.where[row] for row in rows],
        contents=[looked.contents[row] for row in rows],
        classes=classes,
        labels=data.labels[rows],
        groups=grouped(
            len(rows), [[looked.contents[row] for row in rows], [data.groups[row] for row in rows] if data.groups else []]
        ),
        answers=np.stack([_as_indices(names, answers[readable], classes) for names, answers, _ in said]),
        confidences=np.stack([confidence[readable] for _, _, confidence in said]),
        left_out=dict(left_out.most_common()),
    )


def _looked(data: Dataset, predictors: Sequence[Predictor], taught: frozenset[bytes], progress: Progress) -> _Looked:
    known = [_spelling(data, predictor).keys() for predictor in predictors]
    common = [all(name in names for names in known) for name in data.classes]
    looked = _Looked([], [])
    with progress.stage(sentence("compare.matching"), len(data)) as advance:
        for row, label in enumerate(data.labels.tolist()):
            content, reason = b"", "unlabelled" if label < 0 else "" if common[label] else "no_class"
            if not reason:
                content, reason = _content(data, row, taught)
            looked.contents.append(content)
            looked.why.append(reason)
            advance(1)
    return looked


def _content(data: Dataset, row: int, taught: frozenset[bytes]) -> tuple[bytes, str]:
    try:
        content = content_hash(data.read(row))
    except PictureError:
        return b"", "unreadable"
    return content, "taught" if content in taught else ""


def _spelling(data: Dataset, predictor: Predictor) -> dict[str, str]:
    """The data's classes that the model knows, and how it spells them."""
    spelling = spelled_alike(data.classes, predictor.classes)
    return {name: own for name in data.classes if (own := spelling.get(name, name)) in predictor.classes}


def _said(predictor: Predictor, data: Dataset, progress: Progress) -> tuple[list[str], NDArray[np.int64], NDArray[np.float32]]:
    """The classes of a model as the data spells them, its answer to each picture, and how sure it is; -1 where unreadable."""
    back = {own: name for name, own in _spelling(data, predictor).items()}
    asked = ask(predictor, spelled_as(data, predictor.classes), progress)
    answers, confidence = np.zeros(len(data), np.int64), np.full(len(data), -1, np.float32)
    rows = list(asked.rows)
    answers[rows], confidence[rows] = asked.predictions.predicted, asked.predictions.confidence
    return [back.get(name, name) for name in predictor.classes], answers, confidence


def _as_indices(names: Sequence[str], answers: NDArray[np.int64], classes: Sequence[str]) -> NDArray[np.int64]:
    place = {name: index for index, name in enumerate(classes)}
    return np.array([place[name] for name in names], dtype=np.int64)[answers]
