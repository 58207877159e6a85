"""Hazards 27 to 32, each over every entry, in a server of its own and below somebody else's application."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from olhar.bundle.predictor import Predictor
from tests.serving.entries import ENTRIES, HOMES, Entry, Home
from tests.serving.kit import CLASSES, picture, until, write_bundle

EACH = pytest.mark.parametrize("entry", ENTRIES, ids=str)
GOOD = picture("blue")
BODY = next(entry for entry in ENTRIES if entry.name == "body")


@pytest.fixture(scope="module", params=HOMES)
def home(request, predictor) -> Iterator[Home]:
    """A server with the usual settings."""
    with HOMES[request.param](predictor) as opened:
        yield opened


@pytest.fixture(params=HOMES)
def begin(request, predictor) -> Iterator[Callable[..., Home]]:
    """Starts a server with other settings, or with another model."""
    opened = []

    def begun(model: Predictor | None = None, **options) -> Home:
        opened.append(HOMES[request.param](model or predictor, **options))
        return opened[-1].__enter__()

    yield begun
    for one in opened:
        one.__exit__(None, None, None)


def refused(entry: Entry, got: httpx.Response) -> str:
    """The code of a refusal, or its sentence, in the form that this entry's clients want; it gives nothing away."""
    told = got.json()
    assert not [word for word in ("Traceback", "/olhar/", "site-packages", "NaN") if word in got.text]
    if entry.sentence:
        assert list(told) == ["error"]
        assert isinstance(told["error"], str)
        return told["error"]
    assert set(told) == {"olhar", "error"}
    return told["error"]["code"]


def likeliest(entry: Entry, got: httpx.Response) -> str:
    """The class that an answer names."""
    assert got.status_code == 200, got.text
    if not entry.sentence:
        return got.json()["class"]
    told = got.json()
    row = told["predictions"][0] if "predictions" in told else told["outputs"][0]["data"]
    return CLASSES[row.index(max(row))]


@EACH
def test_a_picture_is_answered(home, entry):
    assert likeliest(entry, home.send(entry, [GOOD])) == "blue"


@EACH
@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}], ids=["host", "site", "null"]
)
def test_27_a_foreign_name_and_a_page_of_another_site_are_refused(home, entry, headers):
    got = home.send(entry, [GOOD], **headers)
    assert got.status_code == 403
    assert refused(entry, got)
    assert "access-control-allow-origin" not in got.headers


def test_27_a_page_that_is_named_may_read_answers_and_refusals(begin):
    server = begin(allow_origin=("https://page.example",))
    for entry in ENTRIES:
        for sent, status in ((GOOD, 200), (b"x", 400)):
            got = server.send(entry, [sent], Origin="https://page.example")
            assert (got.status_code, got.headers["access-control-allow-origin"]) == (status, "https://page.example"), entry
        assert server.send(entry, [GOOD], Origin="https://page.example.evil").status_code == 403


def test_27_a_token_is_wanted_by_every_entry(begin):
    server = begin(token="hush")
    for entry in ENTRIES:
        for told in ({}, {"Authorization": "Bearer hus"}, {"Authorization": "hush"}):
            got = server.send(entry, [GOOD], **told)
            assert (got.status_code, got.headers["www-authenticate"]) == (401, 'Bearer realm="olhar"')
            refused(entry, got)
        assert likeliest(entry, server.send(entry, [GOOD], Authorization="Bearer hush")) == "blue"


