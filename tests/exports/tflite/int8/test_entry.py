"""The picture as int8: what scales it is in its scale and in the first weights; nothing of it is computed."""

import numpy as np
import pytest

from olhar.base.signature import Signature
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import with_signature
from olhar.exports.tflite.int8.export import int8_plan
from olhar.exports.tflite.interpreter import answers
from olhar.exports.tflite.schema import written
from olhar.models.to_onnx import to_onnx
from olhar.models.zoo import build
from tests.exports.tflite.kit import eight, int8_difference
from tests.exports.web.kit import array, bundle, node, with_last
from tests.exports.web.test_network import conv

pytest.importorskip("ai_edge_litert", reason="the extra [tflite] is not installed")


def kinds(plan):
    return [operator.kind for operator in plan.operators]


SCALINGS = {
    "0..1": ((0.0,) * 3, (1.0,) * 3, -128),
    "-1..1": ((0.5,) * 3, (0.5,) * 3, 0),
    "a mean a channel": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225), -14),
    "means far apart": ((0.7, 0.4, 0.1), (0.2, 0.3, 0.2), -128),
    "backwards": ((0.5,) * 3, (-0.5,) * 3, -128),
}


@pytest.mark.parametrize("scaling", SCALINGS)
def test_levels_go_in_as_they_are_whatever_the_scaling(scaling):
    mean, std, zero = SCALINGS[scaling]
    signature = Signature(tuple("abc"), tuple("abc"), 16, 16, 3, "stretch", mean, std)
    model = with_signature(to_onnx(build("cnn", 3, 3, (16, 16)).eval(), signature), signature)
    pixels = np.random.default_rng(1).integers(0, 256, (6, 16, 16, 3), dtype=np.uint8)
    plan = int8_plan(model, "tiny", pixels)
    assert abs(plan.picture.quantization.zero - zero) <= 1
    assert (kinds(plan)[0] == "CONV_2D") == (scaling not in ("means far apart", "backwards"))
    expected = Predictor.from_bytes(model, "tiny").probabilities(pixels)
    assert np.abs(answers(written(plan, {}), pixels) - expected).max() < 0.02


def test_scaling_goes_through_a_border_into_the_weights():
    first, arrays = conv(4, 3, 3, into="wide")
    pad = node("Pad", ["planes", "pads"], ["wide"])
    model = with_last([pad, first], arrays | {"pads": np.array([0, 0, 1, 0, 0, 0, 1, 2])})
    assert kinds(eight(model))[:2] == ["PAD", "CONV_2D"]
    assert int8_difference(model) < 0.02


def test_several_channels_out_of_one():
    first, arrays = conv(6, 1, 3, group=3, pads=[1, 1, 1, 1])
    assert kinds(eight(with_last([first], arrays)))[0] == "DEPTHWISE_CONV_2D"
    assert int8_difference(with_last([first], arrays)) < 0.02


def test_a_picture_that_two_read():
    first, arrays = conv(3, 3, 1, to="y")
    assert int8_difference(with_last([first, node("Add", ["y", "planes"], ["x"])], arrays)) < 0.02


def test_gray_without_any_convolution():
    nodes = [node("Sub", ["planes", "mean"], ["x"])]
    arrays = {"mean": np.float32(0.4), "last": array(144, 3, seed=9) / 4}
    model = bundle(nodes, arrays, channels=1)
    assert kinds(eight(model, 1))[-2:] == ["FULLY_CONNECTED", "SOFTMAX"]
    assert int8_difference(model, 1) < 0.02
