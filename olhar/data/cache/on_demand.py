"""Pictures that are decoded when somebody asks for them: for work that needs a few of them only, and no store of all."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from olhar.base.images import Pixels, to_pixels
from olhar.base.levels import FULL, Levels
from olhar.base.signature import Fit
from olhar.data.dataset import Dataset

_KEPT = 64 * 2**20
"""Bytes of pictures that are kept once they were asked for: a report shows, measures and looks into the same few hundred."""


@dataclass(frozen=True)
class OnDemand:
    """The pictures of a dataset at one size, indexed as an array (N, H, W, C) is; the first few hundred asked for are kept.

    Attributes:
        dataset: the pictures.
        rows: int64 (N,): which of them.
        size: height and width, in pixels.
        channels: 1 or 3.
        fit: the resize rule.
        levels: black and white of more than 8 bits.
        whole: JPEGs are decoded whole.
    """

    dataset: Dataset
    rows: NDArray[np.int64]
    size: tuple[int, int]
    channels: int
    fit: Fit
    levels: Levels = FULL
    whole: bool = False
    _decoded: dict[int, Pixels] = field(default_factory=dict[int, Pixels], repr=False, compare=False)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """As of an array of all."""
        return len(self.rows), *self.size, self.channels

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, places: "int | NDArray[np.integer]") -> Pixels:
        """One picture (H, W, C) by its place, or several (n, H, W, C).

        Raises:
            PictureError: one cannot be read any more.
        """
        if isinstance(places, np.ndarray):
            return self._several(places.tolist())
        row = int(self.rows[places])
        pixels = self._decoded.get(row)
        if pixels is None:
            pixels = self._decode(row)
            if (len(self._decoded) + 1) * pixels.nbytes <= _KEPT:
                self._decoded[row] = pixels
        return pixels

    def _decode(self, row: int) -> Pixels:
        picture, name, levels = self.dataset.read(row), self.dataset.where[row], self.levels
        return to_pixels(picture, self.size, self.channels, self.fit, name, levels=levels, whole=self.whole)

    def _several(self, places: list[int]) -> Pixels:
        """Decoded by as many threads as there are cores."""
        pixels = np.empty((len(places), *self.shape[1:]), np.uint8)
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            for number, picture in enumerate(pool.map(self.__getitem__, places)):
                pixels[number] = picture
        return pixels


PixelRows: TypeAlias = Pixels | OnDemand
"""Pictures of one size by their place: an array, or decoded on demand."""
