"""TensorFlow Serving's REST protocol, for clients that speak it: ``/v1/models/NAME:predict`` with encoded pictures (``b64``).

Tensors of floats are refused: how the client made them from a picture is not known here, and a model answers otherwise than it
was judged where its pictures were scaled or shrunk by another rule.
"""

import asyncio
from typing import Any, cast

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from olhar.bundle.prediction import Prediction
from olhar.serving import schemas
from olhar.serving.description import answered
from olhar.serving.intake import body
from olhar.serving.json_body import decoded, parsed
from olhar.serving.ledger import Account
from olhar.serving.models import VERSION, Models
from olhar.serving.refusals import Refusal
from olhar.serving.request_bodies import instances_body

_WORKS = {"error_code": "OK", "error_message": ""}
_LONGEST = 40


class TensorFlowServing:
    """The addresses of that protocol."""

    def __init__(self, models: Models) -> None:
        self._models = models

    def add_to(self, app: FastAPI) -> None:
        """Put the addresses into an application; those with a version are the same, and are not described again."""
        told = answered("tensorflow_predict", schemas.Rows | schemas.Columns, schemas.Sentence)
        body = instances_body(self._models.settings.max_pictures)
        state = answered("tensorflow_status", schemas.VersionStatus, schemas.Sentence)
        for version in ("", "/versions/{version}"):
            start = f"/v1/models/{{model}}{version}"
            shared: dict[str, Any] = {"include_in_schema": not version}
            shared["dependencies"] = [Depends(self._models.of_version)] if version else []
            app.add_api_route(f"{start}:predict", self.predict, methods=["POST"], openapi_extra=body, **shared, **told)
            app.add_api_route(f"{start}:predict", _only_post, include_in_schema=False)
            app.add_api_route(f"{start}:{{verb}}", _other_verb, methods=["GET", "POST"], include_in_schema=False)
            app.add_api_route(start, self.status, **shared, **state)

    async def status(self, model: str) -> JSONResponse:
        """Whether a model can be asked."""
        state = "AVAILABLE" if self._models.named(model).pool.ready else "LOADING"
        return JSONResponse({"model_version_status": [{"version": VERSION, "state": state, "status": _WORKS}]})

    async def predict(self, request: Request, model: str) -> JSONResponse:
        """Probabilities in the order of the classes, one list a picture: ``predictions`` for rows, ``outputs`` for columns."""
        asked = self._models.named(model)
        with self._models.ledger.account() as account:
            sent = await body(request, self._models.settings, account)
            key, pictures = await asyncio.to_thread(self._pictures, sent, account)
            outcomes = await asked.pool.answer(pictures)
        answers: list[list[float]] = []
        for outcome in outcomes:
            if not isinstance(outcome, Prediction):
                raise outcome
            answers.append(outcome.probabilities.tolist())
        return JSONResponse({key: answers})

    def _pictures(self, sent: bytes, account: Account) -> tuple[str, list[bytes]]:
        document = parsed(sent)
        key, rows = ("predictions", document.get("instances")) if "instances" in document else ("outputs", document.get("inputs"))
        if key == "outputs" and isinstance(rows, dict) and "b64" not in rows:
            columns = list(cast("dict[str, Any]", rows).values())
            rows = columns[0] if len(columns) == 1 else None
        if isinstance(rows, dict):
            rows = [rows]
        if not isinstance(rows, list) or not rows:
            raise Refusal("serve.no_instances")
        texts = [_base64_of(row) for row in cast("list[Any]", rows)]
        return key, decoded(texts, self._models.settings, account)


async def _only_post() -> None:
    """A browser that opens the address is told of the method, and not that there is no model called ``NAME:predict``."""
    raise HTTPException(405, headers={"Allow": "POST"})


async def _other_verb(verb: str) -> None:
    """The protocol's other verbs, ``:classify`` and ``:regress``, take tensors of features: who tries one is told of ours."""
    raise Refusal("serve.verb", verb=verb[:_LONGEST])


def _base64_of(row: Any) -> object:
    """``{"b64": "..."}``, or the same as the one input of a row."""
    if isinstance(row, dict) and len(cast("dict[str, Any]", row)) == 1:
        name, value = next(iter(cast("dict[str, Any]", row).items()))
        if name == "b64":
            return value
        if isinstance(value, dict) and list(cast("dict[str, Any]", value)) == ["b64"]:
            return cast("dict[str, Any]", value)["b64"]
    raise Refusal("serve.tensors", kind="JSON")
