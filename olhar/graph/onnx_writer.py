"""Writes an ONNX graph: nodes and arrays, each under a name of its own."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from olhar.graph.graph import Graph


class OnnxWriter:
    """The ONNX graph as it grows."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.nodes: list[onnx.NodeProto] = []
        self.arrays: list[onnx.TensorProto] = []
        self._names: dict[tuple[Any, ...], str] = {}

    def add(self, kind: str, inputs: Sequence[str], output: str = "", **attributes: Any) -> str:
        """Write a node; without ``output`` it gets a name of its own."""
        output = output or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], name=f"{kind}_{len(self.nodes)}", **attributes))
        return output

    def array(self, value: Any, dtype: Any = np.float32) -> str:
        """An array of the file's, kept once where it is small."""
        stored = np.ascontiguousarray(np.asarray(value, dtype))
        key = (stored.shape, stored.dtype.str, stored.tobytes()) if stored.size < 64 else (len(self.arrays),)
        if key not in self._names:
            self._names[key] = f"w{len(self.arrays)}"
            self.arrays.append(numpy_helper.from_array(stored, self._names[key]))
        return self._names[key]

    def whole(self, *numbers: int) -> str:
        """A list of whole numbers."""
        return self.array(numbers, np.int64)

    def rank(self, name: str) -> int:
        """How many axes a tensor has."""
        return len(self.graph.shapes[name])
