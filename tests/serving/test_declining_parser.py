"""Requests that offer another protocol, as Java's HttpClient does, are answered as if they did not."""

import socket
import time

import pytest

from tests.serving.kit import picture, until_closed

OFFER = b"Upgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n"
HEAD = b"POST /predict?top=1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n" + OFFER


def asked(colour: str, connection: bytes = b"Upgrade, HTTP2-Settings") -> bytes:
    data = picture(colour)
    return HEAD + b"Connection: %s\r\nContent-Length: %d\r\n\r\n" % (connection, len(data)) + data


def classes(answer: bytes) -> list[str]:
    return [part.partition(b'"')[0].decode() for part in answer.split(b'{"olhar":1,"class":"')[1:]]


def test_every_request_of_a_connection_gets_its_answer(served):
    last = asked("blue", b"close, Upgrade, HTTP2-Settings")
    assert classes(served.raw(asked("red") + asked("green") + last)) == ["red", "green", "blue"]


@pytest.mark.parametrize("step", [1, 13, 64])
def test_a_head_may_come_in_any_pieces(served, step):
    sent = asked("green", b"Upgrade, HTTP2-Settings, close")
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(sent), step):
            client.sendall(sent[start : start + step])
            time.sleep(0.0005)
        assert classes(until_closed(client)) == ["green"]


def test_a_body_in_chunks_is_whole(served):
    data = picture("blue", size=(300, 200), noise=3)
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (data[:1000], data[1000:]))
    sent = HEAD + b"Connection: close, Upgrade\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
    assert len(classes(served.raw(sent))) == 1


@pytest.mark.parametrize("protocol", [b"websocket", b"h2c", b"x" * 500])
def test_what_has_no_body_is_answered_too(served, protocol):
    sent = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close, upgrade\r\nUpgrade: %s\r\n\r\n" % protocol
    assert served.raw(sent).endswith(b'{"olhar":1,"status":"alive"}')


@pytest.mark.parametrize(("target", "status"), [(b"elsewhere.example:443", b"400"), (b"/predict", b"405")])
def test_a_tunnel_is_refused(served, target, status):
    got = served.raw(
        b"CONNECT %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\nGET / HTTP/1.1\r\n\r\n" % (target, OFFER)
    )
    assert got.split()[1] == status


def test_an_offer_changes_nothing_about_who_is_let_in(start):
    server = start(token="hush")
    assert b" 401 " in server.raw(asked("red", b"Upgrade, close")).split(b"\r\n")[0]
    foreign = asked("red", b"Upgrade, close").replace(b"localhost", b"evil.example")
    assert b" 403 " in server.raw(foreign).split(b"\r\n")[0]
