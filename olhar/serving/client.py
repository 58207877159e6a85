"""Client: a server of Olhar's, asked from Python with nothing but its own library."""

import http.client
import json
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlsplit

from olhar.base.errors import PictureError, ServingError
from olhar.base.files import read_file, reason
from olhar.base.texts import language
from olhar.base.types import StrPath

_MOST_BYTES = 64_000_000
_GOOD, _BUSY = 200, 503
_FURTHER = 3
_LATEST = 5.0
_CLASSES = 10_000


@dataclass(frozen=True)
class ServerAnswer:
    """What a server says of one picture.

    Attributes:
        label: the key of the likeliest class.
        name: its name to show.
        confidence: its probability.
        answer: its key; empty where the model says that it does not know.
        why: what is doubted: ``unsure``, ``unlike``, or nothing.
        probabilities: of each class by its key, best first.
        model: the model that answered.
        prediction_set: keys of classes that together hold the true one as often as was asked; none where the model makes no sets.
    """

    label: str
    name: str
    confidence: float
    answer: str
    why: str
    probabilities: dict[str, float]
    model: str
    prediction_set: tuple[str, ...] = ()


class Client:
    """A server of Olhar's: ``Client("http://192.168.0.7:8000")("new.jpg").label``. Safe to ask from several threads.

    Args:
        url: where the server is, or where an application of ``olhar.app`` is mounted.
        token: its token, where it wants one.
        model: the name of one of several models; without it, the first.
        seconds: the longest that a question may take.
        tls_cert: the certificate (PEM) of a server that made its own; without it, those that the system trusts.

    Raises:
        ServingError: no address of http or https.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        *,
        token: str = "",
        model: str = "",
        seconds: float = 30.0,
        tls_cert: StrPath = "",
    ) -> None:
        place = urlsplit(url if "//" in url else f"//{url}", "http")
        if place.scheme not in ("http", "https") or not place.hostname:
            raise ServingError("serve.no_address", found=url[:200])
        self._place, self._start = place, place.path.rstrip("/") + (f"/models/{quote(model, safe='')}" if model else "")
        self._token, self._seconds = token, seconds
        self._context = ssl.create_default_context(cafile=str(tls_cert) or None) if place.scheme == "https" else None

    def __call__(self, picture: StrPath | bytes) -> ServerAnswer:
        """The answer for one picture, a path or the bytes of its file.

        Raises:
            PictureError: it cannot be read here.
            ServingError: the server does not answer, or refuses.
        """
        told = self._asked("POST", f"/predict?top={_CLASSES}", picture if isinstance(picture, bytes) else _read(Path(picture)))
        return _answer(told)

    def many(self, pictures: Iterable[StrPath | bytes]) -> list[ServerAnswer]:
        """The answers for several pictures, in their order, asked one after another."""
        return [self(picture) for picture in pictures]

    def labels(self) -> dict[str, str]:
        """The classes, in the order of the model's outputs: the names to show by key."""
        return {one["class"]: one["name"] for one in self._asked("GET", "/labels")["labels"]}

    def _asked(self, method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
        """What the server tells; one that is busy is asked again, when it says so."""
        status, told, later = self._once(method, self._start + path, body)
        for _ in range(_FURTHER):
            if status != _BUSY:
                break
            time.sleep(min(later, _LATEST))
            status, told, later = self._once(method, self._start + path, body)
        if status == _GOOD:
            return told
        problem = told.get("error", {})
        code, said = (problem.get("code", ""), problem.get("message", "")) if isinstance(problem, dict) else ("", problem)
        raise ServingError("serve.refused", where=self._place.netloc, code=code or str(status), said=said)

    def _once(self, method: str, path: str, body: bytes | None) -> tuple[int, dict[str, Any], float]:
        host, port = cast(str, self._place.hostname), self._place.port
        secure = self._context is not None
        client = http.client.HTTPSConnection(host, port, timeout=self._seconds, context=self._context) if secure else None
        client = client or http.client.HTTPConnection(host, port, timeout=self._seconds)
        try:
            client.request(method, path, body, self._headers())
            answer = client.getresponse()
            told = json.loads(answer.read(_MOST_BYTES))
        except OSError as error:
            raise ServingError("serve.unreachable", where=self._place.netloc, reason=reason(error)) from error
        except (http.client.HTTPException, ValueError) as error:
            raise ServingError("serve.no_olhar", where=self._place.netloc) from error
        finally:
            client.close()
        if not isinstance(told, dict):
            raise ServingError("serve.no_olhar", where=self._place.netloc)
        later = answer.headers.get("Retry-After", "1")
        return answer.status, cast("dict[str, Any]", told), float(later) if later.isdecimal() else 1.0

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/octet-stream", "Accept-Language": language()}
        return headers | ({"Authorization": f"Bearer {self._token}"} if self._token else {})


def _answer(told: dict[str, Any]) -> ServerAnswer:
    shares = {one["class"]: one["probability"] for one in told["predictions"]}
    best = told["class"], told["name"], told["confidence"], told["answer"], told["why"]
    return ServerAnswer(*best, shares, told["model"], tuple(told.get("set", ())))


def _read(path: Path) -> bytes:
    try:
        return read_file(path)
    except OSError as error:
        raise PictureError("picture.vanished", name=str(path)) from error
