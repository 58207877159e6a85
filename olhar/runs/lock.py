"""One training at a time in a run: the operating system holds the lock, so that it ends with the process, however that ends."""

import contextlib
import errno
import os
import sys
from collections.abc import Generator
from pathlib import Path

from olhar.base.errors import RunError
from olhar.runs.folder import RunFolder, free_name

_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


@contextlib.contextmanager
def locked(run: RunFolder) -> Generator[None]:
    """Hold a run for this training; drafts that a killed one left are swept away.

    The file stays when the lock is given back: to remove it would let two others lock two files of one name.

    Raises:
        RunError: another training is at work in it.
    """
    with _open(run) as file:
        if not _take(file):
            raise RunError("run.busy", where=str(run.path), free=str(free_name(run.path)))
        for folder in (run.path, run.checkpoints):
            for draft in folder.glob(".*.draft"):
                draft.unlink(missing_ok=True)
        yield


def busy(path: Path) -> bool:
    """Whether a training is at work in a folder."""
    run = RunFolder(path)
    if not _file(run).is_file():
        return False
    with _open(run) as file:
        return not _take(file)


def _file(run: RunFolder) -> Path:
    return run.checkpoints / "lock"


@contextlib.contextmanager
def _open(run: RunFolder) -> Generator[int]:
    """The file to lock, as a descriptor; closing it gives the lock back."""
    try:
        file = os.open(_file(run), os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise RunError("run.unwritable", where=str(run.path), reason=error.strerror or str(error)) from error
    try:
        yield file
    finally:
        os.close(file)


def _take(file: int) -> bool:
    """Lock it at once or not at all; where the file system knows no locks, nobody is refused."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _TAKEN
    return True
