"""A bundle -> a Program: one picture, every shape settled, each node in the kernels' words."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from olhar.base.errors import ModelError
from olhar.bundle.predictor import UNLIKENESS
from olhar.exports.onnx_nodes import LEAST, MOST, OUTPUT, for_one, kept_between, needed
from olhar.exports.web import layers, operations
from olhar.exports.web.nodes import HANDLERS
from olhar.exports.web.program import Buffer, Program
from olhar.exports.web.tensors import Drawing, LaidTensor, Value


def planned(bundle: bytes, name: str, *, unlike: bool = False) -> Program:
    """What has to be computed for one picture.

    Args:
        bundle: the file of a model.onnx.
        name: of the file, for errors.
        unlike: behind the probabilities, also how unlike any that taught the picture is; the bundle has that output.

    Raises:
        ModelError: an operation that the kernels do not have.
    """
    outputs = (OUTPUT, UNLIKENESS) if unlike else (OUTPUT,)
    graph = for_one(bundle, outputs).graph
    picture = Buffer(-(-prod(d.dim_value for d in graph.input[0].type.tensor_type.shape.dim) // 4))
    network = _Network(graph, Drawing(Program(picture, picture)), name)
    for node in needed(graph, outputs):
        network.add(node)
    plan = network.drawing.program
    plan.answer = network.answer(outputs).place
    return plan


class _Network:
    """A graph on its way: what each name stands for so far."""

    def __init__(self, graph: onnx.GraphProto, drawing: Drawing, name: str) -> None:
        self.drawing, self.name = drawing, name
        self.values: dict[str, Value] = {array.name: numpy_helper.to_array(array) for array in graph.initializer}
        shape = tuple(d.dim_value for d in graph.input[0].type.tensor_type.shape.dim)
        self.values[graph.input[0].name] = LaidTensor(shape, tuple(range(len(shape))), drawing.program.picture)
        self.raw = graph.input[0].name
        self.readers: dict[str, list[onnx.NodeProto]] = {}
        for node in graph.node:
            for source in node.input:
                self.readers.setdefault(source, []).append(node)

    def add(self, node: onnx.NodeProto) -> None:
        """The next node.

        Raises:
            ModelError: the kernels do not have it.
        """
        if node.output[0] in self.values:
            return
        inputs = [self.values[source] if source else None for source in node.input]
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        if node.op_type == "Constant":
            self.values[node.output[0]] = numpy_helper.to_array(attributes["value"])
            return
        try:
            self.values[node.output[0]] = self._value(node, inputs, attributes)
        except (KeyError, ValueError, IndexError, TypeError, AttributeError) as error:
            raise ModelError("web.operation", where=self.name, operation=node.op_type) from error

    def answer(self, outputs: Sequence[str]) -> LaidTensor:
        """All outputs, one behind the other."""
        parts = [self.drawing.plain(self.drawing.computed(self.values[name])) for name in outputs]
        rows = [replace(part, shape=(1, part.size), order=(0, 1)) for part in parts]
        return rows[0] if len(rows) == 1 else operations.joined(self.drawing, rows, 1)

    def _value(self, node: onnx.NodeProto, inputs: Sequence[Value | None], attributes: dict[str, Any]) -> Value:
        kind, first = node.op_type, inputs[0]
        if kind in operations.PAIRS:
            return self._pairs(operations.PAIRS[kind], inputs)
        if kind == "Concat":
            return operations.joined(self.drawing, [v for v in inputs if v is not None], attributes["axis"])
        if not isinstance(first, LaidTensor):
            raise KeyError(kind)
        if kind in ("Conv", "Gemm", "MatMul"):
            return self._product(node, first, inputs, attributes)
        limits = kept_between(kind, inputs)
        if limits is not None:
            return operations.clipped(self.drawing, first, *limits)
        if kind in operations.EACH:
            return operations.each(self.drawing, first, kind, attributes)
        return HANDLERS[kind](self.drawing, first, inputs[1:], attributes)

    def _pairs(self, kind: int, inputs: Sequence[Value | None]) -> LaidTensor:
        result, *others = (value for value in inputs if value is not None)
        for other in others:
            result = operations.pair(self.drawing, kind, result, other)
        return self.drawing.computed(result)

    def _limits(self, node: onnx.NodeProto) -> tuple[float, float]:
        """Those of the one node that reads a product: it is computed with it."""
        readers = self.readers.get(node.output[0], [])
        if len(readers) == 1 and readers[0].input[0] == node.output[0] and node.output[0] != OUTPUT:
            reader = readers[0]
            if any(source and source not in self.values for source in reader.input[1:]):
                return LEAST, MOST
            known = [self.values.get(source) if source else None for source in reader.input]
            limits = kept_between(reader.op_type, known)
            if limits is not None:
                self.fused = reader.output[0]
                return limits
        return LEAST, MOST

    def _product(
        self, node: onnx.NodeProto, source: LaidTensor, inputs: Sequence[Value | None], attributes: dict[str, Any]
    ) -> LaidTensor:
        self.fused = ""
        limits = self._limits(node)
        matrix = inputs[1]
        bias = inputs[2] if len(inputs) > 2 else None
        if isinstance(matrix, LaidTensor) or isinstance(bias, LaidTensor) or matrix is None:
            raise KeyError(node.op_type)
        matrix = matrix.astype(np.float32)
        bias = None if bias is None else bias.astype(np.float32)
        if node.op_type == "Conv":
            if matrix.ndim != 4:
                raise KeyError(node.op_type)
            made = layers.conv(self.drawing, source, matrix, bias, attributes, limits)
        else:
            made = self._dense(node.op_type, source, matrix, bias, attributes, limits)
        if self.fused:
            self.values[self.fused] = made
        return made

    def _dense(
        self, kind: str, source: LaidTensor, matrix: Any, bias: Any, attributes: dict[str, Any], limits: Any
    ) -> LaidTensor:
        if kind == "Gemm":
            if attributes.get("transA"):
                raise KeyError(kind)
            matrix = (matrix.T if attributes.get("transB") else matrix) * np.float32(attributes.get("alpha", 1.0))
            bias = None if bias is None else np.broadcast_to(bias * np.float32(attributes.get("beta", 1.0)), (1, matrix.shape[1]))
        if matrix.ndim != 2:
            raise KeyError(kind)
        return layers.dense(self.drawing, source, matrix, bias, limits)
