"""JSON bodies: bounded before they are read, and the pictures in them, which are base64; no address in them is opened."""

import binascii
import json
from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import unquote_to_bytes

from olhar.serving.ledger import Account
from olhar.serving.refusals import Refusal
from olhar.serving.settings import Settings

_MOST_VALUES = 300_000
"""More commas and brackets than any request needs; each could become an object of a hundred bytes."""
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_BLANKS = b" \t\r\n"


def parsed(body: bytes) -> dict[str, Any]:
    """A JSON object.

    Raises:
        Refusal: not JSON, not an object, or one of so many values that they must be pixels.
    """
    if sum(body.count(mark) for mark in (b",", b"[", b"{")) > _MOST_VALUES:
        raise Refusal("serve.tensors", kind="JSON")
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refusal("serve.json_body") from error
    if not isinstance(document, dict):
        raise Refusal("serve.json_body")
    return cast("dict[str, Any]", document)


def named_pictures(body: bytes, settings: Settings, account: Account) -> list[bytes]:
    """The pictures of ``{"image": "..."}`` or ``{"images": ["...", ...]}``.

    Raises:
        Refusal: neither, too many, or no base64.
    """
    document = parsed(body)
    if "image" in document:
        return decoded([document["image"]], settings, account)
    images = document.get("images")
    if not isinstance(images, list) or not images:
        raise Refusal("serve.no_picture")
    return decoded(cast("list[object]", images), settings, account)


def decoded(texts: Sequence[object], settings: Settings, account: Account) -> list[bytes]:
    """The bytes behind base64 texts, as many as one request may hold.

    Raises:
        Refusal: too many, not base64, or all bodies together hold too much.
    """
    if len(texts) > settings.max_pictures:
        raise Refusal("serve.too_many", limit=settings.max_pictures, flag="--max-pictures")
    return [_decoded(text, place, account) for place, text in enumerate(texts, 1)]


def _decoded(text: object, place: int, account: Account) -> bytes:
    """Base64 in either alphabet, with or without its padding, blanks and a ``data:`` before it."""
    if not isinstance(text, str) or not text.isascii():
        raise Refusal("serve.base64", place=place)
    account.take(len(text))
    data = text.encode("ascii")
    if data[:5].lower() == b"data:":
        head, _, data = data.partition(b",")
        if not head.lower().endswith(b";base64"):
            raise Refusal("serve.base64", place=place)
        data = unquote_to_bytes(data)
    data = data.translate(_URL_SAFE, _BLANKS).rstrip(b"=")
    try:
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4), strict_mode=True)
    except binascii.Error as error:
        raise Refusal("serve.base64", place=place) from error
