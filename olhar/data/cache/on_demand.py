"""Pictures that are decoded when somebody asks for them: for work that needs a few of them only, and no store of all."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from olhar.base.images import Pixels, to_pixels
from olhar.base.signature import Fit
from olhar.data.dataset import Dataset


@dataclass(frozen=True)
class OnDemand:
    """The pictures of a dataset at one size, indexed as an array (N, H, W, C) is; each question decodes anew.

    Attributes:
        dataset: the pictures.
        rows: int64 (N,): which of them.
        size: height and width, in pixels.
        channels: 1 or 3.
        fit: the resize rule.
    """

    dataset: Dataset
    rows: NDArray[np.int64]
    size: tuple[int, int]
    channels: int
    fit: Fit

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
            shape = (len(places), *self.shape[1:])
            return np.stack([self[place] for place in places.tolist()]) if len(places) else np.zeros(shape, np.uint8)
        row = int(self.rows[places])
        return to_pixels(self.dataset.read(row), self.size, self.channels, self.fit, self.dataset.where[row])


PixelRows: TypeAlias = Pixels | OnDemand
"""Pictures of one size by their place: an array, or decoded on demand."""
