"""Models: what one server answers for, by name; the first answers where nobody names one. What all of them share stands here."""

import asyncio
import weakref
from collections.abc import AsyncGenerator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from olhar.base.errors import ServingError
from olhar.bundle.predictor import Predictor
from olhar.serving.ledger import Ledger
from olhar.serving.prediction_pool import PredictionPool
from olhar.serving.refusals import Refusal
from olhar.serving.settings import Settings

VERSION = "1"
"""The one version that each model has, for protocols that ask by version."""

_MOST_NAMES = 10
_LONGEST = 100
_NEVER = frozenset("/\\:")


class ServedModel:
    """One model with the pool that asks it.

    Attributes:
        name: what it is called in addresses and answers.
        predictor: the model.
        pool: what answers pictures.
    """

    def __init__(self, name: str, predictor: Predictor, pool: PredictionPool) -> None:
        self.name = name
        self.predictor = predictor
        self.pool = pool


class Models:
    """The models of a server, in their order, with the threads and the memory that they share.

    Attributes:
        settings: whom the server answers, and how much it takes.
        ledger: the memory of all bodies.

    Raises:
        ServingError: no model at all, or one of several with a name that no address can hold.
    """

    def __init__(self, predictors: Predictor | Mapping[str, Predictor], settings: Settings) -> None:
        named = {predictors.name: predictors} if isinstance(predictors, Predictor) else predictors
        if not named:
            raise ServingError("serve.no_models")
        for name in named if len(named) > 1 else ():
            _check(name)
        self.settings = settings
        self.ledger = Ledger(settings.memory_bytes)
        threads = ThreadPoolExecutor(settings.workers, "olhar")
        self._models = {name: ServedModel(name, one, PredictionPool(one, settings, threads)) for name, one in named.items()}
        self._warming: asyncio.Task[None] | None = None
        self._end = weakref.finalize(self, _close, [one.pool for one in self._models.values()], threads)

    def __iter__(self) -> Iterator[ServedModel]:
        return iter(self._models.values())

    def named(self, name: str = "") -> ServedModel:
        """The model of that name, or the first.

        Raises:
            Refusal: there is none of that name.
        """
        if not name:
            return next(iter(self._models.values()))
        if name not in self._models:
            known = [*self._models][:_MOST_NAMES]
            raise Refusal("serve.no_model", name=name[:_LONGEST], names=", ".join(known))
        return self._models[name]

    async def of_version(self, model: str, version: str) -> None:
        """Look whether there is that version of a model, for addresses that name one.

        Raises:
            Refusal: there is no such model, or not in that version.
        """
        name = self.named(model).name
        if version != VERSION:
            raise Refusal("serve.no_version", name=name, found=version[:_LONGEST], version=VERSION)

    @property
    def ready(self) -> bool:
        """Whether every model has been through its first question."""
        return all(one.pool.ready for one in self)

    def begin(self) -> None:
        """Ask each model once, if that has not been begun: an application that is mounted is not told when its server starts."""
        if self._warming is None:
            self._warming = asyncio.create_task(self._warm())

    @asynccontextmanager
    async def living(self) -> AsyncGenerator[None]:
        """The time between start and stop."""
        self.begin()
        try:
            yield
        finally:
            if self._warming is not None:
                await self._warming
            self._end()

    async def _warm(self) -> None:
        for one in self:
            await one.pool.warm()


def _check(name: str) -> None:
    if not name.strip() or len(name) > _LONGEST or set(name) & _NEVER or not name.isprintable():
        raise ServingError("serve.model_name", name=ascii(name[:_LONGEST])[1:-1])


def _close(pools: list[PredictionPool], threads: ThreadPoolExecutor) -> None:
    for pool in pools:
        pool.close()
    threads.shutdown(wait=False, cancel_futures=True)
