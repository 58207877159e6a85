"""models: the networks there are, with their size, what a picture costs, and how fast they are on this machine."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from olhar.base.extras import need
from olhar.base.progress import Progress, default_progress
from olhar.base.signature import Signature
from olhar.base.texts import sentence

_SECONDS = 1.0
_ASKED = 32


@dataclass(frozen=True)
class ModelRow:
    """A network for ten classes of RGB pictures of one size.

    Attributes:
        name: what ``--model`` takes.
        parameters: how many numbers it learns or keeps.
        multiply_adds: for one picture, in convolutions and dense layers.
        training: pictures a second that it learns from, at 64 a step; None where not measured.
        predicting: pictures a second that its exported file answers, 32 at once; None where not measured.
    """

    name: str
    parameters: int
    multiply_adds: int
    training: float | None = None
    predicting: float | None = None


def models(size: int = 32, names: Sequence[str] = (), *, speed: bool = True, progress: Progress | None = None) -> list[ModelRow]:
    """The networks, for RGB pictures of ``size`` x ``size``.

    Args:
        size: side of the pictures.
        names: which; by default all.
        speed: measure how fast each is here, which takes about five seconds a network.
        progress: where to tell how far it is.

    Raises:
        ExtraError: torch is not installed.
        RecipeError: no such network, or pictures below 8 pixels.
    """
    need("train", "models")
    from olhar.models.zoo import MODELS, build, multiply_adds

    rows: list[ModelRow] = []
    for name in names or MODELS:
        network = build(name, 3, 10, (size, size))
        parameters = sum(p.numel() for p in network.parameters())
        rows.append(ModelRow(name, parameters, multiply_adds(network, (1, 3, size, size))))
    if not speed:
        return rows
    with (progress or default_progress()).stage(sentence("train.measuring_speed"), len(rows)) as advance:
        measured: list[ModelRow] = []
        for row in rows:
            measured.append(_measured(row, size))
            advance(1)
    return measured


def _measured(row: ModelRow, size: int) -> ModelRow:
    """The same network with its speed on this machine."""
    from olhar.bundle.predictor import Predictor
    from olhar.bundle.writer import with_signature
    from olhar.models.to_onnx import to_onnx
    from olhar.models.zoo import build
    from olhar.training.engine import choose
    from olhar.training.speed import learning_speed, typical_seconds

    network = build(row.name, 3, 10, (size, size))
    training = learning_speed(network, 3, (size, size), choose("auto", "auto"), _SECONDS)
    keys = tuple(map(str, range(10)))
    signature = Signature(keys, keys, size, size)
    predictor = Predictor.from_bytes(with_signature(to_onnx(network, signature), signature), row.name)
    pixels = np.zeros((_ASKED, size, size, 3), np.uint8)
    predicting = _ASKED / typical_seconds(lambda: predictor.probabilities(pixels), _SECONDS)
    return replace(row, training=round(training, 1), predicting=round(predicting, 1))
