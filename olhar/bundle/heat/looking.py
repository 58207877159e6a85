"""Looking: a model and pictures -> heat maps, by the way that the end of its network allows."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import onnx
from numpy.typing import NDArray

from olhar.base import runtime
from olhar.base.errors import ModelError
from olhar.base.images import Pixels
from olhar.bundle.heat.activation import class_maps
from olhar.bundle.heat.method import Method
from olhar.bundle.heat.occlusion import occlusion_map
from olhar.bundle.heat.pooled_head import PooledHead, pooled_head, tensors
from olhar.bundle.predictor import Predictor

_AT_ONCE = 8
_NEAR = 1e-3
_LEAST, _LEAST_LEFT = 1e-30, 1e-7
_INDEPENDENT = 1e-3


@dataclass(frozen=True)
class HeatMaps:
    """Maps of some pictures.

    Attributes:
        values: float32 (M, h, w): of each picture what each part adds to its class, coarser than the picture. M is smaller than
            the number of pictures asked for where time was short: the first ones.
        method: how they were made.
    """

    values: NDArray[np.float32]
    method: Method


def heat_maps(
    predictor: Predictor, pixels: Pixels, of: Sequence[int], method: Method | None = None, seconds: float = float("inf")
) -> HeatMaps:
    """Where a model looks.

    Args:
        predictor: the model.
        pixels: uint8 (N, height, width, channels), as ``predictor.prepare`` gives them.
        of: the index of the class that each map is of.
        method: ``activation`` or ``occlusion``; by default the first where it is exact.
        seconds: from here on no further picture is begun; one always is.

    Raises:
        ModelError: ``activation`` was asked for, and the network does not end in a head on pooled maps.
    """
    wanted = np.asarray(of, np.int64)
    if method != "occlusion":
        values = _by_activation(predictor, pixels, wanted)
        if values is not None:
            return HeatMaps(values, "activation")
        if method == "activation":
            raise ModelError("heat.not_pooled", where=predictor.name)
    return HeatMaps(_by_occlusion(predictor, pixels, wanted, seconds), "occlusion")


def _by_activation(predictor: Predictor, pixels: Pixels, of: NDArray[np.int64]) -> NDArray[np.float32] | None:
    """None where the network has no head on averaged maps, or what follows from those maps is not what it answers."""
    model = onnx.load_from_string(predictor.serialised())
    head = pooled_head(model)
    if head is None:
        return None
    try:
        return _shares(model, head, pixels, of)
    except ImportError:
        raise
    except Exception:  # of a dozen classes of ONNX Runtime's own: what cannot be looked into can still be asked
        return None


def _shares(model: onnx.ModelProto, head: PooledHead, pixels: Pixels, of: NDArray[np.int64]) -> NDArray[np.float32] | None:
    """The maps of some pictures; None where what follows from the activations is not what the model answers."""
    names = [*tensors(head), "probabilities"]
    session, parts = _opened(model, names), list[NDArray[np.float32]]()
    question = session.get_inputs()[0].name
    for start in range(0, len(pixels), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        *activations, answers = cast(list[Any], session.run(names, {question: np.ascontiguousarray(pixels[some])}))
        values, logits = class_maps(head, activations, of[some])
        if not np.allclose(_answer(head, logits), answers, atol=_NEAR):
            return None
        parts.append(values)
    return np.concatenate(parts)


def _opened(model: onnx.ModelProto, names: Sequence[str]) -> Any:
    """A session that also gives what lies within the network."""
    del model.graph.output[:]
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    return runtime.session(model.SerializeToString())


def _answer(head: PooledHead, logits: NDArray[np.float32]) -> NDArray[np.float32]:
    if head.independent:
        return (1 / (1 + np.exp(-logits))).astype(np.float32)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _by_occlusion(predictor: Predictor, pixels: Pixels, of: NDArray[np.int64], seconds: float) -> NDArray[np.float32]:
    begun, maps = time.monotonic(), list[NDArray[np.float32]]()
    for picture, label in zip(pixels, of.tolist(), strict=True):
        maps.append(occlusion_map(lambda shown: _evidence(predictor, shown), picture, label))
        if time.monotonic() - begun > seconds:
            break
    return np.stack(maps)


def _evidence(predictor: Predictor, pixels: Pixels) -> NDArray[np.float32]:
    """What a model says for each class, as the maps of activations have it: its log-probability less the mean of them all.

    Where labels are independent, the logarithm of its odds.
    """
    shares = np.clip(predictor.probabilities(pixels), _LEAST, 1)
    if np.abs(shares.sum(axis=1) - 1).max() > _INDEPENDENT:
        return np.log(shares) - np.log(np.maximum(1 - shares, _LEAST_LEFT))
    logs = np.log(shares)
    return logs - logs.mean(axis=1, keepdims=True)
