"""Networks in TFLite's words: each operation, alone, answers in LiteRT as in ONNX Runtime; what is not known is named."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from olhar.base.errors import ModelError
from olhar.base.signature import Signature
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import with_signature
from olhar.exports.tflite.interpreter import answers
from olhar.exports.tflite.network import planned
from olhar.exports.tflite.schema import written
from olhar.models.to_onnx import to_onnx
from olhar.models.zoo import MODELS, build
from tests.conftest import assert_says
from tests.exports.tflite.kit import difference, kinds
from tests.exports.web.kit import array, node, with_last
from tests.exports.web.test_network import MOVES, ONE, OTHERS, conv

pytest.importorskip("ai_edge_litert", reason="the extra [tflite] is not installed")

RESIZES = {
    "larger": ({"mode": "linear"}, [1, 1, 2, 2]),
    "smaller": ({"mode": "linear"}, [1, 1, 0.5, 0.75]),
    "corners": ({"mode": "linear", "coordinate_transformation_mode": "align_corners"}, [1, 1, 2, 1.5]),
    "nearest": ({"nearest_mode": "round_prefer_ceil"}, [1, 1, 2, 1.5]),
    "plainest": ({"nearest_mode": "floor", "coordinate_transformation_mode": "asymmetric"}, [1, 1, 3, 0.5]),
}


@pytest.mark.parametrize("kind", [*ONE, "Clip", "Log", "Reciprocal"])
def test_an_operation_answers_as_onnx_runtime(kind):
    first, arrays = conv(5, 3, 3, to="y")
    positive = kind in ("Sqrt", "Log", "Reciprocal")
    more = [node("Abs", ["y"], ["size"]), node("Add", ["size", "some"], ["positive"])] if positive else []
    inputs = ["positive" if positive else "y", *(["low", "high"] if kind == "Clip" else [])]
    nodes = [first, *more, node(kind, inputs, ["x"], **({"axis": 1} if kind in ("Softmax", "LogSoftmax") else {}))]
    limits = {"low": np.float32(-0.2), "high": np.float32(0.4), "some": np.float32(0.1)}
    assert difference(with_last(nodes, arrays | limits)) < 1e-5


@given(
    out=st.sampled_from([1, 3, 4, 9]),
    side=st.integers(1, 4),
    stride=st.integers(1, 3),
    dilation=st.integers(1, 2),
    pads=st.lists(st.integers(0, 2), min_size=4, max_size=4),
    groups=st.sampled_from([1, 3]),
    last=st.sampled_from(["Relu", "Clip", "HardSwish", "Identity"]),
)
@settings(max_examples=40, deadline=None)
def test_convolutions_of_all_shapes(  # noqa: PLR0917
    out, side, stride, dilation, pads, groups, last
):
    out = out * groups
    first, arrays = conv(out, 3 // groups, side, to="y", strides=[stride, 1], dilations=[dilation, 1], pads=pads, group=groups)
    inputs = ["y", "low", "high"] if last == "Clip" else ["y"]
    limits = {"low": np.float32(0), "high": np.float32(6)}
    assert difference(with_last([first, node(last, inputs, ["x"])], arrays | limits), least=0) < 1e-5


@given(
    kind=st.sampled_from(["MaxPool", "AveragePool"]),
    side=st.integers(2, 3),
    stride=st.integers(1, 3),
    pads=st.lists(st.integers(0, 1), min_size=4, max_size=4),
    ceil=st.booleans(),
    count=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_pools_of_all_shapes(kind, side, stride, pads, ceil, count):
    more = {"count_include_pad": int(count and not ceil)} if kind == "AveragePool" else {}
    about = {"kernel_shape": [side, 2], "strides": [stride, 2], "pads": pads, "ceil_mode": int(ceil)} | more
    nodes = [node(kind, ["planes"], ["y"], **about), node("ReduceMean", ["y", "axes"], ["x"])]
    assert difference(with_last(nodes, {"axes": np.array([2, 3])})) < 1e-5


@pytest.mark.parametrize("kind", ["Add", "Sub", "Mul", "Div", "Max", "Min"])
@pytest.mark.parametrize("shape", [(), (3, 1, 1), (12,), (1, 3, 1, 12), (12, 1)])
@pytest.mark.parametrize("turned", [False, True])
def test_two_arrays_become_one_however_they_are_repeated(kind, shape, turned):
    inputs = ["other", "more"] if turned else ["more", "other"]
    nodes = [node("Add", ["planes", "one"], ["more"]), node(kind, inputs, ["x"])]
    assert difference(with_last(nodes, {"other": array(*shape, low=0.5, high=1.5), "one": np.float32(1)})) < 1e-5


def test_a_gate_over_channels_is_repeated_over_places():
    first, arrays = conv(6, 3, 3, to="y")
    gate = [node("GlobalAveragePool", ["y"], ["mean"]), node("Sigmoid", ["mean"], ["gate"]), node("Mul", ["gate", "y"], ["x"])]
    assert difference(with_last([first, *gate], arrays)) < 1e-5


@pytest.mark.parametrize("keep", [0, 1])
@pytest.mark.parametrize("axes", [[1], [2, 3], [1, 3], [1, 2, 3], [-1]])
@pytest.mark.parametrize("kind", ["ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin"])
def test_reductions_over_any_axes(kind, axes, keep):
    nodes = [node(kind, ["planes", "axes"], ["x"], keepdims=keep)]
    assert difference(with_last(nodes, {"axes": np.array(axes)})) < 1e-5


@pytest.mark.parametrize("move", MOVES)
def test_what_moves_numbers_moves_them_to_the_same_place(move):
    assert difference(with_last(*MOVES[move])) < 1e-5


def test_uneven_rows_are_gathered():
    gather = node("Gather", ["planes", "uneven"], ["x"], axis=2)
    assert difference(with_last([gather], {"uneven": np.array([0, 1, 5, -1])})) < 1e-5


@pytest.mark.parametrize("way", RESIZES)
def test_pictures_are_made_larger_and_smaller(way):
    attributes, scales = RESIZES[way]
    resize = node("Resize", ["planes", "", "scales"], ["x"], **attributes)
    assert difference(with_last([resize], {"scales": np.array(scales, np.float32)})) < 1e-5


def test_no_transpose_is_left_where_a_picture_is_flattened_before_a_matrix():
    first, arrays = conv(5, 3, 3, to="y", strides=[2, 2])
    model = with_last([first, node("Relu", ["y"], ["x"])], arrays)
    assert kinds(model) == ["CAST", "MUL", "CONV_2D", "RESHAPE", "FULLY_CONNECTED", "SOFTMAX"]
    assert difference(model) < 1e-5


def test_several_channels_out_of_one():
    first, arrays = conv(6, 1, 3, group=3, pads=[1, 1, 1, 1])
    model = with_last([first], arrays)
    assert "DEPTHWISE_CONV_2D" in kinds(model)
    assert difference(model) < 1e-5


@pytest.mark.parametrize(
    "last",
    [
        node("Resize", ["planes", "", "scales"], ["x"], mode="cubic"),
        node("Cos", ["planes"], ["x"]),
        node("MatMul", ["planes", "planes"], ["x"]),
    ],
)
def test_an_operation_that_is_not_in_the_table_is_named(last):
    with pytest.raises(ModelError) as error:
        planned(with_last([last], {"scales": np.array([1, 1, 2, 2], np.float32)}), "model.onnx")
    assert_says(error, "model.onnx", last.op_type, "TFLite", "--to onnx")


def far(model: bytes, name: str, signature: Signature) -> float:
    pixels = np.random.default_rng(1).integers(0, 256, (2, *signature.shape), dtype=np.uint8)
    expected = Predictor.from_bytes(model, name).probabilities(pixels)
    return float(np.abs(answers(written(planned(model, name), {}), pixels) - expected).max())


@pytest.mark.parametrize("name", OTHERS)
def test_a_network_of_a_persons_own_has_its_place_too(name):
    signature = Signature(tuple("abc"), tuple("abc"), 32, 32, 3, "stretch", (0.0,) * 3, (1.0,) * 3)
    assert far(with_signature(to_onnx(OTHERS[name].eval(), signature), signature), name, signature) < 1e-5


@pytest.mark.parametrize("name", sorted(MODELS))
@pytest.mark.parametrize("channels", [1, 3])
def test_each_of_our_networks_answers_the_same(name, channels):
    signature = Signature(tuple("abc"), tuple("abc"), 32, 32, channels, "stretch", (0.4,) * channels, (0.2,) * channels)
    network = build(name, channels, 3, (32, 32)).eval()
    assert far(with_signature(to_onnx(network, signature), signature), name, signature) < 1e-5


def test_steps_that_nobody_reads_are_left_out():
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Dropout(0.5), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3))
    signature = Signature(tuple("abc"), tuple("abc"), 32, 32)
    model = with_signature(to_onnx(network.eval(), signature), signature)
    assert "MEAN" in kinds(model)
    assert kinds(model).count("TRANSPOSE") == 0
