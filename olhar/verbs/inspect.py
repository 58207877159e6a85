"""inspect: what a model file is, how it wants its pictures, and, asked with labelled pictures, what its outputs mean."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Unpack

from olhar.base.errors import ModelError, RunError, UsageError
from olhar.base.layer import Layer
from olhar.base.path_errors import tells_paths
from olhar.base.progress import Progress, default_progress
from olhar.base.texts import Sentence, sentence
from olhar.base.types import StrPath
from olhar.bundle.layers import onnx_layers, read_bundle
from olhar.data.dataset import Dataset
from olhar.data.formats.weights_file import weights_form
from olhar.data.labelled import require_labelled
from olhar.data.read_options import ReadKeywords
from olhar.data.sources import read
from olhar.foreign.classifier import KerasClassifier, KerasFile, PictureShape, as_classifier, open_model
from olhar.foreign.inspection import Inspection
from olhar.foreign.kinds import is_keras
from olhar.foreign.opening import Opening
from olhar.foreign.preprocessing import Preprocessing, known_preprocessing
from olhar.foreign.sidecar import write_beside
from olhar.foreign.statement import Statement, checked_statement, with_statement
from olhar.foreign.tryout import Tryout, try_out
from olhar.foreign.weights import inspect_weights, refuse_weights
from olhar.runs.folder import RunFolder
from olhar.runs.network import read_network


@tells_paths
def inspect(  # noqa: PLR0913 (each is a flag)
    model: StrPath,
    data: StrPath | Dataset | None = None,
    save: bool = False,
    architecture: StrPath | None = None,
    lambdas: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    *,
    scaling: str | None = None,
    fit: str | None = None,
    classes: StrPath | Sequence[str] | None = None,
    **reading: Unpack[ReadKeywords],
) -> Inspection:
    """Find out what a model file is.

    Args:
        model: a Keras file of any age, a run folder, a ``model.onnx`` that Olhar wrote, or a file of weights (``.pth``,
            ``.safetensors``).
        data: labelled pictures, as for ``train``: every way of scaling is tried on one half of them, the best is measured
            on the other half, and the class of each output is found. At most 1,500 pictures a half; none of a test part.
        save: write what is known as ``NAME.olhar.json`` beside the model; from then on the other verbs use it.
        architecture: a JSON file, for a Keras file that holds weights only.
        lambdas: a formula of ``x`` for each Lambda layer.
        progress: where to tell how far it is.
        scaling: how a Keras file wants its pictures scaled, where you know it: ``0..1``, ``-1..1``, ``0..255``,
            ``imagenet`` or ``caffe``; instead of ``data``, as are ``fit`` and ``classes``.
        fit: how a picture is brought to its size: ``stretch``, ``crop`` or ``pad``.
        classes: the names in the order of the outputs, or the file that holds them, one a line.
        reading: how ``data`` is to be read, as ``olhar.read`` takes it (``layout`` ...).

    Raises:
        ModelError: it cannot be opened; or is to be saved, and how it wants its pictures is not known; or what was stated
            does not go with it.
        DataError: the pictures cannot be read, or do not go with the model.
        UsageError: pictures, a statement or ``save`` for a model of ours, which carries its signature inside; pictures and
            a statement at once; or a scaling or fit that there is not.
        RunError: the signature cannot be written.
    """
    path = Path(model).expanduser()
    stated = checked_statement(path.name, scaling, fit, classes)
    if data is not None and not stated.empty:
        raise UsageError("inspect.both_ways", where=os.fspath(model))
    weights = weights_form(path) is not None
    if weights or not is_keras(path):
        if weights and data is None and not save and stated.empty:
            return inspect_weights(path)
        refuse_weights(path)
        if data is not None or save or not stated.empty:
            raise UsageError("inspect.known_already", where=os.fspath(model))
        return _ours(path)
    file = open_model(path, Opening.of(architecture, lambdas))
    try:
        classifier = as_classifier(file)
    except ModelError as error:
        if data is not None or save or not stated.empty:
            raise
        return _keras(file, None, Preprocessing(None, "nothing", (Sentence(error.key, error.values),)))
    if data is None:
        before = _keras(file, classifier.picture_shape, known_preprocessing(classifier))
        after = before if stated.empty else with_statement(before, classifier, stated)
        return _saved(after, classifier, _still_assumed(before, classifier, stated), new=not stated.empty) if save else after
    dataset = require_labelled(data if isinstance(data, Dataset) else read(data, progress=progress, **reading))
    before = _keras(file, classifier.picture_shape, known_preprocessing(classifier))
    certain = before.signature if before.source in ("teachable_machine", "own_layers") else None
    tried = _tried(before, classifier, dataset, try_out(classifier, dataset, progress or default_progress(), certain))
    return _saved(tried, classifier, _assumed(tried)) if save else tried


def _keras(file: KerasFile, pictures: PictureShape | None, preprocessing: Preprocessing) -> Inspection:
    """What the file alone says; ``pictures`` is None where it is no classifier of pictures."""
    model, signature, beside = file.model, preprocessing.signature, preprocessing.source == "beside"
    return Inspection(
        path=file.path,
        kind="keras",
        written_by=model.keras_version,
        teachable_machine=model.teachable_machine,
        task=model.task,
        layers=tuple(
            Layer(row.path, row.class_name, row.shape[1:] if row.shape else None, row.parameters) for row in model.layers
        ),
        shape=(pictures.height, pictures.width, pictures.channels) if pictures is not None else None,
        classes=signature.classes if beside and signature is not None else model.classes,
        classes_from="signature" if beside else model.classes_from,
        signature=signature,
        source=preprocessing.source,
        notices=(*model.notices, *preprocessing.notices),
    )


def _ours(path: Path) -> Inspection:
    """A run, or a bundle."""
    run = RunFolder.open(path) if path.is_dir() else None
    if run is not None and not run.model.is_file():
        raise RunError("run.unfinished", where=str(path), name=run.model.name)
    signature, model, checksummed = read_bundle(run.model if run else path)
    drawn = read_network(run) if run else None
    return Inspection(
        path=path,
        kind="run" if run else "bundle",
        written_by="",
        teachable_machine=False,
        task="classes",
        layers=onnx_layers(model) if drawn is None else drawn,
        shape=signature.shape,
        classes=signature.classes,
        classes_from="signature",
        signature=signature,
        source="inside",
        notices=() if checksummed else (sentence("bundle.no_checksum"),),
    )


def _tried(before: Inspection, classifier: KerasClassifier, dataset: Dataset, trial: Tryout) -> Inspection:
    """What is known once pictures have been tried."""
    shown_names = dict(zip(dataset.classes, dataset.shown, strict=True))
    names = tuple(shown_names.get(key, key) for key in trial.classes)
    signature = trial.chosen.signature(classifier.picture_shape, trial.classes, names)
    return replace(
        before,
        classes=trial.classes if trial.useful else before.classes,
        classes_from="data" if trial.useful else before.classes_from,
        signature=signature if trial.useful else before.signature,
        source="data" if trial.useful else before.source,
        notices=(*classifier.model.notices, *_disagreement(classifier, trial)),
        trial=trial,
    )


def _disagreement(classifier: KerasClassifier, trial: Tryout) -> tuple[Sentence, ...]:
    """That the labels file has the pictures' classes in another order than the pictures show."""
    named = [name.casefold() for name in classifier.model.classes or ()]
    shown_by_pictures = [name.casefold() for name in trial.classes]
    if not trial.useful or named == shown_by_pictures or sorted(named) != sorted(shown_by_pictures):
        return ()
    return (sentence("inspect.notice_other_order", labels=classifier.model.classes_from),)


