"""RayRunner: parts as tasks of Ray: few under way at a time, and what a lost node had is done again."""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from olhar.base.errors import Stopped
from olhar.base.runner import Part, Portable, Result, Shared
from olhar.scale.ledger import ClusterLedger
from olhar.scale.sent import Sent

_AT_ONCE = 2
"""Parts under way for each worker: one at work, and one that waits for it."""
_BYTES = 512 << 20
"""Of parts under way, whatever their number."""


class RayRunner:
    """Does parts on the workers of a cluster that is connected.

    Attributes:
        workers: how many parts are done at once.
        ledger: who did what, and what was lost.
    """

    def __init__(self, workers: int, ledger: ClusterLedger) -> None:
        self.workers, self.ledger = workers, ledger

    def stream(self, shared: Portable[Shared], parts: Iterable[Part[Shared, Result]]) -> Iterator[Result]:
        """The results of all parts, in their order.

        Raises:
            Stopped: Ctrl-C; what is under way is ended.
            OlharError: what a part raises.
            UsageError: a part needs more than any node has.
            TrainingError: the cluster was lost, or a part took more memory than a node has.
        """
        return self._all(shared, parts, lambda sent: sent.oldest(), _AT_ONCE * self.workers)

    def as_done(self, shared: Portable[Shared], parts: Iterable[Part[Shared, Result]]) -> Iterator[Result]:
        """The same of whichever part is done first; one is drawn when a worker is free for it."""
        return self._all(shared, parts, lambda sent: sent.first_done(), self.workers)

    def _all(
        self,
        shared: Portable[Shared],
        parts: Iterable[Part[Shared, Result]],
        which: Callable[[Sent], tuple[Part[Any, Any], list[Any]]],
        most: int,
    ) -> Iterator[Result]:
        with _ended(Sent(shared, self.ledger)) as sent:
            rest = iter(parts)
            _fill(sent, rest, most)
            while len(sent):
                part, came = which(sent)
                if most > self.workers:  # what comes next hangs on nothing that came: it is sent before this lands
                    _fill(sent, rest, most)
                yield from part.landed(came)
                _fill(sent, rest, most)


def _fill(sent: Sent, rest: Iterator[Part[Any, Any]], most: int) -> None:
    """Send parts while there is room."""
    while len(sent) < most and sent.weight < _BYTES and (part := next(rest, None)) is not None:
        sent.send(part)


@contextmanager
def _ended(sent: Sent) -> Generator[Sent]:
    """What is under way is ended where nobody wants it any more."""
    try:
        yield sent
    except KeyboardInterrupt as error:
        raise Stopped("scale.stopped") from error
    finally:
        sent.end()
