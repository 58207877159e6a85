"""Colours of the figures, by day and by night; the page's stylesheet says the same ones.

The hues are those of Okabe and Ito, "Color Universal Design" (2008), which colour-blind people tell apart.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLUE, SKY, ORANGE, VERMILLION, GREEN, PURPLE = "#0072B2", "#56B4E9", "#E69F00", "#D55E00", "#009E73", "#CC79A7"


@dataclass(frozen=True)
class Theme:
    """Colours of one theme; ``series`` in the order in which lines and parts take them."""

    name: str
    paper: str
    ink: str
    quiet: str
    rule: str
    series: tuple[str, ...]
    right: str
    wrong: str
    cap_right: float
    cap_wrong: float


LIGHT = Theme("light", "#ffffff", "#1b1f24", "#5b636d", "#e4e7eb", (BLUE, VERMILLION, GREEN), BLUE, VERMILLION, 0.70, 0.62)
DARK = Theme("dark", "#14171b", "#e8eaed", "#a0a8b2", "#2c323a", (SKY, ORANGE, "#2fc9a0"), SKY, ORANGE, 0.55, 0.50)


def rgb(colour: str) -> NDArray[np.float64]:
    """``#rrggbb`` as three numbers 0..1."""
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def tinted(depth: NDArray[np.float64], theme: Theme) -> NDArray[np.float64]:
    """The colours of a confusion matrix, float64 (K, K, 3): the diagonal towards ``right``, the rest towards ``wrong``."""
    right = np.eye(len(depth), dtype=bool)[..., None]
    hue = np.where(right, rgb(theme.right), rgb(theme.wrong))
    strength = depth[..., None] * np.where(right, theme.cap_right, theme.cap_wrong)
    return rgb(theme.paper) * (1 - strength) + hue * strength
