"""What Prometheus reads."""

import re

from olhar.bundle.predictor import Predictor
from tests.serving.kit import picture

OCTETS = {"Content-Type": "application/octet-stream"}
LINE = re.compile(r'[a-z_]+(\{([a-z]+="([^"\\]|\\.)*",?)*\})? [0-9.]+')


def numbers(text: str) -> dict[str, float]:
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if not line.startswith("#")}


def test_requests_and_pictures_are_counted(start, strangers_told: Predictor):
    server = start({"colours": strangers_told, 'a "b"': strangers_told}, metrics=True)
    server.post(files=[("file", picture("blue")), ("file", b"none"), ("file", picture("gray"))])
    server.ask("POST", "models/colours/predict", content=b"x", headers=OCTETS)
    server.ask("HEAD", "healthz")
    got = server.get("metrics")
    assert got.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert all(line.startswith("#") or LINE.fullmatch(line) for line in got.text.splitlines())
    found = numbers(got.text)
    assert found['olhar_requests_total{route="/predict",method="POST",status="200"}'] == 1
    assert found['olhar_requests_total{route="/models/{model}/predict",method="POST",status="400"}'] == 1
    assert found['olhar_request_seconds_count{route="/predict"}'] == 1
    assert found['olhar_request_seconds_bucket{route="/predict",le="+Inf"}'] == 1
    told = {
        outcome: found[f'olhar_pictures_total{{model="colours",outcome="{outcome}"}}'] for outcome in ("sure", "unlike", "bad")
    }
    assert told == {"sure": 1, "unlike": 1, "bad": 2}
    assert found['olhar_pictures_total{model="a \\"b\\"",outcome="sure"}'] == 0
    assert found["olhar_requests_in_flight"] == 1


def test_a_thousand_unknown_paths_methods_and_models_stay_one_line_each(start):
    server = start(metrics=True)
    for i in range(50):
        server.get(f"nothing-{i}")
        server.get(f"models/nothing-{i}/labels")
        server.ask("PROPFIND", f"nothing-{i}")
    text = server.get("metrics").text
    assert "nothing-" not in text
    assert len([line for line in text.splitlines() if line.startswith("olhar_requests_total")]) <= 4
    assert len(text) < 8_000


def test_there_are_none_unless_they_are_asked_for_and_a_token_guards_them(start, served):
    assert served.get("metrics").status_code == 404
    server = start(metrics=True, token="hush")
    assert server.get("metrics").status_code == 401
    assert server.get("metrics", headers={"Authorization": "Bearer hush"}).status_code == 200
