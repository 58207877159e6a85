"""Files written whole or not at all, names that every file system takes, and the error when a place cannot be written."""

import errno
import os
import re
import stat
import unicodedata
from errno import EINVAL
from pathlib import Path
from tempfile import TemporaryFile

from olhar.base.errors import DataError, RunError
from olhar.base.texts import Sentence, say, sentence
from olhar.base.types import StrPath

_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)

_SAID = {
    errno.ENOENT: "system.missing",
    errno.EACCES: "system.denied",
    errno.EPERM: "system.denied",
    errno.ENOSPC: "system.no_space",
    errno.EDQUOT: "system.quota",
    errno.EROFS: "system.read_only",
    errno.EISDIR: "system.a_folder",
    errno.ENOTDIR: "system.no_folder",
    errno.EEXIST: "system.there",
    errno.ENAMETOOLONG: "system.long_name",
    errno.EMFILE: "system.many_files",
    errno.EIO: "system.broken_disk",
}
"""What the system says of files, in words of ours."""


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a kill at any moment leaves the old one or the new one, whole."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def read_file(path: StrPath, most: int | None = None) -> bytes:
    """The bytes of a file, or the first ``most`` of them.

    Raises:
        OSError: it cannot be read, or is no file: a pipe would keep us waiting for ever, a device would never end.
    """
    if not stat.S_ISREG(Path(path).stat().st_mode):
        raise OSError(EINVAL, say("run.no_file"), os.fspath(path))
    with Path(path).open("rb") as file:
        return file.read() if most is None else file.read(most)


def neighbours(path: Path) -> list[Path]:
    """What lies beside a path; nothing where its folder is not there or may be entered but not listed."""
    try:
        return sorted(path.parent.iterdir())
    except OSError:
        return []


def write_error(where: StrPath, error: OSError, size: int = 0) -> RunError:
    """The error for a file that could not be written, with its size in bytes where that is known."""
    if size:
        return RunError("run.full", where=str(where), megabytes=max(1.0, size / 2**20), reason=reason(error))
    return RunError("run.unwritten", where=str(where), reason=reason(error))


def reason(error: OSError) -> Sentence | str:
    """Why a file could not be read or written, in a few words; HDF5 hides the system's number in a long text."""
    hidden = re.search(r"\berrno = (\d+)", str(error))
    number = int(hidden[1]) if hidden else error.errno
    if number in _SAID:
        return sentence(_SAID[number])
    return os.strerror(number) if hidden and number else error.strerror or str(error) or type(error).__name__


def safe_name(text: str, limit: int = 60, *, spaces: bool = False) -> str:
    """A name that every file system takes and no path climbs out of: letters and digits of any script, ``.``, ``-`` and ``_``,
    and spaces within where they are wanted.
    """
    plain, marks = unicodedata.normalize("NFC", text), "._- " if spaces else "._-"
    name = "".join(c if c.isalnum() or c in marks else "_" for c in plain).strip(marks)
    while len(name.encode("utf-8")) > limit:
        name = name[:-1].rstrip(marks)
    return f"_{name}" if not name or _RESERVED.match(name) else name


def write_text(path: Path, text: str) -> Path:
    """Write a whole file, or leave what was there.

    Raises:
        DataError: it cannot be written.
    """
    try:
        write_whole(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise _unwritable(path, error) from error
    return path


def refuse_unwritable(path: StrPath) -> None:
    """See to it, before the work of minutes, that a file can be written there.

    Raises:
        DataError: there is no such folder, it may not be written, or the file is a folder itself.
    """
    try:
        if Path(path).is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with TemporaryFile(dir=Path(path).parent):
            pass
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: StrPath, error: OSError) -> DataError:
    return DataError("keep.unwritable", where=os.fspath(path), reason=reason(error))
