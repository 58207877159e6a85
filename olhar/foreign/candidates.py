"""The ways in which a network of unknown upbringing may want its pictures: scaling, order of the colours, crop or stretch."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from olhar.base.images import Pixels
from olhar.base.scaling import SCALINGS, Numbers, Scaling, mean_and_std
from olhar.base.signature import Fit, Signature
from olhar.foreign.classifier import PictureShape

Facet = Literal["scaling", "colour", "fit"]
FACETS: tuple[Facet, ...] = get_args(Facet)


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

    def signature(self, shape: PictureShape, classes: Sequence[str], names: Sequence[str]) -> Signature:
        """The contract that this way is."""
        return Signature(
            tuple(classes),
            tuple(names),
            shape.height,
            shape.width,
            shape.channels,
            self.fit,
            self.mean,
            self.std,
            bgr=self.colour == "bgr",
        )


def preprocessing_candidates(shape: PictureShape, sample: dict[Fit, Pixels]) -> list[Candidate]:
    """What is worth trying, the commonest first.

    Args:
        shape: the pictures that the network takes.
        sample: some pictures, uint8 (N, H, W, C), by how they were fitted; fits and orders that make no difference to them
            are left out.
    """
    stretched = sample["stretch"]
    fits: list[Fit] = ["stretch"] if np.array_equal(stretched, sample["crop"]) else ["stretch", "crop"]
    gray = shape.channels == 1
    flat = gray or bool((stretched == stretched[..., :1]).all())
    # No answer tells ``lite`` from ``-1..1``, a hundredth away.
    left_out = ("imagenet", "caffe", "lite") if gray else ("lite",)
    names: list[Scaling] = [name for name in SCALINGS if name not in left_out]
    plain = [Candidate(name, "gray" if gray else "rgb", "stretch", *_numbers(name, stretched)) for name in names]
    candidates = [ordered for candidate in plain for ordered in _colour_orders(candidate, flat)]
    return [replace(candidate, fit=fit) for fit in fits for candidate in candidates]


def _colour_orders(candidate: Candidate, flat: bool) -> list[Candidate]:
    """Red first, blue first; Caffe's means are blue first by birth."""
    if candidate.scaling == "caffe":
        return [replace(candidate, colour="bgr")]
    return [candidate] if flat else [candidate, replace(candidate, colour="bgr")]


def _numbers(scaling: Scaling, pixels: Pixels) -> Numbers:
    return mean_and_std(scaling, pixels.shape[-1]) or _statistics(pixels)


def _statistics(pixels: Pixels) -> Numbers:
    flat = pixels.reshape(-1, pixels.shape[-1]) / 255
    deviation = np.maximum(flat.std(axis=0), 1e-3)
    return tuple(flat.mean(axis=0).tolist()), tuple(deviation.tolist())