@EACH
@pytest.mark.parametrize(
    "body",
    [b"", b"\0" * 1000, b"{", b"[]", b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe", b"--B\r\n" * 10_000, b"1," * 400_000],
    ids=["empty", "zeros", "brace", "list", "deep", "deep objects", "no text", "parts", "values"],
)
def test_28_a_body_that_is_none_is_refused(home, entry, body):
    own = entry.pack([GOOD])[0]
    got = home.ask("POST", entry.path, content=body, headers=own)
    assert 400 <= got.status_code < 500
    refused(entry, got)


@EACH
def test_28_a_body_that_is_cut_off_is_refused(home, entry):
    headers, body = entry.pack([GOOD])
    for part in (1, len(body) // 2):
        got = home.ask("POST", entry.path, content=body[:part], headers=headers)
        assert 400 <= got.status_code < 500, part
        refused(entry, got)


@EACH
def test_28_ten_thousand_pictures_are_too_many(home, entry):
    if entry.one:
        pytest.skip("a body is one picture")
    got = home.send(entry, [b"x"] * 10_000)
    assert got.status_code == 413
    refused(entry, got)
    assert home.send(entry, [GOOD] * 3).status_code == 200


def test_28_what_is_too_large_is_refused_told_beforehand_or_not(begin):
    server = begin(max_megabytes=0.05)
    for entry in ENTRIES:
        headers, body = entry.pack([b"x" * 100_000])
        for content in (body, iter([body[:60_000], body[60_000:]])):
            got = server.ask("POST", entry.path, content=content, headers=headers)
            assert got.status_code == 413, entry
            refused(entry, got)
        assert server.send(entry, [GOOD]).status_code == 200


def test_28_a_body_without_end_is_cut(begin):
    server = begin(max_megabytes=0.05, body_seconds=5)
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    for entry in ENTRIES:
        sent = 0
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
            client.sendall(server.head(entry, "Transfer-Encoding: chunked"))
            try:
                while sent < 300_000_000:
                    client.sendall(chunk)
                    sent += len(chunk)
            except OSError:
                pass
        assert sent < 200_000_000, entry


def drip(port: int, head: bytes, stop: threading.Event) -> bytes:
    """A body that comes byte by byte; what is answered until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=0.2) as client:
        client.sendall(head)
        got = b""
        while not stop.is_set():
            try:
                client.sendall(b"-")
                piece = client.recv(65536)
                got += piece
                if not piece:
                    return got
            except TimeoutError:
                continue
            except OSError:
                return got
    return b""


def test_28_slow_bodies_end_in_time_while_a_good_picture_is_answered(begin):
    server, stop = begin(body_seconds=3, workers=1, waiting=4), threading.Event()
    with ThreadPoolExecutor(3 * len(ENTRIES)) as pool:
        heads = [server.head(entry, "Content-Length: 9000") for entry in ENTRIES for _ in range(3)]
        slow = [pool.submit(drip, server.port, head, stop) for head in heads]
        for entry in ENTRIES:
            assert likeliest(entry, server.send(entry, [GOOD])) == "blue"
        ended = [one.result(30) for one in slow]
        stop.set()
    assert all(b" 408 " in answer.split(b"\r\n")[0] or b" 400 " in answer.split(b"\r\n")[0] for answer in ended)


@EACH
@pytest.mark.parametrize("place", ["http://127.0.0.1:%d/x.png", "file:///etc/passwd", "/etc/passwd", "../../model.onnx"])
def test_29_an_address_in_place_of_a_picture_is_not_opened(home, entry, place, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.2)
        text = place % trap.getsockname()[1] if "%d" in place else place
        asked = [home.send(entry, [text.encode()])]
        headers, body = entry.pack([b"PLACE"])
        if headers["Content-Type"] == "application/json":
            plain = body.replace(b"UExBQ0U=", text.encode())
            assert plain != body
            asked.append(home.ask("POST", entry.path, content=plain, headers=headers))
        for got in asked:
            assert got.status_code == 400
            refused(entry, got)
        with pytest.raises(TimeoutError):
            trap.accept()
    assert not list(tmp_path.iterdir())


BAD = {
    "no picture": b"x" * 50,
    "cut off": picture(kind="JPEG", noise=1)[:-400],
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "html": b"<!doctype html><title>x</title>",
    "bomb": picture(kind="PNG", size=(8, 8)).replace(b"\0\0\0\x08\0\0\0\x08", b"\0\1\0\0\0\1\0\0"),
}


@EACH
@pytest.mark.parametrize("sent", BAD.values(), ids=BAD)
def test_30_a_bad_picture_is_refused_as_json(home, entry, sent):
    got = home.send(entry, [sent])
    assert (got.status_code, got.headers["content-type"]) == (400, "application/json")
    refused(entry, got)


@EACH
def test_30_a_wrong_method_and_a_wrong_path_are_told(home, entry):
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        got = home.ask(method, entry.path)
        assert (got.status_code, got.headers["allow"]) == (405, "POST")
        refused(entry, got)
    for path in (f"{entry.path}/more", entry.path.replace("predict", "x").replace("infer", "x")):
        got = home.ask("POST", path, content=GOOD)
        assert got.status_code == 404, path
        refused(entry, got)


def blocked(bundle) -> tuple[Predictor, threading.Event]:
    """A model that answers once it is let go."""
    model, free = Predictor.open(bundle, threads=1), threading.Event()
    asked = model.probabilities
    model.probabilities = lambda pixels: (free.wait(15), asked(pixels))[1]  # type: ignore[method-assign]
    return model, free


def test_30_not_ready_is_told_while_the_server_is_alive(begin, bundle):
    model, free = blocked(bundle)
    server = begin(model)
    try:
        ready = [server.ask("GET", path).status_code for path in ("readyz", "v2/health/ready", "v2/models/model.onnx/ready")]
        alive = [server.ask("GET", path).status_code for path in ("healthz", "v2/health/live")]
        state = server.ask("GET", "v1/models/model.onnx").json()["model_version_status"][0]["state"]
    finally:
        free.set()
    assert (ready, alive, state) == ([503] * 3, [200] * 2, "LOADING")


def test_31_a_full_queue_is_told_and_then_all_is_as_before(begin, bundle):
    model, free = blocked(bundle)
    server = begin(model, workers=1, waiting=1)
    free.set()
    until(lambda: server.ask("GET", "readyz").status_code == 200)
    free.clear()
    with ThreadPoolExecutor(3) as pool:
        first = [pool.submit(server.send, BODY, [GOOD]) for _ in range(3)]
        until(lambda: any(one.done() for one in first))  # the queue is full: one of the three was refused
        told = [(entry, server.send(entry, [GOOD])) for entry in ENTRIES]
        free.set()
        assert sorted(one.result().status_code for one in first) == [200, 200, 503]
    for entry, got in told:
        assert (got.status_code, got.headers["retry-after"]) == (503, "1"), entry
        refused(entry, got)
        assert likeliest(entry, server.send(entry, [GOOD])) == "blue"


def test_31_bodies_hold_no_more_than_the_memory_for_them(begin):
    server = begin(memory_bytes=20_000)
    for entry in ENTRIES:
        got = server.send(entry, [b"x" * 30_000])
        assert (got.status_code, got.headers["retry-after"]) == (503, "1"), entry
        refused(entry, got)
        assert likeliest(entry, server.send(entry, [GOOD])) == "blue"


def test_31_two_hundred_at_once_by_every_entry(begin):
    server, barrier = begin(workers=2, waiting=16), threading.Barrier(200)
    sent = {name: picture(name, (200, 150)) for name in CLASSES}

    def upload(number: int) -> tuple[int, bool]:
        entry, wanted = ENTRIES[number % len(ENTRIES)], CLASSES[number % 3]
        barrier.wait(20)
        got = server.send(entry, [sent[wanted]])
        return got.status_code, got.status_code == 503 or likeliest(entry, got) == wanted

    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(upload, range(200)))
    assert {status for status, _ in answers} <= {200, 503}
    assert sum(status == 200 for status, _ in answers) >= 16
    assert all(right for _, right in answers)
    assert likeliest(BODY, server.send(BODY, [GOOD])) == "blue"


def test_32_a_model_that_answers_nan_is_told_and_nan_is_never_in_json(begin, tmp_path):
    server = begin(Predictor.open(write_bundle(tmp_path / "model.onnx", nan=True), threads=1))
    for entry in ENTRIES:
        got = server.send(entry, [GOOD])
        assert got.status_code == 500, entry
        assert "NaN" not in got.text
        assert str(tmp_path) not in got.text
        refused(entry, got)


def test_32_a_fault_of_ours_is_told_without_a_detail(begin, bundle, caplog):
    model = Predictor.open(bundle, threads=1)
    server = begin(model)
    until(lambda: server.ask("GET", "readyz").status_code == 200)
    model.probabilities = lambda _: 1 / 0  # type: ignore[method-assign,assignment,return-value]
    for entry in ENTRIES:
        got = server.send(entry, [GOOD])
        assert got.status_code == 500, entry
        assert "ZeroDivision" not in json.dumps(got.json())
        refused(entry, got)
    assert "ZeroDivisionError" in caplog.text
