"""What a worker does: it opens what the parts share, once, and does one part after the other."""

from importlib import import_module, metadata
from typing import Any

from olhar.base.runner import CarriedPart
from olhar.base.texts import set_language
from olhar.runs.environment import processor

_OPENED: dict[str, Any] = {}
"""What this worker has open, by the name of its object in Ray: of one work, as there is one at a time."""


def do(shared: list[Any], part: CarriedPart[Any], language: str) -> list[Any]:
    """One part.

    Args:
        shared: the reference of what all parts need, in a list: Ray would fetch it anew for each part else.
        part: the part.
        language: of the person who asked, for what is written in words.
    """
    set_language(language)
    return list(part.work(_opened(shared[0])))


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
