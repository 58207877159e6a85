"""A small library on 127.0.0.1 that lends files, and can be told to behave as badly as the web does."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Library:
    """What lies there, how it behaves, and what it was asked.

    Attributes:
        files: the content by path.
        cut: after how many bytes of an answer the line is cut, for each of the next answers.
        statuses: the status of each of the next answers, in place of the file.
        redirect: where every answer sends the asker.
        ranges: whether it can go on in the middle.
        endless: whether bytes come without end, and without a length.
        silent: seconds without a word before the answer.
        asked: the path and the Range of every request.
    """

    files: dict[str, bytes]
    cut: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    redirect: str = ""
    ranges: bool = True
    endless: bool = False
    silent: float = 0.0
    asked: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""


@contextmanager
def lending(**files: bytes) -> Iterator[Library]:
    """A library open for as long as the ``with`` block; ``_zip`` in a name stands for ``.zip``."""
    library = Library({f"/{name.replace('_', '.')}": content for name, content in files.items()})

    class Desk(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            try:
                _serve(self, library)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    server.daemon_threads = True
    library.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield library
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _serve(desk: BaseHTTPRequestHandler, library: Library) -> None:
    library.asked.append((desk.path, desk.headers.get("Range", "")))
    time.sleep(library.silent)
    if library.redirect:
        desk.send_response(302)
        desk.send_header("Location", library.redirect)
        desk.end_headers()
        return
    content = library.files.get(desk.path)
    status = library.statuses.pop(0) if library.statuses else 404 if content is None else 200
    if status != 200 or content is None:
        desk.send_error(status)
        return
    if library.endless:
        desk.send_response(200)
        desk.end_headers()
        while True:
            desk.wfile.write(b"\0" * 65536)
    start, etag = 0, f'"{hash(content)}"'
    if library.ranges and desk.headers.get("Range") and desk.headers.get("If-Range") == etag:
        start = int(desk.headers["Range"].removeprefix("bytes=").removesuffix("-"))
    desk.send_response(206 if start else 200)
    if start:
        desk.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
    desk.send_header("ETag", etag)
    desk.send_header("Content-Length", str(len(content) - start))
    desk.end_headers()
    wanted = content[start:]
    desk.wfile.write(wanted[: library.cut.pop(0)] if library.cut else wanted)
    desk.close_connection = True
