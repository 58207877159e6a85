"""Works that need nothing of each other, side by side: Pillow, zlib, LAPACK and ONNX Runtime let Python's other threads go on."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

First = TypeVar("First")
Second = TypeVar("Second")
Given = TypeVar("Given")
Made = TypeVar("Made")


def side_by_side(first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """What two works come to: the first is done here, the second in another thread, in the same language.

    Raises:
        what one of them raises, once both have ended; where both do, what the first raises.
    """
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(copy_context().run, second)
        return first(), other.result()


def two_at_a_time(work: Callable[[First], Second], given: Iterable[First]) -> list[Second]:
    """What a work comes to of each, in their order; two are done at a time."""
    with ThreadPoolExecutor(2) as pool:
        each = [pool.submit(copy_context().run, work, one) for one in given]
        return [one.result() for one in each]
