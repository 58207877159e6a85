"""The person's cache folder: what is kept there, how large it may grow, and how it is emptied.

Prepared pictures lie in ``store/KEY/``, downloads in ``downloads/SET/``. What has not been used for longest goes first when
prepared pictures outgrow their limit; downloads go only when somebody asks, and nothing goes that a living process uses.
"""

import atexit
import json
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import platformdirs

from olhar.base import lock
from olhar.base.errors import UsageError

LIMIT_GB = 20.0
"""How large the prepared pictures may grow together, in 10^9 bytes, where ``OLHAR_CACHE_GB`` says nothing else."""
RECORD = ".olhar.json"
"""What stands behind the name of a downloaded file in the name of what is known of it."""
_DAY = 86_400
_OWN_STORES: dict[Path, Path] = {}
"""Where this process has its stores in place of a cache that may only be read."""

EntryKind = Literal["pictures", "download", "own", "left"]


@dataclass(frozen=True)
class CacheEntry:
    """One thing in the cache.

    Attributes:
        name: what the data is called, or the set that a download belongs to.
        kind: prepared ``pictures``, a ``download``, the person's ``own`` copy of a set, or what a killed process ``left``.
        path: where it lies.
        size: in bytes.
        used: when it was used last, in seconds since 1970.
        shape: N, height, width, channels of prepared pictures.
        fit: their resize rule.
    """

    name: str
    kind: EntryKind
    path: Path
    size: int
    used: float
    shape: tuple[int, ...] = ()
    fit: str = ""

    @property
    def key(self) -> str:
        """A short name that no other thing in the cache has."""
        return self.path.name[:8] if self.kind in ("pictures", "left") else self.path.name

    @property
    def busy(self) -> bool:
        """Whether a living process uses it."""
        return self.kind in ("pictures", "left") and in_use(self.path)


def cache_folder() -> Path:
    """Where all of it lies: ``OLHAR_CACHE``, else the user's cache folder."""
    return Path(os.environ.get("OLHAR_CACHE") or platformdirs.user_cache_dir("olhar", appauthor=False))


def stores() -> Path:
    """Where prepared pictures lie."""
    return cache_folder() / "store"


def kept_stores(pattern: str) -> list[Path]:
    """Stores by a pattern of their names, those of this process alone first; drafts are none."""
    roots = [_OWN_STORES.get(stores(), stores()), stores()]
    found = dict.fromkeys(folder for root in roots if root.is_dir() for folder in root.glob(pattern))
    return [folder for folder in found if folder.suffix != ".draft"]


def store_place(name: str) -> Path:
    """Where a store of this name lies, or would lie."""
    return next(iter(kept_stores(name)), stores() / name)


def a_draft_of(folder: Path) -> Path:
    """A name beside a store for what is not whole yet, or no longer: nothing else has it, and ``sweep`` takes what is left."""
    return folder.with_name(f"{folder.name}.{uuid.uuid4().hex[:8]}.draft")


def place_to_write(folder: Path) -> Path:
    """Where a store can be written: where it belongs, or, in a cache that may only be read, for this process alone."""
    existing = next(path for path in (folder.parent, *folder.parent.parents) if path.exists())
    return folder if os.access(existing, os.W_OK) else _own_stores() / folder.name


def _own_stores() -> Path:
    """A place for the stores of this process, gone with it."""
    if stores() not in _OWN_STORES:
        place = _OWN_STORES[stores()] = Path(tempfile.mkdtemp(prefix="olhar-"))
        atexit.register(shutil.rmtree, place, ignore_errors=True)
    return _OWN_STORES[stores()]


def downloads(name: str) -> Path:
    """Where the files of one set lie."""
    return cache_folder() / "downloads" / name


def size_limit() -> float:
    """How many bytes the prepared pictures may take together.

    Raises:
        UsageError: ``OLHAR_CACHE_GB`` is not a number.
    """
    text = os.environ.get("OLHAR_CACHE_GB") or str(LIMIT_GB)
    try:
        gigabytes = float(text.replace(",", "."))
    except ValueError:
        gigabytes = -1.0
    if not 0 <= gigabytes < float("inf"):
        raise UsageError("cache.limit", found=text)
    return gigabytes * 1e9


