import json

import pytest

from olhar.base.errors import ModelError
from olhar.base.signature import Signature
from tests.conftest import assert_says

GOOD = Signature(("cão", "gato"), ("Cão", "Gato"), 32, 48, 3, "crop", (0.1, 0.2, 0.3), (1.0, 1.0, 1.0), "fotos", "CC0")


def test_a_signature_survives_being_written():
    assert Signature.from_json(GOOD.to_json(), "x") == GOOD


def test_keys_of_a_later_version_are_passed_over():
    text = json.dumps(json.loads(GOOD.to_json()) | {"threshold": 0.9, "version": 2})
    assert Signature.from_json(text, "x").classes == GOOD.classes


def test_a_signature_names_the_rule_of_its_pixels_and_one_without_it_means_the_first():
    content = json.loads(GOOD.to_json())
    assert content.pop("resampling") == "triangle-horizontal-first"
    assert Signature.from_json(json.dumps(content), "x") == GOOD


def test_the_rule_that_decodes_large_jpegs_whole_has_a_name_of_its_own():
    signature = GOOD.decoded_whole()
    assert not GOOD.whole
    assert Signature.from_json(signature.to_json(), "m").whole
    assert "triangle-horizontal-first-whole" in signature.to_json()


def test_pixels_by_a_rule_of_a_later_version_are_refused():
    text = json.dumps(json.loads(GOOD.to_json()) | {"resampling": "box-vertical-first"})
    with pytest.raises(ModelError) as error:
        Signature.from_json(text, "model.onnx")
    assert_says(error, "model.onnx", "box-vertical-first", "pip install --upgrade olhar")


@pytest.mark.parametrize(
    "change",
    [
        {"classes": ["a"]},
        {"classes": ["a", "a"]},
        {"classes": "ab"},
        {"height": 0},
        {"width": "wide"},
        {"channels": 2},
        {"fit": "squash"},
        {"mean": [0.0]},
        {"std": ["a", "b", "c"]},
        {"names": [1, 2]},
        {"resampling": 2},
    ],
)
def test_a_signature_that_contradicts_itself_is_refused(change):
    text = json.dumps(json.loads(GOOD.to_json()) | change)
    with pytest.raises(ModelError) as error:
        Signature.from_json(text, "model.onnx")
    assert_says(error, "model.onnx")


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"classes": ["a"]}', "{" * 50])
def test_what_is_no_signature_is_refused(text):
    with pytest.raises(ModelError) as error:
        Signature.from_json(text, "model.onnx")
    assert_says(error, "model.onnx")
