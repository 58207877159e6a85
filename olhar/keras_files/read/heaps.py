"""Texts of free length in HDF5, looked at before the HDF5 library reads them: it believes what a file says of their lengths.

Layout as in the HDF5 File Format Specification: global heap (III.E), superblock (II.A), attribute message (IV.A.2.m).
"""

from collections.abc import Iterator
from math import prod

_HEAP = b"GCOL\x01"
_HEADER = 16
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_FREE_LENGTH = 9
_MOST = 100_000


def longest_text(data: bytes, stems: tuple[str, ...]) -> int:
    """The most bytes to which the texts of one attribute come, of all attributes whose names begin with one of ``stems``."""
    base = max(data.find(_SIGNATURE, 0, 4096), 0)
    width = data[base + (13 if data[base + 8] < 2 else 9)]
    totals = (sum(_lengths(data, place, end, width)) for stem in stems for place, end in _names(data, stem.encode()))
    return max(totals, default=0)


def _names(data: bytes, stem: bytes) -> Iterator[tuple[int, int]]:
    """Where each name that begins with ``stem`` and ends in a zero begins and ends."""
    place = data.find(stem)
    while place >= 0:
        end = place + len(stem)
        while data[end : end + 1].isdigit():
            end += 1
        if data[end : end + 1] == b"\0":
            yield place, end + 1
        place = data.find(stem, place + 1)


def _lengths(data: bytes, place: int, end: int, width: int) -> Iterator[int]:
    """The lengths that an attribute states, if its name stands at ``place`` and its texts are of free length."""
    for version, head, unit in ((1, 8, 8), (2, 8, 1), (3, 9, 1)):
        start = place - head
        sizes = [int.from_bytes(data[start + at : start + at + 2], "little") for at in (2, 4, 6)]
        if start < 0 or data[start] != version or sizes[0] < end - place:
            continue
        kind = place + -(-sizes[0] // unit) * unit
        space = kind + -(-sizes[1] // unit) * unit
        first = space + -(-sizes[2] // unit) * unit
        if first < len(data) and data[kind] & 15 == _FREE_LENGTH:
            for i in range(min(_count(data, space), _MOST)):
                at = first + i * (8 + width)
                yield int.from_bytes(data[at : at + 4], "little")


def _count(data: bytes, space: int) -> int:
    """How many texts a dataspace holds."""
    start = space + (8 if data[space] == 1 else 4)
    return prod(int.from_bytes(data[start + 8 * i : start + 8 * i + 8], "little") for i in range(data[space + 1]))


def heaps_are_sound(data: bytes) -> bool:
    """Whether every heap is filled to its end by what it says it holds; the HDF5 library runs in circles over one that is not."""
    for place, end in _heaps(data):
        for item, index, size in _items(data, place, end):
            if item + size > end or (not index and size < _HEADER):
                return False
    return True


def _heaps(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each heap begins and ends."""
    place = data.find(_HEAP)
    while place >= 0:
        yield place, place + int.from_bytes(data[place + 8 : place + 16], "little")
        place = data.find(_HEAP, place + 8)


def _items(data: bytes, place: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Place, number and length of each thing in a heap; number 0 is free space, whose length holds its own header."""
    item = place + _HEADER
    while item + _HEADER <= min(end, len(data)):
        index, size = int.from_bytes(data[item : item + 2], "little"), int.from_bytes(data[item + 8 : item + 16], "little")
        yield item, index, size
        item += _HEADER + -(-size // 8) * 8 if index else max(size, _HEADER)
