"""What a worker does: it opens what the parts share, once, and does one part after the other."""

import time
from dataclasses import dataclass
from importlib import import_module, metadata
from typing import Any

from olhar.base.errors import RunError, TrainingError
from olhar.base.files import reason
from olhar.base.runner import CarriedPart
from olhar.base.texts import set_language
from olhar.runs.environment import processor

_OPENED: dict[str, Any] = {}
"""What this worker has open, by the name of its object in Ray: of one work, as there is one at a time."""


@dataclass(frozen=True)
class Done:
    """What came of a part.

    Attributes:
        results: of it.
        where: the node that did it.
        seconds: it took.
        attempt: how often it had been begun before.
    """

    results: list[Any]
    where: str
    seconds: float
    attempt: int


def do(shared: list[Any], part: CarriedPart[Any], language: str) -> Done:
    """One part.

    Args:
        shared: the reference of what all parts need, in a list: Ray would fetch it anew for each part else.
        part: the part.
        language: of the person who asked, for what is written in words.

    Raises:
        TrainingError: the disk of this node is full, or may not be written.
        OlharError: what the part raises.
    """
    ray: Any = import_module("ray")

    set_language(language)
    begun, where = time.monotonic(), ray.util.get_node_ip_address()
    try:
        results = list(part.work(_opened(shared[0])))
    except (RunError, OSError) as error:
        told = reason(error) if isinstance(error, OSError) else str(error)
        raise TrainingError("scale.there", where=where, reason=told) from error
    attempt: int = ray._private.worker.global_worker.core_worker.get_current_task_attempt_number()
    return Done(results, where, time.monotonic() - begun, attempt)


def _opened(reference: Any) -> Any:
    ray: Any = import_module("ray")

    name = reference.hex()
    if name not in _OPENED:
        _OPENED.clear()
        _OPENED[name] = ray.get(reference).opened()
    return _OPENED[name]


def about_worker() -> dict[str, str]:
    """What a worker runs and is, to be compared with what is here."""
    return {"olhar": metadata.version("olhar"), "processor": processor()}
