"""The heaps in which HDF5 keeps texts of free length: a few bytes that point to a long text many times are a bomb.

Layout as in the HDF5 File Format Specification, sections III.E (global heap) and II.A (superblock).
"""

from collections.abc import Iterator

SHORT = 4096
"""A text of at most this many bytes is a name; only the architecture and the like are longer."""
_HEAP = b"GCOL\x01\0\0\0"
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_MOST = 256


def unfolded(data: bytes) -> int:
    """How many bytes all long texts of a file come to, each as often as something in the file points to it."""
    base = max(data.find(_SIGNATURE, 0, 4096), 0)
    width = data[base + (13 if data[base + 8] < 2 else 9)]
    total = 0
    for number, (place, index, size) in enumerate(_long_texts(data)):
        if number >= _MOST or not 0 < width <= 8:
            return 2**62
        pointer = (place - base).to_bytes(width, "little") + index.to_bytes(4, "little")
        total += size * data.count(pointer)
    return total


def _long_texts(data: bytes) -> Iterator[tuple[int, int, int]]:
    """The heap's place, the number within it and the length of each long text."""
    place = data.find(_HEAP)
    while place >= 0:
        end = min(place + int.from_bytes(data[place + 8 : place + 16], "little"), len(data))
        item = place + 16
        while item + 16 <= end:
            index, size = int.from_bytes(data[item : item + 2], "little"), int.from_bytes(data[item + 8 : item + 16], "little")
            if not index:
                break
            if size > SHORT:
                yield place, index, size
            item += 16 + -(-size // 8) * 8
        place = data.find(_HEAP, place + 8)
