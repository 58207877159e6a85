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
from olhar.bundle.contract import Ending, to_bundle
from olhar.bundle.predictor import Predictor
from olhar.foreign.opening import NOTHING_SAID, Opening
from olhar.foreign.sidecar_file import Sidecar
from olhar.graph.shapes import shapes_text
from olhar.graph.task import Task, class_count
from olhar.keras_files.model import KerasModel, open_keras

_ENDINGS: dict[Task, Ending] = {"classes": "softmax", "one_of_two": "sigmoid", "logits": "logits", "labels": "labels"}
_USUAL_SIDE = 224
_LEAST_SIDE = 8
_MOST_SIDE = 4096


@dataclass(frozen=True)
class PictureShape:
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
        picture_shape: the pictures that it takes.
        ending: what its output means.
        class_count: how many classes it tells apart.
        opening: what had to be said to open it.
        sidecar: what stands beside it.
    """

    model: KerasModel
    path: Path
    picture_shape: PictureShape
    ending: Ending
    class_count: int
    opening: Opening
    sidecar: Sidecar

    @property
    def classes(self) -> tuple[str, ...]:
        """The names that the file or its labels give; ``class_0`` and so on where nobody knows them."""
        return self.model.classes or tuple(f"class_{i}" for i in range(self.class_count))

    def outputs(self, scaled: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the model says of scaled pictures, larger for likelier classes.

        Args:
            scaled: float32 (N, H, W, C), its channels in the network's order.

        Returns:
            float32 (N, K): probabilities, or logits where the model ends in them.
        """
        if self.picture_shape.channels_first:
            scaled = scaled.transpose(0, 3, 1, 2)
        if len(self.model.input_shape) != 4:
            scaled = scaled.reshape(len(scaled), *(side or -1 for side in self.model.input_shape[1:]))
        outputs = np.asarray(self.model.predict(scaled), np.float32)
        return np.concatenate([1 - outputs, outputs], axis=1) if self.ending == "sigmoid" else outputs

    def probabilities(self, outputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """What ``outputs`` gave, float32 (N, K), as probabilities; those of independent labels do not add up to 1."""
        if self.ending != "logits":
            return outputs
        powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def bundle(self, signature: Signature) -> bytes:
        """The model as a bundle: raw pictures in, its contract inside."""
        return to_bundle(self.model.onnx(), signature, self.ending, self.picture_shape.channels_first)

    def predictor(self, signature: Signature, threads: int | None = None) -> Predictor:
        """The model, ready to be asked."""
        path, opening = self.path, self.opening

        def again() -> bytes:
            return open_classifier(path, opening).bundle(signature)

        return Predictor.from_bytes(self.bundle(signature), path.name, threads, again)


def scaled(pixels: Pixels, signature: Signature, *, in_network_order: bool = True) -> NDArray[np.float32]:
    """Raw pictures, uint8 (N, H, W, C), as a network takes them by a signature: float32.

    ``in_network_order``: blue first, where the signature says so.
    """
    std, mean = np.array(signature.std, np.float32), np.array(signature.mean, np.float32)
    values = pixels * (1 / (255 * std)) - mean / std
    return np.ascontiguousarray(values[..., ::-1] if signature.bgr and in_network_order else values, dtype=np.float32)


def open_classifier(path: StrPath, opening: Opening = NOTHING_SAID) -> KerasClassifier:
    """Open a Keras file that tells classes of pictures apart, with what is said now or what was kept beside it.

    Raises:
        ModelError: it cannot be opened, or is something else; the sentence says what.
    """
    return as_classifier(open_model(Path(path).expanduser(), opening))


def open_model(path: Path, opening: Opening) -> KerasFile:
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
    count, shape = class_count(model.graph, model.task), picture_shape(model)
    if model.task not in _ENDINGS or count is None:
        raise ModelError(f"keras.not_classes_{model.task}", where=model.where)
    if shape is None:
        raise ModelError("keras.not_pictures", where=model.where, shape=shapes_text([model.input_shape]))
    return KerasClassifier(model, file.path, shape, _ENDINGS[model.task], count, file.opening, file.sidecar)


def picture_shape(model: KerasModel) -> PictureShape | None:
    """The pictures that a model takes; None where it takes something else."""
    shape = model.input_shape[1:]
    if len(shape) == 3:
        channels_first = shape[2] not in (1, 3)
        height, width, channels = (shape[1], shape[2], shape[0]) if channels_first else shape
        return _picture_shape(model, height, width, channels, channels_first)
    if len(shape) == 2:
        return _picture_shape(model, *shape, 1, False)
    return _square_in_a_row(shape[0]) if len(shape) == 1 else None


def _picture_shape(
    model: KerasModel, height: int | None, width: int | None, channels: int | None, channels_first: bool
) -> PictureShape | None:
    side = model.image_size or _USUAL_SIDE
    sides = (height or side, width or side)
    if channels not in (1, 3) or not all(_LEAST_SIDE <= length <= _MOST_SIDE for length in sides):
        return None
    return PictureShape(*sides, channels, channels_first, None in (height, width))


def _square_in_a_row(numbers: int | None) -> PictureShape | None:
    """A square picture laid out as one row."""
    for channels in (1, 3):
        side = isqrt((numbers or 0) // channels)
        if side * side * channels == numbers and side >= _LEAST_SIDE:
            return PictureShape(side, side, channels)
    return None
