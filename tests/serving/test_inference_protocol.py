"""Triton's own client against the server, unchanged."""

import threading
import warnings
from collections.abc import Iterator

import numpy as np
import pytest

from tests.serving.kit import CLASSES, picture

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    http = pytest.importorskip("tritonclient.http", reason="tritonclient[http] is not installed")
from tritonclient.utils import InferenceServerException

pytestmark = pytest.mark.filterwarnings("ignore")
MODEL = "model.onnx"


@pytest.fixture
def client(served) -> Iterator:
    with http.InferenceServerClient(f"127.0.0.1:{served.port}") as opened:
        yield opened


def encoded(*colours: str, binary: bool = True):
    values = np.array([picture(colour) for colour in colours], dtype=np.object_)
    tensor = http.InferInput("image", list(values.shape), "BYTES")
    return [tensor.set_data_from_numpy(values, binary_data=binary)]


def test_the_client_finds_the_server_and_the_model(client):
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready(MODEL)
    assert client.is_model_ready(MODEL, "1")
    assert client.get_server_metadata()["name"] == "olhar"
    assert client.get_model_metadata(MODEL)["outputs"] == [{"name": "probabilities", "datatype": "FP32", "shape": [-1, 3]}]
    assert client.get_model_config(MODEL)["max_batch_size"] == 0
    assert [one["name"] for one in client.get_model_repository_index()] == [MODEL]
    assert not client.is_model_ready("none")


@pytest.mark.parametrize("packed", [None, "gzip", "deflate"])
@pytest.mark.parametrize("outputs", [None, [True], [False]])
def test_encoded_pictures_get_the_answers_of_the_offline_model(client, predictor, packed, outputs):
    wanted = [http.InferRequestedOutput("probabilities", binary_data=outputs[0])] if outputs else None
    got = client.infer(
        MODEL,
        encoded("red", "blue"),
        outputs=wanted,
        request_id="seven",
        request_compression_algorithm=packed,
        response_compression_algorithm=packed,
    )
    found = got.as_numpy("probabilities")
    assert (found.dtype, found.shape) == (np.float32, (2, 3))
    np.testing.assert_allclose(found, [predictor(picture(colour)).probabilities for colour in ("red", "blue")], atol=1e-6)
    assert got.get_response()["id"] == "seven"


@pytest.mark.parametrize("binary", [True, False])
def test_class_count_gives_the_best_classes_with_their_names(client, binary):
    outputs = [http.InferRequestedOutput("probabilities", binary_data=binary, class_count=2)]
    found = client.infer(MODEL, encoded("green", "blue"), outputs=outputs).as_numpy("probabilities")
    assert found.shape == (2, 2)
    best = [text.decode() if isinstance(text, bytes) else text for text in found[:, 0]]
    assert [text.split(":")[1:] for text in best] == [[str(CLASSES.index(c)), c] for c in ("green", "blue")]
    assert 0 < float(best[0].split(":")[0]) <= 1


def test_decoded_pictures_of_any_size_go_through_the_model_s_own_rule(client, predictor):
    pixels = np.random.default_rng(0).integers(0, 256, (2, 50, 40, 3), dtype=np.uint8)
    for values in (pixels, pixels[0]):
        tensor = http.InferInput("image", list(values.shape), "UINT8").set_data_from_numpy(values)
        found = client.infer(MODEL, [tensor]).as_numpy("probabilities")
        np.testing.assert_allclose(found[0], predictor(pixels[0]).probabilities, atol=1e-6)


def test_many_in_turn_and_at_once(served):
    wrong = []

    def ask(colour: str) -> None:
        for _ in range(5):
            with http.InferenceServerClient(url) as own:
                found = own.infer(MODEL, encoded(colour)).as_numpy("probabilities")
                if CLASSES[int(found.argmax())] != colour:
                    wrong.append(colour)

    url = f"127.0.0.1:{served.port}"
    threads = [threading.Thread(target=ask, args=(colour,)) for colour in CLASSES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not wrong


def refused(client, inputs, **more) -> str:
    with pytest.raises(InferenceServerException) as error:
        client.infer(MODEL, inputs, headers={"Accept-Language": "en"}, **more)
    return error.value.message()


def test_numbers_are_refused_with_the_reason(client):
    values = np.zeros((1, 16, 16, 3), np.float32)
    for binary in (True, False):
        tensor = http.InferInput("image", [1, 16, 16, 3], "FP32").set_data_from_numpy(values, binary_data=binary)
        assert refused(client, [tensor]).startswith("Numbers (FP32) are not taken: how they were scaled and shrunk is not known")


def test_what_is_wrong_reaches_the_client_as_a_sentence(client):
    other = encoded("red")
    other[0]._name = "pixels"
    assert refused(client, other) == "There is no tensor pixels here. There is: image."
    assert "There is no tensor logits" in refused(client, encoded("red"), outputs=[http.InferRequestedOutput("logits")])
    broken = np.array([b"no picture"], dtype=np.object_)
    assert "This file" in refused(client, [http.InferInput("image", [1], "BYTES").set_data_from_numpy(broken)])
    assert "More than 32 parts" in refused(client, encoded(*["red"] * 33))
    with pytest.raises(InferenceServerException, match="no model none"):
        client.infer("none", encoded("red"))


def test_a_token_reaches_the_server_as_a_header(start):
    server = start(token="hush")
    with http.InferenceServerClient(f"127.0.0.1:{server.port}") as client:
        assert client.is_server_ready()
        with pytest.raises(InferenceServerException, match="wants a token"):
            client.infer(MODEL, encoded("red"), headers={"Accept-Language": "en"})
        got = client.infer(MODEL, encoded("red"), headers={"Authorization": "Bearer hush"})
        assert got.as_numpy("probabilities").argmax() == CLASSES.index("red")
