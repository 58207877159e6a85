"""A server asked from Python, and the ways that the pages show for other languages."""

import http.server
import shutil
import subprocess
import sys
import threading

import numpy as np
import pytest

import olhar
from olhar.base.errors import PictureError, ServingError
from olhar.base.texts import speaking
from tests.serving.kit import CLASSES, picture

NODE = """
const fs = require("fs");
const body = fs.readFileSync(process.argv[2]);
fetch(process.argv[1] + "predict", { method: "POST", body, headers: { "Content-Type": "image/png" } })
  .then((answer) => answer.json()).then((told) => console.log(told.class));
"""
PLAIN = """
import json, sys, urllib.request

request = urllib.request.Request(sys.argv[1] + "predict", open(sys.argv[2], "rb").read(), {"Content-Type": "image/jpeg"})
print(json.load(urllib.request.urlopen(request))["class"])
"""
BASE64 = """
import base64, json, sys, urllib.request

image = base64.b64encode(open(sys.argv[2], "rb").read()).decode()
body = json.dumps({"image": image}).encode()
request = urllib.request.Request(sys.argv[1] + "predict", body, {"Content-Type": "application/json"})
print(json.load(urllib.request.urlopen(request))["class"])
"""


def test_a_picture_gets_the_answer_of_the_offline_model(served, predictor, tmp_path):
    file = tmp_path / "x.png"
    file.write_bytes(picture(noise=5))
    ask = olhar.Client(served.url)
    offline = predictor(file)
    for one in ask.many([file, str(file), file.read_bytes()]):
        assert (one.label, one.answer, one.why, one.model) == (offline.label, offline.answer, offline.why, "model.onnx")
        np.testing.assert_allclose([one.probabilities[key] for key in CLASSES], offline.probabilities, atol=1e-6)
    assert list(ask.labels()) == list(CLASSES)


def test_one_of_several_models_and_a_token(start, predictor):
    server = start({"a": predictor, "b c": predictor}, token="hush")
    assert olhar.Client(server.url, token="hush", model="b c")(picture("blue")).model == "b c"
    with pytest.raises(ServingError) as refused, speaking("en"):
        olhar.Client(server.url)(picture())
    assert refused.value.code == "OLH743"
    with speaking("en"):
        assert str(refused.value).endswith("refuses (OLH710): This server wants a token. Send it as Authorization: Bearer TOKEN.")


def test_a_bad_picture_is_told_in_the_person_s_language(served, tmp_path):
    with speaking("pt-BR"):
        with pytest.raises(ServingError) as refused:
            olhar.Client(served.url)(b"no picture")
        assert "recusa (OLH159): Este arquivo" in str(refused.value)
    with pytest.raises(PictureError):
        olhar.Client(served.url)(tmp_path / "none.png")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1", "http://", ""])
def test_what_is_no_address_is_told(url):
    with pytest.raises(ServingError) as refused:
        olhar.Client(url)
    assert refused.value.code == "OLH742"


def test_nobody_there_and_somebody_else_are_told():
    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>")

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Other) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        url = f"127.0.0.1:{server.server_address[1]}"
        with pytest.raises(ServingError) as refused:
            olhar.Client(url).labels()
        assert refused.value.code == "OLH745"
    with pytest.raises(ServingError) as refused:
        olhar.Client(url).labels()
    assert refused.value.code == "OLH744"


def test_a_busy_server_is_asked_again(start, monkeypatch):
    server, waited = start(memory_bytes=1), []
    monkeypatch.setattr("time.sleep", waited.append)
    with pytest.raises(ServingError) as refused:
        olhar.Client(server.url)(picture())
    assert refused.value.values["code"] == "OLH722"
    assert waited == [1.0] * 3


@pytest.mark.parametrize(
    "words",
    [
        ["curl", "-sS", "-F", "file=@{file}", "{url}predict"],
        ["curl", "-sS", "--data-binary", "@{file}", "-H", "Content-Type: image/jpeg", "{url}predict?top=3"],
        ["node", "-e", NODE, "{url}", "{file}"],
        [sys.executable, "-c", PLAIN, "{url}", "{file}"],
        [sys.executable, "-c", BASE64, "{url}", "{file}"],
    ],
    ids=["curl, form", "curl, body", "Node", "Python", "Python, base64"],
)
def test_other_clients_get_the_answer(served, tmp_path, words):
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not on this machine")
    file = tmp_path / "picture.png"
    file.write_bytes(picture("green"))
    filled = [word if word in (NODE, PLAIN, BASE64) else word.format(file=file, url=served.url) for word in words]
    out = subprocess.run(filled, capture_output=True, text=True, check=True).stdout
    assert "green" in out
