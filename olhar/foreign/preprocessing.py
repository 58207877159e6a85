"""How a Keras file wants its pictures: from the signature beside it, or from what is certain in the file; never guessed."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from olhar.base.errors import ModelError
from olhar.base.scaling import Scaling, mean_and_std
from olhar.base.signature import Fit, Signature
from olhar.base.texts import Sentence, say, sentence, typed
from olhar.bundle.predictor import Predictor
from olhar.foreign.classifier import KerasClassifier, open_classifier
from olhar.foreign.opening import NOTHING_SAID, Opening
from olhar.foreign.sidecar import read_beside
from olhar.graph.graph import Affine, Drop, Graph, Pad, Reshape, Resize, Slice, Transpose

SignatureSource = Literal["beside", "teachable_machine", "own_layers", "nothing"]

_WHITE = 255.0


@dataclass(frozen=True)
class Preprocessing:
    """What is known of a model's pictures.

    Attributes:
        signature: the contract; None where the scaling is not known.
        source: where it comes from: a file beside the model, Teachable Machine's graph, layers of the model's own.
        notices: what is assumed and what is not known, a sentence each.
        passed_over: that there is a signature beside it that is another model's; among the notices too.
    """

    signature: Signature | None
    source: SignatureSource
    notices: tuple[Sentence, ...]
    passed_over: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class SettledPreprocessing:
    """A signature that is known, and what is to be said of it."""

    signature: Signature
    notices: tuple[Sentence, ...]


def known_preprocessing(classifier: KerasClassifier) -> Preprocessing:
    """What is known for certain of how a model wants its pictures.

    Raises:
        ModelError: the signature beside it cannot be read, or is another model's in all but the checksum.
    """
    signature, notices = read_beside(classifier)
    if signature is not None:
        return Preprocessing(signature, "beside", notices)
    if classifier.model.teachable_machine:
        source, signature = "teachable_machine", signature_of(classifier, (0.5,), (0.5,), "crop")
    elif scales_itself(classifier.model.graph):
        source, signature = "own_layers", signature_of(classifier, (0.0,), (1 / 255,), "stretch")
    else:
        return Preprocessing(None, "nothing", (*notices, *_names_unknown(classifier)), notices)
    height, width = signature.height, signature.width
    origin = sentence(f"inspect.notice_{source}", where=classifier.path.name, height=height, width=width)
    return Preprocessing(signature, source, (*notices, origin, *_any_size(classifier), *_names_unknown(classifier)), notices)


def open_predictor(path: Path, threads: int | None = None, opening: Opening = NOTHING_SAID) -> Predictor:
    """A Keras file as a Predictor, where it is known how it wants its pictures.

    Raises:
        ModelError: it cannot be opened, is no classifier of pictures, or does not say how it wants them.
    """
    classifier = open_classifier(path, opening)
    preprocessing = required_preprocessing(classifier, opening)
    predictor = classifier.predictor(preprocessing.signature, threads)
    predictor.notices = (*classifier.model.notices, *preprocessing.notices)
    return predictor


def required_preprocessing(classifier: KerasClassifier, opening: Opening) -> SettledPreprocessing:
    """The same as ``known_preprocessing``, where it must be known; ``opening`` is what was said to open the file just now.

    Raises:
        ModelError: it is not; the sentence names the command that settles it.
    """
    preprocessing = known_preprocessing(classifier)
    if preprocessing.signature is None:
        passed_over = "".join(f"{notice} " for notice in preprocessing.passed_over)
        path, stated = classifier.path, inspect_command(classifier.path, opening, way=("--scaling", "0..1"))
        command = inspect_command(path, opening)
        raise ModelError("keras.preprocessing_unknown", where=path.name, said=passed_over, command=command, stated=stated)
    return SettledPreprocessing(preprocessing.signature, preprocessing.notices)


def signature_of(classifier: KerasClassifier, mean: tuple[float, ...], std: tuple[float, ...], fit: Fit) -> Signature:
    """A signature with the classes of the file; one number of ``mean`` and ``std`` stands for all channels."""
    shape = classifier.picture_shape
    means, stds = (values * shape.channels if len(values) == 1 else values for values in (mean, std))
    return Signature(classifier.classes, classifier.classes, shape.height, shape.width, shape.channels, fit, means, stds)


def signature_with_scaling(classifier: KerasClassifier, scaling: Scaling) -> Signature | None:
    """The same with a scaling that somebody states; None where pictures are needed to tell it, or gray ones have none such."""
    numbers = mean_and_std(scaling, classifier.picture_shape.channels)
    if numbers is None:
        return None
    return replace(
        signature_of(classifier, *numbers, "stretch"), bgr=scaling == "caffe" and classifier.picture_shape.channels == 3
    )


def scales_itself(graph: Graph) -> bool:
    """Whether the model's first layers bring numbers of 0..255 to a few units, or take a mean of such numbers away."""
    name, scale, shift = graph.inputs[0], 1.0, 0.0
    while True:
        nodes = [node for node in graph.nodes if name in node.inputs]
        op = nodes[0].op if len(nodes) == 1 else None
        if isinstance(op, Affine):
            factor, offset = float(np.mean(np.abs(op.scale.value))), float(np.mean(op.shift.value))
            scale, shift = scale * factor, shift * factor + offset
        elif not isinstance(op, Drop | Pad | Reshape | Resize | Slice | Transpose):
            break
        name = nodes[0].output
    return 0.5 <= scale * _WHITE <= 20 or (scale > 0 and abs(shift) / scale > 20)


def _names_unknown(classifier: KerasClassifier) -> tuple[Sentence, ...]:
    if classifier.model.classes:
        return ()
    return (sentence("inspect.notice_names", where=classifier.path.name, command=inspect_command(classifier.path)),)


def _any_size(classifier: KerasClassifier) -> tuple[Sentence, ...]:
    shape = classifier.picture_shape
    if not shape.any_size:
        return ()
    return (sentence("inspect.notice_any_size", where=classifier.path.name, height=shape.height, width=shape.width),)


def inspect_command(path: Path, opening: Opening = NOTHING_SAID, way: tuple[str, ...] = ()) -> str:
    """What to type so that pictures, or what somebody says, settle what the file does not say."""
    words = ["olhar", "inspect", os.fspath(path)]
    words += ["--architecture", os.fspath(opening.architecture)] if opening.architecture else []
    words += [word for name, formula in opening.lambdas.items() for word in ("--lambda", f"{name}={formula}")]
    return " ".join(map(typed, [*words, *(way or ("--data", say("cli.word.folder"))), "--save"]))
