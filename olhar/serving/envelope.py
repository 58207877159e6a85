"""Envelope: what every request gets, whatever its answer: a language, safe headers, an end, and one line in the log.

Where an answer is given before the body has been read (too large, not let in), closing at once would reset the connection and
the client would never see the answer. So the answer is sent, a bounded rest of the body is read and thrown away, and then
the connection is closed.
"""

import asyncio
import logging
import time
from http import HTTPStatus
from typing import cast

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from olhar.base.errors import OlharError
from olhar.base.texts import speaking
from olhar.serving.language import requested_language
from olhar.serving.metrics import RequestMetrics
from olhar.serving.refusals import Refusal, response

ACCESS = logging.getLogger("olhar.access")
LOG = logging.getLogger("olhar.serving")

ANSWER_HEADERS = "olhar.answer_headers"
"""Where in the scope further headers for the answer are put."""

_PIECES = (".css", ".js", ".svg", ".png", ".ico", ".webmanifest")
LINGER_BYTES = 64_000_000
LINGER_SECONDS = 2.0

SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


class Envelope:
    """ASGI middleware, the outermost: no exception gets past it, and no answer goes out without its headers."""

    def __init__(self, app: ASGIApp, metrics: RequestMetrics | None = None) -> None:
        self._app = app
        self._metrics = metrics or RequestMetrics()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = Exchange(scope, receive, send)
        self._metrics.in_flight += 1
        try:
            with speaking(requested_language(scope)):
                await self._answered(exchange)
            await exchange.finish()
        finally:
            self._metrics.in_flight -= 1
        self._metrics.count(scope, exchange.status, exchange.seconds)
        ACCESS.log(logging.DEBUG if exchange.of_page else logging.INFO, "%s", str(exchange))

    async def _answered(self, exchange: "Exchange") -> None:
        """A GET for each HEAD (the server leaves its body out), and a sentence for each exception."""
        scope = {**exchange.scope, "method": "GET"} if exchange.scope["method"] == "HEAD" else exchange.scope
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except ClientDisconnect:
            exchange.status = 499
        except Exception as error:
            problem = spoken(error, scope)
            if exchange.status:
                raise
            await response(problem, scope)(scope, exchange.receive, exchange.send)


def spoken(error: Exception, scope: Scope) -> OlharError:
    """An exception of any kind as one of ours; what nobody expected goes to the log, and to the client without a detail."""
    if isinstance(error, OlharError):
        return error
    if isinstance(error, HTTPException) and error.status_code == 405:
        headers = dict(error.headers or {})
        return Refusal("serve.method", headers, method=scope["method"][:20], allowed=headers.get("Allow", "GET"))
    if isinstance(error, HTTPException) and error.status_code == 404:
        return Refusal("serve.not_found")
    LOG.error("a request failed", exc_info=error)
    return Refusal("serve.broken")


class Exchange:
    """One request with its answer, as it goes over the wire."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.status = 0
        self._receive = receive
        self._send = send
        self._begun = time.perf_counter()
        self._further: dict[str, str] = scope.setdefault(ANSWER_HEADERS, {})
        self._last: Message | None = None
        headers = Headers(scope=scope)
        self._waits = headers.get("expect", "").lower() == "100-continue"
        self._unread = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers

    @property
    def of_page(self) -> bool:
        """Whether it is a piece that the page loads by itself, and all went well: one visit would fill the log with them."""
        return self.status < HTTPStatus.BAD_REQUEST and str(self.scope["path"]).endswith(_PIECES)

    async def receive(self) -> Message:
        """The next piece of the request."""
        self._waits = False
        message = await self._receive()
        if not message.get("more_body", False):
            self._unread = False
        return message

    async def send(self, message: Message) -> None:
        """The next piece of the answer; its last piece is kept back while there is a body to be read."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers.update({name: value for name, value in SAFE.items() if name not in headers})
            headers.update(self._further)
            headers.setdefault("Cache-Control", "no-store")
            if self._unread:
                headers["Connection"] = "close"
        elif self._unread and not message.get("more_body", False):
            self._last = {"type": "http.response.body", "body": b"", "more_body": False}
            message = {**message, "more_body": True}
        await self._send(message)

    async def finish(self) -> None:
        """Read the rest of the body, within bounds, then end the answer."""
        if self._last is None:
            return
        try:
            async with asyncio.timeout(LINGER_SECONDS):
                await self._drain()
        except TimeoutError:
            pass
        await self._send(self._last)

    async def _drain(self) -> None:
        rest = LINGER_BYTES
        while self._unread and not self._waits and rest > 0:
            rest -= len((await self.receive()).get("body", b""))

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.perf_counter() - self._begun

    def __str__(self) -> str:
        """Who asked what, and what came of it; the query and the names of files are left out."""
        who = ascii((self.scope.get("client") or ("-",))[0])[1:-1][:64]
        path = cast(bytes, self.scope.get("raw_path") or b"-").decode("latin-1")[:120]
        return f"{who} {self.scope['method']} {ascii(path)[1:-1]} {self.status} {1000 * self.seconds:.0f} ms"
