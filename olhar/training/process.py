"""What a training changes in the person's process, and puts back: torch's number of threads, and how memory is given back."""

import ctypes
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

import torch

_TRIM_ABOVE, _TOP_PAD, _MOST_MAPPED = -1, -2, -4
"""glibc's M_TRIM_THRESHOLD, M_TOP_PAD and M_MMAP_MAX (mallopt(3))."""
_NEVER, _USUAL_MAPPINGS, _USUAL_TRIM = -1, 65_536, 64 << 20
_AT_ONCE = 64 << 20


@contextmanager
def own_process() -> Generator[None]:
    """While a training lasts; afterwards the process is as it was, and what memory is free goes back to the system."""
    before = torch.get_num_threads()
    keeps = _keep_memory()
    try:
        yield
    finally:
        torch.set_num_threads(before)
        if keeps:
            _give_memory_back()


def _keep_memory() -> bool:
    """Let glibc keep what is freed; whether there is a glibc.

    Every step frees its tensors and asks for as many again. By itself glibc returns the large ones to the system, which then
    hands out each page anew, cleared: measured as a sixth to a third of a step whose tensors exceed 32 MB.
    """
    options = _options()
    if options is None:
        return False
    options(_MOST_MAPPED, 0)
    options(_TRIM_ABOVE, _NEVER)
    options(_TOP_PAD, _AT_ONCE)
    return True


def _give_memory_back() -> None:
    """As glibc is after it has met tensors of that size, and its free memory returned."""
    options = _options()
    if options is not None:
        options(_MOST_MAPPED, _USUAL_MAPPINGS)
        options(_TRIM_ABOVE, _USUAL_TRIM)
        options(_TOP_PAD, 0)
        ctypes.CDLL(None).malloc_trim(0)


def _options() -> Callable[[int, int], int] | None:
    if sys.platform != "linux":
        return None
    return getattr(ctypes.CDLL(None), "mallopt", None)
