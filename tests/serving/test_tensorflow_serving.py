"""TensorFlow Serving's protocol, with the bodies that its clients send."""

import base64

import numpy as np
import pytest

from tests.serving.kit import CLASSES, picture

URL = "v1/models/model.onnx:predict"


def b64(colour: str) -> dict[str, str]:
    return {"b64": base64.b64encode(picture(colour)).decode()}


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"instances": [b64("red"), b64("blue")]}, "predictions"),
        (
            {"signature_name": "serving_default", "instances": [{"image_bytes": b64("red")}, {"image_bytes": b64("blue")}]},
            "predictions",
        ),
        ({"inputs": [b64("red"), b64("blue")]}, "outputs"),
        ({"inputs": {"image_bytes": [b64("red"), b64("blue")]}}, "outputs"),
    ],
)
def test_encoded_pictures_get_probabilities_in_the_order_of_the_classes(served, predictor, body, key):
    for path in (URL, URL.replace(":", "/versions/1:")):
        got = served.ask("POST", path, json=body)
        assert got.status_code == 200
        assert list(got.json()) == [key]
        wanted = [predictor(picture(colour)).probabilities for colour in ("red", "blue")]
        np.testing.assert_allclose(got.json()[key], wanted, atol=1e-6)


def test_one_picture_alone_as_a_column(served):
    assert np.argmax(served.ask("POST", URL, json={"inputs": b64("green")}).json()["outputs"][0]) == CLASSES.index("green")


@pytest.mark.parametrize(
    "instances", [[[[[0.1, 0.2, 0.3]]]], [[1, 2]], ["abc"], [{"b64": "x", "more": 1}], [{"a": {"b65": "x"}}]]
)
def test_numbers_are_refused_with_the_reason(served, instances):
    got = served.ask("POST", URL, json={"instances": instances}, headers={"Accept-Language": "en"})
    assert got.status_code == 400
    assert got.json()["error"].startswith("Numbers (JSON) are not taken: how they were scaled and shrunk is not known here")


def test_pixels_of_a_whole_picture_are_refused_with_the_reason_too(served):
    got = served.ask("POST", URL, json={"instances": np.zeros((1, 400, 400, 3)).tolist()}, headers={"Accept-Language": "pt"})
    assert got.json()["error"].startswith("Números (JSON) não são aceitos")


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 400, "Send a list of pictures under instances"),
        ({"instances": []}, 400, "Send a list of pictures under instances"),
        ({"inputs": {"a": [], "b": []}}, 400, "Send a list of pictures under instances"),
        ({"instances": [{"b64": "?"}]}, 400, "Picture 1 is not base64"),
        ({"instances": [{"b64": "AAAA"}]}, 400, "This file"),
        ({"instances": [b64("red")] * 33}, 413, "More than 32 parts"),
    ],
)
def test_what_is_wrong_is_told_as_a_sentence(served, body, status, said):
    got = served.ask("POST", URL, json=body, headers={"Accept-Language": "en"})
    assert got.status_code == status
    assert list(got.json()) == ["error"]
    assert said in got.json()["error"]


def test_errors_before_the_model_are_sentences_too(start, served):
    assert "no model none here" in served.ask("POST", "v1/models/none:predict", json={}).json()["error"]
    assert isinstance(served.get("v1/nothing").json()["error"], str)
    assert isinstance(served.get(URL).json()["error"], str)
    assert isinstance(start(token="hush").ask("POST", URL, json={}).json()["error"], str)


@pytest.mark.parametrize("verb", ["classify", "regress"])
def test_the_protocol_s_other_verbs_are_told_of_the_one_that_is_offered(served, verb):
    for path in (f"v1/models/model.onnx:{verb}", f"v1/models/model.onnx/versions/1:{verb}"):
        got = served.ask("POST", path, json={"examples": [{"x": 1.0}]}, headers={"Accept-Language": "en"})
        assert got.status_code == 404
        said = f":{verb} is not offered. Use :predict, with a list of pictures under instances, each as b64 with its base64."
        assert got.json() == {"error": said}


def test_a_model_tells_its_state(served):
    state = served.get("v1/models/model.onnx").json()["model_version_status"][0]
    assert state == {"version": "1", "state": "AVAILABLE", "status": {"error_code": "OK", "error_message": ""}}
