"""Description: what ``/openapi.json`` says of the server: each address by name, its answers and refusals, and the models."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response

from olhar.serving import schemas

REFUSED = (400, 401, 403, 404, 408, 413, 415, 431, 500, 503)
"""The statuses with which a request may be refused."""


def answered(name: str, shape: Any = None, refusal: Any = schemas.Problem) -> dict[str, Any]:
    """What describes one address: keywords of ``add_api_route``.

    Args:
        name: by which programs know the operation; a sentence for people is ``api.NAME``.
        shape: the model of a good answer; None where a good answer has no body.
        refusal: the model of an answer that says why not.
    """
    refused: dict[int | str, dict[str, Any]] = {status: {"model": refusal} for status in (*REFUSED, "default")}
    if shape is None:
        return {"operation_id": name, "responses": refused, "response_class": Response}
    return {"operation_id": name, "responses": {200: {"model": shape}} | refused}


def described(app: FastAPI, names: tuple[str, ...]) -> dict[str, Any]:
    """The document.

    Args:
        app: whose addresses it tells.
        names: of the models, where they may be told.
    """
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)  # FastAPI's own shape, which no answer here has
            for parameter in operation.get("parameters", ()):
                if names and parameter["name"] == "model":
                    parameter["schema"]["enum"] = list(names)
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
    return document
