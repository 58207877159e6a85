"""A store of the cache, written whole or not at all: a draft that nobody else takes away, in the room that is made for it."""

import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from olhar.base import lock
from olhar.base.errors import DataError
from olhar.base.files import reason
from olhar.data.cache.folder import a_draft_of, make_room, place_to_write, sweep

Store = TypeVar("Store")

MARK = "store.json"
"""What a store is; who uses the store holds a lock on it."""


def write_store(folder: Path, needed: int, fill: Callable[[Path], None], open_store: Callable[[Path], Store | None]) -> Store:
    """Fill a draft, give it the store's name when it is whole, and open it.

    Args:
        folder: where the store will lie; elsewhere, for this process alone, where the cache may only be read.
        needed: how many bytes it takes.
        fill: writes its files into the draft, ``store.json`` last.
        open_store: opens what lies at a place; None where that is no whole store.

    Raises:
        UsageError: the cache's limit is not a number.
        DataError: the disk is full, or the cache may not be written.
    """
    folder = place_to_write(folder)
    draft = a_draft_of(folder)
    make_room(needed)
    try:
        draft.mkdir(parents=True)
        sweep()
        writing = _claim(draft)
        fill(draft)
        _publish(draft, folder, open_store)
        if writing:
            writing.release()
        store = open_store(folder)
        if store is None:
            raise OSError
    except OSError as error:
        why = reason(error)
        raise DataError("data.store_unwritable", where=str(folder.parent), megabytes=needed / 2**20, reason=why) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return store


def use_store(folder: Path, fresh: bool) -> tuple[lock.FileLock, dict[str, Any]]:
    """What a store says of itself, and the lock that keeps it from being taken away; noted as used now, unless ``fresh``.

    Raises:
        OSError: it is not there.
        ValueError: it is damaged.
    """
    held = lock.shared(folder / MARK)
    about = json.loads((folder / MARK).read_text(encoding="utf-8"))
    if not fresh:
        with suppress(OSError):  # a cache that may only be read stays as it is
            os.utime(folder / MARK)
    return held, about


def _claim(draft: Path) -> lock.FileLock | None:
    """Mark a draft as being written by this process, from the moment that its mark has its name."""
    mark = draft / f"{MARK}.new"
    held = lock.exclusive(mark)
    mark.rename(draft / MARK)
    return held


def _publish(draft: Path, folder: Path, open_store: Callable[[Path], object]) -> None:
    """Give a whole store its name; another process may have been quicker, or an older one may be damaged.

    One after another: two that find the same one damaged would else each take away what the other has put in its place.
    """
    with lock.turn(folder.parent):
        if folder.exists() and open_store(folder) is None:
            damaged = a_draft_of(folder)
            folder.rename(damaged)
            shutil.rmtree(damaged, ignore_errors=True)
        try:
            draft.rename(folder)
        except OSError:
            if open_store(folder) is None:
                raise
