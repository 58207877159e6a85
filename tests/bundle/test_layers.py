"""The operations of a bundle as rows of a table, whatever stands in the place of a name."""

import onnx
from onnx import TensorProto, helper

from olhar.bundle.layers import onnx_layers


def test_names_that_are_no_text_are_shown_as_far_as_they_can_be():
    weights = helper.make_tensor("w", TensorProto.FLOAT, (2, 2), [1.0] * 4)
    node = helper.make_node("MatMul", ["x", "w"], ["y"], name="dense")
    value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, (1, 2)) for name in ("x", "y")]
    data = helper.make_model(helper.make_graph([node], "g", value[:1], value[1:], [weights])).SerializeToString()
    assert [(row.name, row.kind, row.parameters) for row in onnx_layers(onnx.load_from_string(data))] == [("dense", "MatMul", 4)]
    damaged = onnx.load_from_string(data.replace(b"MatMul", b"Mat\xfful").replace(b"dense", b"d\xfense"))
    assert [(row.name, row.kind) for row in onnx_layers(damaged)] == [("d\ufffdnse", "Mat\ufffdul")]
