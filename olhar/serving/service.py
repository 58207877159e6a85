"""Service: what the server answers about its model, in JSON that opens with ``"olhar": 1``."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import JSONResponse

from olhar.bundle.prediction import Prediction
from olhar.bundle.predictor import Predictor
from olhar.serving.intake import Ledger, pictures
from olhar.serving.prediction_pool import PictureOutcome, PredictionPool
from olhar.serving.refusals import Refusal, body
from olhar.serving.settings import Settings

TOP = 10
"""How many classes an answer holds where nobody asks for more."""

Top = Annotated[int, Query(ge=1, le=10_000, description="How many classes, best first.")]


class Service:
    """A model with what is needed to answer for it over HTTP."""

    def __init__(self, predictor: Predictor, settings: Settings) -> None:
        self._predictor = predictor
        self._settings = settings
        self._pool = PredictionPool(predictor, settings)
        self._ledger = Ledger(settings.memory_bytes)

    async def predict(self, request: Request, top: Top = TOP) -> JSONResponse:
        """What the model says of one picture or of several (``results``, in their order)."""
        with self._ledger.account() as account:
            bodies = await pictures(request, self._settings, account)
            begun = time.perf_counter()
            outcomes = await self._pool.answer(bodies)
        took = round(1000 * (time.perf_counter() - begun), 2)
        return JSONResponse({"olhar": 1} | _answer(outcomes, top) | {"model": self._predictor.name, "milliseconds": took})

    async def labels(self) -> JSONResponse:
        """The classes, in the order of the model's outputs, with the names to show."""
        signature = self._predictor.signature
        labels = [{"class": key, "name": name} for key, name in zip(signature.classes, signature.names, strict=True)]
        return JSONResponse({"olhar": 1, "model": self._predictor.name, "labels": labels})

    async def healthz(self) -> JSONResponse:
        """Alive: the server answers."""
        return JSONResponse({"olhar": 1, "status": "alive"})

    async def readyz(self) -> JSONResponse:
        """Ready: the model has been asked once, and further questions are welcome."""
        if not self._pool.ready:
            raise Refusal("serve.not_ready")
        return JSONResponse({"olhar": 1, "status": "ready"})

    @asynccontextmanager
    async def living(self) -> AsyncGenerator[None]:
        """The time between start and stop."""
        warming = asyncio.create_task(self._pool.warm())
        try:
            yield
        finally:
            await warming
            self._pool.close()


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
