"""Tiny bundles with an end of each kind, and pictures of which it is known where a class is."""

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from olhar.base.signature import Signature
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import with_signature

SIDE, CLASSES = 16, ("red", "green", "blue")
ENDS = ("plain", "softsign", "hidden", "two maps", "last", "maximum", "one sigmoid", "labels", "flattened")


def eye(end: str, seed: int = 0, noise: float = 0.0) -> Predictor:
    """A model of 16 x 16 pictures that answers by what is red, green and blue in them; its weights are stirred by ``noise``."""
    rng = np.random.default_rng(seed)
    classes = CLASSES[:2] if end == "one sigmoid" else CLASSES
    drawn: dict[str, np.ndarray] = {}

    def weights(name: str, value: np.ndarray) -> str:
        drawn[name] = (value + noise * rng.normal(size=value.shape)).astype(np.float32)
        return name

    channels = weights("channels", 3 * np.eye(3) - 1)
    drawn |= {
        "axes": np.array([2, 3]),
        "last_axes": np.array([1, 2]),
        "small": np.full(1, 1 / 255, np.float32),
        "one": np.ones(1, np.float32),
    }
    nodes = [
        _node("Cast", ["pictures"], "floats", to=TensorProto.FLOAT),
        _node("Mul", ["floats", "small"], "scaled"),
        _node("MatMul", ["scaled", channels], "coloured"),
        _node("Relu", ["coloured"], "last"),
        _node("Transpose", ["last"], "maps", perm=[0, 3, 1, 2]),
        *_end(end, weights, len(classes)),
    ]
    outputs = [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", len(classes)])]
    pictures = helper.make_tensor_value_info("pictures", TensorProto.UINT8, ["n", SIDE, SIDE, 3])
    arrays = [numpy_helper.from_array(value, name) for name, value in drawn.items()]
    graph = helper.make_graph(nodes, end, [pictures], outputs, arrays)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10).SerializeToString()
    signature = Signature(classes, tuple(key.title() for key in classes), SIDE, SIDE, 3)
    return Predictor.from_bytes(with_signature(model, signature), f"{end}.onnx")


def _end(end: str, weights, classes: int) -> list[onnx.NodeProto]:
    """From maps to probabilities."""
    spread, bias = 4 * np.eye(3, classes), np.linspace(0, 0.3, classes)
    if end == "flattened":
        kernel = np.repeat(spread / SIDE**2, SIDE**2, axis=0)
        return [
            _node("Flatten", ["maps"], "row"),
            *_dense("row", weights, kernel, bias),
            _softmax(),
        ]
    if end == "last":
        pooled = [_node("ReduceMean", ["last", "last_axes"], "row", keepdims=0)]
    elif end == "maximum":
        pooled = [
            _node("GlobalMaxPool", ["maps"], "cells"),
            _node("Mul", ["cells", "small"], "less"),
            _node("Flatten", ["less"], "row"),
        ]
        spread *= 255
    else:
        pooled = [_node("GlobalAveragePool", ["maps"], "cells"), _node("Flatten", ["cells"], "row")]
    if end == "two maps":
        coarse = _node("AveragePool", ["maps"], "coarse", kernel_shape=[4, 4], strides=[4, 4])
        pooled += [
            coarse,
            _node("ReduceMean", ["coarse", "axes"], "row_2", keepdims=0),
            _node("Concat", ["row", "row_2"], "both", axis=1),
        ]
        return [
            *pooled,
            *_dense("both", weights, np.concatenate([spread, spread]), bias),
            _softmax(),
        ]
    if end == "softsign":
        pooled += [
            _node("Mul", ["row", weights("scale", np.full(3, 5.0))], "wide"),
            _node("Add", ["wide", weights("offset", np.full(3, -0.4))], "centred"),
            _node("Softsign", ["centred"], "bent"),
        ]
        return [*pooled, *_dense("bent", weights, spread, bias), _softmax()]
    if end == "hidden":
        hidden = [*_dense("row", weights, 2 * np.eye(3), np.full(3, 0.1), "hidden"), _node("Relu", ["hidden"], "kept")]
        return [*pooled, *hidden, *_dense("kept", weights, spread, bias), _softmax()]
    if end == "one sigmoid":
        one = [_node("Sigmoid", ["logits"], "second"), _node("Sub", ["one", "second"], "first")]
        weighed = _dense("row", weights, np.array([[-4.0], [4.0], [0.0]]), np.full(1, 0.2))
        return [*pooled, *weighed, *one, _node("Concat", ["first", "second"], "probabilities", axis=1)]
    last = _node("Sigmoid", ["logits"], "probabilities") if end == "labels" else _softmax()
    return [*pooled, *_dense("row", weights, spread, bias), last]


def _dense(source: str, weights, kernel: np.ndarray, bias: np.ndarray, into: str = "logits") -> list[onnx.NodeProto]:
    names = [source, weights(f"{into}_kernel", kernel), weights(f"{into}_bias", bias)]
    return [_node("Gemm", names, into)]


def _softmax() -> onnx.NodeProto:
    return _node("Softmax", ["logits"], "probabilities", axis=1)


def _node(kind: str, inputs: Sequence[str], output: str, **attributes) -> onnx.NodeProto:
    return helper.make_node(kind, inputs, [output], **attributes)


def corners() -> np.ndarray:
    """A gray picture with a red square above on the left, a green one above on the right, a blue one below on the left."""
    picture = np.full((SIDE, SIDE, 3), 90, np.uint8)
    for channel, (row, column) in enumerate(((0, 0), (0, SIDE // 2), (SIDE // 2, 0))):
        picture[row + 1 : row + 7, column + 1 : column + 7] = 40
        picture[row + 1 : row + 7, column + 1 : column + 7, channel] = 230
    return picture


def share_in_corner(heat: np.ndarray, channel: int) -> float:
    """Of the heat, the share that lies in the quarter of a colour."""
    row, column = ((0, 0), (0, SIDE // 2), (SIDE // 2, 0))[channel]
    return float(heat[row : row + SIDE // 2, column : column + SIDE // 2].sum() / heat.sum())
