"""The browser that the tests of this room share, and a host for folders."""

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.exports.web.browsers import ARGS, CHROMIUM


@pytest.fixture(scope="module")
def browser() -> Iterator["object"]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield opened
        opened.close()


class Quiet(SimpleHTTPRequestHandler):
    """A static host as plain as they come: no header is set."""

    def log_message(self, *_) -> None:
        pass


@pytest.fixture
def host(tmp_path) -> Iterator[str]:
    """The address at which the test's own folder is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
