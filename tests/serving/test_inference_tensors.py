"""Bodies of the Open Inference Protocol byte by byte: what that protocol allows, and what wild clients send."""

import base64
import gzip
import json
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar.base.errors import ServingError
from olhar.bundle import parity
from olhar.serving.inference_tensors import request_of
from olhar.serving.ledger import Ledger
from olhar.serving.settings import Settings
from tests.serving.kit import CLASSES, picture

PATH = "v2/models/model.onnx/infer"
LENGTH = "Inference-Header-Content-Length"


def element(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data


def body(behind: bytes, **changes) -> tuple[bytes, dict[str, str]]:
    """A request for one picture, as Triton's client writes it, with what a test changes of its one input."""
    tensor = {"name": "image", "shape": [1], "datatype": "BYTES", "parameters": {"binary_data_size": len(behind)}} | changes
    head = json.dumps({"inputs": [tensor], "parameters": {"binary_data_output": True}}).encode()
    return head + behind, {LENGTH: str(len(head))}


def test_a_request_without_a_type_gets_binary_tensors_back(served):
    sent, headers = body(element(picture("blue")))
    head = f"POST /{PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(sent)}\r\n"
    got = served.raw(f"{head}{LENGTH}: {headers[LENGTH]}\r\n\r\n".encode() + sent)
    top, _, answer = got.partition(b"\r\n\r\n")
    length = int(next(line for line in top.split(b"\r\n") if line.lower().startswith(LENGTH.lower().encode())).split(b":")[1])
    assert json.loads(answer[:length])["outputs"][0]["parameters"] == {"binary_data_size": 12}
    assert CLASSES[int(np.frombuffer(answer[length:], "<f4").argmax())] == "blue"


def test_the_pictures_of_golden_json_get_its_answers(served, predictor):
    pixels = np.random.default_rng(1).integers(0, 256, (3, *predictor.signature.shape), dtype=np.uint8)
    golden = json.loads(json.dumps(parity.golden(predictor, pixels)))
    raw = b"".join(base64.b64decode(one) for one in golden["pictures"])
    sent, headers = body(raw, datatype="UINT8", shape=[len(golden["pictures"]), *golden["shape"]])
    got = served.ask("POST", PATH, content=sent, headers=headers)
    found = np.frombuffer(got.content[int(got.headers[LENGTH]) :], "<f4").reshape(len(pixels), -1)
    np.testing.assert_allclose(found, golden["probabilities"], atol=golden["tolerance"])


@pytest.mark.parametrize(
    ("changes", "headers", "said"),
    [
        ({"shape": [2]}, {}, "shape"),
        ({"shape": []}, {}, "shape"),
        ({"shape": [True]}, {}, "shape"),
        ({"shape": [2**31, 2**31, 2**31, 2]}, {}, "shape"),
        ({"shape": "x"}, {}, "shape"),
        ({"parameters": {"binary_data_size": 1}}, {}, "binary_data_size"),
        ({"parameters": {"binary_data_size": -1}}, {}, "binary_data_size"),
        ({"datatype": "UINT8", "parameters": {}}, {}, "binary_data_size"),
        ({"datatype": "UINT8", "shape": [1, 2]}, {}, "shape"),
        ({"datatype": "UINT8", "shape": [1, 2**20, 2**20, 3]}, {}, "shape"),
        ({"datatype": "UINT8", "shape": [4, 4, 4, 3]}, {}, "shape"),
        ({"datatype": "FP16"}, {}, "Numbers (FP16)"),
        ({"datatype": ["x"]}, {}, "Numbers"),
        ({"name": "x"}, {}, "no tensor x"),
        ({}, {LENGTH: "-1"}, LENGTH),
        ({}, {LENGTH: "99999999"}, LENGTH),
        ({}, {"Content-Encoding": "br"}, "Content-Encoding"),
        ({}, {"Content-Encoding": "gzip"}, "Content-Encoding"),
    ],
)
def test_what_does_not_fit_is_told(served, changes, headers, said):
    sent, own = body(element(picture()), **changes)
    got = served.ask("POST", PATH, content=sent, headers=own | headers | {"Accept-Language": "en"})
    assert got.status_code == 400
    assert said in got.json()["error"]


@pytest.mark.parametrize("behind", [b"\xff\xff\xff\xff", b"\x01", element(b"x") + b"\x05\x00\x00\x00ab"])
def test_an_element_that_ends_beyond_the_body_is_told(served, behind):
    sent, headers = body(behind)
    got = served.ask("POST", PATH, content=sent, headers=headers | {"Accept-Language": "en"})
    assert (got.status_code, "binary_data_size" in got.json()["error"]) == (400, True)


def test_what_unpacks_to_more_than_a_request_may_hold_is_refused_and_what_is_cut_off_too(start):
    server = start(max_megabytes=0.5)
    bomb = gzip.compress(b" " * 50_000_000)
    got = server.ask("POST", PATH, content=bomb, headers={"Content-Encoding": "gzip"})
    assert got.status_code == 413
    cut = server.ask("POST", PATH, content=gzip.compress(body(b"")[0])[:-9], headers={"Content-Encoding": "gzip"})
    assert cut.status_code == 400


def test_base64_stands_for_a_picture_in_json(served):
    tensor = {"name": "image", "shape": [1, 1], "datatype": "BYTES", "data": [[base64.b64encode(picture("red")).decode()]]}
    got = served.ask("POST", PATH, json={"inputs": [tensor]}).json()
    assert got["outputs"][0]["shape"] == [1, 3]
    assert int(np.argmax(got["outputs"][0]["data"])) == CLASSES.index("red")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=9)
    | st.sampled_from(["BYTES", "UINT8", "image"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["name", "shape", "datatype", "data", "parameters", "binary_data_size"]), inner, max_size=6
        )
    ),
    max_leaves=20,
)


@given(tensors=st.lists(JSON, max_size=2) | JSON, outputs=JSON, parameters=JSON, behind=st.binary(max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_document_is_a_request_or_refused(tensors, outputs, parameters, behind):
    head = json.dumps({"inputs": tensors, "outputs": outputs, "parameters": parameters}).encode()
    with Ledger(1_000_000).account() as account:
        try:
            request_of(head + behind, {LENGTH.lower(): str(len(head))}, Settings(token=""), account)
        except ServingError as error:
            assert error.code.startswith("OLH7")  # noqa: PT017
