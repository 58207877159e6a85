"""The head of a TIFF, as far as it says into how many pieces the picture is cut, before anything opens it.

Form: TIFF 6.0 (Adobe, 1992), section 2, and BigTIFF: a mark of order, then a list of entries with a tag, a type and a count.
"""

from olhar.base.errors import PictureError

_ORDERS = {b"II": "little", b"MM": "big"}
_CLASSIC, _BIG = 42, 43
_PIECES = (273, 324)
"""Where strips and tiles begin; each has a place in the list."""
_MOST_PIECES, _MOST_ENTRIES = 65_535, 4096
"""A decoder takes about 7 microseconds for each piece, however small; JPEG 2000 allows as many."""


def refuse_many_pieces(data: bytes, name: str) -> None:
    """See to it that a TIFF is not cut into millions of tiles or strips; anything else is left alone.

    Raises:
        PictureError: it is.
    """
    most = max((count for tag, count in _entries(data) if tag in _PIECES), default=0)
    if most > _MOST_PIECES:
        raise PictureError("picture.pieces", name=name, n=most)


def _entries(data: bytes) -> list[tuple[int, int]]:
    """The tag and the count of each entry of the first list; none where there is no TIFF."""
    order = _ORDERS.get(data[:2])
    if order is None:
        return []

    def number(start: int, size: int) -> int:
        return int.from_bytes(data[start : start + size], "little" if order == "little" else "big")

    kind = number(2, 2)
    if kind not in (_CLASSIC, _BIG):
        return []
    wide = 8 if kind == _BIG else 4
    place = number(8 if kind == _BIG else 4, wide)
    n_size = 8 if kind == _BIG else 2
    n, first = min(number(place, n_size), _MOST_ENTRIES), place + n_size
    return [(number(at, 2), number(at + 4, wide)) for at in range(first, first + n * (4 + 2 * wide), 4 + 2 * wide)]
