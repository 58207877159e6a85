"""Where a new head is put: in the place of the old one's last layer, or of all its layers; tried by folds, the better is kept.

Some hidden layers know much of pictures in general (a network of dense layers is nothing without them), others only what told the
old classes apart: which it is, the pictures tell.
"""

from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from olhar.base import runtime
from olhar.base.images import Pixels
from olhar.base.texts import sentence
from olhar.bodies.body import POOLED
from olhar.bodies.heads.learning import learn_head
from olhar.evaluation.significance import CHANCE, mcnemar, sign_flips
from olhar.foreign.classifier import scaled
from olhar.graph import heads
from olhar.graph.to_onnx import to_onnx
from olhar.networks.base_model import BaseModel

_MOST, _BATCH = 600, 32
_SMALLEST = 1e-9
_UNLIKELY = 0.2
"""A lower log-loss is believed where chance does as much less often than this. Of two places that are equal it hardly matters
which is taken; of two that are not, some thirty pictures must be able to tell, and counts of right answers cannot."""


def with_settled_head(
    base: BaseModel, pixels: Pixels, rows: NDArray[np.int64], labels: NDArray[np.int64], groups: NDArray[np.int64]
) -> BaseModel:
    """The same with the place of its new head settled, and told where there was a choice.

    Args:
        base: a file that gets a new head.
        pixels: all pictures, uint8 (M, H, W, C).
        rows: int64: those that teach; up to 600 of them, evenly spread, are looked at.
        labels: int64 (M,).
        groups: int64 (M,): pictures of one number stay on one side of a fold.
    """
    graph = base.classifier.model.graph
    layers = heads.head_layers(graph)
    if base.last_only is not None or len(layers) < 2:
        return base
    some = rows[np.unique(np.linspace(0, len(rows) - 1, _MOST).astype(int))]
    before_all, before_last = (
        _told_by(features, labels[some], groups[some], len(base.signature.classes)) for features in _features(base, pixels, some)
    )
    worse = _worse(before_last, before_all)
    shares = {"all": float(before_all.right.mean()), "last": float(before_last.right.mean())}
    losses = {"loss_all": float(before_all.losses.mean()), "loss_last": float(before_last.losses.mean())}
    names, where = ", ".join(path.rpartition("/")[2] for path in layers[:-1]), base.classifier.path.name
    key = "train.head_dropped" if worse else "train.head_kept"
    told = sentence(key, layers=names, n=len(some), where=where, **shares, **losses)
    return replace(base, last_only=not worse, told=(*base.told, told))


@dataclass(frozen=True)
class _OutOfFold:
    """What heads that have not learnt from a picture say of it: whether rightly, and minus the log of the truth's probability."""

    right: NDArray[np.bool_]
    losses: NDArray[np.float64]


def _told_by(features: NDArray[np.float32], labels: NDArray[np.int64], groups: NDArray[np.int64], classes: int) -> _OutOfFold:
    said = learn_head({POOLED: features[None]}, labels, groups, classes).out_of_fold
    truth = said[np.arange(len(labels)), labels].astype(np.float64)
    return _OutOfFold(said.argmax(1) == labels, -np.log(np.maximum(truth, _SMALLEST)))


def _worse(last: _OutOfFold, all_layers: _OutOfFold) -> bool:
    """Whether a head behind the hidden layers is worse than one in their place: no more right, and that or its loss no luck.

    One that is always right is not: a lower log-loss would pay for what nobody notices.
    """
    if last.right.all() or all_layers.right.sum() < last.right.sum():
        return False
    more_right = all_layers.right.sum() > last.right.sum() and mcnemar(all_layers.right, last.right) <= CHANCE
    differences = last.losses - all_layers.losses
    return bool(more_right or (differences.sum() > 0 and sign_flips(differences) <= _UNLIKELY))


def _features(base: BaseModel, pixels: Pixels, rows: NDArray[np.int64]) -> list[NDArray[np.float32]]:
    """What the old head is given, before all of its layers and before the last: float32 (n, width) each."""
    part = heads.head_inputs(base.classifier.model.graph)
    session = runtime.session(to_onnx(part).SerializeToString())
    answers: list[list[NDArray[np.float32]]] = []
    for start in range(0, len(rows), _BATCH):
        pictures = scaled(pixels[rows[start : start + _BATCH]], base.signature)
        if base.classifier.picture_shape.channels_first:
            pictures = pictures.transpose(0, 3, 1, 2)
        shape = (len(pictures), *(side or -1 for side in base.classifier.model.input_shape[1:]))
        question = {session.get_inputs()[0].name: np.ascontiguousarray(pictures.reshape(shape))}
        answers.append(cast(list[Any], session.run(None, question)))
    return [np.concatenate(parts) for parts in zip(*answers, strict=True)]
