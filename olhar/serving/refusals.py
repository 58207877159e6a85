"""Refusals: an error as the JSON that a client gets, with the status that goes with it."""

from typing import Any

from starlette.responses import JSONResponse
from starlette.types import Scope

from olhar.base.errors import OlharError, PictureError, ServingError
from olhar.serving.paths import others_protocol

STATUS = {
    "serve.no_picture": 400,
    "serve.multipart": 400,
    "serve.http": 400,
    "serve.query": 400,
    "serve.json_body": 400,
    "serve.base64": 400,
    "serve.no_instances": 400,
    "serve.tensors": 400,
    "serve.protocol": 400,
    "serve.tensor_name": 400,
    "serve.token": 401,
    "serve.host": 403,
    "serve.origin": 403,
    "serve.not_found": 404,
    "serve.no_model": 404,
    "serve.no_version": 404,
    "serve.verb": 404,
    "serve.method": 405,
    "serve.too_slow": 408,
    "serve.too_large": 413,
    "serve.too_many": 413,
    "serve.type": 415,
    "serve.head": 431,
    "serve.broken": 500,
    "serve.no_decoder": 500,
    "serve.not_ready": 503,
    "serve.busy": 503,
}
"""The status of each sentence that a request can be refused with."""

_HEADERS = {
    "serve.busy": {"Retry-After": "1"},
    "serve.not_ready": {"Retry-After": "1"},
    "serve.token": {"WWW-Authenticate": 'Bearer realm="olhar"'},
}


class Refusal(ServingError):
    """A request that is not answered; ``headers`` go with the refusal."""

    def __init__(self, key: str, headers: dict[str, str] | None = None, **values: object) -> None:
        super().__init__(key, **values)
        self.headers = _HEADERS.get(key, {}) | (headers or {})


def status(error: OlharError) -> int:
    """The HTTP status of an error: a bad picture is the asker's, a bad model is ours."""
    return 400 if isinstance(error, PictureError) else STATUS.get(error.key, 500)


def body(error: OlharError) -> dict[str, Any]:
    """An error as every answer gives it: ``{"olhar": 1, "error": {"code", "message"}}``."""
    return {"olhar": 1, "error": {"code": error.code, "message": str(error)}}


def response(error: OlharError, scope: Scope | None = None) -> JSONResponse:
    """An error as a whole response, in the language in use, and in the form of the protocol by which it was asked."""
    headers = error.headers if isinstance(error, Refusal) else None
    content = {"error": str(error)} if scope is not None and others_protocol(scope) else body(error)
    return JSONResponse(content, status(error), headers)