@dataclass(frozen=True)
class Emptied:
    """What ``empty`` did: bytes freed, things removed, those left because they are in use, and the person's own left alone."""

    freed: int
    removed: int
    busy: int
    own: int


def entries() -> list[CacheEntry]:
    """Everything in the cache, what was used last first."""
    everything = [*_pictures(), *_downloads()]
    return sorted(everything, key=lambda entry: -entry.used)


def find_entries(names: Sequence[str]) -> list[CacheEntry]:
    """What bears one of some names or keys; everything where none is given.

    Raises:
        UsageError: nothing bears one of them.
    """
    everything = entries()
    for name in names:
        if not any(name in (entry.name, entry.key) for entry in everything):
            raise UsageError("cache.nothing_of", found=name)
    return [entry for entry in everything if not names or entry.name in names or entry.key in names]


def empty(names: Sequence[str] = ()) -> Emptied:
    """Take away what bears one of some names or keys; everything but the person's own copies where none is given.

    Raises:
        UsageError: nothing bears one of the names.
    """
    chosen = find_entries(names)
    own = [] if names else [entry for entry in chosen if entry.kind == "own"]
    gone = {entry.path: remove(entry) for entry in chosen if entry not in own}
    freed = sum(entry.size for entry in chosen if gone.get(entry.path))
    return Emptied(freed, sum(gone.values()), len(gone) - sum(gone.values()), len(own))


def make_room(needed: int) -> None:
    """Take away what was not used for longest, until ``needed`` bytes more are within the limit.

    Raises:
        UsageError: ``OLHAR_CACHE_GB`` is not a number.
    """
    allowed = size_limit() - needed
    oldest_first = sorted(_pictures(), key=lambda entry: entry.used)
    total = sum(entry.size for entry in oldest_first)
    for entry in oldest_first:
        if total <= allowed:
            return
        if remove(entry):
            total -= entry.size


def sweep() -> None:
    """Take away what killed processes left behind."""
    for entry in list(_pictures()):
        if entry.kind == "left":
            remove(entry)


def remove(entry: CacheEntry) -> bool:
    """Remove one thing, so that a kill meanwhile leaves it whole or gone; False where it is in use or may not be removed."""
    if entry.busy:
        return False
    try:
        if entry.kind == "pictures":
            draft = a_draft_of(entry.path)
            entry.path.rename(draft)
            shutil.rmtree(draft, ignore_errors=True)
        elif entry.path.is_dir() and not entry.path.is_symlink():
            shutil.rmtree(entry.path)
        else:
            entry.path.unlink()
            entry.path.with_name(f"{entry.path.name}{RECORD}").unlink(missing_ok=True)
    except OSError:
        return False
    return True


def in_use(folder: Path) -> bool:
    """Whether a living process uses a store, or is writing it."""
    about = folder / "store.json"
    return lock.in_use(about) if about.exists() else time.time() - _changed(folder) < _DAY


def _pictures() -> Iterator[CacheEntry]:
    root = stores()
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        about = _about(folder)
        left = folder.suffix == ".draft" or not about
        yield CacheEntry(
            name=str(about.get("origin", "")),
            kind="left" if left else "pictures",
            path=folder,
            size=_size(folder),
            used=_changed(folder if left else folder / "store.json"),
            shape=tuple(about.get("shape", ())),
            fit=str(about.get("fit", "")),
        )


def _downloads() -> Iterator[CacheEntry]:
    root = cache_folder() / "downloads"
    for path in sorted(root.glob("*/*")) if root.is_dir() else ():
        if path.name.endswith((RECORD, ".lock")):
            continue
        downloaded = path.suffix == ".part" or path.with_name(f"{path.name}{RECORD}").exists()
        yield CacheEntry(path.parent.name, "download" if downloaded else "own", path, _size(path), _changed(path))


def _about(folder: Path) -> dict[str, Any]:
    try:
        about = json.loads((folder / "store.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return about if isinstance(about, dict) else {}


def _size(path: Path) -> int:
    if path.is_dir() and not path.is_symlink():
        return sum(_size(below) for below in path.iterdir())
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
