"""Intake: the body of a request -> the bytes of its pictures, in memory, within every limit. Names of files are dropped.

A body is either one picture as it is (``Content-Type: image/...`` or ``application/octet-stream``), or a multipart form with
pictures under ``file``, ``image`` or another of ``multipart_form.FIELDS``. What a part's ``filename`` says is read by nobody.
"""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, contextmanager

from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from olhar.serving.multipart_form import MultipartForm
from olhar.serving.refusals import Refusal
from olhar.serving.settings import Settings

_FORM = b"multipart/form-data"
_RAW = (b"", b"application/octet-stream")


class Account:
    """What one request holds of the memory that all bodies share."""

    def __init__(self, ledger: "Ledger") -> None:
        self._ledger = ledger
        self.held = 0

    def take(self, count: int) -> None:
        """Hold ``count`` bytes more.

        Raises:
            Refusal: all bodies together would hold too much.
        """
        if self._ledger.held + count > self._ledger.limit:
            raise Refusal("serve.busy")
        self._ledger.held += count
        self.held += count


class Ledger:
    """The memory that all bodies share: however many clients send at once, they hold no more than ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0

    @contextmanager
    def account(self) -> Generator[Account]:
        """An account for one request; what it took is given back when the request is over."""
        account = Account(self)
        try:
            yield account
        finally:
            self.held -= account.held


async def pictures(request: Request, settings: Settings, account: Account) -> list[bytes]:
    """The pictures that a request brings, in their order.

    Raises:
        Refusal: no picture, too large, too many, too slow, a broken form, a type that is not taken.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != _FORM and kind not in _RAW and not kind.startswith(b"image/"):
        raise Refusal("serve.type", type=kind.decode("latin-1")[:80])
    try:
        async with asyncio.timeout(settings.body_seconds), aclosing(_bounded(request, settings.body_bytes, account)) as chunks:
            bodies = await _form(chunks, options.get(b"boundary", b""), settings) if kind == _FORM else [await _whole(chunks)]
    except TimeoutError as error:
        raise Refusal("serve.too_slow", seconds=settings.body_seconds) from error
    if not any(bodies):
        raise Refusal("serve.no_picture")
    return bodies


async def _bounded(request: Request, limit: int, account: Account) -> AsyncGenerator[bytes]:
    """The body as it comes, cut off at the limit; a length that is told beforehand is believed only when it is too large."""
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > limit:
        raise _too_large(limit)
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > limit:
            raise _too_large(limit)
        account.take(len(chunk))
        yield chunk


def _too_large(limit: int) -> Refusal:
    return Refusal("serve.too_large", megabytes=limit / 1e6, flag="--max-megabytes")


async def _whole(chunks: AsyncGenerator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def _form(chunks: AsyncGenerator[bytes], boundary: bytes, settings: Settings) -> list[bytes]:
    form = MultipartForm(boundary, settings.max_pictures)
    async for chunk in chunks:
        form.write(chunk)
    return form.pictures()
