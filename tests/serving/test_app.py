"""What the server answers when all is well, and when the picture, the path or the model is not."""

import json
import threading
import time

import numpy as np
import pytest

from olhar.base.texts import LANGUAGES
from olhar.bundle.predictor import Predictor
from olhar.serving import schemas
from olhar.serving.page import FILES
from tests.serving.kit import CLASSES, NAMES, picture, write_bundle

OCTETS = {"Content-Type": "application/octet-stream"}


def close(served, offline):
    assert [row["class"] for row in served] == [row["class"] for row in offline]
    np.testing.assert_allclose([r["probability"] for r in served], [r["probability"] for r in offline], rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("field", ["file", "image"])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_form_gets_the_answer_of_the_offline_predictor(served, predictor, field, kind):
    sent = picture(noise=7, kind=kind)
    got = served.post(files={field: ("a.bin", sent, "image/x")}).json()
    offline = predictor(sent).to_dict()
    assert list(got) == ["olhar", "class", "name", "confidence", "answer", "why", "predictions", "model", "milliseconds"]
    assert (got["olhar"], got["class"], got["name"]) == (1, offline["class"], offline["name"])
    assert got["confidence"] == pytest.approx(offline["confidence"], rel=1e-5)
    assert got["model"] == "model.onnx"
    close(got["predictions"], offline["predictions"])
    schemas.Answer.model_validate(got)


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "application/octet-stream", None])
def test_a_raw_picture_gets_its_answer_whatever_its_type_says(served, predictor, kind):
    sent = picture("blue")
    got = served.post(content=sent, headers={"Content-Type": kind} if kind else {})
    assert got.status_code == 200
    close(got.json()["predictions"], predictor(sent).to_dict()["predictions"])


def test_several_pictures_get_results_in_their_order_and_a_bad_one_its_error(served):
    sent = [picture("red"), b"no picture", picture("blue"), picture("green")]
    files = [("file" if i % 2 else "image", (f"{i}.png", data)) for i, data in enumerate(sent)]
    got = served.post(files=files, headers={"Accept-Language": "en"}).json()
    schemas.Answers.model_validate(got)
    assert [one.get("class") for one in got["results"]] == ["red", None, "blue", "green"]
    assert got["results"][1]["error"]["code"] == "OLH159"
    assert got["results"][1]["error"]["message"].startswith("File 2: ")


def test_a_picture_unlike_anything_seen_is_told_and_keeps_its_answer(start, strangers_told):
    server = start(strangers_told)
    told = [server.post(content=picture(colour), headers=OCTETS).json() for colour in ("blue", "gray")]
    assert [(one["answer"], one["why"]) for one in told] == [("blue", ""), ("blue", "unlike")]


def test_top_cuts_the_list(served):
    assert len(served.post(content=picture(), params={"top": 2}, headers=OCTETS).json()["predictions"]) == 2
    assert len(served.post(content=picture(), params={"top": 9999}, headers=OCTETS).json()["predictions"]) == 3


@pytest.mark.parametrize("top", ["0", "-1", "10001", "x", "1e9", ""])
def test_a_top_that_cannot_be_is_a_400(served, top):
    got = served.post(content=picture(), params={"top": top}, headers=OCTETS)
    assert got.status_code == 400
    assert got.json()["error"]["code"] == "OLH709"


def test_labels_health_and_readiness(served):
    labels = served.get("labels").json()
    schemas.Labels.model_validate(labels)
    assert [(one["class"], one["name"]) for one in labels["labels"]] == list(zip(CLASSES, NAMES, strict=True))
    assert served.get("healthz").json() == {"olhar": 1, "status": "alive"}
    assert served.get("readyz").json() == {"olhar": 1, "status": "ready"}


def test_not_ready_yet_is_503_while_alive_is_200(start, bundle):
    model = Predictor.open(bundle, threads=1)
    asked = model.probabilities
    loaded = threading.Event()
    model.probabilities = lambda pixels: (loaded.wait(10), asked(pixels))[1]  # type: ignore[method-assign]
    server = start(model)
    assert server.get("healthz").status_code == 200
    waiting = server.get("readyz")
    loaded.set()
    assert (waiting.status_code, waiting.json()["error"]["code"]) == (503, "OLH721")
    assert waiting.headers["retry-after"] == "1"


