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
from olhar.foreign.classifier import KerasClassifier, classifier
from olhar.foreign.opening import NOTHING_SAID, Opening
from olhar.foreign.sidecar import read_beside
from olhar.graph.graph import Affine, Drop, Graph, Pad, Reshape, Resize, Slice, Transpose

Source = Literal["beside", "teachable_machine", "own_layers", "nothing"]

_WHITE = 255.0


@dataclass(frozen=True)
class Known:
    """What is known of a model's pictures.

    Attributes:
        signature: the contract; None where the scaling is not known.
        source: where it comes from: a file beside the model, Teachable Machine's graph, layers of the model's own.
        notices: what is assumed and what is not known, a sentence each.
        passed_over: that there is a signature beside it that is another model's; among the notices too.
    """

    signature: Signature | None
    source: Source
    notices: tuple[Sentence, ...]
    passed_over: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Settled:
    """A signature that is known, and what is to be said of it."""

    signature: Signature
    notices: tuple[Sentence, ...]


def known(found: KerasClassifier) -> Known:
    """What is known for certain of how a model wants its pictures.

    Raises:
        ModelError: the signature beside it cannot be read, or is another model's in all but the checksum.
    """
    signature, said = read_beside(found)
    if signature is not None:
        return Known(signature, "beside", said)
    if found.model.teachable_machine:
        source, signature = "teachable_machine", certain(found, (0.5,), (0.5,), "crop")
    elif scales_itself(found.model.graph):
        source, signature = "own_layers", certain(found, (0.0,), (1 / 255,), "stretch")
    else:
        return Known(None, "nothing", (*said, *_names_unknown(found)), said)
    height, width = signature.height, signature.width
    told = sentence(f"inspect.notice_{source}", where=found.path.name, height=height, width=width)
    return Known(signature, source, (*said, told, *_any_size(found), *_names_unknown(found)), said)


def open_predictor(path: Path, threads: int | None = None, opening: Opening = NOTHING_SAID) -> Predictor:
    """A Keras file as a Predictor, where it is known how it wants its pictures.

    Raises:
        ModelError: it cannot be opened, is no classifier of pictures, or does not say how it wants them.
    """
    found = classifier(path, opening)
    sure = surely(found, opening)
    predictor = found.predictor(sure.signature, threads)
    predictor.notices = (*found.model.notices, *sure.notices)
    return predictor


def surely(found: KerasClassifier, opening: Opening) -> Settled:
    """The same as ``known``, where it must be known; ``opening`` is what was said to open the file just now.

    Raises:
        ModelError: it is not; the sentence names the command that settles it.
    """
    sure = known(found)
    if sure.signature is None:
        said = "".join(f"{each} " for each in sure.passed_over)
        command = inspect_command(found.path, opening)
        stated = inspect_command(found.path, opening, way=("--scaling", "0..1"))
        raise ModelError("keras.preprocessing_unknown", where=found.path.name, said=said, command=command, stated=stated)
    return Settled(sure.signature, sure.notices)


def certain(found: KerasClassifier, mean: tuple[float, ...], std: tuple[float, ...], fit: Fit) -> Signature:
    """A signature with the classes of the file; one number of ``mean`` and ``std`` stands for all channels."""
    form = found.form
    means, stds = (each * form.channels if len(each) == 1 else each for each in (mean, std))
    return Signature(found.classes, found.classes, form.height, form.width, form.channels, fit, means, stds)


def as_stated(found: KerasClassifier, scaling: Scaling) -> Signature | None:
    """The same with a scaling that somebody states; None where pictures are needed to tell it, or gray ones have none such."""
    numbers = mean_and_std(scaling, found.form.channels)
    if numbers is None:
        return None
    return replace(certain(found, *numbers, "stretch"), bgr=scaling == "caffe" and found.form.channels == 3)


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


def _names_unknown(found: KerasClassifier) -> tuple[Sentence, ...]:
    if found.model.classes:
        return ()
    return (sentence("inspect.notice_names", where=found.path.name, command=inspect_command(found.path)),)


def _any_size(found: KerasClassifier) -> tuple[Sentence, ...]:
    if not found.form.any_size:
        return ()
    return (sentence("inspect.notice_any_size", where=found.path.name, height=found.form.height, width=found.form.width),)


def inspect_command(path: Path, opening: Opening = NOTHING_SAID, way: tuple[str, ...] = ()) -> str:
    """What to type so that pictures, or what somebody says, settle what the file does not say."""
    words = ["olhar", "inspect", os.fspath(path)]
    words += ["--architecture", os.fspath(opening.architecture)] if opening.architecture else []
    words += [word for name, formula in opening.lambdas.items() for word in ("--lambda", f"{name}={formula}")]
    return " ".join(map(typed, [*words, *(way or ("--data", say("cli.word.folder"))), "--save"]))
