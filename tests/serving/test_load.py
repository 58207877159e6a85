"""Many at once: hazard 31."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from olhar.bundle.predictor import Predictor
from tests.serving.kit import CLASSES, picture

OCTETS = {"Content-Type": "application/octet-stream"}


def test_two_hundred_uploads_at_once_get_right_answers_or_503_and_then_all_is_as_before(start):
    server = start(workers=2, waiting=16)
    pictures = {name: picture(name, (400, 300)) for name in CLASSES}
    barrier = threading.Barrier(200)

    def upload(number: int) -> tuple[int, bool]:
        wanted = CLASSES[number % 3]
        barrier.wait(20)
        got = server.post(content=pictures[wanted], headers=OCTETS)
        return got.status_code, got.status_code == 503 or got.json()["class"] == wanted

    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(upload, range(200)))
    assert {status for status, _ in answers} <= {200, 503}
    assert sum(status == 200 for status, _ in answers) >= 16
    assert all(right for _, right in answers)
    assert server.post(content=pictures["red"], headers=OCTETS).json()["class"] == "red"


def test_a_full_queue_is_a_503_that_says_when_to_come_back(start, bundle):
    model, loaded = Predictor.open(bundle, threads=1), threading.Event()
    asked = model.probabilities
    server = start(model, workers=1, waiting=1)
    while server.get("readyz").status_code != 200:
        time.sleep(0.01)
    model.probabilities = lambda pixels: (loaded.wait(10), asked(pixels))[1]  # type: ignore[method-assign]
    with ThreadPoolExecutor(2) as pool:
        first = [pool.submit(server.post, content=picture(), headers=OCTETS) for _ in range(2)]
        time.sleep(0.4)
        refused = server.post(content=picture(), headers=OCTETS | {"Accept-Language": "pt-BR"})
        alive = server.get("healthz")
        loaded.set()
        assert [one.result().status_code for one in first] == [200, 200]
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "OLH722")
    assert "requisições demais" in refused.json()["error"]["message"]
    assert refused.headers["retry-after"] == "1"
    assert alive.status_code == 200


def test_too_many_connections_are_refused_and_those_that_are_there_stay(start):
    server = start(connections=5)
    kept = [httpx.Client(base_url=server.url) for _ in range(5)]
    try:
        assert [client.get("healthz").status_code for client in kept] == [200] * 5
        assert b" 503 " in server.raw(b"").split(b"\r\n")[0]
        assert kept[0].get("healthz").status_code == 200
    finally:
        for client in kept:
            client.close()
