"""Many at once: hazard 31."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

from olhar.bundle.predictor import Predictor
from tests.serving.kit import CLASSES, asked_to_send, picture, until, until_closed

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
    until(lambda: server.get("readyz").status_code == 200)
    model.probabilities = lambda pixels: (loaded.wait(20), asked(pixels))[1]  # type: ignore[method-assign]
    with ThreadPoolExecutor(3) as pool:
        asked_first = [pool.submit(server.post, content=picture(), headers=OCTETS) for _ in range(3)]
        until(lambda: any(one.done() for one in asked_first))  # the queue is full: one of the three was refused
        refused = server.post(content=picture(), headers=OCTETS | {"Accept-Language": "pt-BR"})
        alive = server.get("healthz")
        loaded.set()
        assert sorted(one.result().status_code for one in asked_first) == [200, 200, 503]
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "OLH722")
    assert "requisições demais" in refused.json()["error"]["message"]
    assert refused.headers["retry-after"] == "1"
    assert alive.status_code == 200


def test_connections_that_ask_nothing_make_room_for_who_sends(start):
    server = start(connections=5)
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(5)]
    try:
        assert [server.post(content=picture(), headers=OCTETS).status_code for _ in range(3)] == [200] * 3
        assert until_closed(silent[0]) == b""
        silent[-1].sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert b" 200 " in until_closed(silent[-1]).split(b"\r\n")[0]
    finally:
        for client in silent:
            client.close()


def test_where_all_connections_are_at_work_one_more_is_refused_and_they_are_answered(start):
    server = start(connections=3)
    data = picture()
    head = (
        b"POST /predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
        % len(data)
    )
    at_work = [socket.create_connection(("127.0.0.1", server.port), timeout=20) for _ in range(3)]
    try:
        for client in at_work:
            client.sendall(head)
            assert asked_to_send(client)
        assert b" 503 " in server.raw(b"").split(b"\r\n")[0]
        for client in at_work:
            client.sendall(data)
            assert b" 200 " in until_closed(client).split(b"\r\n")[0]
    finally:
        for client in at_work:
            client.close()
