"""The ways in which a network of unknown upbringing may want its pictures: scaling, order of the colours, crop or stretch."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from olhar.base.images import Pixels
from olhar.base.signature import Fit, Signature
from olhar.verbs.keras_models import Form

Scaling = Literal["0..1", "-1..1", "0..255", "z-score", "imagenet", "caffe"]
SCALINGS: tuple[Scaling, ...] = get_args(Scaling)

Facet = Literal["scaling", "colour", "fit"]
FACETS: tuple[Facet, ...] = get_args(Facet)

_IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
_CAFFE = (123.68 / 255, 116.779 / 255, 103.939 / 255)


@dataclass(frozen=True)
class Candidate:
    """One way of asking.

    Attributes:
        scaling: what becomes of the pixels; ``z-score`` by the mean and deviation of the pictures at hand.
        colour: the order of the channels.
        fit: how a picture of another shape becomes one of the network's.
        mean, std: one number a channel in RGB's order, as in a Signature.
    """

    scaling: Scaling
    colour: Literal["rgb", "bgr", "gray"]
    fit: Fit
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @property
    def name(self) -> str:
        """For people and programs: ``-1..1 rgb stretch``."""
        return f"{self.scaling} {self.colour} {self.fit}"

    def signature(self, form: Form, classes: Sequence[str], names: Sequence[str]) -> Signature:
        """The contract that this way is."""
        return Signature(
            tuple(classes),
            tuple(names),
            form.height,
            form.width,
            form.channels,
            self.fit,
            self.mean,
            self.std,
            bgr=self.colour == "bgr",
        )


def candidates(form: Form, looks: dict[Fit, Pixels]) -> list[Candidate]:
    """What is worth trying, the commonest first.

    Args:
        form: the pictures that the network takes.
        looks: some pictures, uint8 (N, H, W, C), by how they were fitted; fits and orders that make no difference to them
            are left out.
    """
    stretched = looks["stretch"]
    fits: list[Fit] = ["stretch"] if np.array_equal(stretched, looks["crop"]) else ["stretch", "crop"]
    gray = form.channels == 1
    flat = gray or bool((stretched == stretched[..., :1]).all())
    plain = [Candidate(name, "gray" if gray else "rgb", "stretch", *_numbers(name, stretched)) for name in SCALINGS]
    wanted = [one for one in plain if not gray or one.scaling not in ("imagenet", "caffe")]
    both = [turned for one in wanted for turned in _orders(one, flat)]
    return [replace(one, fit=fit) for fit in fits for one in both]


def _orders(one: Candidate, flat: bool) -> list[Candidate]:
    """Red first, blue first; Caffe's means are blue first by birth."""
    if one.scaling == "caffe":
        return [replace(one, colour="bgr")]
    return [one] if flat else [one, replace(one, colour="bgr")]


def _numbers(scaling: Scaling, pixels: Pixels) -> tuple[tuple[float, ...], tuple[float, ...]]:
    n = pixels.shape[-1]
    table: dict[Scaling, tuple[tuple[float, ...], tuple[float, ...]]] = {
        "0..1": ((0.0,) * n, (1.0,) * n),
        "-1..1": ((0.5,) * n, (0.5,) * n),
        "0..255": ((0.0,) * n, (1 / 255,) * n),
        "imagenet": _IMAGENET,
        "caffe": (_CAFFE, (1 / 255,) * n),
    }
    return table[scaling] if scaling in table else _statistics(pixels)


def _statistics(pixels: Pixels) -> tuple[tuple[float, ...], tuple[float, ...]]:
    flat = pixels.reshape(-1, pixels.shape[-1]) / 255
    deviation = np.maximum(flat.std(axis=0), 1e-3)
    return tuple(flat.mean(axis=0).tolist()), tuple(deviation.tolist())
