"""models: the networks there are, with their size, what a picture costs, and how fast they are on this machine."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from olhar.base.extras import need
from olhar.base.progress import Progress, default_progress
from olhar.base.texts import sentence
from olhar.bodies.features import milliseconds
from olhar.bodies.opened import published_body
from olhar.bodies.published import PUBLISHED, PublishedBody
from olhar.bodies.weights import is_at_hand


@dataclass(frozen=True)
class BodyRow:
    """A network that has seen a million pictures, whose features a head learns from.

    Attributes:
        name: what ``--model`` takes.
        package: the distribution that brings its weights.
        installed: whether they are on this machine.
        licence, origin: of the weights, and the pictures that they have seen.
        size: of the weights, in bytes.
        side: of its pictures, in pixels.
        features: how many numbers it says of a picture at its end.
        parameters: how many numbers it holds.
        multiply_adds: for one picture.
        milliseconds: a picture takes here, all cores at work; None where not measured.
    """

    name: str
    package: str
    installed: bool
    licence: str
    origin: str
    size: int
    side: int
    features: int
    parameters: int
    multiply_adds: int
    milliseconds: float | None = None

    @classmethod
    def of(cls, body: PublishedBody) -> "BodyRow":
        """What is known of a body without opening it."""
        same = ("name", "package", "licence", "origin", "size", "side", "features", "parameters", "multiply_adds")
        return cls(installed=is_at_hand(body), **{name: getattr(body, name) for name in same})


def bodies(names: Sequence[str] = (), *, speed: bool = True, progress: Progress | None = None) -> list[BodyRow]:
    """The networks that have seen a million pictures; torch is not needed.

    Args:
        names: which; by default all.
        speed: measure how long a picture takes here, which takes about a second a body that is installed.
        progress: where to tell how far it is.

    Raises:
        ModelError: the weights of one are not the published ones.
    """
    rows = [BodyRow.of(PUBLISHED[name]) for name in names or PUBLISHED]
    if not speed:
        return rows
    measured: list[BodyRow] = []
    with (progress or default_progress()).stage(sentence("train.measuring_speed"), len(rows)) as advance:
        for row in rows:
            measured.append(replace(row, milliseconds=milliseconds(published_body(row.name))) if row.installed else row)
            advance(1)
    return measured


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
