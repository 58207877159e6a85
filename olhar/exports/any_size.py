"""A bundle that takes pictures of any size: the rule of ``base.resizing`` as ONNX, before the network, bit for bit.

Pillow's weights, rounded to 22 bits behind the point, are worked out in the graph from the picture's sides. Their products
with pixels are exact in float32 once each weight is parted in two, of 16 and 6 bits: no sum of the first reaches 2**24, and
none of the second where a side shrinks less than 500 times. Only a band of the matrix is not zero, so outputs are computed in
blocks, each from its part of the picture.
"""

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from olhar.base.signature import Signature
from olhar.bundle.writer import signed

_BLOCKS, _SMALLEST = 16, 12
"""An axis is computed in so many blocks at most, of so many numbers at least: 12 megapixels take 0.2 s so, in one block 1.8 s."""
_BITS, _LOW = 22, 6
_LUMA = (19595.0, 38470.0, 7471.0)
"""ITU-R 601 as Pillow has it, of 65536."""


def with_any_size(bundle: bytes, signature: Signature) -> bytes:
    """The same bundle, whose ``pictures`` are uint8 (N, H, W, 3), RGB, of any one size a question; (N, H, W, 1) too if gray.

    A picture more than a hundred times as high as wide is shrunk along its rows first here too, unlike by ``base.resizing``.
    """
    model = onnx.load_from_string(bundle)
    graph, source = model.graph, model.graph.input[0].name
    drawing = _Drawing(graph)
    made = drawing.shrunk(source, signature)
    nodes = [*drawing.nodes, *graph.node]
    for node in nodes[len(drawing.nodes) :]:
        node.input[:] = [made if name == source else name for name in node.input]
    del graph.node[:], graph.input[:], graph.value_info[:]
    graph.node.extend(nodes)
    sides = ["batch", "height", "width", 3 if signature.channels == 3 else "colours"]
    graph.input.append(helper.make_tensor_value_info(source, TensorProto.UINT8, sides))
    return signed(model, signature)


