"""predict: pictures of any number, in files, folders and zips -> answers; a grid of them, or a copy sorted by class."""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Unpack

import numpy as np

from olhar.base.errors import DataError
from olhar.base.path_errors import tells_paths
from olhar.base.progress import Progress, Quiet, default_progress
from olhar.base.signature import Signature
from olhar.base.texts import Sentence
from olhar.base.types import StrPath
from olhar.bundle.answers import Answers, ask
from olhar.bundle.predictor import Predictor
from olhar.data.dataset import UNLABELLED, Dataset
from olhar.data.files.files import legible
from olhar.data.files.folder import FolderSource
from olhar.data.folders.spelling import spelled_as
from olhar.data.pieces import join_datasets
from olhar.data.read_options import ReadKeywords
from olhar.data.sources import read
from olhar.verbs.load import load
from olhar.verbs.on import runner_on


@tells_paths
def predict(
    model: StrPath | Predictor,
    pictures: StrPath | Iterable[StrPath],
    progress: Progress | None = None,
    *,
    whole: bool = False,
    on: str | None = None,
    without_token: bool = False,
    **reading: Unpack[ReadKeywords],
) -> Answers:
    """Ask a model for many pictures; memory stays bounded however many there are.

    Args:
        model: a run folder, a ``model.onnx``, a Keras file, or what ``olhar.load`` gave.
        pictures: a picture, a folder, a zip, a folder inside a zip, or several of them.
        progress: where to tell how far it is.
        whole: decode large JPEGs whole, as browsers do, whatever the model's rule says: slower.
        on: where: ``"local"``, ``"auto"``, ``"HOST:6379"`` or ``"ray://HOST:10001"`` (see ``docs/cluster.md``); None: here.
        without_token: take a cluster that lets anybody in.
        reading: how the pictures are to be read, as ``olhar.read`` takes it (``layout`` ...).

    Raises:
        DataError: nothing of that name, or no pictures in it.
        ModelError: the model cannot be opened.
        UsageError: ``on`` is no cluster that can be used.
        ExtraError: Ray is not installed.
        Stopped: Ctrl-C, with ``on``.
    """
    predictor = model if isinstance(model, Predictor) else load(model, progress=progress)
    if whole:
        predictor = copy(predictor)
        predictor.signature = predictor.signature.decoded_whole()
    places = [pictures] if isinstance(pictures, (str, os.PathLike)) else list(pictures)
    progress = progress or default_progress()
    signature = predictor.signature
    dataset = spelled_as(_gather(places, signature, progress, reading), signature.classes, progress, signature.names)
    with runner_on(on, progress, without_token=without_token, verb="predict") as runner:
        return ask(predictor, dataset, progress, runner)


def _gather(places: Sequence[StrPath], signature: Signature, progress: Progress, reading: ReadKeywords) -> Dataset:
    """One table of all pictures asked for. A single folder or zip keeps the names inside it; several keep what was typed too."""
    if not places:
        raise DataError("predict.nothing")
    datasets = [_told(_dataset(place, _Hushed(progress), reading), signature, progress) for place in places]
    return datasets[0] if len(datasets) == 1 else join_datasets(datasets, [legible(os.fspath(place)) for place in places])


def _told(dataset: Dataset, signature: Signature, progress: Progress) -> Dataset:
    """The dataset, and what it was read as: a folder whose name is no class of the model is none."""
    known = {*spelled_as(dataset, signature.classes, Quiet(), signature.names).classes} & {*signature.classes}
    read_as = dataset.read_as if known else replace(dataset.read_as, classes=0)
    if dataset.read_as and (known or read_as.passed_over):
        progress.line(read_as.sentence())
    return dataset


class _Hushed:
    """Progress that leaves out what data was read as."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self.stage = progress, progress.stage

    def line(self, sentence: Sentence) -> None:
        """Pass on everything else."""
        if sentence.key != "reading.line":
            self.progress.line(sentence)


def _dataset(place: StrPath, progress: Progress, reading: ReadKeywords) -> Dataset:
    path = Path(place).expanduser()
    try:
        return read(place, progress=progress, **reading)
    except DataError as error:
        if not reading and (error.readings or not path.is_file()):
            with suppress(DataError):  # whatever the classes may be, each picture can be asked
                return read(place, progress=progress, layout="*")
        if error.key == "data.not_found":
            raise DataError("predict.missing", **error.values) from error
        if error.key != "data.not_understood" or not path.is_file():
            raise
    nowhere = np.full(1, UNLABELLED, np.int64)
    return Dataset(legible(path.stem), FolderSource(path.parent, [path.name]), [legible(path.name)], (), nowhere, ("",))
