"""What every figure by Matplotlib shares: its paper, type and axes in a theme's colours, and its end as a picture."""

import math
import os
import warnings
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from olhar.base.texts import number, percent, say
from olhar.data.cache.folder import cache_folder
from olhar.reporting.facts import Panel
from olhar.reporting.sheet import DPI
from olhar.reporting.theme import Theme

_SCRIPTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Microsoft YaHei", "PingFang SC", "Hiragino Sans", "Malgun Gothic",
    "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Sans Thai", "Nirmala UI", "Arial Unicode MS",
)  # fmt: skip


def new_figure(**options: Any) -> Any:
    """An empty figure. Matplotlib keeps its list of fonts among what Olhar keeps, and leaves nothing elsewhere."""
    os.environ.setdefault("MPLCONFIGDIR", str(cache_folder() / "matplotlib"))
    from matplotlib.figure import Figure

    return Figure(**options)


def paper(width: float, height: float, theme: Theme) -> tuple[Any, Any]:
    """An empty figure of so many inches with one axis system, in the theme's colours."""
    figure = new_figure(figsize=(width, height), dpi=DPI, facecolor=theme.paper, layout="constrained")
    axes = figure.add_subplot(facecolor=theme.paper)
    axes.grid(visible=True, color=theme.rule, linewidth=0.8, linestyle="-")
    axes.set_axisbelow(True)
    axes.tick_params(length=0, colors=theme.quiet, labelsize=9.5, labelfontfamily=_fonts())
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure, axes


@cache
def _fonts() -> list[str]:
    """DejaVu Sans, which Matplotlib brings, and those fonts for other scripts that the machine has."""
    from matplotlib.font_manager import fontManager

    there = {font.name for font in fontManager.ttflist}
    return ["DejaVu Sans", *(name for name in _SCRIPTS if name in there)]


def font(size: float, weight: str = "normal") -> Any:
    """A type of so many points, in the fonts that the machine has."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=_fonts(), size=size, weight=weight)


def title(axes: Any, text: str, theme: Theme) -> None:
    """The title at the left edge, where the page's text stands."""
    axes.figure.suptitle(text, x=0, ha="left", color=theme.ink, fontproperties=font(11, "bold"), parse_math=False)


def legend(axes: Any, theme: Theme, **where: Any) -> None:
    """A legend without a frame."""
    axes.legend(frameon=False, labelcolor=theme.ink, prop=font(9.5), handlelength=2, **where)


def epoch_axis(axes: Any, panel: Panel) -> None:
    """Whole epochs below, with the kept one named."""
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, min_n_ticks=1))
    axes.xaxis.set_major_formatter(lambda x, _: number(round(x)))
    axes.grid(visible=False, axis="x")
    axes.set_xlabel(_epoch_label(panel), color=axes.xaxis.get_ticklabels()[0].get_color(), fontproperties=font(9.5))


def _epoch_label(panel: Panel) -> str:
    return say("report.epoch_kept", epoch=panel.kept) if panel.at_kept() else say("report.epoch")


def value_axis(axes: Any, panel: Panel) -> None:
    """Per cent for shares; else numbers from 0 with as many decimals as their steps need."""
    from matplotlib.ticker import MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    axes.set_ylim(*_share_range(*axes.get_ylim()) if panel.share else (0, None))
    step = axes.get_yticks()[1] - axes.get_yticks()[0]
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    axes.yaxis.set_major_formatter(lambda y, _: percent(y, 0) if panel.share else number(y, places))


def _share_range(low: float, high: float) -> tuple[float, float]:
    """A range within 0 and 1 and wide enough for whole per cents."""
    middle, half = (low + high) / 2, max((high - low) / 2, 0.05)
    return max(0.0, middle - half), min(1.005, middle + half)


def picture(figure: Any) -> Image.Image:
    """The figure as a picture of at most 128 colours. A letter that no font has is drawn as a box, without a warning."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"(?s).*Glyph .* missing from")
        canvas.draw()
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3].copy())
    return drawn.quantize(128, dither=Image.Dither.NONE)