def test_openapi_describes_what_there_is_and_no_page_wants_a_cdn(served):
    described = served.get("openapi.json").json()
    models = {"/models", "/models/{model}/predict", "/models/{model}/labels", "/models/{model}/about"}
    own = {path for path in described["paths"] if not path.startswith(("/v1/", "/v2"))}
    assert own == {"/predict", "/labels", "/about", "/healthz", "/readyz"} | models
    taken = described["paths"]["/predict"]["post"]["requestBody"]["content"]
    assert {"multipart/form-data", "application/json", "image/*"} <= set(taken)
    assert served.get("redoc").status_code == 404


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "predict", 405), ("PUT", "predict", 405), ("DELETE", "", 405)])
def test_a_wrong_method_names_the_right_one(served, method, path, status):
    got = served.ask(method, path)
    assert got.status_code == status
    assert got.json()["error"]["code"] == "OLH714"
    assert got.headers["allow"] in got.json()["error"]["message"]


@pytest.mark.parametrize("path", ["nothing", "predicts", "../etc/passwd", "%2e%2e/olhar/app.py", "web/page.js", "a" * 5000])
def test_a_wrong_path_is_a_404(served, path):
    got = served.get(path)
    assert (got.status_code, got.json()["error"]["code"]) == (404, "OLH713")


def test_head_gives_the_headers_only(served):
    got = served.ask("HEAD", "")
    assert (got.status_code, got.content) == (200, b"")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"x", "OLH159"),
        (picture(kind="JPEG", noise=1)[:-400], "OLH152"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "OLH156"),
        (b"<!doctype html><title>x</title>", "OLH157"),
        (b"http://127.0.0.1:1/picture.png", "OLH159"),
        (b"/etc/passwd", "OLH159"),
    ],
)
def test_a_bad_picture_is_a_400_with_its_sentence(served, sent, code):
    for got in (served.post(content=sent, headers=OCTETS), served.post(files={"file": ("a.png", sent)})):
        assert got.status_code == 400
        problem = schemas.Problem.model_validate(got.json())
        assert problem.error.code == code
        assert "Traceback" not in got.text
        assert "/olhar/" not in got.text


def test_too_many_pixels_are_refused_from_the_header(start):
    server = start(pixels=100)
    got = server.post(content=picture(), headers=OCTETS)
    assert (got.status_code, got.json()["error"]["code"]) == (400, "OLH153")


def test_a_model_that_answers_nan_is_a_500_with_a_code(start, tmp_path):
    broken = Predictor.open(write_bundle(tmp_path / "nan.onnx", nan=True), threads=1)
    got = start(broken).post(content=picture(), headers=OCTETS)
    assert (got.status_code, got.json()["error"]["code"]) == (500, "OLH405")
    assert str(tmp_path) not in got.text
    assert "NaN" not in json.dumps(got.json())


def test_what_nobody_expected_is_a_500_without_a_detail(start, bundle, caplog):
    model = Predictor.open(bundle, threads=1)
    server = start(model)
    model.probabilities = lambda _: 1 / 0  # type: ignore[method-assign,assignment,return-value]
    got = server.post(content=picture(), headers=OCTETS)
    assert (got.status_code, got.json()["error"]["code"]) == (500, "OLH720")
    assert "ZeroDivision" not in got.text
    assert "ZeroDivisionError" in caplog.text


def test_every_answer_has_its_safe_headers(served):
    for got in (served.get(""), served.get("nothing"), served.post(content=b"", headers=OCTETS)):
        policy = got.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["referrer-policy"] == "no-referrer"
        assert "server" not in got.headers
        assert "access-control-allow-origin" not in got.headers


def test_the_log_has_one_line_a_request_and_no_name_of_a_file(served, caplog):
    def logged(path):
        """The lines so far, once the line of ``path`` is there: it comes after the answer."""
        for _ in range(500):
            lines = [record.getMessage() for record in caplog.records if record.name == "olhar.access"]
            if any(f" {path} " in line for line in lines):
                return lines
            time.sleep(0.01)
        raise AssertionError(path)

    with caplog.at_level("INFO", logger="olhar.access"):
        served.get("begin")
        before = len(logged("/begin"))
        served.post(files={"file": ("secret-name.png", picture())}, params={"top": 1})
        served.get("a%0d%0aFAKE")
        served.get("page.js")
        served.get("healthz")
        lines = logged("/healthz")[before:]
    assert len(lines) == 3
    assert lines[0].startswith("127.0.0.1 POST /predict 200 ")
    assert "secret-name" not in caplog.text
    assert all("\n" not in line and "\r" not in line for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_and_its_files_are_small_and_name_no_other_host(served, language):
    whole = 0
    for path, kind in {"": "text/html", **FILES}.items():
        got = served.get(path, params={"language": language})
        assert got.headers["content-type"].startswith(kind)
        assert "://" not in got.text.replace("http://www.w3.org/2000/svg", "")
        assert "innerHTML" not in got.text
        whole += len(got.content)
    assert whole < 60_000
