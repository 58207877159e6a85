"""Networks in eight bits: each operation, alone, answers in LiteRT's int8 kernels nearly as in ONNX Runtime's floats."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar.base.errors import ModelError
from olhar.exports.tflite.int8.export import int8_plan
from olhar.exports.tflite.network import planned
from tests.conftest import assert_says
from tests.exports.tflite.kit import eight, int8_difference, pictures
from tests.exports.tflite.test_network import RESIZES
from tests.exports.web.kit import array, node, with_last
from tests.exports.web.test_network import MOVES, conv

pytest.importorskip("ai_edge_litert", reason="the extra [tflite] is not installed")

NEAR = 0.03
"""A step of the answer is 0.004; numbers on the way are rounded too."""
EACH = [
    *("Relu", "Sigmoid", "Tanh", "HardSwish", "Exp", "Neg", "Abs", "LeakyRelu", "HardSigmoid", "Identity", "Softmax"),
    *("LogSoftmax", "GlobalMaxPool", "GlobalAveragePool", "Gelu", "Softsign"),
]


@pytest.mark.parametrize("kind", EACH)
def test_an_operation_answers_nearly_as_in_floats(kind):
    first, arrays = conv(5, 3, 3, to="y")
    if kind == "Gelu":
        nodes, more = gelu()
        assert "GELU" in {operator.kind for operator in eight(with_last([first, *nodes], arrays | more)).operators}
        assert int8_difference(with_last([first, *nodes], arrays | more)) < NEAR
        return
    nodes = [first, node(kind, ["y"], ["x"], **({"axis": 1} if kind in ("Softmax", "LogSoftmax") else {}))]
    assert int8_difference(with_last(nodes, arrays)) < NEAR


def gelu():
    nodes = [
        node("Mul", ["y", "root"], ["small"]),
        node("Erf", ["small"], ["erf"]),
        node("Add", ["erf", "one"], ["share"]),
        node("Mul", ["y", "share"], ["product"]),
        node("Mul", ["product", "half"], ["x"]),
    ]
    return nodes, {"root": np.float32(1 / np.sqrt(2)), "one": np.float32(1), "half": np.float32(0.5)}


@pytest.mark.parametrize(("low", "high"), [(0.0, 6.0), (0.0, 0.5), (-0.2, 0.4), (-1.0, 1.0)])
def test_numbers_are_kept_between_two(low, high):
    first, arrays = conv(5, 3, 3, to="y")
    limits = {"low": np.float32(low), "high": np.float32(high)}
    assert int8_difference(with_last([first, node("Clip", ["y", "low", "high"], ["x"])], arrays | limits)) < NEAR


def test_a_swish_is_two_operators_of_eight_bits():
    first, arrays = conv(5, 3, 3, to="y")
    nodes = [first, node("Sigmoid", ["y"], ["gate"]), node("Mul", ["y", "gate"], ["x"])]
    assert int8_difference(with_last(nodes, arrays)) < NEAR


@given(
    out=st.sampled_from([1, 3, 4, 9]),
    side=st.integers(1, 4),
    stride=st.integers(1, 3),
    dilation=st.integers(1, 2),
    pads=st.lists(st.integers(0, 2), min_size=4, max_size=4),
    groups=st.sampled_from([1, 3]),
    last=st.sampled_from(["Relu", "Clip", "HardSwish", "Identity"]),
)
@settings(max_examples=25, deadline=None)
def test_convolutions_of_all_shapes(  # noqa: PLR0917
    out, side, stride, dilation, pads, groups, last
):
    out = out * groups
    first, arrays = conv(out, 3 // groups, side, to="y", strides=[stride, 1], dilations=[dilation, 1], pads=pads, group=groups)
    inputs = ["y", "low", "high"] if last == "Clip" else ["y"]
    limits = {"low": np.float32(0), "high": np.float32(6)}
    assert int8_difference(with_last([first, node(last, inputs, ["x"])], arrays | limits)) < 2 * NEAR


@pytest.mark.parametrize("pads", [[0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 1, 1]])
@pytest.mark.parametrize("kind", ["MaxPool", "AveragePool"])
def test_pools(kind, pads):
    first, arrays = conv(5, 3, 3, to="y")
    pool = node(kind, ["y"], ["x"], kernel_shape=[2, 3], strides=[2, 2], pads=pads)
    assert int8_difference(with_last([first, pool], arrays)) < NEAR


@pytest.mark.parametrize("kind", ["Add", "Sub", "Mul", "Max", "Min"])
@pytest.mark.parametrize("shape", [(), (3, 1, 1), (12,), (1, 3, 1, 12)])
@pytest.mark.parametrize("turned", [False, True])
def test_two_arrays_become_one_however_they_are_repeated(kind, shape, turned):
    inputs = ["other", "more"] if turned else ["more", "other"]
    nodes = [node("Add", ["planes", "one"], ["more"]), node(kind, inputs, ["x"])]
    assert int8_difference(with_last(nodes, {"other": array(*shape, low=0.5, high=1.5), "one": np.float32(1)})) < NEAR


def test_two_branches_are_added_and_multiplied():
    first, arrays = conv(4, 3, 3, to="y")
    nodes = [first, node("Tanh", ["y"], ["z"]), node("Mul", ["y", "z"], ["w"]), node("Add", ["w", "y"], ["x"])]
    assert int8_difference(with_last(nodes, arrays)) < NEAR


def test_what_is_divided_by_known_numbers_is_multiplied():
    first, arrays = conv(4, 3, 3, to="y")
    model = with_last([first, node("Relu", ["y"], ["r"]), node("Div", ["r", "d"], ["x"])], arrays | {"d": np.float32(3)})
    assert int8_difference(model) < NEAR


@pytest.mark.parametrize("others", [["y", "z"], ["y", "z", "planes"], ["s", "z"], ["s", "t"]])
def test_what_is_set_side_by_side_has_one_scale(others):
    first, arrays = conv(3, 3, 1, to="y")
    nodes = [
        first,
        node("Mul", ["y", "ten"], ["z"]),
        node("Sigmoid", ["y"], ["s"]),
        node("Tanh", ["y"], ["t"]),
        node("Concat", others, ["x"], axis=1),
    ]
    model = with_last(nodes, arrays | {"ten": np.float32(3)})
    plan = eight(model)
    joined = next(operator for operator in plan.operators if operator.kind == "CONCATENATION")
    (scale,) = {tensor.quantization.scale for tensor in (*joined.inputs, joined.output)}
    assert scale > 0
    assert int8_difference(model) < NEAR


@pytest.mark.parametrize("axes", [[1], [2, 3], [1, 3]])
@pytest.mark.parametrize("kind", ["ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin"])
def test_reductions(kind, axes):
    assert int8_difference(with_last([node(kind, ["planes", "axes"], ["x"], keepdims=1)], {"axes": np.array(axes)})) < NEAR


@pytest.mark.parametrize("move", sorted(MOVES.keys() - {"instances"}))
def test_what_moves_numbers_moves_them_to_the_same_place(move):
    assert int8_difference(with_last(*MOVES[move])) < NEAR


@pytest.mark.parametrize("way", RESIZES)
def test_pictures_are_made_larger_and_smaller(way):
    attributes, scales = RESIZES[way]
    resize = node("Resize", ["planes", "", "scales"], ["x"], **attributes)
    assert int8_difference(with_last([resize], {"scales": np.array(scales, np.float32)})) < NEAR


def test_a_channel_of_small_weights_keeps_its_steps():
    first, arrays = conv(4, 3, 3, to="x")
    arrays["k"] *= np.array([1, 1e-3, 10, 0], np.float32)[:, None, None, None]
    plan = eight(with_last([first], arrays))
    weights = next(operator for operator in plan.operators if operator.kind == "CONV_2D").inputs[1]
    largest = np.abs(weights.values.astype(int)).max((1, 2, 3))
    assert largest.tolist() == [127, 127, 127, 0]
    assert weights.quantization.zero == 0


def test_biases_take_back_what_rounded_weights_move():
    first, arrays = conv(4, 3, 3, to="x", pads=[0, 0, 0, 0])
    arrays["k"] = np.where(array(4, 3, 3, 3) > 0.98, 20.0, 0.06).astype(np.float32)
    arrays["k"][:, 0, 0, 0] = 20.0
    model = with_last([first], arrays)
    plan, floats = eight(model), planned(model, "tiny")
    conv_of = next(operator for operator in plan.operators if operator.kind == "CONV_2D")
    exact, rounded = (next(o for o in p.operators if o.kind == "CONV_2D").inputs[2] for p in (floats, plan))
    assert conv_of.inputs[1].values.min() == 0
    assert (rounded.values * rounded.quantization.scales - exact.values > 0.2).all()
    assert int8_difference(model) < NEAR


def test_what_has_no_kernel_of_eight_bits_is_named():
    nodes = [node("Abs", ["planes"], ["y"]), node("Sqrt", ["y"], ["x"])]
    with pytest.raises(ModelError) as error:
        int8_plan(with_last(nodes, {}), "model.onnx", pictures())
    assert_says(error, "model.onnx", "SQRT", "--int8")
