"""One use of one layer while the graph is built: its inputs, its options, its weights, and the writer of nodes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from olhar.base.errors import ModelError
from olhar.graph.graph import Affine, Constant, Floats, Graph, LayerRow, Merge, Node, Op, Shape, Weight
from olhar.graph.shapes import infer_shape, shapes_text
from olhar.keras_files.architecture import LayerSpec
from olhar.keras_files.layers.options import Options
from olhar.keras_files.weights import Arrays, Bound

_MOST_NODES = 20_000
_MOST_USES = 50_000


@dataclass(frozen=True)
class Value:
    """A tensor of the graph."""

    name: str
    shape: Shape

    @property
    def rank(self) -> int:
        """How many axes, the batch included."""
        return len(self.shape)


@dataclass(frozen=True)
class FileFacts:
    """What the file as a whole says and every layer may need.

    Attributes:
        major: Keras's first number.
        theano: whether kernels are stored flipped.
        lambdas: expressions for Lambda layers by name.
    """

    major: int = 2
    theano: bool = False
    lambdas: Mapping[str, str] = field(default_factory=dict[str, str])


class GraphWriter:
    """The graph as it grows."""

    def __init__(self, arrays: Arrays, bound: Bound, facts: FileFacts) -> None:
        self.arrays = arrays
        self.bound = bound
        self.facts = facts
        self.nodes: list[Node] = []
        self.shapes: dict[str, Shape] = {}
        self.used: dict[str, Shape] = {}
        self.notices: dict[str, dict[str, object]] = {}
        self._weights: dict[tuple[str, str], Weight] = {}
        self._uses = 0

    def new_tensor(self, shape: Shape) -> Value:
        """A new tensor that comes from outside."""
        value = Value(f"x{len(self.shapes)}", shape)
        self.shapes[value.name] = shape
        return value

    def count(self) -> None:
        """One more use of a layer; models that use each other over and over are refused before they grow."""
        self._uses += 1
        if self._uses > _MOST_USES:
            raise ModelError("keras.config_bomb")

    def emit(self, op: Op, inputs: tuple[Value, ...], layer: str) -> Value:
        """Write a node and give the tensor that it makes."""
        if len(self.nodes) >= _MOST_NODES:
            raise ModelError("keras.config_bomb")
        value = self.new_tensor(infer_shape(op, [tensor.shape for tensor in inputs], layer.rpartition("/")[2]))
        self.nodes.append(Node(op, tuple(tensor.name for tensor in inputs), value.name, layer))
        return value

    def weight(self, spec: LayerSpec, name: str, index: int, shape: tuple[int, ...], template: Weight | None) -> Weight:
        """A variable of a layer, read once; ``template`` says in which order the file keeps it."""
        key = spec.path, name
        if key not in self._weights:
            path = self.bound[spec.path][index]
            self._weights[key] = _read(self.arrays, spec.name, path, shape, template or Weight(np.zeros(0, np.float32)))
        if self._weights[key].value.shape != shape:
            raise ModelError("keras.weight_shape", layer=spec.name, expected=shape, found=self._weights[key].value.shape)
        return self._weights[key]

    def graph(self, inputs: tuple[Value, ...], outputs: tuple[Value, ...], rows: tuple[LayerRow, ...]) -> Graph:
        """All that was written."""
        names = tuple(value.name for value in inputs), tuple(value.name for value in outputs)
        return Graph(*names, tuple(self.nodes), dict(self.shapes), rows)


def _read(arrays: Arrays, layer: str, path: str, shape: tuple[int, ...], template: Weight) -> Weight:
    stored = (shape[-1], shape[-2], *shape[:-2]) if template.outer_first else shape
    shape_in_file = arrays.datasets[path]
    if shape_in_file != stored:
        raise ModelError("keras.weight_shape", layer=layer, expected=stored, found=shape_in_file)
    with np.errstate(all="ignore"):
        value = arrays.read(path)
    if not np.isfinite(value).all():
        raise ModelError("keras.weight_nan", layer=layer, variable=path)
    spatial = tuple(range(len(shape) - 2))
    value = value.transpose(*(axis + 2 for axis in spatial), 1, 0) if template.outer_first else value
    value = np.flip(value, spatial) if template.flipped else value
    return Weight(np.ascontiguousarray(value).reshape(shape), path, template.outer_first, template.flipped, template.learns)


@dataclass(frozen=True)
class LayerCall:
    """One use of a layer.

    Attributes:
        inputs: the tensors among the arguments, in order.
        arguments, keywords: all that it was called with; tensors are ``Value``s.
    """

    writer: GraphWriter
    spec: LayerSpec
    variables: tuple[str, ...]
    inputs: tuple[Value, ...]
    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def options(self) -> Options:
        """The layer's options."""
        return self.spec.options

    @property
    def x(self) -> Value:
        """The one input.

        Raises:
            ModelError: there is none.
        """
        if not self.inputs:
            raise ModelError("keras.inputs", layer=self.spec.name)
        return self.inputs[0]

    def emit(self, op: Op, *inputs: Value) -> Value:
        """Write a node of this layer; without ``inputs`` it takes the layer's own."""
        return self.writer.emit(op, inputs, self.spec.path)

    def weight(self, name: str, *shape: int | None, learns: bool = True) -> Weight:
        """A variable, which must have this shape."""
        return self._weight(name, shape, Weight(np.zeros(0, np.float32), learns=learns))

    def kernel(self, name: str, *shape: int | None) -> Weight:
        """A convolution's kernel, (spatial..., in, out) here, in whatever order the file keeps it."""
        outer_first = self.options.raw("dim_ordering") is not None and self.options.channels_first()
        return self._weight(name, shape, Weight(np.zeros(0, np.float32), "", outer_first, self.writer.facts.theano))

    def _weight(self, name: str, shape: tuple[int | None, ...], template: Weight) -> Weight:
        if None in shape or any(side is not None and side <= 0 for side in shape):
            raise ModelError("keras.shapes", layer=self.spec.name, shapes=shapes_text([value.shape for value in self.inputs]))
        sides = tuple(int(side or 0) for side in shape)
        return self.writer.weight(self.spec, name, self.variables.index(name), sides, template)

    def has(self, name: str) -> bool:
        """Whether the layer has this variable."""
        return name in self.variables

    def wrong(self, option: str) -> ModelError:
        """The error that says that an option is not supported."""
        return self.options.wrong(option)

    def notice(self, key: str, **values: object) -> None:
        """Something that the person should know; said once a file."""
        self.writer.notices.setdefault(key, values)

    def affine(self, value: Value, scale: Floats | float, shift: Floats | float) -> Value:
        """``value * scale + shift`` with numbers of the file's, which training leaves alone."""
        return self.emit(Affine(fixed(scale), fixed(shift)), value)

    def arithmetic(self, kind: str, left: "Value | float", right: "Value | float") -> "Value | float":
        """``add``, ``subtract``, ``multiply`` or ``divide`` on tensors and numbers; two numbers give a number."""
        if not isinstance(left, Value) and not isinstance(right, Value):
            return _numbers(self, kind, left, right)
        if isinstance(left, Value) and not isinstance(right, Value):
            return self.affine(left, *_as_affine(self, kind, right))
        if isinstance(right, Value) and not isinstance(left, Value) and kind != "divide":
            scale, shift = (-1.0, left) if kind == "subtract" else _as_affine(self, kind, left)
            return self.affine(right, scale, shift)
        operands = [operand if isinstance(operand, Value) else self.constant(operand) for operand in (left, right)]
        return self.emit(Merge(kind), *operands)  # pyright: ignore[reportArgumentType]

    def constant(self, value: Floats | float) -> Value:
        """A number, or an array with every axis."""
        return self.emit(Constant(np.asarray(value, np.float32)))


def fixed(value: Floats | float) -> Weight:
    """A number of the configuration's as a weight that training leaves alone."""
    return Weight(np.asarray(value, np.float32), learns=False)


def _as_affine(call: LayerCall, kind: str, number: float) -> tuple[float, float]:
    if kind == "divide" and number == 0:
        raise ModelError("keras.division", layer=call.spec.name)
    table = {"add": (1.0, number), "subtract": (1.0, -number), "multiply": (number, 0.0)}
    return table[kind] if kind != "divide" else (1.0 / number, 0.0)


def _numbers(call: LayerCall, kind: str, left: float, right: float) -> float:
    scale, shift = _as_affine(call, kind, right)
    return left * scale + shift
