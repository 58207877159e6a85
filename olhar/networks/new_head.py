"""Where a new head is put: in the place of the old one's last layer, or of all its layers; tried by folds, the better is kept.

Some hidden layers know much of pictures in general (a network of dense layers is nothing without them), others only what told the
old classes apart: which it is, the pictures tell.
"""

from dataclasses import replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from olhar.base import runtime
from olhar.base.images import Pixels
from olhar.base.texts import sentence
from olhar.bodies.body import POOLED
from olhar.bodies.heads.learning import learn_head
from olhar.evaluation.significance import CHANCE, mcnemar
from olhar.foreign.classifier import scaled
from olhar.graph import heads
from olhar.graph.to_onnx import to_onnx
from olhar.networks.base_model import BaseModel

_MOST, _BATCH = 600, 32


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
        _right(features, labels[some], groups[some], len(base.signature.classes)) for features in _features(base, pixels, some)
    )
    worse = before_all.sum() > before_last.sum() and mcnemar(before_all, before_last) <= CHANCE
    shares = {"all": float(before_all.mean()), "last": float(before_last.mean()), "where": base.classifier.path.name}
    names = ", ".join(path.rpartition("/")[2] for path in layers[:-1])
    told = sentence("train.head_dropped" if worse else "train.head_kept", layers=names, n=len(some), **shares)
    return replace(base, last_only=not worse, told=(*base.told, told))


def _right(
    features: NDArray[np.float32], labels: NDArray[np.int64], groups: NDArray[np.int64], classes: int
) -> NDArray[np.bool_]:
    """Which pictures a head on these features answers rightly that has not learnt from them."""
    learnt = learn_head({POOLED: features[None]}, labels, groups, classes)
    return learnt.out_of_fold.argmax(1) == labels


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
