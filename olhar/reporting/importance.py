"""What mattered in a tuning: a panel a field, the most important first, with every complete trial as a point."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from olhar.base.texts import number, percent, say
from olhar.reporting.drawing import font, new_figure, picture
from olhar.reporting.sheet import png
from olhar.reporting.theme import LIGHT, Theme
from olhar.training.ranges import Between, Range

_COLUMNS = 3
_MOST_POWERS = 3


def importance(
    shares: Mapping[str, float],
    trials: Sequence[tuple[Mapping[str, Any], float]],
    ranges: Mapping[str, Range],
    measure: str,
    theme: Theme = LIGHT,
) -> bytes:
    """A PNG.

    Args:
        shares: of the differences that each field explains, largest first.
        trials: what was chosen, and the number of validation that it came to.
        ranges: from which it was chosen.
        measure: ``accuracy`` or ``f1``.
        theme: the colours.
    """
    rows = -(-len(shares) // _COLUMNS)
    columns = min(_COLUMNS, len(shares))
    figure = new_figure(figsize=(3.4 * columns, 0.5 + 2.7 * rows), dpi=200, facecolor=theme.paper, layout="constrained")
    figure.suptitle(say("tune.picture", n=len(trials)), x=0, ha="left", color=theme.ink, fontproperties=font(11, "bold"))
    panels = figure.subplots(rows, columns, squeeze=False, sharey=True).ravel()
    for panel, (name, share) in zip(panels, shares.items(), strict=False):
        _panel(panel, name, share, trials, ranges[name], theme)
    for panel in panels[len(shares) :]:
        panel.set_visible(False)
    figure.supylabel(say(f"tune.axis_{measure}"), color=theme.quiet, fontproperties=font(9.5))
    return png(picture(figure))


def _panel(
    axes: Any, name: str, share: float, trials: Sequence[tuple[Mapping[str, Any], float]], range_: Range, theme: Theme
) -> None:
    """One field: its values across, what each trial came to upwards."""
    axes.set_facecolor(theme.paper)
    heading = f"{name}  {percent(share, 0)}"
    axes.set_title(heading, loc="left", color=theme.ink, fontproperties=font(9.5, "bold"), parse_math=False)
    axes.grid(visible=True, color=theme.rule, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, colors=theme.quiet, labelsize=8.5)
    for spine in axes.spines.values():
        spine.set_visible(False)
    chosen = [params[name] for params, _ in trials]
    if isinstance(range_, Between):
        places: list[Any] = chosen
        if range_.log:
            axes.set_xscale("log")
            ticks = _round_numbers(min(chosen), max(chosen))
            axes.set_xticks(ticks, [_number_text(tick) for tick in ticks], fontproperties=font(8.5))
            axes.set_xticks([], minor=True)
        else:
            axes.xaxis.get_major_locator().set_params(integer=all(isinstance(value, int) for value in chosen))
            axes.xaxis.set_major_formatter(lambda x, _: _number_text(x))
    else:
        places = [range_.values.index(value) for value in chosen]
        axes.set_xticks(range(len(range_.values)), [str(value) for value in range_.values], fontproperties=font(8.5))
        axes.set_xlim(-0.5, len(range_.values) - 0.5)
    axes.yaxis.set_major_formatter(lambda y, _: _number_text(y))
    axes.plot(places, [100 * value for _, value in trials], "o", color=theme.series[0], alpha=0.65, markersize=6)


def _number_text(value: float) -> str:
    """A number as the language in use writes it, with no more decimals than it needs."""
    plain = float(f"{value:.6g}")
    return number(int(plain) if plain.is_integer() else plain)


def _round_numbers(low: float, high: float) -> list[float]:
    """1, 2 and 5 times powers of ten around two positive numbers; only the powers where they lie far apart."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = (1, 2, 5) if len(powers) <= _MOST_POWERS else (1,)
    ticks = [step * 10.0**power for power in powers for step in steps]
    inside = [tick for tick in ticks if low / 1.1 <= tick <= high * 1.1]
    return inside or ticks
