"""Who is answered: hazard 27, and tokens."""

import time

import pytest

from tests.serving.kit import picture

OCTETS = {"Content-Type": "application/octet-stream"}


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "", "a@127.0.0.1", "[::1", "1.2.3.4"]
)
def test_a_foreign_host_is_refused_whatever_it_asks(served, host):
    for path in ("", "healthz", "predict", "nothing"):
        got = served.get(path, headers={"Host": host})
        assert (got.status_code, got.json()["error"]["code"]) == (403, "OLH711")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST:99", "[::1]:8000", "localhost."])
def test_loopback_names_are_answered_on_any_port(served, host):
    assert served.get("healthz", headers={"Host": host}).status_code == 200


def test_no_host_and_two_hosts_are_refused(served):
    assert b" 403 " in served.raw(b"GET / HTTP/1.0\r\n\r\n").split(b"\r\n")[0]
    first = served.raw(b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n").split(b"\r\n")[0]
    assert b" 403 " in first or b" 400 " in first


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://localhost:1", "http://127.0.0.1", "file://", "x"])
def test_another_site_and_null_are_refused(served, origin):
    got = served.post(content=picture(), headers=OCTETS | {"Origin": origin})
    assert (got.status_code, got.json()["error"]["code"]) == (403, "OLH712")
    assert "access-control-allow-origin" not in got.headers


def test_the_own_page_is_answered(served):
    got = served.post(content=picture(), headers=OCTETS | {"Origin": served.url.rstrip("/")})
    assert got.status_code == 200
    assert "access-control-allow-origin" not in got.headers


def test_a_preflight_of_another_site_gets_nothing(served):
    got = served.ask("OPTIONS", "predict", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
    assert got.status_code == 403


def test_allowed_hosts_and_origins_are_answered(start):
    server = start(allow_host=("photos.example",), allow_origin=("https://page.example",))
    assert server.get("healthz", headers={"Host": "photos.example"}).status_code == 200
    assert server.get("healthz", headers={"Host": "Photos.Example:443"}).status_code == 200
    assert server.get("healthz", headers={"Host": "other.example"}).status_code == 403
    page = {"Origin": "https://page.example"}
    asked = server.ask("OPTIONS", "predict", headers=page | {"Access-Control-Request-Method": "POST"})
    assert asked.status_code == 204
    assert "Authorization" in asked.headers["access-control-allow-headers"]
    got = server.post(content=picture(), headers=OCTETS | page)
    assert (got.status_code, got.headers["access-control-allow-origin"]) == (200, "https://page.example")
    bad = server.post(content=b"x", headers=OCTETS | page)
    assert (bad.status_code, bad.headers["access-control-allow-origin"]) == (400, "https://page.example")
    assert server.post(content=picture(), headers=OCTETS | {"Origin": "https://page.example.evil"}).status_code == 403


def test_only_a_proxy_that_is_trusted_is_believed_who_asks_and_how(start, caplog):
    told = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https", "Host": "photos.example"}
    for trusted, scheme, who in (
        ((), "http", "127.0.0.1"),
        (("10.0.0.0/8",), "http", "127.0.0.1"),
        (("127.0.0.0/8",), "https", "198.51.100.7"),
    ):
        server = start(allow_host=("photos.example",), trust_proxy=trusted)
        assert f"{scheme}://photos.example/predict" in server.get("docs", headers=told).text
        with caplog.at_level("INFO", logger="olhar.access"):
            server.get("seen", headers=told)
            line = logged(caplog, "/seen")
        assert line.startswith(f"{who} GET")
        caplog.clear()


def logged(caplog, path: str) -> str:
    """The line of the log about a path, once it is there: it comes after the answer."""
    for _ in range(500):
        for record in caplog.records:
            if f" {path} " in record.getMessage():
                return record.getMessage()
        time.sleep(0.01)
    raise AssertionError(path)


def test_what_a_trusted_proxy_says_cannot_change_who_is_let_in_nor_forge_the_log(start, caplog):
    server = start(trust_proxy=("127.0.0.1",), token="hush")
    for said in ("127.0.0.1", "\x1b[2Jroot", "a" * 5000, ""):
        headers = {"X-Forwarded-For": said, "X-Forwarded-Host": "localhost"}
        with caplog.at_level("INFO", logger="olhar.access"):
            assert server.get("labels", headers=headers).status_code == (400 if "\x1b" in said else 401)
    assert server.get("labels", headers={"Host": "evil.example", "X-Forwarded-Host": "localhost"}).status_code == 403
    assert "\x1b" not in caplog.text
    assert max(len(record.getMessage()) for record in caplog.records) < 300


def test_a_token_is_wanted_for_answers_but_not_for_the_page(start):
    server = start(token="hush")
    for path in ("", "style.css", "page.js", "answers.js", "camera.js", "icon.svg", "texts.json", "healthz", "readyz"):
        assert server.get(path).status_code == 200
    for given in ({}, {"Authorization": "Bearer hus"}, {"Authorization": "Basic hush"}, {"Authorization": "hush"}):
        for got in (server.post(content=picture(), headers=OCTETS | given), server.get("labels", headers=given)):
            assert (got.status_code, got.json()["error"]["code"]) == (401, "OLH710")
            assert got.headers["www-authenticate"].startswith("Bearer")
    assert server.post(content=picture(), headers=OCTETS | {"Authorization": "bearer hush"}).status_code == 200
