"""RayRunner: parts as tasks of Ray: few under way at a time, results in order, and what a lost node had done again."""

from collections import deque
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

from olhar.base.errors import OlharError, Stopped, TrainingError
from olhar.base.runner import Part, Portable, Result, Shared
from olhar.base.texts import language
from olhar.scale.task import do

_AT_ONCE = 2
"""Parts under way for each worker: one at work, and one that waits for it."""
_BYTES = 512 << 20
"""Of parts under way, whatever their number."""
_TRIES = 20
"""So often a part is begun again whose node was lost."""


class RayRunner:
    """Does parts on the workers of a cluster that is connected.

    Attributes:
        workers: how many parts are done at once.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def stream(self, shared: Portable[Shared], parts: Iterable[Part[Shared, Result]]) -> Iterator[Result]:
        """The results of all parts, in their order.

        Raises:
            Stopped: Ctrl-C; what is under way is ended.
            OlharError: what a part raises.
            TrainingError: the cluster was lost, or a part took more memory than a node has.
        """
        under_way = _UnderWay(self.workers, shared)
        rest = iter(parts)
        try:
            under_way.fill(rest)
            while under_way.tasks:
                part, came = under_way.oldest()
                under_way.fill(rest)
                yield from part.landed(came)
        except KeyboardInterrupt as error:
            raise Stopped("scale.stopped") from error
        finally:
            under_way.end()


class _UnderWay:
    """The parts that were sent and have not come back, in their order."""

    def __init__(self, workers: int, shared: Portable[Any]) -> None:
        ray: Any = import_module("ray")

        self.most, self.weight = _AT_ONCE * workers, 0
        self.tasks: deque[tuple[Part[Any, Any], Any, int]] = deque()
        self.shared = [ray.put(shared.carried())]
        self.remote: Any = ray.remote(do)

    def fill(self, rest: Iterator[Part[Any, Any]]) -> None:
        """Send parts while there is room."""
        while len(self.tasks) < self.most and self.weight < _BYTES:
            part = next(rest, None)
            if part is None:
                return
            carried = part.carried()
            options = {"num_cpus": carried.threads, "max_retries": _TRIES, "scheduling_strategy": "SPREAD"}
            task = self.remote.options(**options).remote(self.shared, carried, language())
            self.tasks.append((part, task, carried.weight))
            self.weight += carried.weight

    def oldest(self) -> tuple[Part[Any, Any], list[Any]]:
        """The part that was sent first, and what came of it."""
        ray: Any = import_module("ray")

        part, task, weight = self.tasks[0]
        try:
            came = ray.get(task)
        except ray.exceptions.RayTaskError as error:
            raise _cause(error) from error
        except (ray.exceptions.RayError, ConnectionError) as error:
            raise TrainingError("scale.lost", reason=type(error).__name__) from error
        self.tasks.popleft()
        self.weight -= weight
        return part, came

    def end(self) -> None:
        """End what is under way; nobody wants it any more."""
        ray: Any = import_module("ray")

        for _, task, _ in self.tasks:
            ray.cancel(task, force=True)
        self.tasks.clear()


def _cause(error: Any) -> Exception:
    """What went wrong in a part, as it would have gone wrong here."""
    cause = getattr(error, "cause", None)
    return cause if isinstance(cause, (OlharError, Exception)) else error
