"""Pictures as layers that learn are shown them: what is computed before those layers once a view, in a file; or anew each time.

The file has no name once it is open, so that it is gone with the process, however that ends.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from olhar.base.errors import DataError
from olhar.base.images import Pixels
from olhar.base.signature import Signature
from olhar.data.cache.on_demand import PixelRows
from olhar.models.learning_body import Border, LearningBody
from olhar.training.augment import Augmentation

Rows = NDArray[np.int64]

MOST_BYTES = 2 << 30
"""Of what is kept of all views, and never more than half of what is free on the disk."""
_AT_ONCE = 8


class Views(Protocol):
    """Pictures by their place, as the layers that learn want them."""

    def varied(self, places: Rows, generator: torch.Generator) -> Border:
        """A view of each, drawn."""
        ...

    def plain(self, places: Rows) -> Border:
        """Each as it is."""
        ...


@dataclass(frozen=True)
class Varied:
    """N pictures and what is done to them.

    Attributes:
        pixels: of all good pictures; decoded on demand.
        rows: int64 (N,): which of them.
        signature: how they are scaled.
        augmentation: what a view is made by.
        seed: of what is drawn for views that are kept.
    """

    pixels: PixelRows
    rows: Rows
    signature: Signature
    augmentation: Augmentation
    seed: int

    def read(self, places: Rows) -> Pixels:
        """uint8 (n, H, W, C)."""
        return self.pixels[self.rows[places]]

    def augmented(self, pixels: Pixels, generator: torch.Generator) -> Pixels:
        """The same pictures, varied."""
        pictures = torch.from_numpy(pixels).permute(0, 3, 1, 2)
        varied, _ = self.augmentation(pictures, torch.zeros(len(pixels), dtype=torch.long), generator)
        return varied.permute(0, 2, 3, 1).numpy()

    def scaled(self, pixels: Pixels) -> Tensor:
        """float32 (n, H, W, 3), as a body takes them; gray ones repeated."""
        mean, std = np.array(self.signature.mean, np.float32), np.array(self.signature.std, np.float32)
        values = torch.from_numpy(((pixels * (1 / (255 * std))) - mean / std).astype(np.float32))
        return values.repeat(1, 1, 1, 3) if values.shape[3] == 1 else values


@dataclass(frozen=True)
class LiveViews:
    """Nothing kept: each picture is read and computed anew whenever it is asked for."""

    network: LearningBody
    source: Varied

    def varied(self, places: Rows, generator: torch.Generator) -> Border:
        """A view of each, drawn."""
        return self.network.border(self.source.scaled(self.source.augmented(self.source.read(places), generator)))

    def plain(self, places: Rows) -> Border:
        """Each as it is."""
        return self.network.border(self.source.scaled(self.source.read(places)))


@dataclass(frozen=True)
class KeptViews:
    """V views of each picture, the plain one first: float16 (V, N, ...) a tensor of the border, mapped from files."""

    tensors: dict[str, NDArray[np.float16]]
    views: int

    def varied(self, places: Rows, generator: torch.Generator) -> Border:
        """A view of each, drawn."""
        drawn = torch.randint(0, self.views, (len(places),), generator=generator).numpy()
        return self._of(drawn, places)

    def plain(self, places: Rows) -> Border:
        """Each as it is."""
        return self._of(np.zeros(len(places), np.int64), places)

    def _of(self, views: Rows, places: Rows) -> Border:
        return {name: torch.from_numpy(kept[views, places].astype(np.float32)) for name, kept in self.tensors.items()}


def bytes_a_view(network: LearningBody, source: Varied) -> int:
    """What one view of one picture takes, kept."""
    border = network.border(source.scaled(source.read(np.zeros(1, np.int64))))
    return sum(2 * tensor[0].numel() for tensor in border.values())


def kept_at_most(network: LearningBody, source: Varied, folder: Path) -> int:
    """How many views of all pictures can be kept; 0: none, they are computed anew."""
    if network.live:
        return 0
    room = min(MOST_BYTES, shutil.disk_usage(folder).free // 2)
    return room // (len(source.rows) * bytes_a_view(network, source))


def keep_views(network: LearningBody, source: Varied, views: int, folder: Path, advance: Callable[[int], object]) -> KeptViews:
    """Compute and keep them; ``advance`` is told how many more are done.

    Raises:
        DataError: the disk is full.
        PictureError: a picture cannot be read any more.
    """
    files: dict[str, tuple[IO[bytes], tuple[int, ...]]] = {}
    with ExitStack() as opened:
        for pixels in _all_views(source, views):
            for name, tensor in network.border(source.scaled(pixels)).items():
                if name not in files:
                    files[name] = opened.enter_context(tempfile.TemporaryFile(dir=folder)), tuple(tensor.shape[1:])
                _write(files[name][0], tensor.numpy().astype(np.float16), folder)
            advance(len(pixels))
        mapped = {name: _mapped(file, (views, len(source.rows), *shape)) for name, (file, shape) in files.items()}
    return KeptViews(mapped, views)


def _all_views(source: Varied, views: int) -> Iterator[Pixels]:
    """View by view, each in the order of the pictures, few at a time."""
    for view in range(views):
        generator = torch.Generator().manual_seed(source.seed + view)
        for start in range(0, len(source.rows), _AT_ONCE):
            pixels = source.read(np.arange(start, min(start + _AT_ONCE, len(source.rows))))
            yield source.augmented(pixels, generator) if view else pixels


def _write(file: IO[bytes], values: NDArray[np.float16], folder: Path) -> None:
    """Through the file and not a map of it: a full disk is then an error, no crash."""
    try:
        file.write(values.tobytes())
    except OSError as error:
        raise DataError("last_blocks.no_room", where=str(folder)) from error


def _mapped(file: IO[Any], shape: tuple[int, ...]) -> NDArray[np.float16]:
    """The map outlives the file that is closed."""
    file.flush()
    return np.memmap(file, np.float16, "r", shape=shape)
