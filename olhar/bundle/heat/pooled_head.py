"""A head on pooled maps, found at the end of an ONNX graph: what a class activation map is made of.

Maps of channels, of which the mean or the maximum over all places is taken, may stand side by side; what follows may scale
columns, bend each number by itself by a function that leaves 0 as it is, and weigh them in dense layers. Anything else is none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

Floats = NDArray[np.float32]

_AS_IT_IS = ("Identity", "Dropout")
_ANOTHER_FORM = (*_AS_IT_IS, "Flatten", "Reshape", "Squeeze")
_WINDOWS = {"kernel_shape", "strides", "pads", "ceil_mode", "count_include_pad", "auto_pad", "dilations"}
_POOLING = {"GlobalAveragePool": "mean", "ReduceMean": "mean", "GlobalMaxPool": "max", "ReduceMax": "max"}


@dataclass(frozen=True)
class Maps:
    """A tensor of maps.

    Attributes:
        name: of the tensor.
        channels_first: it is (N, C, H, W).
        pooled_by: what is taken over all places, or over each window.
        window: side and step of the windows, in places; each gives a column for each channel, window after window. (0, 0): all.
    """

    name: str
    channels_first: bool
    pooled_by: Literal["mean", "max"]
    window: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class AffineStep:
    """``x * scale + offset``, column by column."""

    scale: Floats
    offset: Floats


@dataclass(frozen=True)
class DenseStep:
    """``x @ kernel + bias``."""

    kernel: Floats
    bias: Floats


@dataclass(frozen=True)
class BendStep:
    """A function of each number by itself, by the name that ONNX has for it."""

    by: Literal["Relu", "Softsign", "Tanh"]


Step = AffineStep | DenseStep | BendStep


@dataclass(frozen=True)
class PooledHead:
    """How logits come from pooled maps.

    Attributes:
        maps: those that stand side by side once they are pooled, in their order.
        steps: from there to the logits, the last of them dense.
        independent: each class has a sigmoid of its own, so that its logit alone speaks for it.
    """

    maps: tuple[Maps, ...]
    steps: tuple[Step, ...]
    independent: bool


def pooled_head(model: onnx.ModelProto) -> PooledHead | None:
    """The head of a bundle; None where its network does not end in one."""
    return _Reading(model.graph).head()


class _Reading:
    """A graph, read from its end."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self._makers = {name: node for node in graph.node for name in node.output}
        self._arrays = {array.name: array for array in graph.initializer}

    def head(self) -> PooledHead | None:
        """From the probabilities back to the maps."""
        answer = self._passed("probabilities")
        if answer is None:
            return None
        if answer.op_type in ("Softmax", "Sigmoid"):
            return self._before(answer.input[0], (), answer.op_type == "Sigmoid")
        return self._one_for_two(answer)

    def _one_for_two(self, answer: onnx.NodeProto) -> PooledHead | None:
        """One sigmoid for two classes: half of its logit speaks for the second, and against the first."""
        last = self._passed(answer.input[-1]) if answer.op_type == "Concat" and len(answer.input) == 2 else None
        if last is None or last.op_type != "Sigmoid":
            return None
        halves = DenseStep(np.array([[-0.5, 0.5]], np.float32), np.zeros(2, np.float32))
        return self._before(last.input[0], (halves,), False)

    def _before(self, logits: str, after: tuple[Step, ...], independent: bool) -> PooledHead | None:
        name, steps = logits, list[Step]()
        while (found := self._step(name)) is not None:
            step, name = found
            steps += [step] if step is not None else []
        maps = self._pooled(name)
        if not maps or not any(isinstance(step, DenseStep) for step in steps) or not self._dense_last(steps):
            return None
        return PooledHead(tuple(maps), (*reversed(steps), *after), independent)

    def _dense_last(self, steps: Sequence[Step]) -> bool:
        """Whether nothing is bent behind the last dense layer; ``steps`` from the end."""
        first = next(step for step in steps if not isinstance(step, AffineStep))
        return isinstance(first, DenseStep)

    def _step(self, name: str) -> tuple[Step | None, str] | None:
        """What a tensor was made by, and of which; None where that is no step of a head."""
        node = self._makers.get(name)
        if node is None:
            return None
        if node.op_type in _ANOTHER_FORM:
            return None, node.input[0]
        if node.op_type in ("Relu", "Softsign", "Tanh"):
            return BendStep(node.op_type), node.input[0]
        if node.op_type in ("Gemm", "MatMul"):
            return self._dense(node)
        return self._affine(node) if node.op_type in ("Add", "Sub", "Mul", "Div") else None

    def _dense(self, node: onnx.NodeProto) -> tuple[Step, str] | None:
        kernel, told = self._number(node.input[1]), _attributes(node)
        if kernel is None or kernel.ndim != 2 or told.get("transA"):
            return None
        kernel = (kernel.T if told.get("transB") else kernel) * np.float32(told.get("alpha", 1.0))
        bias = self._number(node.input[2]) if len(node.input) > 2 and node.input[2] else np.zeros(1, np.float32)
        if bias is None:
            return None
        return DenseStep(kernel, np.broadcast_to(bias.ravel() * np.float32(told.get("beta", 1.0)), kernel.shape[1:])), node.input[
            0
        ]

    def _affine(self, node: onnx.NodeProto) -> tuple[Step, str] | None:
        """A computation with constant columns."""
        values = [self._number(name) for name in node.input]
        place = next((i for i, value in enumerate(values) if value is not None), None)
        if place is None or all(value is not None for value in values):
            return None
        constant = values[place]
        if constant is None or constant.size != max(constant.shape) or (node.op_type == "Div" and place == 0):
            return None
        return _columns(node.op_type, constant.ravel(), place), node.input[1 - place]

    def _pooled(self, name: str) -> list[Maps]:
        """The maps that a row of numbers is pooled from; none where it is not."""
        node, turned = self._makers.get(name), False
        while node is not None and (node.op_type in _ANOTHER_FORM or _channels_last(node)):
            turned = turned or node.op_type == "Transpose"
            node = self._makers.get(node.input[0])
        if node is None:
            return []
        if node.op_type == "AveragePool" and turned:
            return self._in_windows(node)
        if node.op_type == "Concat" and _attributes(node).get("axis") in (1, -1):
            each = [self._pooled(part) for part in node.input]
            return [maps for some in each for maps in some] if all(each) else []
        by: Any = _POOLING.get(node.op_type)
        axes = (2, 3) if node.op_type.startswith("Global") else self._axes(node)
        return [Maps(node.input[0], axes == (2, 3), by)] if by and axes in ((1, 2), (2, 3)) else []

    def _in_windows(self, node: onnx.NodeProto) -> list[Maps]:
        """The maps of which each window's mean is told; none where windows are no squares or reach over the border."""
        told = _attributes(node)
        (size, wide), (step, across) = told["kernel_shape"], told.get("strides", (1, 1))
        plain = size == wide and step == across and not any(told.get("pads", ())) and not told.get("ceil_mode")
        return [Maps(node.input[0], True, "mean", (size, step))] if plain and set(told) <= _WINDOWS else []

    def _axes(self, node: onnx.NodeProto) -> tuple[int, ...]:
        """Those over which is pooled, of four."""
        given = _attributes(node).get("axes")
        array = self._constant(node.input[1]) if given is None and len(node.input) > 1 else given
        return tuple(sorted(int(axis) % 4 for axis in np.ravel(array))) if array is not None else ()

    def _passed(self, name: str) -> onnx.NodeProto | None:
        """The node that made a tensor, those passed over that leave it as it is."""
        node = self._makers.get(name)
        while node is not None and node.op_type in _AS_IT_IS:
            node = self._makers.get(node.input[0])
        return node

    def _number(self, name: str) -> Floats | None:
        array = self._constant(name)
        return None if array is None else np.atleast_1d(array).astype(np.float32)

    def _constant(self, name: str) -> NDArray[Any] | None:
        if name in self._arrays:
            return numpy_helper.to_array(self._arrays[name])
        node = self._makers.get(name)
        if node is None or node.op_type != "Constant":
            return None
        return next((numpy_helper.to_array(part.t) for part in node.attribute if part.name == "value"), None)


def _channels_last(node: onnx.NodeProto) -> bool:
    """Whether maps are only turned, so that channels come last."""
    return node.op_type == "Transpose" and list(_attributes(node).get("perm", ())) == [0, 2, 3, 1]


def _columns(kind: str, constant: Floats, place: int) -> AffineStep:
    """``place``: whether the constant stands first (0) or second (1)."""
    zero, one = np.zeros(1, np.float32), np.ones(1, np.float32)
    if kind == "Add":
        return AffineStep(one, constant)
    if kind == "Sub":
        return AffineStep(-one, constant) if place == 0 else AffineStep(one, -constant)
    return AffineStep(constant if kind == "Mul" else one / constant, zero)


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    return {part.name: onnx.helper.get_attribute_value(part) for part in node.attribute}


def tensors(head: PooledHead) -> Iterator[str]:
    """The names of its maps."""
    return (maps.name for maps in head.maps)
