"""Pictures as base64 in JSON: taken as they are, bounded as uploads are."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar.base.errors import ServingError
from olhar.serving.json_body import parsed
from tests.serving.kit import picture

JSON = {"Content-Type": "application/json; charset=utf-8"}
URL_SAFE = base64.urlsafe_b64encode(picture(noise=3)).decode().rstrip("=")


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    "image",
    [
        text(picture(noise=3)),
        f"data:image/png;base64,{text(picture(noise=3))}",
        f"DATA:;base64,{text(picture(noise=3)).replace('+', '%2B').replace('/', '%2F').replace('=', '%3D')}",
        base64.encodebytes(picture(noise=3)).decode(),
        URL_SAFE,
    ],
    ids=["plain", "data URL", "escaped data URL", "in lines", "URL-safe without its end"],
)
def test_base64_gets_the_answer_of_the_picture_itself(served, image):
    plain = served.post(content=picture(noise=3), headers={"Content-Type": "image/png"}).json()
    got = served.post(json={"image": image}, headers=JSON).json()
    assert got["predictions"] == plain["predictions"]


def test_several_get_results_in_their_order_and_one_that_is_no_picture_its_error(served):
    sent = [text(one) for one in (picture("red"), b"no picture", picture("blue"))]
    got = served.post(json={"images": sent}, headers=JSON).json()
    assert [one.get("class") for one in got["results"]] == ["red", None, "blue"]


@pytest.mark.parametrize(
    "image", [5, None, "http://127.0.0.1:1/x.png", "file:///etc/passwd", "data:image/png,abcd", "ü", "a", "a=bc"]
)
def test_what_is_no_base64_is_refused_and_nothing_is_opened(served, image):
    got = served.post(json={"image": image}, headers=JSON)
    assert (got.status_code, got.json()["error"]["code"]) == (400, "OLH724")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"5", b"\xff", b"[" * 100_000, b"1" * 5000])
def test_json_that_cannot_be_read_is_refused(served, body):
    got = served.post(content=body, headers=JSON)
    assert (got.status_code, got.json()["error"]["code"]) == (400, "OLH723")


def test_more_values_than_pictures_have_are_taken_for_pixels(served):
    got = served.post(content=b'{"image": [' + b"1," * 400_000 + b"1]}", headers=JSON)
    assert (got.status_code, got.json()["error"]["code"]) == (400, "OLH736")


@pytest.mark.parametrize("document", [{}, {"images": []}, {"images": "x"}, {"image": ""}, {"file": "x"}])
def test_json_without_a_picture_is_told(served, document):
    got = served.post(json=document, headers=JSON)
    assert (got.status_code, got.json()["error"]["code"]) == (400, "OLH706")


def test_json_is_bounded_as_uploads_are(start):
    server = start(max_megabytes=0.01, max_pictures=2)
    many = server.post(json={"images": [text(picture())] * 3}, headers=JSON)
    large = server.post(json={"image": text(b"x" * 20_000)}, headers=JSON)
    assert [(one.status_code, one.json()["error"]["code"]) for one in (many, large)] == [(413, "OLH717"), (413, "OLH716")]


def test_what_decoding_holds_counts_too(start):
    server = start(memory_bytes=15_000)
    for _ in range(3):
        assert server.post(json={"image": text(b"x" * 8_000)}, headers=JSON).status_code == 503
        assert server.post(json={"image": text(picture())}, headers=JSON).status_code == 200


@given(st.binary(max_size=200) | st.recursive(st.none() | st.text(), st.lists).map(lambda v: json.dumps(v).encode()))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_an_object_or_refused(body):
    try:
        found = parsed(body)
    except ServingError as error:
        found = error.code
    assert found == "OLH723" or isinstance(found, dict)
