"""Intake: the body of a request -> the bytes of its pictures, in memory, within every limit. Names of files are dropped.

A body is one picture as it is (``Content-Type: image/...`` or ``application/octet-stream``), a multipart form with
pictures under ``file``, ``image`` or another of ``multipart_form.FIELDS``, or JSON with pictures as base64 (``json_body``).
What a part's ``filename`` says is read by nobody.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from functools import partial
from typing import TypeVar

from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from olhar.serving.json_body import named_pictures
from olhar.serving.ledger import Account
from olhar.serving.multipart_form import MultipartForm
from olhar.serving.refusals import Refusal
from olhar.serving.settings import Settings

_FORM = b"multipart/form-data"
_JSON = b"application/json"
_RAW = (b"", b"application/octet-stream")

Chunks = AsyncGenerator[bytes]
_Read = TypeVar("_Read")


async def pictures(request: Request, settings: Settings, account: Account) -> list[bytes]:
    """The pictures that a request brings, in their order.

    Raises:
        Refusal: no picture, too large, too many, too slow, a broken form or JSON, a type that is not taken.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind not in (_FORM, _JSON, *_RAW) and not kind.startswith(b"image/"):
        raise Refusal("serve.type", type=kind.decode("latin-1")[:80])
    if kind == _FORM:
        bodies = await _in_time(request, settings, account, partial(_form, options.get(b"boundary", b""), settings))
    else:
        bodies = [await body(request, settings, account)]
    if kind == _JSON:
        bodies = await asyncio.to_thread(named_pictures, bodies[0], settings, account)
    if not bodies or (kind in (b"", _JSON) and not any(bodies)):  # elsewhere what is empty is an empty file
        raise Refusal("serve.no_picture")
    return bodies


async def body(request: Request, settings: Settings, account: Account) -> bytes:
    """The whole body of a request.

    Raises:
        Refusal: too large, too slow, or all bodies together hold too much.
    """
    return await _in_time(request, settings, account, _whole)


async def _in_time(request: Request, settings: Settings, account: Account, read: Callable[[Chunks], Awaitable[_Read]]) -> _Read:
    try:
        async with asyncio.timeout(settings.body_seconds), aclosing(_bounded(request, settings.body_bytes, account)) as chunks:
            return await read(chunks)
    except TimeoutError as error:
        raise Refusal("serve.too_slow", seconds=settings.body_seconds) from error


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


async def _whole(chunks: Chunks) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def _form(boundary: bytes, settings: Settings, chunks: Chunks) -> list[bytes]:
    form = MultipartForm(boundary, settings.max_pictures)
    async for chunk in chunks:
        form.write(chunk)
    return form.pictures()
