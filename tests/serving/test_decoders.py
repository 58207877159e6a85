"""What may be slow to decode is decoded in a process that can be ended, and the ordinary picture never sees it."""

import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from olhar.serving import decoder, decoders
from tests.base.test_picture_bounds import run_lengths
from tests.serving.kit import CLASSES, picture
from tests.serving.test_server import SCRIPT, process

OCTETS = {"Content-Type": "application/octet-stream"}
ENDLESS = "import sys, time; sys.stdout.write('R'); sys.stdout.flush(); time.sleep(60)"
SLOW = run_lengths(1900, 2000)

__all__ = ["process"]


@pytest.fixture
def started(monkeypatch) -> list[subprocess.Popen[bytes]]:
    """The processes that were started."""
    found = []
    start = subprocess.Popen

    def counted(*words, **options):
        found.append(start(*words, **options))
        return found[-1]

    monkeypatch.setattr(decoder.subprocess, "Popen", counted)
    return found


def ask(server, data: bytes, language: str = "en"):
    return server.post(content=data, headers=OCTETS | {"Accept-Language": language})


def test_an_ordinary_picture_starts_no_process(start, started):
    server = start()
    assert [ask(server, picture("red", kind=kind)).json()["class"] for kind in ("JPEG", "PNG", "WEBP")] == ["red"] * 3
    assert started == []


def test_other_formats_are_answered_as_everywhere_by_one_process_that_is_kept(start, started):
    server = start()
    for colour in CLASSES:
        for kind in ("TIFF", "GIF", "BMP", "PPM"):
            assert ask(server, picture(colour, kind=kind)).json()["class"] == colour
    assert len(started) == 1


def test_at_the_deadline_the_process_is_ended_and_the_next_picture_gets_another(start, started, monkeypatch):
    server = start(picture_seconds=2)
    with monkeypatch.context() as patched:
        patched.setattr(decoder, "_PROGRAM", ENDLESS)
        refused = ask(server, picture(kind="TIFF"))
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "OLH972")
    assert refused.json()["error"]["message"].startswith("This file: not decoded after 2 seconds. Send it smaller")
    assert ask(server, picture("green", kind="TIFF")).json()["class"] == "green"
    assert [one.poll() is None for one in started] == [False, True]


def test_a_bad_picture_is_named_as_everywhere_and_the_process_goes_on(start, started):
    server = start()
    refused = ask(server, picture(kind="TIFF")[:200], "pt-BR").json()["error"]
    assert (refused["code"], refused["message"]) == (
        "OLH152",
        "Este arquivo: a imagem está cortada ou danificada. Copie-a de novo ou retire-a.",
    )
    assert ask(server, picture("blue", kind="TIFF")).json()["class"] == "blue"
    assert len(started) == 1


def test_a_process_that_something_else_ended_is_replaced(start, started):
    server = start()
    assert ask(server, picture("red", kind="GIF")).json()["class"] == "red"
    started[0].kill()
    started[0].wait()
    assert ask(server, picture("blue", kind="GIF")).json()["class"] == "blue"


def test_a_good_request_is_answered_beside_slow_ones_of_which_too_many_are_told_to_come_back(start, monkeypatch):
    server, done = start(slow_waiting=1, picture_seconds=20), threading.Event()
    decode = decoders.Decoders._decode
    monkeypatch.setattr(decoders.Decoders, "_decode", lambda *words: (done.wait(15), decode(*words))[1])
    with ThreadPoolExecutor(3) as pool:
        slow = [pool.submit(ask, server, picture("blue", kind="TIFF")) for _ in range(3)]
        while not any(one.done() for one in slow):
            time.sleep(0.01)
        assert ask(server, picture("red", kind="JPEG")).json()["class"] == "red"
        done.set()
        assert sorted(one.result().status_code for one in slow) == [200, 200, 503]


def test_a_machine_that_starts_no_process_says_so(start, monkeypatch):
    monkeypatch.setattr(decoder.sys, "executable", "/nowhere/python")
    refused = ask(start(), picture(kind="TIFF"))
    assert (refused.status_code, refused.json()["error"]["code"]) == (500, "OLH973")
    assert "Send JPEG or PNG" in refused.json()["error"]["message"]


def test_a_process_that_does_not_begin_is_no_answer_of_a_picture(start, monkeypatch):
    monkeypatch.setattr(decoder, "_PROGRAM", "")
    refused = ask(start(), picture(kind="TIFF"))
    assert (refused.status_code, refused.json()["error"]["code"]) == (500, "OLH973")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send to another process")
@pytest.mark.parametrize("process", [SCRIPT], indirect=True)
def test_the_server_ends_when_it_is_told_to_and_leaves_no_process(process):
    running, port = process
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(
            httpx.post, f"http://127.0.0.1:{port}/predict", content=SLOW, headers=OCTETS, timeout=20, trust_env=False
        )
        deadline = time.monotonic() + 20
        while not (below := children(running.pid)) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert below
        running.send_signal(signal.SIGTERM)
        out, errors = running.communicate(timeout=20)
        assert asking.result().status_code in (200, 400)  # as quick as the machine is
    assert (running.returncode, out, errors) == (0, "", "")
    assert not any(command_of(one).startswith(sys.executable) for one in below)


def children(parent: int) -> list[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    return [int(pid) for pid, above in (line.split() for line in listed.splitlines()) if int(above) == parent]


def command_of(number: int) -> str:
    return subprocess.run(["ps", "-o", "args=", "-p", str(number)], capture_output=True, text=True, check=False).stdout
