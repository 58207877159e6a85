"""Uvicorn's HTTP protocol with the bounds that it leaves out: on the head of a request, and on connections.

Uvicorn waits without end for a request that never finishes its head, and its fast parser takes a head of any length.
"""

import asyncio
import json
from typing import TYPE_CHECKING, Any, cast

from olhar.serving.envelope import SAFE
from olhar.serving.refusals import Refusal, body, status
from olhar.serving.settings import Settings

if TYPE_CHECKING:
    from uvicorn.protocols.http.h11_impl import H11Protocol as Protocol
else:
    from uvicorn.protocols.http.auto import AutoHTTPProtocol as Protocol

HEAD_BYTES = 32_768
_REASONS = {400: b"Bad Request", 408: b"Request Timeout", 431: b"Request Header Fields Too Large", 503: b"Service Unavailable"}


def bounded_protocol(settings: Settings) -> type[asyncio.Protocol]:
    """The protocol class for a server with these settings."""

    class Bounded(_Bounded):
        head_seconds = settings.body_seconds
        most = settings.connections

    return Bounded


class _Bounded(Protocol):
    """One connection. Between two requests, bytes and seconds are counted until the next head is whole."""

    head_seconds: float
    most: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head = 0
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client comes: it is let in if there is room, and its time begins."""
        super().connection_made(transport)
        self._begin()
        if len(self.connections) > self.most:
            self.refuse(Refusal("serve.busy"))

    def connection_lost(self, exc: Exception | None) -> None:
        """A client has gone."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes have come: part of a head, or of a body."""
        if self._between() and self._timer is None:
            self._begin()
        self._head += len(data) if self._between() else 0
        super().data_received(data)
        if not self._between():
            self._stop()
        elif self._head > HEAD_BYTES and not self.transport.is_closing():
            self.refuse(self._too_long())

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP gets an answer in our form too."""
        del msg
        self.refuse(self._too_long() if self._head > HEAD_BYTES else Refusal("serve.http"))

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
        self._head = 0
        self._timer = self.loop.call_later(self.head_seconds, self._too_slow)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def _too_slow(self) -> None:
        if not self.transport.is_closing():
            self.refuse(Refusal("serve.too_slow", seconds=self.head_seconds))
