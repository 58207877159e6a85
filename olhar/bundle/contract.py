"""A network from elsewhere, as ONNX on floats -> a bundle: raw pictures in, probabilities out, the contract inside."""

from dataclasses import replace
from typing import Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from olhar.base.signature import Signature
from olhar.bundle.writer import signed

Ending = Literal["softmax", "logits", "sigmoid", "labels"]
"""What the network gives: probabilities; plain numbers; one sigmoid (the second of two classes); a sigmoid a label."""

_FREE = "batch"
_PASSED_OVER = ("Identity", "Softmax", "LogSoftmax", "Sigmoid", "Cast")
"""What may stand behind the last dense layer."""


def to_bundle(network: onnx.ModelProto, signature: Signature, ending: Ending, channels_first: bool = False) -> bytes:
    """The serialised bundle of a network that takes scaled floats.

    Args:
        network: one input and one output, float32; it is changed.
        signature: classes in the order of the outputs, size, scaling, order of the channels.
        ending: what the output means.
        channels_first: the network takes (N, C, H, W).

    Returns:
        A model that takes uint8 (N, H, W, C) and gives ``probabilities`` (N, K), and ``logits`` (N, K) and ``features`` (N, F)
        where the network has them.
    """
    graph = network.graph
    answers = _answers(graph, graph.output[0].name, ending)
    take_pictures(network, signature, channels_first)
    del graph.output[:]
    graph.node.extend(answers)
    graph.output.append(_floats("probabilities", len(signature.classes)))
    widths = {"logits": len(signature.classes), "features": "features"}
    output_names = {name for node in answers for name in node.output}
    graph.output.extend(_floats(name, width) for name, width in widths.items() if name in output_names)
    return signed(network, replace(signature, false_alarms=0.0))


def take_pictures(network: onnx.ModelProto, signature: Signature, channels_first: bool = False) -> None:
    """Put before a network that takes scaled floats what makes them of raw pictures, uint8 (N, H, W, C)."""
    graph = network.graph
    nodes = [*_scaled(graph, graph.input[0], signature, channels_first), *graph.node]
    del graph.node[:], graph.input[:]
    graph.node.extend(nodes)
    graph.input.append(helper.make_tensor_value_info("pictures", TensorProto.UINT8, [_FREE, *signature.shape]))


def _floats(name: str, width: int | str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [_FREE, width])


def _scaled(
    graph: onnx.GraphProto, source: onnx.ValueInfoProto, signature: Signature, channels_first: bool
) -> list[onnx.NodeProto]:
    """From ``pictures`` to the network's input: the same sum as in training, ``(pixels / 255 - mean) / std``.

    A gray picture is repeated where the network takes colours.
    """
    std = np.array(signature.std, np.float64)
    scale = _array(graph, "olhar_scale", _for_a_row(1 / (255 * std), signature))
    offset = _array(graph, "olhar_offset", _for_a_row(-np.array(signature.mean, np.float64) / std, signature))
    nodes = [
        helper.make_node("Cast", ["pictures"], ["olhar_pixels"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["olhar_pixels", scale], ["olhar_scaled"]),
        helper.make_node("Add", ["olhar_scaled", offset], ["olhar_shifted"]),
    ]
    last = "olhar_shifted"
    if signature.bgr:
        order = _array(graph, "olhar_order", np.array([2, 1, 0], np.int64))
        nodes.append(helper.make_node("Gather", [last, order], ["olhar_turned"], axis=3))
        last = "olhar_turned"
    sides = source.type.tensor_type.shape.dim
    if signature.channels == 1 and len(sides) == 4 and sides[1 if channels_first else 3].dim_value == 3:
        nodes.append(helper.make_node("Concat", [last] * 3, ["olhar_coloured"], axis=3))
        last = "olhar_coloured"
    if channels_first:
        nodes.append(helper.make_node("Transpose", [last], ["olhar_planes"], perm=[0, 3, 1, 2]))
        last = "olhar_planes"
    if len(sides) != 4:
        shape = _array(graph, "olhar_shape", np.array([-1, *(side.dim_value for side in sides[1:])], np.int64))
        nodes.append(helper.make_node("Reshape", [last, shape], ["olhar_rows"]))
        last = "olhar_rows"
    return [*nodes, helper.make_node("Identity", [last], [source.name])]


def _for_a_row(numbers: "NDArray[np.float64]", signature: Signature) -> "NDArray[np.float32]":
    """Numbers of the channels, for each pixel of a row: where only three stand in a row, ONNX Runtime adds ten times slower."""
    each = numbers.astype(np.float32)
    return each if each.size == 1 else np.tile(each, (signature.width, 1))


def _answers(graph: onnx.GraphProto, answer: str, ending: Ending) -> list[onnx.NodeProto]:
    """From the network's output to the outputs by name."""
    if ending == "sigmoid":
        ones = _array(graph, "olhar_one", np.ones(1, np.float32))
        nodes = [
            helper.make_node("Sub", [ones, answer], ["olhar_other"]),
            helper.make_node("Concat", ["olhar_other", answer], ["probabilities"], axis=1),
        ]
    elif ending == "logits":
        nodes = [helper.make_node("Softmax", [answer], ["probabilities"], axis=1)]
    else:
        nodes = [helper.make_node("Identity", [answer], ["probabilities"])]
    makers = {name: node for node in graph.node for name in node.output}
    logits = answer if ending == "logits" else _before(makers, answer, "Softmax")
    if logits and ending in ("softmax", "logits"):
        nodes.append(helper.make_node("Identity", [logits], ["logits"]))
    features = _features(graph, makers, logits or _before(makers, answer, "Sigmoid"))
    return [*nodes, helper.make_node("Identity", [features], ["features"])] if features else nodes


def _before(makers: dict[str, onnx.NodeProto], name: str, kind: str) -> str:
    """What the activation that a tensor comes from is given; empty where it comes from another."""
    node = makers.get(name)
    while node is not None and node.op_type == "Identity":
        node = makers.get(node.input[0])
    return node.input[0] if node is not None and node.op_type == kind else ""


def _features(graph: onnx.GraphProto, makers: dict[str, onnx.NodeProto], logits: str) -> str:
    """What the last dense layer is given; empty where the network does not end in one."""
    arrays = {array.name for array in graph.initializer} | {node.output[0] for node in graph.node if node.op_type == "Constant"}
    node = makers.get(logits)
    while node is not None and node.op_type in ("Identity", "Add"):
        computed = [name for name in node.input if name not in arrays]
        node = makers.get(computed[0]) if len(computed) == 1 else None
    if node is None or node.op_type not in ("Gemm", "MatMul") or node.input[1] not in arrays:
        return ""
    return node.input[0]


def features_before(graph: onnx.GraphProto, output: str) -> str:
    """What the last dense layer before an output is given; empty where the output does not come from one.

    Activations and nodes that only turn the row's form are passed over.
    """
    makers = {name: node for node in graph.node for name in node.output}
    node = makers.get(output)
    while node is not None and node.op_type in _PASSED_OVER:
        node, output = makers.get(node.input[0]), node.input[0]
    return _features(graph, makers, output)


def _array(graph: onnx.GraphProto, name: str, value: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]") -> str:
    graph.initializer.append(numpy_helper.from_array(value, name))
    return name
