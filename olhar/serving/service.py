"""Service: what the server answers about its models, in JSON that opens with ``"olhar": 1``."""

import time
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import JSONResponse

from olhar.bundle.about import about
from olhar.bundle.prediction import Prediction
from olhar.serving.intake import pictures
from olhar.serving.models import Models
from olhar.serving.prediction_pool import PictureOutcome
from olhar.serving.refusals import Refusal, body

TOP = 10
"""How many classes an answer holds where nobody asks for more."""

Top = Annotated[int, Query(ge=1, le=10_000, description="How many classes, best first.")]


class Service:
    """What the models answer over HTTP by the house's own protocol."""

    def __init__(self, models: Models) -> None:
        self._models = models

    async def predict(self, request: Request, top: Top = TOP) -> JSONResponse:
        """What the first model says of one picture or of several (``results``, in their order)."""
        return await self._predicted(request, "", top)

    async def predict_with(self, request: Request, model: str, top: Top = TOP) -> JSONResponse:
        """What the model of that name says of one picture or of several."""
        return await self._predicted(request, model, top)

    async def labels(self) -> JSONResponse:
        """The classes of the first model, in the order of its outputs, with the names to show."""
        return self._labels("")

    async def labels_of(self, model: str) -> JSONResponse:
        """The classes of the model of that name."""
        return self._labels(model)

    async def about(self) -> JSONResponse:
        """What there is to know of the first model: its classes, what it sees of a picture, notices, and its model card."""
        return self._about("")

    async def about_of(self, model: str) -> JSONResponse:
        """What there is to know of the model of that name."""
        return self._about(model)

    async def models(self) -> JSONResponse:
        """The models by name; the first answers at ``/predict``."""
        known = [{"model": one.name, "classes": len(one.predictor.classes), "ready": one.pool.ready} for one in self._models]
        return JSONResponse({"olhar": 1, "models": known})

    async def healthz(self) -> JSONResponse:
        """Alive: the server answers."""
        return JSONResponse({"olhar": 1, "status": "alive"})

    async def readyz(self) -> JSONResponse:
        """Ready: every model has been asked once, and further questions are welcome."""
        self._models.begin()
        if not self._models.ready:
            raise Refusal("serve.not_ready")
        return JSONResponse({"olhar": 1, "status": "ready"})

    async def _predicted(self, request: Request, name: str, top: int) -> JSONResponse:
        model = self._models.named(name)
        with self._models.ledger.account() as account:
            bodies = await pictures(request, self._models.settings, account)
            begun = time.perf_counter()
            outcomes = await model.pool.answer(bodies)
        took = round(1000 * (time.perf_counter() - begun), 2)
        return JSONResponse({"olhar": 1} | _answer(outcomes, top) | {"model": model.name, "milliseconds": took})

    def _about(self, name: str) -> JSONResponse:
        model = self._models.named(name)
        return JSONResponse({"olhar": 1} | about(model.name, model.predictor, [one.name for one in self._models]))

    def _labels(self, name: str) -> JSONResponse:
        model = self._models.named(name)
        signature = model.predictor.signature
        labels = [{"class": key, "name": name} for key, name in zip(signature.classes, signature.names, strict=True)]
        return JSONResponse({"olhar": 1, "model": model.name, "labels": labels})


def _answer(outcomes: list[PictureOutcome], top: int) -> dict[str, Any]:
    """One picture gives its answer, or its error as the request's; several give one entry each."""
    if len(outcomes) > 1:
        return {"results": [_entry(outcome, top) for outcome in outcomes]}
    outcome = outcomes[0]
    if isinstance(outcome, Prediction):
        return outcome.to_dict(top)
    raise outcome


def _entry(outcome: PictureOutcome, top: int) -> dict[str, Any]:
    return outcome.to_dict(top) if isinstance(outcome, Prediction) else {"error": body(outcome)["error"]}
