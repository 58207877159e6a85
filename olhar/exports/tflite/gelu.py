"""GELU written out in ONNX, x * (1 + erf(x / sqrt(2))) / 2, found again as the one operation that it is."""

from collections.abc import Iterator, Sequence
from math import isclose, sqrt

import onnx
from onnx import helper, numpy_helper


def name_gelus(graph: onnx.GraphProto) -> None:
    """Put ``Gelu`` in the place of each last product of a written-out one; what led to it may then be read by nobody."""
    written_out = _WrittenOut(graph)
    for node in graph.node:
        source = written_out.source(node)
        if source is not None:
            node.CopyFrom(helper.make_node("Gelu", [source], node.output))


class _WrittenOut:
    """Who makes each value of a graph, and which are one number."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self.makers = {output: node for node in graph.node for output in node.output}
        arrays = {array.name: numpy_helper.to_array(array) for array in graph.initializer}
        self.numbers = {name: float(array.ravel()[0]) for name, array in arrays.items() if array.size == 1}

    def source(self, node: onnx.NodeProto) -> str | None:
        """Of what a product is the GELU; None where it is another product."""
        if node.op_type != "Mul":
            return None
        for factors in self._factors(node):
            rest = [name for name in factors if not self._is(name, 0.5)]
            if len(factors) == 3 and len(rest) == 2:
                for source, share in (rest, rest[::-1]):
                    if self._is_share(share, source):
                        return source
        return None

    def _factors(self, node: onnx.NodeProto) -> Iterator[Sequence[str]]:
        """The three factors of two products in a row, either way."""
        for first, second in (node.input, node.input[::-1]):
            before = self.makers.get(first)
            if before is not None and before.op_type == "Mul":
                yield [*before.input, second]

    def _is_share(self, name: str, source: str) -> bool:
        """Whether a value is 1 + erf(source / sqrt(2))."""
        erf = self.makers.get(self._beside(name, "Add", 1.0))
        if erf is None or erf.op_type != "Erf":
            return False
        inside = self.makers.get(erf.input[0])
        if inside is not None and inside.op_type == "Div":
            return inside.input[0] == source and self._is(inside.input[1], sqrt(2))
        return self._beside(erf.input[0], "Mul", 1 / sqrt(2)) == source

    def _beside(self, name: str, kind: str, number: float) -> str:
        """What a value is made of together with a number; empty where it is not."""
        maker = self.makers.get(name)
        if maker is None or maker.op_type != kind:
            return ""
        return next((maker.input[1 - place] for place in (0, 1) if self._is(maker.input[place], number)), "")

    def _is(self, name: str, number: float) -> bool:
        return name in self.numbers and isclose(self.numbers[name], number, rel_tol=1e-5)
