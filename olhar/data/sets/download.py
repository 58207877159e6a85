"""One file from the network into the cache: goes on where it was cut off, checked before it gets its name.

A file is written as ``NAME.part``, checked against size and checksum, and renamed when whole; ``NAME.olhar.json`` keeps what
is known of it. Only http and https are spoken, redirects included; proxies are taken from the environment as everywhere.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

from olhar.base import lock
from olhar.base.errors import DataError, UsageError
from olhar.base.files import reason
from olhar.base.progress import Advance, Progress
from olhar.base.texts import sentence
from olhar.data.cache.folder import RECORD
from olhar.data.sets import transfer
from olhar.data.sets.remote import Remote
from olhar.data.sets.transfer import TransferError

PAUSES = (1.0, 3.0, 10.0, 30.0)
"""Seconds to wait before each further try; as soon as something more has come, they begin anew."""
LIMIT = 8 * 10**9
"""The most bytes that are taken where nobody has published a size."""
_SPARE = 50 * 2**20


def fetch(remote: Remote, folder: Path, progress: Progress) -> Path:
    """The file in ``folder``, downloaded now or before.

    ``OLHAR_MIRROR`` names an address under which the file is looked for first.

    Args:
        remote: what to download.
        folder: where it goes.
        progress: where to tell how far it is.

    Raises:
        DataError: no network, not there, another content, too large, or no room on the disk.
        UsageError: ``OLHAR_MIRROR`` is not an address.
    """
    target = folder / remote.name
    if is_complete(target, remote):
        return target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(target, progress):
            if not is_complete(target, remote):
                _fetch(remote, target, progress)
    except OSError as error:
        raise DataError("download.unwritable", where=str(folder), reason=reason(error)) from error
    return target


def is_complete(target: Path, remote: Remote) -> bool:
    """Whether the whole file is there, checked when it came or, where somebody else has put it there, now."""
    try:
        size = target.stat().st_size
    except OSError:
        return False
    recorded = download_record(target)
    if recorded.get("size") == size and (not remote.sha256 or recorded.get("sha256") == remote.sha256):
        return True
    if not remote.sha256 or _sha256(target) != remote.sha256:
        return False
    _write_record(target, remote.url, remote.sha256)
    return True


def download_record(target: Path) -> dict[str, object]:
    """What was written down when a file came: its address, size and checksum."""
    try:
        about = json.loads(target.with_name(f"{target.name}{RECORD}").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return about if isinstance(about, dict) else {}


@contextmanager
def _alone(target: Path, progress: Progress) -> Generator[None]:
    """Two processes that want one file: the second waits for the first."""
    path = target.with_name(f"{target.name}.lock")
    held = lock.exclusive(path)
    if held is None:
        progress.line(sentence("download.waiting", name=target.name))
        while held is None:
            time.sleep(0.2)
            held = lock.exclusive(path)
    try:
        yield
    finally:
        held.release()


def _fetch(remote: Remote, target: Path, progress: Progress) -> None:
    mirror = os.environ.get("OLHAR_MIRROR", "").rstrip("/")
    if mirror:
        if urlsplit(mirror).scheme not in ("http", "https") or not urlsplit(mirror).netloc:
            raise UsageError("download.mirror", found=mirror)
        try:
            return _fetch_from(Remote(f"{mirror}/{quote(remote.name)}", remote.size, remote.sha256), target, progress)
        except DataError as error:
            progress.line(sentence("download.not_by_mirror", reason=str(error)))
    return _fetch_from(remote, target, progress)


def _fetch_from(remote: Remote, target: Path, progress: Progress) -> None:
    part = target.with_name(f"{target.name}.part")
    resumed = transfer.bytes_so_far(part)
    with progress.stage(sentence("download.bar", name=target.name), remote.size or 1) as advance:
        _receive_whole(remote, part, _bar_mover(remote, part, advance), progress)
    digest = _sha256(part)
    if remote.sha256 and digest != remote.sha256:
        transfer.discard(part)
        if resumed:  # what lay there from an earlier time may have been at fault
            return _fetch_from(remote, target, progress)
        raise DataError("download.differs", where=remote.host, name=target.name, expected=remote.sha256[:12], found=digest[:12])
    _sync(part)
    size = part.stat().st_size
    part.replace(target)
    transfer.discard(part)
    _write_record(target, remote.url, digest)
    if not remote.sha256:
        progress.line(sentence("download.first", name=target.name, size=size, found=digest))
    return None


def _receive_whole(remote: Remote, part: Path, tell: Callable[[int, int], None], progress: Progress) -> None:
    """Try until the file has come, as long as something comes now and then."""
    pauses, received = list(PAUSES), False
    while True:
        size_before = transfer.bytes_so_far(part)
        try:
            return transfer.receive(remote.url, part, remote.size or LIMIT, tell)
        except TransferError as error:
            if transfer.bytes_so_far(part) > size_before:
                pauses, received = list(PAUSES), True
            if not error.passing or not pauses or (error.key == "download.no_network" and not received):
                values = {"where": remote.host, "name": remote.name, "reason": error.reason, "folder": str(part.parent)}
                raise DataError(error.key, **values) from error
            progress.line(sentence("download.again", name=remote.name, reason=error.reason, seconds=pauses[0]))
            time.sleep(pauses.pop(0))


def _bar_mover(remote: Remote, part: Path, advance: Advance) -> Callable[[int, int], None]:
    """Moves the bar to how much is there, having looked whether the rest has room."""
    shown, looked = 0, False

    def tell(have: int, total: int) -> None:
        nonlocal shown, looked
        if not looked:
            _look_for_room(part, max(0, total - have))
        advance(have - shown, total or remote.size or have)
        shown, looked = have, True

    return tell


def _look_for_room(part: Path, needed: int) -> None:
    free = shutil.disk_usage(part.parent).free
    if needed + _SPARE > free:
        raise DataError("download.full", where=str(part.parent), megabytes=needed / 2**20, free=free / 2**20)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _write_record(target: Path, url: str, sha256: str) -> None:
    about = {"olhar": 1, "url": url, "size": target.stat().st_size, "sha256": sha256}
    draft = target.with_name(f"{target.name}{RECORD}.new")
    draft.write_text(json.dumps(about) + "\n", encoding="utf-8")
    draft.replace(target.with_name(f"{target.name}{RECORD}"))
