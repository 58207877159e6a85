"""Pictures on their way to another machine: their contents, still encoded, in place of the files in which they lie."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import PictureError
from olhar.data.dataset import Source

Content = bytes | NDArray[Any] | PictureError


@dataclass(frozen=True)
class CarriedContents:
    """A source whose pictures lie in memory, counted from 0."""

    contents: Sequence[Content]

    @classmethod
    def of(cls, source: Source, rows: Sequence[int]) -> "CarriedContents":
        """Some pictures of a source, read now; one that cannot be read is told where it is asked for."""
        return cls([_content(source, row) for row in rows])

    @property
    def rows(self) -> range:
        """The index of each."""
        return range(len(self.contents))

    @property
    def weight(self) -> int:
        """Bytes of all."""
        return sum(map(_size, self.contents))

    def read(self, index: int) -> bytes | NDArray[Any]:
        """The picture at ``index``.

        Raises:
            PictureError: it could not be read where it lay.
        """
        content = self.contents[index]
        if isinstance(content, PictureError):
            raise content
        return content

    def fingerprint(self) -> Iterator[bytes]:
        """What changes when any picture changes."""
        yield from (bytes(content) for content in self.contents if not isinstance(content, PictureError))


def _size(content: Content) -> int:
    return content.nbytes if isinstance(content, np.ndarray) else len(content) if isinstance(content, bytes) else 0


def _content(source: Source, row: int) -> Content:
    try:
        return source.read(row)
    except PictureError as error:
        return error
