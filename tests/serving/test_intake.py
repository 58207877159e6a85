"""Bodies that are too large, too slow, broken or hostile: hazards 28 and 29, against the real sockets."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.serving.kit import Running, picture, until, until_closed

OCTETS = {"Content-Type": "application/octet-stream"}
HEAD = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nAccept-Language: en\r\n"
RAW = HEAD + b"Content-Type: application/octet-stream\r\n"
FORM = HEAD + b"Content-Type: multipart/form-data; boundary=B\r\n"


def told(answer: bytes) -> tuple[int, str]:
    """Status and code of a raw answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["error"]["code"]


def sized(head: bytes, body: bytes) -> bytes:
    return head + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body


def part(name: bytes, data: bytes, further: bytes = b"") -> bytes:
    return b'--B\r\nContent-Disposition: form-data; name="' + name + b'"' + further + b"\r\n\r\n" + data + b"\r\n"


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        (sized(RAW, b""), 400, "OLH151"),
        (sized(HEAD, b""), 400, "OLH706"),
        (sized(FORM, b""), 400, "OLH707"),
        (sized(FORM, b"--B--\r\n"), 400, "OLH706"),
        (sized(FORM, part(b"file", b"") + b"--B--\r\n"), 400, "OLH151"),
        (sized(FORM, part(b"other", b"x") + b"--B--\r\n"), 400, "OLH706"),
        (sized(FORM, b"nothing of the kind"), 400, "OLH707"),
        (sized(FORM, part(b"file", picture())), 400, "OLH707"),
        (sized(FORM.replace(b"; boundary=B", b""), part(b"file", b"x")), 400, "OLH707"),
        (sized(FORM.replace(b"=B", b"=" + b"B" * 999), part(b"file", b"x")), 400, "OLH707"),
        (sized(FORM, part(b"file", b"x", b"\r\nX: " + b"a" * 1_000_000) + b"--B--\r\n"), 400, "OLH707"),
        (sized(FORM, part(b"file", b"x", b"\r\nX: a" * 1000) + b"--B--\r\n"), 400, "OLH707"),
        (sized(FORM, part(b"file", b"x") * 10_000 + b"--B--\r\n"), 413, "OLH717"),
        (sized(FORM, part(b"text", b"x") * 10_000 + b"--B--\r\n"), 413, "OLH717"),
        (sized(HEAD + b"Content-Type: application/json\r\n", b'{"image": 1}'), 400, "OLH724"),
        (sized(HEAD + b"Content-Type: application/x-www-form-urlencoded\r\n", b"file=/etc/passwd"), 415, "OLH718"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 400_000, 431, "OLH719"),
        (b"GET /labels HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 40_000 + b"\r\nConnection: close\r\n\r\n", 431, "OLH719"),
        (sized(HEAD.replace(b"POST", b"FOO"), b""), 405, "OLH714"),
        (sized(HEAD.replace(b"POST", b"FOO BAR"), b""), 400, "OLH708"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 this is no HTTP\r\n\r\n", 400, "OLH708"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_its_code(served: Running, request_bytes, status, code):
    assert told(served.raw(request_bytes)) == (status, code)


@pytest.mark.parametrize("name", [b"file", b"image", b"imagefile", b"img", b"photo", b"foto", b"imagem", b"files"])
def test_a_picture_comes_under_any_of_the_usual_names(served: Running, name):
    answer = served.raw(sized(FORM, part(name, picture()) + b"--B--\r\n"))
    assert answer.startswith(b"HTTP/1.1 200 ")


def test_a_slash_behind_the_address_is_no_other_address(served: Running):
    answers = [served.ask("POST", path, content=picture(), headers=OCTETS).json() for path in ("predict/", "predict")]
    assert answers[0]["predictions"] == answers[1]["predictions"]


@pytest.mark.parametrize("cut", [1, 3, 40])
def test_a_large_body_in_few_pieces_is_not_taken_for_a_head(served: Running, cut):
    data = picture(size=(200, 150), noise=1)
    assert len(data) > 40_000
    request_bytes = sized(RAW, data)
    head = request_bytes.index(b"\r\n\r\n") + 4
    with socket.create_connection(("127.0.0.1", served.port), timeout=5) as client:
        client.sendall(request_bytes[: head - cut])
        time.sleep(0.05)
        client.sendall(request_bytes[head - cut :])
        assert until_closed(client).startswith(b"HTTP/1.1 200 ")


def test_a_body_over_the_limit_is_refused_with_the_limit_and_its_flag(start):
    server = start(max_megabytes=0.5)
    got = server.post(content=b"x" * 3_000_000, headers=OCTETS | {"Accept-Language": "en"})
    assert (got.status_code, got.json()["error"]["code"]) == (413, "OLH716")
    assert "0.5 MB" in got.json()["error"]["message"]
    assert "--max-megabytes" in got.json()["error"]["message"]
    assert server.post(files={"file": b"x" * 600_000}).status_code == 413
    assert server.post(content=picture(), headers=OCTETS).status_code == 200


def test_who_asks_before_sending_is_not_made_to_send(start):
    server = start(max_megabytes=0.5)
    got = server.raw(RAW + b"Content-Length: 900000\r\nExpect: 100-continue\r\n\r\n")
    assert told(got) == (413, "OLH716")


def test_a_body_without_end_is_cut(start):
    server = start(max_megabytes=0.5, body_seconds=5)
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(RAW + b"Transfer-Encoding: chunked\r\n\r\n")
        sent = 0
        with suppress(OSError):
            while sent < 400_000_000:
                client.sendall(chunk)
                sent += len(chunk)
    assert sent < 200_000_000


def drip(port: int, first: bytes, stop: threading.Event, answers: list[bytes]) -> None:
    """One byte after another, as a client does that wants to hold a place."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(first)
        client.settimeout(0.1)
        got = b""
        while not stop.is_set():
            try:
                client.sendall(b"x")
                piece = client.recv(65536)
                got += piece
                if not piece:
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        answers.append(got)


SLOW = pytest.mark.parametrize(
    "first", [RAW + b"Content-Length: 9000\r\n\r\n", FORM + b"Content-Length: 9000\r\n\r\n--B\r\n", b"GET / HTTP/1.1\r\nX: "]
)


@contextmanager
def thirty_slow_clients(port: int, first: bytes) -> Iterator[list[bytes]]:
    """What was answered to each of them until the server closed, or until the end of the block."""
    stop, answers = threading.Event(), []
    clients = [threading.Thread(target=drip, args=(port, first, stop, answers)) for _ in range(30)]
    for client in clients:
        client.start()
    try:
        yield answers
    finally:
        stop.set()
        for client in clients:
            client.join()


@SLOW
def test_slow_clients_are_let_go_in_time(start, first):
    with thirty_slow_clients(start(body_seconds=1).port, first) as answers:
        until(lambda: len(answers) == 30)
    assert {told(answer) for answer in answers if b"\r\n\r\n" in answer} <= {(408, "OLH715"), (400, "OLH707")}


@SLOW
def test_others_do_not_wait_for_slow_clients(start, first):
    server = start(body_seconds=60, workers=1, waiting=4)
    with thirty_slow_clients(server.port, first) as answers:
        assert server.post(content=picture(), headers=OCTETS).status_code == 200
        assert not answers  # all thirty still hold their places


@pytest.mark.parametrize(
    "name",
    ["../../up.png", "/etc/passwd", "C:\\boot.ini", "a\x00b.png", "n" * 10_000, "não.png", '"; name="x', "http://127.0.0.1:9/x"],
)
def test_a_file_name_is_read_by_nobody(served: Running, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    body = part(b"file", picture(), b'; filename="' + name.replace('"', "%22").encode() + b'"') + b"--B--\r\n"
    answer = served.raw(sized(FORM, body))
    assert b" 200 " in answer.split(b"\r\n")[0] or told(answer) == (400, "OLH707")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", [b"http://127.0.0.1:%d/x.png", b"file:///etc/passwd", b"/etc/passwd", b"../../model.onnx"])
def test_an_address_in_place_of_a_file_opens_no_connection(served: Running, text):
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.3)
        sent = text % trap.getsockname()[1] if b"%d" in text else text
        for field in (b"file", b"image"):
            assert told(served.raw(sized(FORM, part(field, sent) + b"--B--\r\n"))) == (400, "OLH159")
        with pytest.raises(TimeoutError):
            trap.accept()


def test_bodies_together_hold_no_more_than_the_memory_for_them(start):
    server = start(memory_bytes=1_000_000, body_seconds=60)
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as one:
        one.sendall(RAW + b"Connection: close\r\nContent-Length: 950000\r\n\r\n" + b"x" * 900_000)
        until(lambda: server.post(content=b"x" * 200_000, headers=OCTETS).status_code == 503)
        refused = server.post(content=b"x" * 200_000, headers=OCTETS)
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "OLH722")
        assert refused.headers["retry-after"] == "1"
        assert server.post(content=picture(), headers=OCTETS).status_code == 200
        one.sendall(b"x" * 50_000)
        assert told(until_closed(one)) == (400, "OLH159")
    assert server.post(content=b"x" * 900_000, headers=OCTETS).status_code == 400
