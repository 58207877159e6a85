"""What has no random access (deflate, gzip, bzip2, xz) unpacked once, into memory or a nameless temporary file, within bounds."""

import io
import lzma
import tempfile
import threading
import zlib
from contextlib import ExitStack
from typing import IO, BinaryIO, cast

from olhar.base.errors import DataError
from olhar.base.files import reason

IN_MEMORY = 32 * 2**20
"""What unpacks to more bytes than this goes to a temporary file, which has no name and goes with the process."""
_SPARE, _DENSEST = 256 * 2**20, 20
_CHUNK = 2**20


def unpacked_limit(packed: int) -> int:
    """How many bytes may come out of ``packed`` bytes: 256 MiB, and 20 for each."""
    return _SPARE + _DENSEST * packed


def spooled(stream: IO[bytes], packed: int, name: str) -> BinaryIO:
    """A stream, unpacked whole.

    Args:
        stream: what unpacks as it is read.
        packed: how many bytes it is made from.
        name: what to call it in an error.

    Raises:
        DataError: damaged, unpacks to more than it should, or there is no room for it.
    """
    with ExitStack() as undo:
        file = undo.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
        _fill(file, stream, unpacked_limit(packed), name)
        file.seek(0)
        undo.pop_all()
    return cast(BinaryIO, file)


def _fill(file: IO[bytes], stream: IO[bytes], limit: int, name: str) -> None:
    total = 0
    try:
        while chunk := stream.read(_CHUNK):
            total += len(chunk)
            if total > limit:
                raise DataError("data.bomb", where=name, megabytes=limit / 2**20)
            file.write(chunk)
    except (EOFError, zlib.error, lzma.LZMAError, UnicodeError, ValueError) as error:
        raise DataError("data.not_whole", where=name) from error
    except OSError as error:
        raise _damaged_or_full(error, name) from error


def _damaged_or_full(error: OSError, name: str) -> DataError:
    if error.errno is None:  # gzip and bzip2 tell of damage so
        return DataError("data.not_whole", where=name)
    return DataError("data.no_room", where=name, folder=tempfile.gettempdir(), reason=reason(error))


class Window(io.RawIOBase):
    """A stretch of another file, as a file. Windows of one file take turns under one lock."""

    def __init__(self, file: BinaryIO, lock: threading.Lock, start: int, size: int, owner: object) -> None:
        self._file, self._lock, self._start, self._size = file, lock, start, size
        self._owner = owner  # who closes the file when nobody needs it
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in the window."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """Where it stands."""
        return self._at

    def readinto(self, buffer: memoryview, /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Fill ``buffer`` as far as the window goes."""
        n = max(0, min(len(buffer), self._size - self._at))
        with self._lock:
            self._file.seek(self._start + self._at)
            data = self._file.read(n)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def window(file: BinaryIO, lock: threading.Lock, start: int, size: int, owner: object) -> BinaryIO:
    """A stretch of another file, buffered; ``owner``, which closes that file in the end, lives as long as it."""
    return io.BufferedReader(Window(file, lock, start, size, owner))
