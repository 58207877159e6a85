"""TFRecord's frame: where each record of a file lies. A record is its length, a check of that, its bytes and a check of those.

Form: TensorFlow's ``record_writer.h``. The check of the length is made; what a record holds, its own reader checks.
"""

import threading
import weakref
from array import array
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from typing import BinaryIO

from olhar.base.errors import DataError, PictureError
from olhar.data.files.files import MEMBER_LIMIT, Files, open_unpacked

HEAD = 12
"""The bytes of a length and its check."""
_CHECK = 4
_CRC32C = 0x82F63B78
_HELD = 16
"""So many files are kept open: a set may have a thousand."""


def starts_as_records(head: bytes) -> bool:
    """Whether the first bytes of a file are a length with the check that TFRecord writes after it."""
    return len(head) >= HEAD and masked_crc(head[:8]) == int.from_bytes(head[8:HEAD], "little")


def records_of(file: BinaryIO, where: str) -> Iterator[tuple[int, bytes]]:
    """Each record of a file with the place where it begins; one is held at a time.

    Raises:
        DataError: cut off, a length that its check contradicts, or a record larger than a picture may be.
    """
    size, place = file.seek(0, 2), 0
    while place < size:
        file.seek(place)
        head = file.read(HEAD)
        length, start = int.from_bytes(head[:8], "little"), place + HEAD
        if not starts_as_records(head) or start + length + _CHECK > size:
            raise DataError("data.not_whole", where=where)
        if length > MEMBER_LIMIT:
            raise DataError("picture.member_refused", name=f"{where}:{place}", megabytes=length / 2**20)
        yield start, file.read(length)
        place = start + length + _CHECK


@dataclass(frozen=True)
class RecordSource:
    """Pictures that lie in records: of which file, from where and how long. The files read last are kept open.

    Attributes:
        files: where the files are.
        indices: the file of each picture.
        starts, sizes: where it begins there, and how many bytes it has.
        where: the name of each.
    """

    files: Files
    indices: "array[int]"
    starts: "array[int]"
    sizes: "array[int]"
    where: Sequence[str]
    lock: threading.Lock = field(default_factory=threading.Lock)
    held: "OrderedDict[int, BinaryIO]" = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        weakref.finalize(self, _close, self.held)

    def read(self, index: int) -> bytes:
        """The encoded bytes of picture ``index``.

        Raises:
            PictureError: the file is gone, or ends before it.
        """
        data = b""
        with suppress(DataError, OSError), self.lock:
            file = self._file(self.indices[index])
            file.seek(self.starts[index])
            data = file.read(self.sizes[index])
        if len(data) != self.sizes[index]:
            raise PictureError("picture.damaged", name=self.where[index])
        return data

    def _file(self, index: int) -> BinaryIO:
        if index not in self.held:
            self.held[index] = open_unpacked(self.files, index)
            if len(self.held) > _HELD:
                self.held.popitem(last=False)[1].close()
        return self.held[index]

    def fingerprint(self) -> Iterator[bytes]:
        """The stamp of each file, and where the pictures lie in it."""
        yield from (self.files.stamp(index) for index in sorted(set(self.indices)))
        yield blake2b(self.indices.tobytes() + self.starts.tobytes(), digest_size=16).digest()


def masked_crc(data: bytes) -> int:
    """CRC-32C, turned and shifted (TensorFlow's ``crc32c.h``)."""
    crc, table = 0xFFFFFFFF, _table()
    for byte in data:
        crc = (crc >> 8) ^ table[(crc ^ byte) & 0xFF]
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def _close(files: Mapping[int, BinaryIO]) -> None:
    for file in files.values():
        file.close()


@cache
def _table() -> tuple[int, ...]:
    """What each byte makes of the sum."""
    sums: list[int] = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = (crc >> 1) ^ (_CRC32C if crc & 1 else 0)
        sums.append(crc)
    return tuple(sums)
