"""Class activation maps: what each place of a picture adds to a class, exact (Zhou et al. 2016, arXiv 1512.04150).

Behind averaged maps a dense layer gives a class a sum over channels, each of them a mean over places: so each place has its
share in the sum, and the mean of the shares is the sum. Of a maximum the place where it is has all of it (Oquab et al. 2015).
Where a number is bent on the way, by a function f with f(0) = 0, it keeps the share f(u)/u of itself, so that the shares still
add up (the rescale rule of DeepLIFT: Shrikumar et al. 2017, arXiv 1704.02685). The gradient in place of f(u)/u, as in Grad-CAM,
would add up to something else.

A head start bends what a channel lies above or below its mean over the taught pictures: there a place that is like the usual
picture has the share 0.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from olhar.bundle.heat.pooled_head import AffineStep, BendStep, DenseStep, Floats, Maps, PooledHead, Step
from olhar.bundle.heat.resizing import resized

_TINY = 1e-6


def class_maps(head: PooledHead, activations: Sequence[NDArray[np.float32]], of: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """The map of a class for each picture, and the logits that follow from the same activations.

    Args:
        head: the end of the network.
        activations: of each of its maps, float32 (N, C, H, W) or (N, H, W, C) as it says, N pictures.
        of: int64 (N,), the class that each map is of.

    Returns:
        float32 (N, H, W), as fine as the finest maps: the mean over all places is the class's logit less the mean logit of all
        classes (the logit itself where classes are independent), without what the last layer's bias gives. And float32 (N, K).
    """
    planes = [_planes(values, maps) for values, maps in zip(activations, head.maps, strict=True)]
    averages = np.concatenate([values.mean(axis=(2, 3)) for values in planes], axis=1)
    passed, logits = _forward(head.steps, averages)
    weights, offset = _back(head, passed, of, logits.shape[1])
    ends = np.cumsum([0, *(values.shape[1] for values in planes)]).tolist()
    shares = [
        np.einsum("nc,nchw->nhw", weights[:, start:end], values)
        for values, (start, end) in zip(planes, pairwise(ends), strict=True)
    ]
    size = max((part.shape[1:] for part in shares), key=lambda sides: sides[0] * sides[1])
    return sum((resized(part, size) for part in shares), start=offset[:, None, None]).astype(np.float32), logits


def _planes(values: NDArray[np.float32], maps: Maps) -> Floats:
    """As (N, C, H, W); of a maximum what lies where it is, so often that their mean is the maximum; of each window likewise."""
    planes = values if maps.channels_first else values.transpose(0, 3, 1, 2)
    if any(maps.window):
        return _in_windows(planes, *maps.window)
    if maps.pooled_by == "mean":
        return planes
    highest = planes == planes.max(axis=(2, 3), keepdims=True)
    return np.where(highest, planes, 0) / highest.mean(axis=(2, 3), keepdims=True, dtype=np.float32)


def _in_windows(planes: Floats, side: int, step: int) -> Floats:
    """Maps (N, C, H, W) of which each shows one window, so large that its mean is the window's: (N, windows * C, H, W)."""
    height, width = planes.shape[2:]
    shown: list[Floats] = []
    for top in range(0, height - side + 1, step):
        for left in range(0, width - side + 1, step):
            part = np.zeros_like(planes)
            within = (..., slice(top, top + side), slice(left, left + side))
            part[within] = planes[within] * np.float32(height * width / side**2)
            shown.append(part)
    return np.concatenate(shown, axis=1)


def _forward(steps: Sequence[Step], numbers: Floats) -> tuple[list[Floats], Floats]:
    """What each step was given, and what the last one gave."""
    passed: list[Floats] = []
    for step in steps:
        passed.append(numbers)
        if isinstance(step, AffineStep):
            numbers = numbers * step.scale + step.offset
        elif isinstance(step, DenseStep):
            numbers = numbers @ step.kernel + step.bias
        else:
            numbers = numbers * _kept(step, numbers)
    return passed, numbers


def _back(head: PooledHead, passed: Sequence[Floats], of: NDArray[np.int64], classes: int) -> tuple[Floats, Floats]:
    """The weight of each average for a picture's class, (N, C), and what constants on the way add, (N,)."""
    weights = np.eye(classes, dtype=np.float32)[of]
    if not head.independent:
        weights -= 1 / classes
    constant, last = np.zeros(len(of), np.float32), True
    for step, given in zip(reversed(head.steps), reversed(passed), strict=True):
        if isinstance(step, AffineStep):
            constant += 0 if last else (weights * step.offset).sum(axis=1)
            weights = weights * step.scale
        elif isinstance(step, DenseStep):
            constant += 0 if last else weights @ step.bias
            weights, last = weights @ step.kernel.T, False
        else:
            weights = weights * _kept(step, given)
    return weights, constant


def _kept(bend: BendStep, u: Floats) -> Floats:
    """f(u) / u."""
    if bend.by == "Softsign":
        return (1 / (1 + np.abs(u))).astype(np.float32)
    if bend.by == "Relu":
        return (u > 0).astype(np.float32)
    return np.where(np.abs(u) < _TINY, 1, np.tanh(u) / np.where(np.abs(u) < _TINY, 1, u)).astype(np.float32)