class _Drawing:
    """Nodes and arrays that come before a network."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self.graph, self.nodes, self.known = graph, list[onnx.NodeProto](), dict[bytes, str]()

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """One node; the name of what it gives."""
        name = f"any_size_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def array(self, value: Any, kind: Any) -> str:
        """A constant, once however often it is wanted."""
        array = np.asarray(value, kind)
        key = array.tobytes() + str((array.dtype, array.shape)).encode()
        if key not in self.known:
            self.known[key] = f"any_size_array_{len(self.known)}"
            self.graph.initializer.append(numpy_helper.from_array(array, self.known[key]))
        return self.known[key]

    def number(self, value: Any) -> str:
        """A constant in float64."""
        return self.array(value, np.float64)

    def whole(self, *values: int) -> str:
        """A row of whole numbers."""
        return self.array(values, np.int64)

    def cast(self, name: str, kind: int) -> str:
        """In another type."""
        return self.add("Cast", name, to=kind)

    def shrunk(self, pictures: str, signature: Signature) -> str:
        """(N, H, W, 3) -> (N, height, width, channels), uint8."""
        sides = self.add("Shape", pictures)
        height, width = (self.cast(self.add("Gather", sides, self.array(axis, np.int64)), TensorProto.DOUBLE) for axis in (1, 2))
        channels = signature.channels
        picture = self._luma(pictures, sides) if channels == 1 else pictures
        flat = self.add("Reshape", picture, self.whole(0, 0, -1))
        down, across = self._places(height, width, signature)
        narrow = self._along(flat, across, channels, axis=2)
        small = self._along(narrow, down, 1, axis=1)
        shape = self.whole(0, signature.height, signature.width, channels)
        return self.cast(self.add("Reshape", small, shape), TensorProto.UINT8)

    def _luma(self, pictures: str, sides: str) -> str:
        """RGB -> gray, uint8, exact: no sum reaches 2**24. What is gray already counts as 65536 times itself."""
        colours = self.add("Slice", sides, self.whole(3), self.whole(4))
        shares = self.add("Slice", self.array(_LUMA, np.float32), self.whole(0), colours)
        rest = self.add("Sub", self.array(65536, np.float32), self.add("ReduceSum", shares, self.whole(0), keepdims=1))
        column = self.add("Unsqueeze", self.add("Add", shares, rest), self.whole(1))
        sums = self.add("MatMul", self.cast(pictures, TensorProto.FLOAT), column)
        rounded = self.add("Add", sums, self.array(32768, np.float32))
        return self.cast(self.add("Floor", self.add("Mul", rounded, self.array(1 / 65536, np.float32))), TensorProto.UINT8)

    def _places(self, height: str, width: str, signature: Signature) -> "tuple[_Side, _Side]":
        """What of the picture goes where, down and across, by the fit."""
        sizes = signature.height, signature.width
        sides = {"stretch": self._stretched, "crop": self._middle, "pad": self._within}[signature.fit](height, width, *sizes)
        return _Side(sizes[0], height, *sides[0]), _Side(sizes[1], width, *sides[1])

    def _stretched(self, height: str, width: str, *sizes: int) -> list[tuple[str, str, str, str]]:
        zero = self.number(0)
        return [(zero, side, zero, self.number(size)) for side, size in zip((height, width), sizes, strict=True)]

    def _middle(self, height: str, width: str, *sizes: int) -> list[tuple[str, str, str, str]]:
        """The largest box of the network's shape in the middle of the picture."""
        aspect = self.number(sizes[1] / sizes[0])
        wide = self.add("Greater", self.add("Div", width, height), aspect)
        box = (
            self.add("Where", wide, height, self.add("Div", width, aspect)),
            self.add("Where", wide, self.add("Mul", height, aspect), width),
        )
        half, places = self.number(2), list[tuple[str, str, str, str]]()
        for side, part, size in zip((height, width), box, sizes, strict=True):
            start, stop = (self.add("Div", self.add(kind, side, part), half) for kind in ("Sub", "Add"))
            places.append((start, stop, self.number(0), self.number(size)))
        return places

    def _within(self, height: str, width: str, *sizes: int) -> list[tuple[str, str, str, str]]:
        """The whole picture in the middle of black."""
        zero, one, (high, wide) = self.number(0), self.number(1), (self.number(size) for size in sizes)
        aspect = self.add("Div", width, height)
        broad = self.add("Greater", aspect, self.number(sizes[1] / sizes[0]))
        lower = self.add("Mul", self.add("Div", height, width), wide)
        narrower = self.add("Mul", aspect, high)
        inner = (
            self.add("Where", broad, self.add("Max", one, self.add("Round", lower)), high),
            self.add("Where", broad, wide, self.add("Max", one, self.add("Round", narrower))),
        )
        places = list[tuple[str, str, str, str]]()
        for side, part, size in zip((height, width), inner, (high, wide), strict=True):
            offset = self.add("Round", self.add("Div", self.add("Sub", size, part), self.number(2)))
            places.append((zero, side, offset, part))
        return places

    def _along(self, source: str, side: "_Side", channels: int, axis: int) -> str:
        """A filter along an axis: float32 whole numbers of 0..255."""
        steps = np.array_split(np.arange(side.size), min(_BLOCKS, max(1, side.size // _SMALLEST)))
        return self.add("Concat", *(self._block(source, side, step, channels, axis) for step in steps), axis=axis)

    def _block(self, source: str, side: "_Side", step: "np.ndarray[Any, Any]", channels: int, axis: int) -> str:
        centre, support = self._centres(side, step)
        bounds = self._bounds(side, centre, support)
        start = self._end("ReduceMin", bounds[0])
        stop = self.add("Max", self._end("ReduceMax", bounds[1]), self.add("Add", start, self.whole(1)))
        weights = self._weights(side, step, (centre, support), bounds, (start, stop))
        times = self.whole(channels)
        ends = (self.add("Mul", end, times) for end in (start, stop))
        part = self.cast(self.add("Slice", source, *ends, self.whole(axis)), TensorProto.FLOAT)
        high = self.add("Floor", self.add("Mul", weights, self.number(2.0**-_LOW)))
        low = self.add("Sub", weights, self.add("Mul", high, self.number(2.0**_LOW)))
        sums = [self._product(part, piece, len(step), channels, axis) for piece in (high, low)]
        total = self.add("Add", self.add("Mul", sums[0], self.number(2.0**_LOW)), sums[1])
        rounded = self.add("Mul", self.add("Add", total, self.number(2.0 ** (_BITS - 1))), self.number(2.0**-_BITS))
        return self.cast(self.add("Clip", self.add("Floor", rounded), self.number(0), self.number(255)), TensorProto.FLOAT)

    def _centres(self, side: "_Side", step: "np.ndarray[Any, Any]") -> tuple[str, str]:
        """Where each number of a block looks, (n,), and how far to either side; edges are float32 in Pillow."""
        low, high = (self.cast(edge, TensorProto.FLOAT) for edge in (side.start, side.stop))
        length = self.cast(self.add("Sub", high, low), TensorProto.DOUBLE)
        scale = self.add("Div", length, side.inner)
        middle = self.add("Add", self.add("Sub", self.number(step), side.offset), self.number(0.5))
        centre = self.add("Add", self.cast(low, TensorProto.DOUBLE), self.add("Mul", middle, scale))
        return centre, self.add("Max", scale, self.number(1))

    def _bounds(self, side: "_Side", centre: str, support: str) -> tuple[str, str]:
        """The first place that each number looks at, and the first that it does not, float64 (n,)."""
        half, zero, last = self.number(0.5), self.number(0), self.add("Sub", side.length, self.number(1))
        first = self.add("Floor", self.add("Max", self.add("Add", self.add("Sub", centre, support), half), zero))
        end = self.add("Floor", self.add("Max", self.add("Add", self.add("Add", centre, support), half), zero))
        return self.add("Min", first, last), self.add("Min", end, side.length)

    def _end(self, kind: str, bounds: str) -> str:
        return self.add("Reshape", self.cast(self.add(kind, bounds, keepdims=1), TensorProto.INT64), self.whole(1))

    def _weights(
        self, side: "_Side", step: "np.ndarray[Any, Any]", looks: tuple[str, str], bounds: tuple[str, str], ends: tuple[str, str]
    ) -> str:
        """(places, n): whole numbers in float64, of 2**22; 0 for what lies outside the picture's part of the network's."""
        first, last = (self.add("Squeeze", end) for end in ends)
        row = self.add("Unsqueeze", self.add("Range", first, last, self.array(1, np.int64)), self.whole(1))
        places = self.cast(row, TensorProto.DOUBLE)
        distance = self.add("Add", self.add("Sub", places, looks[0]), self.number(0.5))
        share = self.add("Abs", self.add("Mul", distance, self.add("Div", self.number(1), looks[1])))
        raw = self.add("Max", self.add("Sub", self.number(1), share), self.number(0))
        seen = self.add("And", self.add("GreaterOrEqual", places, bounds[0]), self.add("Less", places, bounds[1]))
        kept = self.add("Mul", raw, self.cast(seen, TensorProto.DOUBLE))
        total = self.add("ReduceSum", kept, self.whole(0), keepdims=1)
        even = self.add("Div", kept, self.add("Max", total, self.number(1e-300)))
        fixed = self.add("Floor", self.add("Add", self.add("Mul", even, self.number(2.0**_BITS)), self.number(0.5)))
        inner = self.add("Sub", self.number(step), side.offset)
        inside = self.add("And", self.add("GreaterOrEqual", inner, self.number(0)), self.add("Less", inner, side.inner))
        return self.add("Mul", fixed, self.cast(inside, TensorProto.DOUBLE))

    def _product(self, part: str, weights: str, n: int, channels: int, axis: int) -> str:
        """Exact sums, float64: rows (N, H, places * C) by weights, or weights by columns (N, places, width * C)."""
        if axis == 1:
            columns = self.cast(self.add("Transpose", weights, perm=[1, 0]), TensorProto.FLOAT)
            return self.cast(self.add("MatMul", columns, part), TensorProto.DOUBLE)
        if channels > 1:
            eye = np.eye(channels)[None, :, None, :]
            spread = self.add("Mul", self.add("Reshape", weights, self.whole(-1, 1, n, 1)), self.number(eye))
            weights = self.add("Reshape", spread, self.whole(-1, n * channels))
        return self.cast(self.add("MatMul", part, self.cast(weights, TensorProto.FLOAT)), TensorProto.DOUBLE)


class _Side:
    """Height or width: the network's size, the picture's length, which part of it (from ``start`` to ``stop``) becomes which of
    the network's (``inner`` numbers from ``offset`` on): names of numbers in float64."""

    def __init__(self, size: int, length: str, *place: str) -> None:
        self.size, self.length = size, length
        self.start, self.stop, self.offset, self.inner = place
