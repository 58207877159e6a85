"""Graph -> ONNX: the batch is free, pictures keep the file's own order at the border."""

from collections.abc import Sequence

import onnx
from onnx import TensorProto, helper

from olhar.graph.folding import folded
from olhar.graph.graph import Graph
from olhar.graph.layout import to_channels_first
from olhar.graph.onnx_operations import EMITTERS
from olhar.graph.onnx_writer import OnnxWriter

OPSET = 18
_IR = 10


def to_onnx(graph: Graph) -> onnx.ModelProto:
    """A model for ONNX Runtime. Inputs and outputs are float32, named ``input_0...`` and ``output_0...``, in Keras's order."""
    folded_graph = folded(to_channels_first(graph))
    writer = OnnxWriter(folded_graph)
    for i, name in enumerate(folded_graph.inputs):
        writer.add("Identity", [f"input_{i}"], name)
    for node in folded_graph.nodes:
        EMITTERS[type(node.op)](writer, node.op, list(node.inputs), node.output)
    for i, name in enumerate(folded_graph.outputs):
        writer.add("Identity", [name], f"output_{i}")
    inputs = [_border(f"input_{i}", graph.shapes[name]) for i, name in enumerate(graph.inputs)]
    outputs = [_border(f"output_{i}", graph.shapes[name]) for i, name in enumerate(graph.outputs)]
    onnx_graph = helper.make_graph(writer.nodes, "olhar", inputs, outputs, writer.arrays)
    return helper.make_model(onnx_graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=_IR, producer_name="olhar")


def _border(name: str, shape: Sequence[int | None]) -> onnx.ValueInfoProto:
    sides = [side if side is not None else (f"{name}_{i}" if i else "batch") for i, side in enumerate(shape)]
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, sides)
