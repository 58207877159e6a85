import numpy as np
import onnxruntime
import pytest
import torch

from olhar.base.errors import RecipeError
from olhar.base.signature import Signature
from olhar.models.form import Form
from olhar.models.to_onnx import OUTPUTS, contract, to_onnx
from olhar.models.zoo import MODELS, build, multiply_adds
from tests.conftest import assert_says


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [(8, 8), (9, 13), (28, 28), (33, 33), (64, 48), (100, 100)])
def test_every_network_takes_any_picture_from_eight_pixels_up(name, channels, size):
    network = build(name, channels, 5, size).eval()
    with torch.no_grad():
        assert network(torch.zeros(2, channels, *size)).shape == (2, 5)


@pytest.mark.parametrize("name", MODELS)
def test_a_wider_network_has_more_parameters(name):
    narrow, wide = (sum(p.numel() for p in build(name, 3, 5, (16, 16), Form(width=width)).parameters()) for width in (8, 16))
    assert narrow < wide


def test_a_name_that_is_not_there_names_the_nearest():
    with pytest.raises(RecipeError) as error:
        build("resnett", 3, 2, (32, 32))
    assert_says(error, "resnett", "did you mean resnet", "cnn")


def test_pictures_that_are_too_small_are_refused():
    with pytest.raises(RecipeError) as error:
        build("cnn", 3, 2, (7, 7))
    assert_says(error, "7")


def test_multiply_adds_are_counted_by_hand():
    network = build("cnn", 3, 10, (8, 8), Form(width=4))
    stages = 64 * 9 * 3 * 4 + 16 * 9 * 4 * 8 + 4 * 9 * 8 * 16
    assert multiply_adds(network, (1, 3, 8, 8)) == stages + 16 * 128 + 128 * 10


@pytest.mark.parametrize("name", MODELS)
def test_an_export_answers_as_the_network_does_for_any_number_of_pictures(name):
    torch.manual_seed(0)
    signature = Signature(("a", "b"), ("a", "b"), 12, 16, 3, mean=(0.4, 0.5, 0.6), std=(0.2, 0.3, 0.4))
    network = build(name, 3, 2, (12, 16), Form(width=8)).eval()
    session = onnxruntime.InferenceSession(to_onnx(network, signature))
    for n in (1, 5):
        pixels = np.random.default_rng(n).integers(0, 256, (n, 12, 16, 3), dtype=np.uint8)
        with torch.no_grad():
            expected = contract(network, signature)(torch.from_numpy(pixels))
            scaled = (
                torch.from_numpy(pixels).permute(0, 3, 1, 2) / 255 - torch.tensor(signature.mean).view(1, 3, 1, 1)
            ) / torch.tensor(signature.std).view(1, 3, 1, 1)
            assert torch.allclose(network(scaled), expected[1], atol=1e-5)
        for found, wanted in zip(session.run(list(OUTPUTS), {"pictures": pixels}), expected, strict=True):
            assert np.allclose(found, wanted.numpy(), atol=1e-5)
