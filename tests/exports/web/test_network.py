"""Networks in the page's words: each operation, alone, answers as ONNX Runtime does; what is not known is named."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from olhar.base.errors import ModelError
from olhar.base.signature import Signature
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import with_signature
from olhar.exports.web.emulator import computed
from olhar.exports.web.network import planned
from olhar.exports.web.program import lay
from olhar.models.to_onnx import to_onnx
from olhar.models.zoo import MODELS, build
from tests.conftest import assert_says
from tests.exports.web.kit import CLASSES, array, difference, node, with_last


def conv(out, inside, side, *, into="planes", to="x", **attributes):
    return node("Conv", [into, "k", "b"], [to], **attributes), {"k": array(out, inside, side, side), "b": array(out, seed=2)}


ONE = [
    *("Relu", "Sigmoid", "Tanh", "HardSwish", "Softsign", "Softplus", "Exp", "Sqrt", "Mish", "Neg", "Abs", "Erf"),
    *("LeakyRelu", "Elu", "Selu", "HardSigmoid", "Identity", "LogSoftmax", "Softmax", "GlobalMaxPool", "GlobalAveragePool"),
]


@pytest.mark.parametrize("kind", ONE)
def test_an_operation_answers_as_onnx_runtime(kind):
    first, arrays = conv(5, 3, 3, to="y")
    source = ["y"]
    nodes = [first, node("Abs", ["y"], ["positive"])] if kind == "Sqrt" else [first]
    source = ["positive"] if kind == "Sqrt" else source
    nodes.append(node(kind, source, ["x"], **({"axis": 1} if "oftmax" in kind and kind != "GlobalMaxPool" else {})))
    assert difference(with_last(nodes, arrays)) < 1e-5


@given(
    out=st.sampled_from([1, 3, 4, 9, 16]),
    side=st.integers(1, 4),
    stride=st.integers(1, 3),
    dilation=st.integers(1, 2),
    pads=st.lists(st.integers(0, 2), min_size=4, max_size=4),
    groups=st.sampled_from([1, 3]),
    clipped=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_convolutions_of_all_shapes(  # noqa: PLR0917
    out, side, stride, dilation, pads, groups, clipped
):
    out = out * groups
    first, arrays = conv(out, 3 // groups, side, to="y", strides=[stride, 1], dilations=[dilation, 1], pads=pads, group=groups)
    last = node("Clip", ["y", "low", "high"], ["x"]) if clipped else node("Identity", ["y"], ["x"])
    limits = {"low": np.float32(-0.2), "high": np.float32(0.4)} if clipped else {}
    assert difference(with_last([first, last], arrays | limits)) < 1e-5


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
    attributes = {"count_include_pad": int(count and not ceil)} if kind == "AveragePool" else {}
    pool = node(
        kind, ["planes"], ["y"], kernel_shape=[side, 2], strides=[stride, 2], pads=pads, ceil_mode=int(ceil), **attributes
    )
    # onnx and ONNX Runtime do not agree on how many windows there are where the last begins behind the picture.
    mean = node("ReduceMean", ["y", "axes"], ["x"])
    assert difference(with_last([pool, mean], {"axes": np.array([2, 3])})) < 1e-5


@pytest.mark.parametrize("kind", ["Add", "Sub", "Mul", "Div", "Max", "Min"])
@pytest.mark.parametrize("shape", [(), (1,), (3, 1, 1), (12,), (1, 3, 1, 12), (1, 3, 12, 12), (12, 1)])
@pytest.mark.parametrize("turned", [False, True])
def test_two_arrays_become_one_however_they_are_repeated(kind, shape, turned):
    inputs = ["other", "planes"] if turned else ["planes", "other"]
    nodes = [node(kind, inputs, ["x"])]
    arrays = {"other": array(*shape, low=0.5, high=1.5)}
    if kind == "Div":
        nodes = [node("Add", ["planes", "one"], ["more"]), node(kind, ["other", "more"] if turned else ["more", "other"], ["x"])]
        arrays["one"] = np.float32(1)
    assert difference(with_last(nodes, arrays)) < 1e-5


def test_a_gate_over_channels_is_repeated_over_places():
    first, arrays = conv(6, 3, 3, to="y")
    nodes = [
        first,
        node("GlobalAveragePool", ["y"], ["mean"]),
        node("Sigmoid", ["mean"], ["gate"]),
        node("Mul", ["gate", "y"], ["gated"]),
        node("ReduceMean", ["gated", "axes"], ["map"], keepdims=1),
        node("Mul", ["gated", "map"], ["x"]),
    ]
    assert difference(with_last(nodes, arrays | {"axes": np.array([1])})) < 1e-5


@pytest.mark.parametrize("keep", [0, 1])
@pytest.mark.parametrize("axes", [[1], [2, 3], [1, 3], [1, 2, 3], [-1]])
@pytest.mark.parametrize("kind", ["ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin"])
def test_reductions_over_any_axes(kind, axes, keep):
    nodes = [node(kind, ["planes", "axes"], ["x"], keepdims=keep)]
    assert difference(with_last(nodes, {"axes": np.array(axes)})) < 1e-5


MOVES = {
    "transposed": ([node("Transpose", ["planes"], ["x"], perm=[0, 2, 1, 3])], {}),
    "reshaped": ([node("Reshape", ["planes", "shape"], ["x"])], {"shape": np.array([0, -1, 6])}),
    "squeezed": (
        [
            node("ReduceMax", ["planes", "axes"], ["y"]),
            node("Squeeze", ["y", "axes"], ["z"]),
            node("Unsqueeze", ["z", "axes"], ["x"]),
        ],
        {"axes": np.array([1])},
    ),
    "sliced": (
        [node("Slice", ["planes", "starts", "ends", "axes", "steps"], ["x"])],
        {"starts": np.array([2, 9]), "ends": np.array([10, 1]), "axes": np.array([2, 3]), "steps": np.array([3, -2])},
    ),
    "turned": ([node("Gather", ["planes", "order"], ["x"], axis=1)], {"order": np.array([2, 1, 0])}),
    "a row": ([node("Gather", ["planes", "place"], ["x"], axis=2)], {"place": np.array(-3)}),
    "rows in a shape": ([node("Gather", ["planes", "places"], ["x"], axis=3)], {"places": np.arange(1, 9, 2).reshape(2, 2)}),
    "instances": (
        [node("InstanceNormalization", ["planes", "g", "b"], ["y"]), node("Relu", ["y"], ["x"])],
        {"g": array(3), "b": array(3, seed=4)},
    ),
    "padded": (
        [node("Pad", ["planes", "pads", "value"], ["x"])],
        {"pads": np.array([0, 0, 1, 2, 0, 0, 3, 0]), "value": np.float32(0.3)},
    ),
    "joined": ([node("Concat", ["planes", "planes"], ["x"], axis=1)], {}),
    "normalised": (
        [node("BatchNormalization", ["planes", "g", "b", "m", "v"], ["x"])],
        {"g": array(3), "b": array(3), "m": array(3), "v": array(3, low=0.5)},
    ),
    "sloped": (
        [node("Sub", ["planes", "half"], ["y"]), node("PRelu", ["y", "slope"], ["x"])],
        {"half": np.float32(0.5), "slope": array(3, 1, 1)},
    ),
    "multiplied": ([node("MatMul", ["planes", "matrix"], ["x"])], {"matrix": array(12, 7)}),
}


@pytest.mark.parametrize("move", MOVES)
def test_what_moves_numbers_moves_them_to_the_same_place(move):
    assert difference(with_last(*MOVES[move])) < 1e-5


def test_a_depthwise_convolution_may_make_several_channels_of_one():
    first, arrays = conv(6, 1, 3, group=3, pads=[1, 1, 1, 1])
    assert difference(with_last([first], arrays)) < 1e-5


@pytest.mark.parametrize(
    "last",
    [
        node("Resize", ["planes", "", "scales"], ["x"]),
        node("Gather", ["planes", "uneven"], ["x"], axis=2),
        node("Cos", ["planes"], ["x"]),
        node("MatMul", ["planes", "planes"], ["x"]),
    ],
)
def test_an_operation_that_the_page_does_not_have_is_named(last):
    model = with_last([last], {"scales": np.array([1, 1, 2, 2], np.float32), "uneven": np.array([0, 1, 5])})
    with pytest.raises(ModelError) as error:
        planned(model, "model.onnx")
    assert_says(error, "model.onnx", last.op_type, "--to onnx")


OTHERS = {
    "gelu": nn.Sequential(nn.Conv2d(3, 8, 3), nn.GELU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 3)),
    "layers": nn.Sequential(
        nn.Conv2d(3, 4, 8, 8), nn.BatchNorm2d(4), nn.SiLU(), nn.Flatten(), nn.LayerNorm(64), nn.Linear(64, 3)
    ),
    "groups": nn.Sequential(nn.Conv2d(3, 8, 3), nn.GroupNorm(2, 8), nn.PReLU(8), nn.AvgPool2d(30), nn.Flatten(), nn.Linear(8, 3)),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_network_of_a_persons_own_has_its_place_too(name):
    plain = (0.0,) * 3
    signature = Signature(tuple("abc"), tuple("abc"), 32, 32, 3, "stretch", plain, (1.0,) * 3)
    model = with_signature(to_onnx(OTHERS[name].eval(), signature), signature)
    pixels = np.random.default_rng(1).integers(0, 256, (2, 32, 32, 3), dtype=np.uint8)
    expected = Predictor.from_bytes(model, name).probabilities(pixels)
    assert np.abs(computed(lay(planned(model, name)), pixels, CLASSES) - expected).max() < 1e-5


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_network_of_ours_has_its_place_on_a_page(name):
    names, plain = tuple("abc"), (0.0,) * 3
    signature = Signature(names, names, 32, 32, 3, "stretch", plain, (1.0,) * 3)
    torch.manual_seed(1)
    model = to_onnx(build(name, 3, 3, (32, 32)).eval(), signature)
    pixels = np.random.default_rng(1).integers(0, 256, (2, 32, 32, 3), dtype=np.uint8)
    expected = Predictor.from_bytes(model, name).probabilities(pixels)
    assert np.abs(computed(lay(planned(model, name)), pixels, CLASSES) - expected).max() < 1e-5
