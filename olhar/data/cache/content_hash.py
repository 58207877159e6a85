"""What stands for a picture's content: 16 bytes, kept 16 bytes apart however many there are."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

LENGTH = 16


def content_hash(picture: bytes | NDArray[Any]) -> bytes:
    """16 bytes that stand for a picture's content: its encoded bytes, or its pixels and their shape."""
    if isinstance(picture, bytes):
        return blake2b(picture, digest_size=LENGTH).digest()
    return blake2b(picture.tobytes(), digest_size=LENGTH, person=str(picture.shape).encode()[:16]).digest()


class ContentHashes(Sequence[bytes]):
    """Content hashes as a sequence of ``bytes``; a list of a million would take 57 MB, this takes 16.

    Attributes:
        array: uint8 (N, 16).
    """

    def __init__(self, array: NDArray[np.uint8]) -> None:
        self.array = array

    def __len__(self) -> int:
        return len(self.array)

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> "ContentHashes": ...
    def __getitem__(self, index: int | slice) -> "bytes | ContentHashes":
        return ContentHashes(self.array[index]) if isinstance(index, slice) else self.array[index].tobytes()

    def __iter__(self) -> Iterator[bytes]:
        whole = self.array.tobytes()
        return (whole[start : start + LENGTH] for start in range(0, len(whole), LENGTH))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ContentHashes) and np.array_equal(self.array, other.array)

    __hash__ = None  # pyright: ignore[reportAssignmentType]
