"""From the first connection to the last answer, in a process of its own where that matters."""

import signal
import socket
import subprocess
import sys

import pytest

from olhar.base.errors import ServingError
from olhar.base.texts import speaking
from olhar.serving.server import listen, url
from olhar.serving.settings import Settings
from tests.serving.kit import asked_to_send, picture, until, until_closed

SCRIPT = """
import sys
from olhar.bundle.predictor import Predictor
from olhar.serving.server import serve
from olhar.serving.settings import Settings
serve(Predictor.open(sys.argv[1]), Settings(port=0, token="", body_seconds=30), lambda url: print(url, flush=True))
assert not [name for name in sys.modules if name.split(".")[0] in ("torch", "matplotlib", "sklearn")]
assert not [name for name in sys.modules if name.startswith("olhar.") and name.split(".")[1] not in ("base", "bundle", "serving")]
"""

PLAIN = 'import sys; sys.modules["httptools"] = sys.modules["uvloop"] = None\n' + SCRIPT


def test_a_taken_port_is_said_in_both_languages_with_the_way_out():
    with listen(Settings(port=0, token="")) as sock:
        port = sock.getsockname()[1]
        with pytest.raises(ServingError) as taken:
            listen(Settings(port=port, token=""))
    with speaking("en"):
        assert str(taken.value) == f"port {port} is in use: give another with --port"
    with speaking("pt-BR"):
        assert str(taken.value) == f"a porta {port} está em uso: escolha outra com --port"
    assert taken.value.code == "OLH703"


@pytest.mark.parametrize(
    ("host", "port", "code"), [("a" * 300, 0, "OLH705"), ("192.0.2.1", 0, "OLH705"), ("127.0.0.1", 70_000, "OLH704")]
)
def test_an_address_that_cannot_be_is_said(host, port, code):
    with pytest.raises(ServingError) as refused:
        listen(Settings(host=host, port=port, token="t"))
    assert refused.value.code == code


def test_the_address_that_is_told_can_be_opened():
    with listen(Settings(host="0.0.0.0", port=0, token="t")) as sock:
        assert url(sock, "0.0.0.0") == f"http://127.0.0.1:{sock.getsockname()[1]}/"
    with listen(Settings(host="localhost", port=0, token="")) as sock:
        assert url(sock, "localhost") == f"http://localhost:{sock.getsockname()[1]}/"


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def process(bundle, request):
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", request.param, str(bundle)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout
        port = int(running.stdout.readline().rstrip("/\n").rpartition(":")[2])
        yield running, port
        if running.poll() is None:
            running.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send to another process")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("process", [SCRIPT, PLAIN], indirect=True, ids=["fast parser, if there", "plain parser"])
def test_a_signal_lets_what_is_in_flight_be_answered_then_ends_well_and_torch_was_never_there(process, number):
    running, port = process
    sent = picture(noise=3)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(
            b"POST /predict HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(sent)
        )
        assert asked_to_send(client)
        running.send_signal(number)
        until(lambda: not listens(port))
        client.sendall(sent)
        assert until_closed(client).startswith(b"HTTP/1.1 200 ")
    out, errors = running.communicate(timeout=30)
    assert (running.returncode, out, errors) == (0, "", "")


@pytest.mark.parametrize("process", [PLAIN], indirect=True, ids=["plain parser"])
def test_the_plain_parser_keeps_the_bounds_too(process):
    running, port = process
    long = b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 400_000
    offer = (
        b"POST /predict HTTP/1.1\r\nHost: localhost\r\nConnection: close, Upgrade\r\nUpgrade: h2c\r\nContent-Length: %d\r\n\r\n"
    )
    offer = offer % len(picture()) + picture()
    for sent, status in ((long, 431), (b"no HTTP at all\r\n\r\n", 400), (offer, 200)):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
            client.sendall(sent)
            assert until_closed(client).startswith(b"HTTP/1.1 %d " % status)
    running.terminate()
    running.communicate(timeout=30)
