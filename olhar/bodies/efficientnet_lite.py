"""EfficientNet-Lite as a graph: inverted residual blocks without squeeze-and-excite, ReLU6 (Tan and Le 2019, arXiv 1905.11946).

Widths are those of the weights; what they do not tell are the strides, and how many blocks a stage has.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import naming
from olhar.graph import graph as g
from olhar.graph.graph import Graph, LayerRow, Node, Op, Shape, Weight
from olhar.graph.shapes import infer_shape

Numbers = Mapping[str, NDArray[Any]]

_STAGES = ((1, 1), (2, 2), (2, 2), (3, 2), (3, 1), (4, 2), (1, 1))
"""Blocks, and the stride of the first of them, of each stage of the smallest. The first and the last stage grow with none."""
_EPSILON, _MOMENTUM = 1e-3, 0.99
GRID = 3
"""Places a side of what is told with its place; windows overlap where the maps cannot be shared out evenly."""
_RELU6 = g.Activate("relu", ceiling=6.0)


def strides(depth: float) -> list[int]:
    """The stride of each block, where stages are ``depth`` times as deep."""
    each: list[int] = []
    for stage, (blocks, stride) in enumerate(_STAGES):
        count = blocks if stage in (0, len(_STAGES) - 1) else math.ceil(depth * blocks)
        each += [stride] + [1] * (count - 1)
    return each


def body_graph(weights: Numbers, depth: float, side: int, earlier: Sequence[int] = (), laid_out: int = 0) -> Graph:
    """A body with its weights.

    Args:
        weights: the state dict, by the names that the packages use.
        depth: as in ``published.PublishedBody``.
        side: height and width of the pictures, in pixels.
        earlier: blocks whose output is looked at too, counted from the end: 1 is the last.
        laid_out: a block, counted in the same way, of which it is told too where in the picture; 0: none.

    Returns:
        A graph from pictures, float32 (N, side, side, 3), scaled as ``(x - 127) / 128``, to its outputs, each float32: the
        pooled output of each block of ``earlier`` (N, its width), in its order, the means of ``laid_out`` over ``GRID`` by
        ``GRID`` places (N, 9 widths; of maps of two places a side 4; none where they have one), and the features (N, 1280).

    Raises:
        KeyError: a weight is missing.
    """
    drawing = _Drawing(weights, side)
    drawing.convolution("stem", "_conv_stem", "_bn0", stride=2)
    all_strides, outputs, layout = strides(depth), dict[int, str](), list[str]()
    for number, stride in enumerate(all_strides):
        drawing.block(number, stride)
        place = len(all_strides) - number
        outputs[place] = drawing.last
        layout += drawing.laid_out() if place == laid_out else []
    drawing.convolution("top", "_conv_head", "_bn1")
    pooled = [drawing.pooled(tensor) for tensor in (*(outputs[place] for place in earlier), drawing.last)]
    return drawing.graph((*pooled[:-1], *layout, pooled[-1]))


class _Drawing:
    """A graph on its way: the last tensor drawn, and what was drawn."""

    def __init__(self, weights: Numbers, side: int) -> None:
        self.weights, self.last = weights, "scaled"
        self.shapes: dict[str, Shape] = {"scaled": (None, side, side, 3)}
        self.nodes: list[Node] = []

    def convolution(
        self, layer: str, kernel: str, norm: str, stride: int = 1, *, depthwise: bool = False, relu: bool = True
    ) -> None:
        """A convolution, its batch normalisation, and ReLU6."""
        axes = (2, 3, 0, 1) if depthwise else (2, 3, 1, 0)
        weight = _weight(self.weights[f"{kernel}.weight"].transpose(axes))
        groups = weight.value.shape[2] if depthwise else 1
        self._add(g.Conv(weight, None, (stride, stride), "same", (1, 1), groups, depthwise, False), f"{layer}_conv")
        self._add(self._norm(norm), f"{layer}_norm")
        if relu:
            self._add(_RELU6, f"{layer}_relu6")

    def block(self, number: int, stride: int) -> None:
        """Widened, looked at channel by channel, narrowed; and added to what came in, where that has the same shape."""
        name, before = f"_blocks.{number}", self.last
        layer = f"block_{number}"
        if f"{name}._expand_conv.weight" in self.weights:
            self.convolution(f"{layer}_expand", f"{name}._expand_conv", f"{name}._bn0")
        self.convolution(f"{layer}_depthwise", f"{name}._depthwise_conv", f"{name}._bn1", stride, depthwise=True)
        self.convolution(f"{layer}_project", f"{name}._project_conv", f"{name}._bn2", relu=False)
        if stride == 1 and self.shapes[before] == self.shapes[self.last]:
            self._add(g.Merge("add"), f"{layer}_add", before, self.last)

    def laid_out(self) -> list[str]:
        """The means of what was drawn last over a few places, as one row; none where it has one place. What comes next stays."""
        maps = self.last
        side = self.shapes[maps][1]
        if side is None or side < 2:
            return []
        places = min(GRID, side)
        stride = side // places
        size = side - (places - 1) * stride
        self._add(g.Pool("mean", (size, size), (stride, stride), "valid", False), f"{maps}_places")
        self._add(g.Reshape((-1,)), f"{maps}_laid_out")
        row, self.last = self.last, maps
        return [row]

    def pooled(self, tensor: str) -> str:
        """The mean of each channel of a tensor."""
        self._add(g.Reduce("mean", (1, 2), False), f"{tensor}_pooled", tensor)
        return self.last

    def graph(self, outputs: tuple[str, ...]) -> Graph:
        """All that was drawn."""
        return Graph(("scaled",), outputs, tuple(self.nodes), self.shapes, tuple(self._rows()))

    def _norm(self, name: str) -> Op:
        gamma, beta = (_weight(self.weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        mean, variance = (_weight(self.weights[f"{name}.{part}"], learns=False) for part in ("running_mean", "running_var"))
        return g.BatchNorm(gamma, beta, mean, variance, _EPSILON, _MOMENTUM, 3)

    def _add(self, op: Op, output: str, *inputs: str) -> None:
        inputs = inputs or (self.last,)
        with naming(output):
            self.shapes[output] = infer_shape(op, [self.shapes[name] for name in inputs], output)
        self.nodes.append(Node(op, inputs, output, output))
        self.last = output

    def _rows(self) -> Iterator[LayerRow]:
        for node in self.nodes:
            count = sum(weight.value.size for weight in g.weights_of(node.op).values())
            yield LayerRow(node.layer, type(node.op).__name__, self.shapes[node.output], count, node.layer)


def _weight(value: NDArray[Any], *, learns: bool = True) -> Weight:
    return Weight(np.ascontiguousarray(value, dtype=np.float32), learns=learns)
