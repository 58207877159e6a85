"""models: the networks there are, with their size, what a picture costs, and how fast they are on this machine."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from olhar.base.extras import need
from olhar.base.progress import Progress, default_progress
from olhar.base.texts import sentence


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
    return _with_speeds(rows, size, progress or default_progress()) if speed else rows


def _with_speeds(rows: Sequence[ModelRow], size: int, progress: Progress) -> list[ModelRow]:
    from olhar.networks.speed import measure_speed

    measured: list[ModelRow] = []
    with progress.stage(sentence("train.measuring_speed"), len(rows)) as advance:
        for row in rows:
            training, predicting = measure_speed(row.name, size)
            measured.append(replace(row, training=training, predicting=predicting))
            advance(1)
    return measured
