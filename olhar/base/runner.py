"""Runner: where the parts of a work are done: here, one after the other, or elsewhere, several at once."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, Protocol, TypeVar

Shared = TypeVar("Shared")
Shared_co = TypeVar("Shared_co", covariant=True)
Shared_contra = TypeVar("Shared_contra", contravariant=True)
Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)


class Openable(Protocol[Shared_co]):
    """What all parts of a work need, such as a model or pictures; opened once by each process that does some of them."""

    def opened(self) -> Shared_co:
        """The thing itself."""
        ...


class Portable(Openable[Shared_co], Protocol[Shared_co]):
    """The same, that can be carried to another machine."""

    def carried(self) -> Openable[Shared_co]:
        """A form that pickles and holds all that it needs: no path, no open file."""
        ...


class CarriedPart(Protocol[Shared_contra]):
    """A part in a form that pickles and holds all that it needs."""

    @property
    def weight(self) -> int:
        """About how many bytes it holds."""
        ...

    @property
    def threads(self) -> int:
        """So many processors it keeps busy."""
        ...

    def work(self, shared: Shared_contra) -> Iterator[Any]:
        """Do it, on whatever machine this is; what comes of it pickles."""
        ...


class Part(Protocol[Shared_contra, Result_co]):
    """One part of a work, which gives some results."""

    def work(self, shared: Shared_contra) -> Iterator[Result_co]:
        """Do it here."""
        ...

    def carried(self) -> CarriedPart[Shared_contra]:
        """The same for another machine."""
        ...

    def landed(self, came: list[Any]) -> Iterator[Result_co]:
        """The results, of what came of the carried part; files are written now, by this process."""
        ...


class Runner(Protocol):
    """Where parts are done."""

    @property
    def workers(self) -> int:
        """How many parts are done at once."""
        ...

    def stream(self, shared: Portable[Shared], parts: Iterable[Part[Shared, Result]]) -> Iterator[Result]:
        """The results of all parts, in their order.

        A part is drawn when its turn comes, so that ever so many need no more memory than a few.

        Args:
            shared: what all parts need.
            parts: the parts.

        Raises:
            Stopped: the person asked to stop; the results until then were given.
        """
        ...

    def as_done(self, shared: Portable[Shared], parts: Iterable[Part[Shared, Result]]) -> Iterator[Result]:
        """The same of whichever part is done first; one is drawn when a worker is free for it, knowing what came until then.

        Args:
            shared: what all parts need.
            parts: the parts.

        Raises:
            Stopped: the person asked to stop; the results until then were given.
        """
        ...


class InProcess:
    """Does each part here, in this process, when its results are asked for."""

    workers = 1

    def stream(self, shared: Portable[Shared], parts: Iterable[Part[Shared, Result]]) -> Iterator[Result]:
        """The results of all parts, in their order."""
        opened = shared.opened()
        for part in parts:
            yield from part.work(opened)

    def as_done(self, shared: Portable[Shared], parts: Iterable[Part[Shared, Result]]) -> Iterator[Result]:
        """The same: one after the other."""
        return self.stream(shared, parts)


class InThreads:
    """Does parts here by several threads, each whole by one of them; in their order, and but a few ahead of who takes them."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def stream(self, shared: Openable[Shared], parts: Iterable[Part[Shared, Result]]) -> Iterator[Result]:
        """The results of all parts, in their order. ``shared`` is asked by several threads at once."""
        opened = shared.opened()
        ahead: deque[Future[list[Result]]] = deque()
        with ThreadPoolExecutor(self.workers) as pool:
            try:
                for part in parts:
                    ahead.append(pool.submit(copy_context().run, _whole, part, opened))
                    if len(ahead) > self.workers:
                        yield from ahead.popleft().result()
                while ahead:
                    yield from ahead.popleft().result()
            finally:
                for part in ahead:
                    part.cancel()


def _whole(part: Part[Shared, Result], shared: Shared) -> list[Result]:
    return list(part.work(shared))


HERE: Runner = InProcess()
