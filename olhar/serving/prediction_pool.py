"""The predictor behind a bounded pool of threads, with a bounded queue before it; slow pictures have a way of their own."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from olhar.base.errors import OlharError, PictureError
from olhar.base.images import Pixels
from olhar.base.picture_bounds import is_quick
from olhar.base.texts import say
from olhar.bundle.prediction import Prediction
from olhar.bundle.predictor import Predictor
from olhar.serving.decoders import Decoders
from olhar.serving.refusals import Refusal
from olhar.serving.settings import Settings

PictureOutcome = Prediction | PictureError


class PredictionPool:
    """Answers pictures without ever stopping the server's loop.

    Attributes:
        ready: the model has been through its first question.
        outcomes: how many pictures were answered, by what was doubted (``sure``, ``unsure``, ``unlike``), and how many
            were ``bad``.
    """

    def __init__(self, predictor: Predictor, settings: Settings, threads: ThreadPoolExecutor) -> None:
        self.ready = False
        self.outcomes = dict.fromkeys(("sure", "unsure", "unlike", "bad"), 0)
        self._predictor = predictor
        self._pixels = settings.pixels
        self._room = settings.workers + settings.waiting
        self._inside = 0
        self._threads = threads
        self._decoders = Decoders(predictor.signature, settings)

    async def answer(self, pictures: Sequence[bytes | Pixels]) -> list[PictureOutcome]:
        """The answer for each picture, encoded or as an array of pixels, or what is wrong with it.

        One after another, so that a request with many pictures leaves the workers to the others between two of its own.

        Raises:
            Refusal: too many requests wait already.
            OlharError: the model itself does not answer as it should.
        """
        if self._inside >= self._room:
            raise Refusal("serve.busy")
        self._inside += 1
        try:
            names = _names(len(pictures))
            return [self._counted(await self._outcome(picture, name)) for picture, name in zip(pictures, names, strict=True)]
        finally:
            self._inside -= 1

    async def warm(self) -> None:
        """Ask the model once with a black picture, so that the first person does not wait for it."""
        try:
            black = np.zeros((1, *self._predictor.signature.shape), np.uint8)
            await asyncio.get_running_loop().run_in_executor(self._threads, self._predictor.answers, black)
        except OlharError:
            pass  # the first request is told so
        finally:
            self.ready = True

    def close(self) -> None:
        """End the decoders; what has not begun is dropped."""
        self._decoders.close()

    async def _outcome(self, picture: bytes | Pixels, name: str) -> PictureOutcome:
        loop = asyncio.get_running_loop()
        try:
            if not isinstance(picture, bytes) or is_quick(picture):
                return await loop.run_in_executor(self._threads, self._predict, picture)
            pixels = await self._decoders.decode(picture)
            return await loop.run_in_executor(self._threads, self._ask, pixels)
        except PictureError as error:
            return PictureError(error.key, **{**error.values, "name": name})

    def _counted(self, outcome: PictureOutcome) -> PictureOutcome:
        self.outcomes[outcome.why or "sure" if isinstance(outcome, Prediction) else "bad"] += 1
        return outcome

    def _predict(self, picture: bytes | Pixels) -> Prediction:
        return self._ask(self._predictor.prepare(picture, limit=self._pixels))

    def _ask(self, pixels: Pixels) -> Prediction:
        return next(self._predictor.stream([pixels]))


def _names(count: int) -> list[str]:
    """What a sentence calls a picture: its place, never the name of its file."""
    return [say("serve.page.this_file")] if count == 1 else [say("serve.nth_picture", place=i + 1) for i in range(count)]
