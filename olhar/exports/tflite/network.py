"""A bundle -> a OperatorPlan: each node of its ONNX in TFLite's words."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from olhar.base.errors import ModelError
from olhar.exports.onnx_nodes import OUTPUT, for_one, kept_between, needed
from olhar.exports.tflite import elementwise, layers
from olhar.exports.tflite.gelu import name_gelus
from olhar.exports.tflite.nodes import HANDLERS
from olhar.exports.tflite.plan import LaidOperand, Operand, OperatorDrawing, OperatorPlan, Value
from olhar.exports.tflite.tidying import tidied


def planned(bundle: bytes, name: str) -> OperatorPlan:
    """What has to be computed for one picture.

    Args:
        bundle: the file of a model.onnx.
        name: of the file, for errors.

    Raises:
        ModelError: an operation of which there is none in TFLite.
    """
    graph = for_one(bundle).graph
    name_gelus(graph)
    network = _Network(graph, name)
    for node in needed(graph):
        network.add(node)
    answer = network.drawing.plain(network.drawing.computed(network.values[OUTPUT]))
    return tidied(OperatorPlan(network.picture, answer.tensor, network.drawing.operators))


class _Network:
    """A graph on its way: what each name stands for so far."""

    def __init__(self, graph: onnx.GraphProto, name: str) -> None:
        self.drawing, self.name = OperatorDrawing(), name
        self.values: dict[str, Value] = {array.name: numpy_helper.to_array(array) for array in graph.initializer}
        shape = tuple(d.dim_value for d in graph.input[0].type.tensor_type.shape.dim)
        self.picture = Operand(shape, "UINT8")
        self.values[graph.input[0].name] = LaidOperand(shape, tuple(range(len(shape))), self.picture)

    def add(self, node: onnx.NodeProto) -> None:
        """The next node.

        Raises:
            ModelError: TFLite does not have it.
        """
        inputs = [self.values[source] if source else None for source in node.input]
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        if node.op_type == "Constant":
            self.values[node.output[0]] = numpy_helper.to_array(attributes["value"])
            return
        try:
            self.values[node.output[0]] = self._value(node.op_type, inputs, attributes)
        except (KeyError, ValueError, IndexError, TypeError, AttributeError) as error:
            raise ModelError("tflite.operation", where=self.name, operation=node.op_type) from error

    def _value(self, kind: str, inputs: Sequence[Value | None], attributes: dict[str, Any]) -> Value:
        first = inputs[0]
        if kind in elementwise.PAIRS:
            return self._pairs(elementwise.PAIRS[kind], inputs)
        if kind == "Concat":
            return self._joined([self.drawing.computed(value) for value in inputs if value is not None], attributes["axis"])
        if not isinstance(first, LaidOperand) or (
            first.tensor.kind != "FLOAT32" and kind not in ("Cast", "Transpose", "Identity")
        ):
            raise KeyError(kind)
        if kind in ("Conv", "Gemm", "MatMul"):
            return self._product(kind, first, inputs, attributes)
        limits = kept_between(kind, inputs)
        if limits is not None:
            return elementwise.clipped(self.drawing, first, *limits)
        if kind in elementwise.EACH:
            return elementwise.each(self.drawing, first, kind, attributes)
        return HANDLERS[kind](self.drawing, first, inputs[1:], attributes)

    def _pairs(self, kind: str, inputs: Sequence[Value | None]) -> Value:
        result, *others = (value for value in inputs if value is not None)
        for other in others:
            result = elementwise.pair(self.drawing, kind, result, other)
        return result

    def _joined(self, parts: Sequence[LaidOperand], axis: int) -> LaidOperand:
        """Tensors set beside each other."""
        order, axis = parts[0].order, axis % len(parts[0].shape)
        arranged = [self.drawing.arranged(part, order) for part in parts]
        shape = tuple(sum(part.shape[a] for part in parts) if a == axis else side for a, side in enumerate(parts[0].shape))
        tensors = [part.tensor for part in arranged]
        made = self.drawing.add("CONCATENATION", tensors, tuple(shape[a] for a in order), axis=order.index(axis))
        return LaidOperand(shape, order, made)

    def _product(self, kind: str, source: LaidOperand, inputs: Sequence[Value | None], attributes: dict[str, Any]) -> LaidOperand:
        matrix, bias = inputs[1], inputs[2] if len(inputs) > 2 else None
        if isinstance(matrix, LaidOperand) or isinstance(bias, LaidOperand) or matrix is None:
            raise KeyError(kind)
        matrix = matrix.astype(np.float32)
        bias = None if bias is None else bias.astype(np.float32)
        if kind == "Conv":
            return layers.conv(self.drawing, source, matrix, bias, attributes)
        if kind == "Gemm":
            if attributes.get("transA"):
                raise KeyError(kind)
            matrix = (matrix.T if attributes.get("transB") else matrix) * np.float32(attributes.get("alpha", 1.0))
            bias = None if bias is None else bias * np.float32(attributes.get("beta", 1.0))
        if matrix.ndim != 2:
            raise KeyError(kind)
        return layers.dense(self.drawing, source, matrix, bias)
