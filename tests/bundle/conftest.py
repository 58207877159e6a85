"""A tiny real bundle: a network that answers by the mean of each colour."""

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from olhar.base.signature import Signature
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import with_signature


def colour_model(gain: float = 0.1) -> bytes:
    """uint8 (N, 8, 8, 3) -> features: mean red, green, blue; logits: ``gain`` times them; probabilities: their softmax."""
    nodes = [
        helper.make_node("Cast", ["pictures"], ["scaled"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["scaled", "axes"], ["features"], keepdims=0),
        helper.make_node("Mul", ["features", "gain"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    constants = [numpy_helper.from_array(np.array([1, 2]), "axes"), numpy_helper.from_array(np.float32(gain), "gain")]
    shapes = {"probabilities": ["n", 3], "logits": ["n", 3], "features": ["n", 3]}
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]
    pictures = helper.make_tensor_value_info("pictures", TensorProto.UINT8, ["n", 8, 8, 3])
    graph = helper.make_graph(nodes, "colours", [pictures], outputs, constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10).SerializeToString()


SIGNATURE = Signature(("red", "green", "blue"), ("Red", "Green", "Blue"), 8, 8, 3)


@pytest.fixture
def bundle(tmp_path):
    """The file of the bundle."""
    path = tmp_path / "colours.onnx"
    path.write_bytes(with_signature(colour_model(), SIGNATURE))
    return path


@pytest.fixture
def eye(bundle) -> Predictor:
    """The bundle, opened."""
    return Predictor.open(bundle)
