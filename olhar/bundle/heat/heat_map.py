"""HeatMap: where a model looks in one picture, and how it is shown."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from olhar.base.html import paragraph, picture
from olhar.base.images import Pixels
from olhar.base.texts import say, visible
from olhar.bundle.heat.method import Method
from olhar.bundle.heat.resizing import resized

_COLD, _WARM, _HOT = np.array([[0.0, 0.0, 0.0], [213.0, 94.0, 0.0], [255.0, 226.0, 140.0]], np.float32)
"""Dark, vermillion (Okabe and Ito 2008), and nearly white: brighter at each step, so that it is read without colours too."""

_SEEN_THROUGH = 0.35
"""So much of the picture, in gray, is left to be seen where nothing is hot."""


@dataclass(frozen=True, eq=False)
class HeatMap:
    """What each place of a picture adds to what a model says for a class.

    Attributes:
        of: the key of the class.
        name: its name to show.
        values: float32 (H, W), of the size of the model's pictures: above 0 speaks for the class, below 0 against it. Of
            ``activation`` the mean is the class's logit less the mean logit of all classes, without the bias; of ``occlusion``
            each is how far that difference falls where the place is covered.
        method: ``activation`` where the network ends in pooled maps and a head on them, and each place's share is exact;
            ``occlusion`` elsewhere, in cells of an eighth of each side.
        pixels: uint8 (H, W, C), the picture as the model sees it.
    """

    of: str
    name: str
    values: NDArray[np.float32] = field(repr=False)
    method: Method
    pixels: Pixels = field(repr=False)

    @property
    def heat(self) -> NDArray[np.float32]:
        """float32 (H, W), 0..1: what speaks for the class, as a share of the highest."""
        return heat(self.values)

    def over(self) -> Pixels:
        """The picture, gray and dark, with the heat over it: uint8 (H, W, 3)."""
        return over(self.pixels, self.heat)

    def _repr_html_(self) -> str:
        told = say(f"heat.{self.method}", name=visible(self.name))
        return f"{picture(self.pixels)} {picture(self.over(), told)}{paragraph(told)}"


def heat(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """What lies above 0, as a share of the highest: 0..1, of the same shape (..., H, W), each map by itself."""
    above = np.maximum(values, 0)
    return above / np.maximum(above.max(axis=(-2, -1), keepdims=True), np.finfo(np.float32).tiny)


def over(pixels: Pixels, share: NDArray[np.float32]) -> Pixels:
    """A picture, uint8 (H, W, C), in gray beneath its heat, 0..1 (h, w): uint8 (H, W, 3)."""
    gray = pixels.astype(np.float32).mean(axis=2, keepdims=True)
    hot = np.clip(resized(share[None], pixels.shape[:2])[0], 0, 1)[..., None]
    ramp = np.where(hot < 0.5, _COLD + (_WARM - _COLD) * 2 * hot, _WARM + (_HOT - _WARM) * (2 * hot - 1))
    seen = gray * (_SEEN_THROUGH + 0.25 * hot)
    return np.clip(seen * (1 - 0.55 * hot) + ramp * (0.35 + 0.4 * hot) * np.minimum(1, 2 * hot), 0, 255).astype(np.uint8)
