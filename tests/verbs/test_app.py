"""A model mounted in somebody else's application, behind a real server."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

import olhar
from olhar.base.errors import ServingError
from tests.serving.kit import picture, write_bundle

OCTETS = {"Content-Type": "application/octet-stream"}


@contextlib.contextmanager
def outer(mounted: FastAPI) -> Iterator[str]:
    """The address of an application that has another one mounted at ``/eye``; nobody runs the mounted one's lifespan."""
    own = FastAPI(telemetry={"tracing": False, "metrics": False, "logs": False})
    own.mount("/eye", mounted)
    server = uvicorn.Server(uvicorn.Config(own, log_config=None, log_level="critical"))
    with socket.create_server(("127.0.0.1", 0)) as sock:
        thread = threading.Thread(target=server.run, args=([sock],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{sock.getsockname()[1]}/eye/"
        server.should_exit = True
        thread.join(15)


@pytest.fixture
def bundle(tmp_path):
    return write_bundle(tmp_path / "colours.onnx")


def test_a_mounted_application_becomes_ready_and_answers(bundle, monkeypatch):
    monkeypatch.delenv("OLHAR_TOKEN", raising=False)
    with outer(olhar.app(bundle)) as url:
        deadline = time.monotonic() + 10
        while httpx.get(f"{url}readyz").status_code != 200 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert httpx.get(f"{url}readyz").json() == {"olhar": 1, "status": "ready"}
        got = httpx.post(f"{url}predict", content=picture("blue"), headers=OCTETS).json()
        assert (got["class"], got["model"]) == ("blue", "colours")
        assert "<html" in httpx.get(url).text


def test_a_mounted_page_needs_no_token_and_an_answer_does(bundle, monkeypatch):
    monkeypatch.setenv("OLHAR_TOKEN", "hush")
    with outer(olhar.app({"a": bundle, "b": bundle})) as url:
        for path in ("", "page.js", "style.css", "texts.json", "healthz", "models/b/", "models/b/page.js"):
            assert httpx.get(f"{url}{path}").status_code == 200, path
        for path in ("labels", "models", "models/b/labels"):
            assert httpx.get(f"{url}{path}").status_code == 401, path
            assert httpx.get(f"{url}{path}", headers={"Authorization": "Bearer hush"}).status_code == 200, path


def test_without_a_token_a_name_of_the_network_must_be_allowed(bundle, monkeypatch):
    monkeypatch.delenv("OLHAR_TOKEN", raising=False)
    mounted = olhar.app(bundle, allow_host=("photos.example",))
    reached = ("203.0.113.7", 80)
    transport = httpx.ASGITransport(mounted)

    async def ask(host: str) -> int:
        async def elsewhere(scope, receive, send):
            await mounted({**scope, "server": reached}, receive, send)

        transport.app = elsewhere
        async with httpx.AsyncClient(transport=transport) as client:
            return (await client.get(f"http://{host}/labels")).status_code

    import asyncio

    assert asyncio.run(ask("203.0.113.7")) == 403
    assert asyncio.run(ask("photos.example")) == 200


def test_two_models_of_one_name_are_refused(bundle):
    with pytest.raises(ServingError) as refused:
        olhar.app([bundle, bundle])
    assert refused.value.code == "OLH727"
