"""A Keras file -> what the other verbs ask: its pictures' shape, its classes, its answers, and a Predictor of it."""

from dataclasses import dataclass
from math import isqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import ModelError
from olhar.base.images import Pixels
from olhar.base.signature import Signature
from olhar.base.types import StrPath
from olhar.bundle.contract import Ending, contract
from olhar.bundle.predictor import Predictor
from olhar.foreign.opening import NOTHING_SAID, Opening
from olhar.foreign.sidecar_file import Sidecar
from olhar.graph.task import Task, outputs
from olhar.keras_files.model import KerasModel, open_keras

_ENDINGS: dict[Task, Ending] = {"classes": "softmax", "one_of_two": "sigmoid", "logits": "logits", "labels": "labels"}
_USUAL_SIDE = 224
_LEAST_SIDE = 8
_MOST_SIDE = 4096


@dataclass(frozen=True)
class Form:
    """The pictures that a network takes.

    Attributes:
        height, width: in pixels; 224 where the network takes any.
        channels: 3 or 1.
        channels_first: it takes (N, C, H, W).
        any_size: the file leaves height or width open.
    """

    height: int
    width: int
    channels: int
    channels_first: bool = False
    any_size: bool = False


@dataclass(frozen=True)
class KerasFile:
    """A Keras file, opened.

    Attributes:
        model: what stands in it.
        path: where it lies.
        opening: what had to be said to open it.
        sidecar: what stands beside it.
    """

    model: KerasModel
    path: Path
    opening: Opening
    sidecar: Sidecar


@dataclass(frozen=True)
class KerasClassifier:
    """A Keras model that tells classes of pictures apart.

    Attributes:
        model: the file, opened.
        path: where it lies.
        form: the pictures that it takes.
        ending: what its output means.
        count: how many classes it tells apart.
        opening: what had to be said to open it.
        sidecar: what stands beside it.
    """

    model: KerasModel
    path: Path
    form: Form
    ending: Ending
    count: int
    opening: Opening
    sidecar: Sidecar

    @property
    def classes(self) -> tuple[str, ...]:
        """The names that the file or its labels give; ``class_0`` and so on where nobody knows them."""
        return self.model.classes or tuple(f"class_{i}" for i in range(self.count))

    def shares(self, scaled: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the model says of scaled pictures, larger for likelier classes.

        Args:
            scaled: float32 (N, H, W, C), its channels in the network's order.

        Returns:
            float32 (N, K): probabilities, or logits where the model ends in them.
        """
        if self.form.channels_first:
            scaled = scaled.transpose(0, 3, 1, 2)
        if len(self.model.input_shape) != 4:
            scaled = scaled.reshape(len(scaled), *(side or -1 for side in self.model.input_shape[1:]))
        found = np.asarray(self.model.predict(scaled), np.float32)
        return np.concatenate([1 - found, found], axis=1) if self.ending == "sigmoid" else found

    def probabilities(self, shares: NDArray[np.float32]) -> NDArray[np.float32]:
        """The probabilities, float32 (N, K), that ``shares`` are; those of independent labels do not add up to 1."""
        if self.ending != "logits":
            return shares
        powers = np.exp(shares - shares.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def bundle(self, signature: Signature) -> bytes:
        """The model as a bundle: raw pictures in, its contract inside."""
        return contract(self.model.onnx(), signature, self.ending, self.form.channels_first)

    def predictor(self, signature: Signature, threads: int | None = None) -> Predictor:
        """The model, ready to be asked."""
        return Predictor.from_bytes(self.bundle(signature), self.path.name, threads)


def scaled(pixels: Pixels, signature: Signature, *, turned: bool = True) -> NDArray[np.float32]:
    """Raw pictures, uint8 (N, H, W, C), as a network takes them by a signature: float32; ``turned``: channels in its order."""
    std, mean = np.array(signature.std, np.float32), np.array(signature.mean, np.float32)
    found = pixels * (1 / (255 * std)) - mean / std
    return np.ascontiguousarray(found[..., ::-1] if signature.bgr and turned else found, dtype=np.float32)


def classifier(path: StrPath, opening: Opening = NOTHING_SAID) -> KerasClassifier:
    """Open a Keras file that tells classes of pictures apart, with what is said now or what was kept beside it.

    Raises:
        ModelError: it cannot be opened, or is something else; the sentence says what.
    """
    return as_classifier(opened(Path(path).expanduser(), opening))


def opened(path: Path, opening: Opening) -> KerasFile:
    """A Keras file, opened with what is said now or what was kept beside it.

    Raises:
        ModelError: it cannot be opened.
    """
    sidecar = Sidecar(path)
    opening = opening.completed(path, sidecar)
    return KerasFile(open_keras(path, opening.architecture, opening.lambdas), path, opening, sidecar)


def as_classifier(file: KerasFile) -> KerasClassifier:
    """An opened Keras model as a classifier.

    Raises:
        ModelError: it is something else.
    """
    model = file.model
    count, found = outputs(model.graph, model.task), form(model)
    if model.task not in _ENDINGS or count is None:
        raise ModelError(f"keras.not_classes_{model.task}", where=model.where)
    if found is None:
        raise ModelError("keras.not_pictures", where=model.where, shape=_spoken(model))
    return KerasClassifier(model, file.path, found, _ENDINGS[model.task], count, file.opening, file.sidecar)


def form(model: KerasModel) -> Form | None:
    """The pictures that a model takes; None where it takes something else."""
    shape = model.input_shape[1:]
    if len(shape) == 3:
        first = shape[2] not in (1, 3)
        height, width, channels = (shape[1], shape[2], shape[0]) if first else shape
        return _form(model, height, width, channels, first)
    if len(shape) == 2:
        return _form(model, *shape, 1, False)
    return _flat(shape[0]) if len(shape) == 1 else None


def _form(model: KerasModel, height: int | None, width: int | None, channels: int | None, first: bool) -> Form | None:
    side = model.image_size or _USUAL_SIDE
    sides = (height or side, width or side)
    if channels not in (1, 3) or not all(_LEAST_SIDE <= each <= _MOST_SIDE for each in sides):
        return None
    return Form(*sides, channels, first, None in (height, width))


def _flat(numbers: int | None) -> Form | None:
    """A square picture laid out as one row."""
    for channels in (1, 3):
        side = isqrt((numbers or 0) // channels)
        if side * side * channels == numbers and side >= _LEAST_SIDE:
            return Form(side, side, channels)
    return None


def _spoken(model: KerasModel) -> str:
    return "(" + ", ".join("?" if side is None else str(side) for side in model.input_shape[1:]) + ")"
