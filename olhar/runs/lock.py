"""One training at a time in a run: the operating system holds the lock, so that it ends with the process, however that ends."""

import contextlib
import os
import time
from collections.abc import Generator
from pathlib import Path

from olhar.base import lock
from olhar.base.errors import RunError
from olhar.base.files import reason
from olhar.runs.folder import RunFolder, free_name

_TRIES, _PAUSE = 3, 0.02
"""Who asks whether a run is busy holds it for a moment, in which a training that begins must not take it for busy."""


@contextlib.contextmanager
def locked(run: RunFolder) -> Generator[None]:
    """Hold a run for this training; drafts that a killed one left are swept away.

    The file stays when the lock is given back: to remove it would let two others lock two files of one name.

    Raises:
        RunError: another training is at work in it, or it cannot be written.
    """
    held = _alone(run)
    for _ in range(_TRIES):
        if held is None:
            time.sleep(_PAUSE)
            held = _alone(run)
    if held is None:
        raise RunError("run.busy", where=str(run.path), free=str(free_name(run.path)))
    try:
        for folder in (run.path, run.checkpoints):
            for draft in folder.glob(".*.draft"):
                draft.unlink(missing_ok=True)
        yield
    finally:
        held.release()


def busy(path: Path) -> bool:
    """Whether a training is at work in a folder; who may only read it can ask too."""
    run = RunFolder(path)
    if not _file(run).is_file():
        return False
    if not os.access(_file(run), os.W_OK):
        return lock.in_use(_file(run))
    held = _alone(run)
    if held is not None:
        held.release()
    return held is None


def _file(run: RunFolder) -> Path:
    return run.checkpoints / "lock"


def _alone(run: RunFolder) -> lock.FileLock | None:
    try:
        return lock.exclusive(_file(run))
    except OSError as error:
        raise RunError("run.unwritable", where=str(run.path), reason=reason(error)) from error
