"""What a training changes in the person's process, and puts back: torch's number of threads, and how memory is given back."""

import ctypes
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager

import torch

_TRIM_ABOVE, _MAP_FROM, _MOST_MAPPED = -1, -3, -4
"""glibc's M_TRIM_THRESHOLD, M_MMAP_THRESHOLD and M_MMAP_MAX (mallopt(3))."""
_NEVER = -1
_USUAL = {_MOST_MAPPED: 65_536, _MAP_FROM: 32 << 20, _TRIM_ABOVE: 64 << 20}
"""What glibc comes to by itself once a program has freed large arrays; after a first ``mallopt`` it no longer adapts."""


@contextmanager
def training_process() -> Generator[None]:
    """While a training lasts; afterwards the process is as it was, and what memory is free goes back to the system."""
    threads = torch.get_num_threads()
    _keep_memory()
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        give_memory_back()


def _keep_memory() -> None:
    """Let glibc keep what is freed.

    Every step frees its tensors and asks for as many again. By itself glibc returns the large ones to the system, which then
    hands out each page anew, cleared: measured as a tenth to a third of a step whose tensors exceed 32 MB.
    """
    libc = _glibc()
    if libc is not None:
        libc.mallopt(_MOST_MAPPED, 0)
        libc.mallopt(_TRIM_ABOVE, _NEVER)


def give_memory_back() -> None:
    """glibc's options as usual, and its free memory returned."""
    libc = _glibc()
    if libc is not None:
        for option, value in _USUAL.items():
            libc.mallopt(option, value)
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    """None where there is none, or where the person has set its options."""
    if sys.platform != "linux" or any(name.startswith(("MALLOC_", "GLIBC_TUNABLES")) for name in os.environ):
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "mallopt") and hasattr(libc, "malloc_trim") else None
