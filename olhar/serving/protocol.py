"""Uvicorn's HTTP protocol with the bounds that it leaves out: on the head of a request, and on connections.

Uvicorn waits without end for a request that never finishes its head, and its fast parser takes a head of any length. Where there
is no room for one client more, one that asks nothing makes room: who sends is let in.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from olhar.serving.envelope import SAFE
from olhar.serving.refusals import Refusal, body, status
from olhar.serving.settings import Settings

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as Protocol
else:
    from uvicorn.protocols.http.auto import AutoHTTPProtocol as Protocol

HEAD_BYTES = 32_768
_LOOKED_AT = 2048
_END = b"\r\n\r\n"
_METHOD = re.compile(rb"([A-Za-z-]{1,20}) /[!-~]* HTTP/1\.[01]\r\n")
"""A first line that is right but for its method, which the parser does not know."""
_TAKEN = (b"GET", b"POST")
_REASONS = {
    400: b"Bad Request",
    405: b"Method Not Allowed",
    408: b"Request Timeout",
    431: b"Request Header Fields Too Large",
    503: b"Service Unavailable",
}


def bounded_protocol(settings: Settings) -> type[asyncio.Protocol]:
    """The protocol class for a server with these settings."""

    class Bounded(_Bounded):
        head_seconds = settings.body_seconds
        most = settings.connections
        turns = count()

    return Bounded


class _Bounded(Protocol):
    """One connection. Between two requests, bytes and seconds are counted until the next head is whole."""

    head_seconds: float
    most: int
    turns: Iterator[int]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hasattr(self, "parser"):  # httptools; h11, where that is not installed, reads on by itself
            from olhar.serving.declining_parser import DecliningParser

            self.parser = DecliningParser(self.parser, self)
        self._head = 0
        self._opening = b""
        self._latest = b""
        self._timer: asyncio.TimerHandle | None = None
        self.waits = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client comes: it is let in if there is room, and its time begins."""
        super().connection_made(transport)
        self._begin()
        if len(self.connections) > self.most and not self._make_room():
            self.refuse(Refusal("serve.busy"))

    def connection_lost(self, exc: Exception | None) -> None:
        """A client has gone."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes have come: part of a head, or of a body."""
        if self._between() and self._timer is None:
            self._begin()
        if self._between():
            self._count(data)
            if self._head > HEAD_BYTES:
                self.refuse(self._too_long())
                return
        super().data_received(data)
        if not self._between():
            self._stop()

    def on_headers_complete(self) -> None:
        """A head is whole; one that offers another protocol comes again without the offer."""
        if not self.parser.offers:
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request is whole."""
        if not self.parser.offers:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP gets an answer in our form too; so does a method that there is not."""
        del msg
        method = _METHOD.match(self._opening)
        method = None if method and method[1] in _TAKEN else method
        allowed = {"method": method[1].decode(), "allowed": "GET, POST"} if method else {}
        self.refuse(Refusal("serve.method", {"Allow": "GET, POST"}, **allowed) if method else Refusal("serve.http"))

    def refuse(self, refusal: Refusal) -> None:
        """Answer without the application, and close."""
        text = json.dumps(body(refusal), ensure_ascii=False).encode()
        code = status(refusal)
        headers = SAFE | refusal.headers | {"Content-Type": "application/json", "Content-Length": str(len(text))}
        lines = [f"{name}: {value}\r\n".encode() for name, value in headers.items()]
        first = b"HTTP/1.1 %d %s\r\n" % (code, _REASONS.get(code, b""))
        self.transport.write(b"".join((first, *lines, b"Connection: close\r\n\r\n", text)))
        self.transport.close()

    def _too_long(self) -> Refusal:
        return Refusal("serve.head", kilobytes=HEAD_BYTES // 1024)

    def _between(self) -> bool:
        """Whether no request is in flight, so that what comes is the head of the next."""
        cycle = cast("Any", self.cycle)  # None until the first request, whatever its type says
        return cycle is None or cycle.response_complete

    def _begin(self) -> None:
        self._head, self._opening, self._latest = 0, b"", b""
        self.waits = next(self.turns)
        self._timer = self.loop.call_later(self.head_seconds, self._too_slow)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def _too_slow(self) -> None:
        if not self.transport.is_closing():
            self.refuse(Refusal("serve.too_slow", seconds=self.head_seconds))

    def _count(self, data: bytes) -> None:
        """Count what of the head has come; a body may follow it in the same piece."""
        joined = self._latest + data
        end = joined.find(_END)
        self._head += len(data) if end < 0 else max(0, end + len(_END) - len(self._latest))
        self._opening = (self._opening + data)[:_LOOKED_AT]
        self._latest = joined[-len(_END) + 1 :]

    def _make_room(self) -> bool:
        """Close the connection that has longest been asking nothing; whether there was one."""
        silent = [one for one in self.connections if one is not self and isinstance(one, _Bounded) and one.silent]
        if not silent:
            return False
        min(silent, key=lambda one: one.waits).transport.close()
        return True

    @property
    def silent(self) -> bool:
        """Whether no whole request has come from there, or every one that came is answered."""
        return self._between() and not self.transport.is_closing()
