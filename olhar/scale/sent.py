"""Parts that were sent and have not come back."""

from importlib import import_module
from typing import Any

from olhar.base.errors import OlharError, TrainingError, UsageError
from olhar.base.runner import Part, Portable
from olhar.base.texts import language
from olhar.scale.ledger import ClusterLedger
from olhar.scale.room import refuse_too_large
from olhar.scale.task import Done, do

_TRIES = 20
"""So often a part is begun again whose node was lost."""
_LOOKED = 2.0
"""Seconds after which whoever waits looks whether all nodes are still there."""


class Sent:
    """The parts under way, the oldest first.

    Attributes:
        weight: bytes of all.
    """

    def __init__(self, shared: Portable[Any], ledger: ClusterLedger) -> None:
        ray: Any = import_module("ray")

        self.ledger, self.weight = ledger, 0
        self.tasks: dict[Any, tuple[Part[Any, Any], int]] = {}
        carried = shared.carried()
        refuse_too_large(carried, ledger.where)
        try:
            self.shared = [ray.put(carried)]
        except (ray.exceptions.RayError, ConnectionError) as error:
            raise _lost(error) from error
        self.remote: Any = ray.remote(do)

    def __len__(self) -> int:
        return len(self.tasks)

    def send(self, part: Part[Any, Any]) -> None:
        """Send one.

        Raises:
            UsageError: it keeps more processors busy than any node has: Ray would wait for such a node for ever.
        """
        carried = part.carried()
        if carried.threads > self.ledger.most_threads:
            raise UsageError("scale.threads", found=carried.threads, most=self.ledger.most_threads)
        options = {"num_cpus": carried.threads, "max_retries": _TRIES, "scheduling_strategy": "SPREAD"}
        task = self.remote.options(**options).remote(self.shared, carried, language())
        self.tasks[task] = part, carried.weight
        self.weight += carried.weight

    def oldest(self) -> tuple[Part[Any, Any], list[Any]]:
        """The part that was sent first, and what came of it."""
        return self._came([next(iter(self.tasks))])

    def first_done(self) -> tuple[Part[Any, Any], list[Any]]:
        """The part that is done first, and what came of it."""
        return self._came(list(self.tasks))

    def _came(self, wanted: list[Any]) -> tuple[Part[Any, Any], list[Any]]:
        ray: Any = import_module("ray")

        try:
            ready: list[Any] = []
            while not ready:
                ready, _ = ray.wait(wanted, timeout=_LOOKED)
                self.ledger.look(urgent=not ready)
            done: Done = ray.get(ready[0])
        except ray.exceptions.RayTaskError as error:
            raise _cause(error) from error
        except (ray.exceptions.RayError, ConnectionError) as error:
            raise _lost(error) from error
        part, weight = self.tasks.pop(ready[0])
        self.weight -= weight
        self.ledger.did(done)
        return part, done.results

    def end(self) -> None:
        """End what is under way; nobody wants it any more."""
        ray: Any = import_module("ray")

        for task in self.tasks:
            ray.cancel(task, force=True)
        self.tasks.clear()


def _lost(error: Exception) -> OlharError:
    """What Ray's own trouble means."""
    name = type(error).__name__
    return TrainingError("scale.disk_full" if name == "OutOfDiskError" else "scale.lost", reason=name)


def _cause(error: Any) -> Exception:
    """What went wrong in a part, as it would have gone wrong here."""
    cause = getattr(error, "cause", None)
    return cause if isinstance(cause, Exception) else error
