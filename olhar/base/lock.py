"""Locks on files that end with their process, however it ends: who uses a file, and who alone may write it."""

import errno
import os
import sys
import time
import weakref
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

_DAY = 86_400
_TAKEN = (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, shared: bool) -> None:
        if not shared:  # what is only read cannot be renamed or removed there while it is open
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _wait(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
else:
    import fcntl

    def _lock(descriptor: int, shared: bool) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _wait(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


class FileLock:
    """A file that this process uses; it is let go with the object, with ``release``, or with the process."""

    def __init__(self, descriptor: int) -> None:
        self.release = weakref.finalize(self, os.close, descriptor)


def shared(path: Path) -> FileLock:
    """A lock that many may hold at once. Nothing is locked where the file system cannot.

    Raises:
        OSError: it is not there, or may not be read.
    """
    descriptor = os.open(path, os.O_RDONLY)
    with suppress(OSError):
        _lock(descriptor, shared=True)
    return FileLock(descriptor)


def exclusive(path: Path) -> FileLock | None:
    """The lock that one alone may hold, on a file made where it is missing; None where another process holds one.

    Raises:
        OSError: it may not be written.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock(descriptor, shared=False)
    except OSError as error:
        if error.errno in _TAKEN:
            os.close(descriptor)
            return None
    return FileLock(descriptor)


@contextmanager
def turn(folder: Path) -> Generator[None]:
    """One process after another does what it does with a folder's entries; all at once where a folder cannot be locked."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        yield
        return
    try:
        with suppress(OSError):
            _wait(descriptor)
        yield
    finally:
        os.close(descriptor)


def in_use(path: Path) -> bool:
    """Whether a living process uses a file; where the file system cannot tell, whether it was changed within a day."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        if sys.platform != "win32":
            _lock(descriptor, shared=False)
    except OSError as error:
        return error.errno in _TAKEN or time.time() - os.fstat(descriptor).st_mtime < _DAY
    finally:
        os.close(descriptor)
    return False