def _assumed(tried: Inspection) -> tuple[str, ...]:
    """What is saved though it could not be told."""
    trial = tried.trial
    if trial is None:
        return ()
    scaling = "scaling" in trial.unsure and not trial.backed
    return tuple(["scaling"] * scaling + ["classes"] * bool(trial.doubtful))


def _still_assumed(before: Inspection, classifier: KerasClassifier, stated: Statement) -> tuple[str, ...]:
    """What the signature beside the model only assumed, and nobody has said now."""
    said = {"scaling": stated.scaling, "classes": stated.classes}
    return tuple(each for each in classifier.sidecar.assumed if not said[each]) if before.source == "beside" else ()


def _saved(inspection: Inspection, classifier: KerasClassifier, doubtful: tuple[str, ...], new: bool = False) -> Inspection:
    """Write what is known beside the model.

    Raises:
        ModelError: it is not known how the model wants its pictures, or no way of asking is better than guessing.
    """
    if inspection.trial is not None and not inspection.trial.useful:
        raise ModelError("inspect.no_better_than_guessing", where=classifier.path.name)
    if inspection.source == "beside" and not new:
        return replace(inspection, saved=classifier.sidecar.path)
    if inspection.signature is None:
        raise ModelError("inspect.nothing_to_save", where=classifier.path.name)
    return replace(inspection, saved=write_beside(classifier, inspection.signature, doubtful))
