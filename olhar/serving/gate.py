"""Gate: who is answered at all. Host, origin and token are looked at before a byte of the body is read.

A page on another site can make a browser send requests to 127.0.0.1, and a name that turns to 127.0.0.1 makes that site look
like ours (DNS rebinding). So the ``Host`` must be a name we know, and an ``Origin``, where there is one, our own.
"""

import hmac
import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from olhar.serving import docs_page, page
from olhar.serving.envelope import ANSWER_HEADERS
from olhar.serving.paths import own_path
from olhar.serving.refusals import Refusal
from olhar.serving.settings import Settings, loopback

OPEN_PATHS = ("/", *(f"/{name}" for name in (*page.FILES, *docs_page.FILES)), "/docs", "/texts.json", "/healthz", "/readyz")
"""What needs no token: the pages, which hold nothing, and the signs of life."""
_ALSO_OPEN = ("/v2/health/live", "/v2/health/ready")
_OF_A_MODEL = re.compile(r"/models/[^/]+(/.*)")

_ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Accept-Language",
    "Access-Control-Max-Age": "600",
}


class Gate:
    """ASGI middleware that lets in whom the settings allow and raises a Refusal for all others."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._hosts = {name.lower() for name in (*settings.allow_host, settings.host) if name}
        self._origins = {origin.lower().rstrip("/") for origin in settings.allow_origin}
        self._token = settings.token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at a request, then pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = self._check_host(headers, scope)
        origin = self._check_origin(headers, host)
        if origin:  # that page may read the answer, whatever it is
            scope[ANSWER_HEADERS].update({"Access-Control-Allow-Origin": origin, "Vary": "Origin"})
        if origin and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await Response(status_code=204, headers=_ALLOWED)(scope, receive, send)
            return
        self._check_token(headers, scope)
        await self._app(scope, receive, send)

    def _check_host(self, headers: Headers, scope: Scope) -> str:
        """The host asked for: a loopback name, the address that was reached, or one that was allowed."""
        hosts = headers.getlist("host")
        host = hosts[0].strip().lower() if len(hosts) == 1 else ""
        name = _name(host)
        if name and (loopback(name) or name in self._hosts or host in self._hosts or self._reached(scope) == name):
            return host
        raise Refusal("serve.host", host=host[:80] or "-", flag="--allow-host")

    def _reached(self, scope: Scope) -> str:
        """The address that the request came to; nothing where others reach it and no token guards it (a mounted application)."""
        reached = str((scope.get("server") or ("",))[0]).lower()
        return reached if self._token or loopback(reached) else ""

    def _check_origin(self, headers: Headers, host: str) -> str:
        """The allowed foreign origin, or nothing where the request comes from our own page or from no page."""
        for origin in headers.getlist("origin"):
            plain = origin.strip().lower()
            if plain in self._origins:
                return origin
            if plain not in (f"http://{host}", f"https://{host}"):
                raise Refusal("serve.origin", origin=origin[:80], flag="--allow-origin")
        return ""

    def _check_token(self, headers: Headers, scope: Scope) -> None:
        if not self._token or is_open(own_path(scope)):
            return
        scheme, _, token = headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(token.strip().encode("latin-1"), self._token)
        if scheme.lower() != "bearer" or not right:
            raise Refusal("serve.token")


def is_open(path: str) -> bool:
    """Whether a path needs no token; each model has a page of its own below ``/models/NAME/``."""
    of_model = _OF_A_MODEL.fullmatch(path)
    return (of_model[1] if of_model else path) in OPEN_PATHS or path in _ALSO_OPEN


def _name(host: str) -> str:
    """The name in a ``Host`` header without its port; nothing where it is no host."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".") if not set(host) & set("/@?#\\ ") else ""
    except ValueError:
        return ""
