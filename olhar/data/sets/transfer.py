"""Bytes over http into a file, once: goes on where the file ends, and says in one word why it broke off."""

import http.client
import json
import socket
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from email.message import Message
from pathlib import Path
from typing import IO, Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from olhar.data.cache.folder import RECORD

TIMEOUT = 30.0
"""Seconds in which something must come."""
_BLOCK = 2**18
_GONE, _BUSY = (404, 410), (408, 425, 429, 500, 502, 503, 504)


class TransferError(Exception):
    """A transfer that did not end well.

    Attributes:
        key: of the sentence for it.
        passing: whether another try may help.
        reason: what the network said.
    """

    def __init__(self, key: str, passing: bool, reason: str) -> None:
        super().__init__(reason)
        self.key, self.passing, self.reason = key, passing, reason


class HttpAnswer(Protocol):
    """What a server answered: the parts of ``http.client.HTTPResponse`` that are used here."""

    status: int
    headers: Message

    def read(self, amount: int, /) -> bytes:
        """The next bytes, empty at the end."""
        ...


def receive(url: str, part: Path, limit: int, tell: Callable[[int, int], None]) -> None:
    """Fill ``part`` up with the bytes at ``url``.

    Args:
        url: http or https.
        part: goes on at its end where the server still has the same file, else begins anew.
        limit: more bytes than this are refused.
        tell: is told how many bytes are there, and of how many in all (0: unknown).

    Raises:
        Broken: it did not come whole.
        OSError: the file cannot be written.
    """
    have, validator = bytes_so_far(part), _validator(part)
    request = urllib.request.Request(url, headers={"User-Agent": "olhar", "Accept-Encoding": "identity"})
    if have and validator:
        request.add_header("Range", f"bytes={have}-")
        request.add_header("If-Range", validator)
    with _answer(request, part) as answer:
        goes_on = answer.status == 206 and _starts_at(answer) == have
        have = have if goes_on else 0
        _keep_validator(part, answer)
        with part.open("ab" if goes_on else "wb") as file:
            _copy(answer, file, have, limit, tell)


def bytes_so_far(part: Path) -> int:
    """How many bytes of a file have come."""
    return part.stat().st_size if part.exists() else 0


def discard(part: Path) -> None:
    """Take away what has come of a file, and what is known of it."""
    part.unlink(missing_ok=True)
    _validator_file(part).unlink(missing_ok=True)


def _validator(part: Path) -> str:
    """By what the server knows whether the file is still the same."""
    try:
        return str(json.loads(_validator_file(part).read_text(encoding="utf-8"))["validator"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _keep_validator(part: Path, answer: HttpAnswer) -> None:
    etag = answer.headers.get("ETag", "")
    strong = etag if etag and not etag.startswith("W/") else answer.headers.get("Last-Modified", "")
    _validator_file(part).write_text(json.dumps({"validator": strong}), encoding="utf-8")


def _validator_file(part: Path) -> Path:
    return part.with_name(f"{part.name}{RECORD}")


def _starts_at(answer: HttpAnswer) -> int:
    """Where a part begins, by ``Content-Range: bytes 100-199/200``."""
    with suppress(ValueError, IndexError):
        return int(answer.headers.get("Content-Range", "").split()[1].split("-")[0])
    return -1


class _Redirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if urlsplit(newurl).scheme not in ("http", "https"):
            fp.close()
            raise TransferError("download.redirect", False, newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _answer(request: urllib.request.Request, part: Path) -> Any:
    """The server's answer, through a door that has no handler for file, ftp or data addresses."""
    door = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        _Redirects(),
        urllib.request.HTTPErrorProcessor(),
    ):
        door.add_handler(handler)
    try:
        return door.open(request, timeout=TIMEOUT)
    except HTTPError as error:
        error.close()
        if error.code == 416:  # the file there is shorter than what is here
            discard(part)
            raise TransferError("download.broken", True, f"HTTP {error.code}") from error
        if 300 <= error.code < 400:
            raise TransferError("download.redirect", False, f"HTTP {error.code}") from error
        key = "download.gone" if error.code in _GONE else "download.refused"
        raise TransferError(key, error.code in _BUSY, f"HTTP {error.code}") from error
    except (URLError, OSError, http.client.HTTPException) as error:
        raise TransferError("download.no_network", True, _reason(error)) from error


def _copy(answer: HttpAnswer, file: IO[bytes], have: int, limit: int, tell: Callable[[int, int], None]) -> None:
    announced = answer.headers.get("Content-Length", "")
    total = have + int(announced) if announced.isdigit() else 0
    if total > limit:
        raise TransferError("download.too_large", False, f"{total / 2**20:.0f} MB")
    tell(have, total)
    while block := _read(answer):
        have += len(block)
        if have > limit:
            raise TransferError("download.too_large", False, f"> {limit / 2**20:.0f} MB")
        file.write(block)
        tell(have, total)
    if have < total:
        raise TransferError("download.broken", True, f"{have / 2**20:.0f} / {total / 2**20:.0f} MB")


def _read(answer: HttpAnswer) -> bytes:
    try:
        return answer.read(_BLOCK)
    except (OSError, http.client.HTTPException) as error:
        raise TransferError("download.broken", True, _reason(error)) from error


def _reason(error: Exception) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError | socket.timeout):
        return f"{TIMEOUT:.0f} s"
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
