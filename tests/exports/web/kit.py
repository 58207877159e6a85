"""Tiny bundles of one or two operations, and what the page's engine says of them."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from olhar.base.signature import Signature
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import with_signature
from olhar.exports.web.emulator import computed
from olhar.exports.web.network import planned
from olhar.exports.web.program import lay

SIDE, CLASSES = 12, 3
node = helper.make_node


def array(*shape, seed=0, low=-1.0, high=1.0):
    return np.random.default_rng(seed).uniform(low, high, shape).astype(np.float32)


def bundle(nodes, arrays, last="x", size=(SIDE, SIDE), channels=3, fit="stretch") -> bytes:
    """A bundle: pictures, in 0..1 as ``planes`` (N, C, H, W) -> ``nodes`` -> a mean over what is left -> a softmax."""
    arrays = {"scale": np.float32(1 / 255), **arrays}
    graph = helper.make_graph(
        [
            node("Cast", ["pictures"], ["floats"], to=TensorProto.FLOAT),
            node("Mul", ["floats", "scale"], ["scaled"]),
            node("Transpose", ["scaled"], ["planes"], perm=[0, 3, 1, 2]),
            *nodes,
            node("Flatten", [last], ["flat"]),
            node("MatMul", ["flat", "last"], ["logits"]),
            node("Softmax", ["logits"], ["probabilities"], axis=1),
        ],
        "tiny",
        [helper.make_tensor_value_info("pictures", TensorProto.UINT8, ["N", *size, channels])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", CLASSES])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in arrays.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    names, plain = tuple("abc"), {"mean": (0.0,) * channels, "std": (1.0,) * channels}
    return with_signature(model.SerializeToString(), Signature(names, names, *size, channels, fit, **plain))


def with_last(nodes, arrays, last="x") -> bytes:
    """The same, with a last matrix of the size that is needed."""
    graph = helper.make_graph(
        nodes,
        "part",
        [helper.make_tensor_value_info("planes", TensorProto.FLOAT, [1, 3, SIDE, SIDE])],
        [helper.make_tensor_value_info(last, TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in arrays.items()],
    )
    shapes = onnx.shape_inference.infer_shapes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)]))
    sides = [d.dim_value for d in shapes.graph.output[0].type.tensor_type.shape.dim]
    numbers = int(np.prod(sides))
    return bundle(nodes, arrays | {"last": array(numbers, CLASSES, seed=9) * np.float32(3 / np.sqrt(numbers))}, last)


def difference(model: bytes) -> float:
    """How far the engine's double is from ONNX Runtime, on three pictures."""
    lows = np.array([5, 60, 120])[:, None, None, None]
    pixels = np.random.default_rng(1).integers(lows, 256 - lows // 2, (3, SIDE, SIDE, 3)).astype(np.uint8)
    expected = Predictor.from_bytes(model, "tiny").probabilities(pixels)
    assert np.ptp(expected) > 0.01
    return float(np.abs(computed(lay(planned(model, "tiny")), pixels, CLASSES) - expected).max())
