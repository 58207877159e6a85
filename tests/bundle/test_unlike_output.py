import numpy as np
import pytest

from olhar.bundle.class_distance import class_distance
from olhar.bundle.predictor import Predictor
from olhar.bundle.unlike_output import with_unlikeness
from olhar.bundle.unlike_score import PictureScore, unlikeness
from tests.serving.kit import telling_strangers, write_bundle


@pytest.fixture
def model(tmp_path):
    return Predictor.open(write_bundle(tmp_path / "model.onnx"))


def test_the_file_computes_what_the_score_does(model):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (90, 1, 1, 3), dtype=np.uint8).repeat(16, 1).repeat(16, 2)
    features, probabilities = model.outputs(pixels, "features", "probabilities")
    far = class_distance(features[:60], probabilities[:60].argmax(1))
    found = unlikeness({"features": far}, {"features": far(features[:60])}, probabilities[:60])
    changed, signature = with_unlikeness(model.serialised(), model.signature, found)
    telling = Predictor.from_bytes(changed, "model.onnx")
    assert telling.signature == signature
    shares, strange = telling.answers(pixels)
    assert (shares == probabilities).all()
    assert strange == pytest.approx(found({"features": features}, probabilities), abs=2e-3)


@pytest.mark.parametrize("features", [True, False])
def test_what_the_picture_itself_says_is_in_the_file_too(model, features):
    pixels = np.random.default_rng(0).integers(0, 256, (90, 16, 16, 3), dtype=np.uint8) // 4 + 90
    told, probabilities = model.outputs(pixels, "features", "probabilities")
    far = {"features": class_distance(told[:60], probabilities[:60].argmax(1))} if features else {}
    itself = PictureScore.of(pixels, np.arange(60), np.arange(60, 90))
    held_back = {name: distance(told[60:]) for name, distance in far.items()}
    found = unlikeness(far, held_back, probabilities[60:], itself)
    telling = Predictor.from_bytes(with_unlikeness(model.serialised(), model.signature, found)[0], "model.onnx")
    asked = np.concatenate([pixels, np.full((2, 16, 16, 3), 128, np.uint8)])
    told, probabilities = model.outputs(asked, "features", "probabilities")
    _, strange = telling.answers(asked)
    assert strange == pytest.approx(found({"features": told}, probabilities, asked), rel=1e-3, abs=2e-3)
    assert (strange[60:90] <= 1).mean() > 0.9
    assert (strange[90:] > 1).all()


def test_a_model_without_the_output_answers_as_ever(model):
    shares, strange = model.answers(np.zeros((2, 16, 16, 3), np.uint8))
    assert shares.shape == (2, 3)
    assert strange is None
    assert telling_strangers(model).answers(np.zeros((2, 16, 16, 3), np.uint8))[1].shape == (2,)
