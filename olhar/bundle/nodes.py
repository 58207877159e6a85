"""Nodes: operations that are added behind those of an ONNX graph, under names of their own."""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper


class Nodes:
    """Adds operations and constants to a graph."""

    def __init__(self, graph: onnx.GraphProto, prefix: str) -> None:
        self.graph = graph
        self._prefix = prefix
        self._count = 0

    def add(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """One operation; the name of what it gives."""
        output = output or self._named(kind.lower())
        self.graph.node.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def array(self, values: NDArray[np.generic]) -> str:
        """A constant."""
        name = self._named("values")
        self.graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def number(self, value: float) -> str:
        """A constant in float32."""
        return self.array(np.array(value, np.float32))

    def axes(self, *axes: int) -> str:
        """The axes that a reduction takes together."""
        return self.array(np.array(axes, np.int64))

    def wide(self, halves: NDArray[np.float16]) -> str:
        """A matrix that is stored in half the bytes, in float32."""
        return self.add("Cast", self.array(halves), to=TensorProto.FLOAT)

    def _named(self, kind: str) -> str:
        self._count += 1
        return f"{self._prefix}_{self._count}_{kind}"
