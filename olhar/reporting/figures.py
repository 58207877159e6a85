"""The figures of a report as PNG bytes, drawn from ``facts`` with Matplotlib's objects.

No global state is read or changed: each figure is its own ``Figure``, and the user's style settings stay theirs.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from olhar.base.texts import number, say
from olhar.reporting import facts
from olhar.reporting.display_names import bounded
from olhar.reporting.drawing import count_axis, epoch_axis, font, framed, legend, paper, png, title, value_axis
from olhar.reporting.facts import Panel
from olhar.reporting.grid import grid
from olhar.reporting.story import Story
from olhar.reporting.theme import LIGHT, Theme, tinted

WRITTEN_CELLS = 25
"""Up to so many classes a confusion matrix has its numbers written in."""

NAMED_ROWS = 60
"""Up to so many classes the figures name each of them."""

_DASHES = ("-", (0, (5, 2)), (0, (1.5, 1.5)))


def files(story: Story) -> dict[str, bytes]:
    """Every figure that the story has something for as PNG, in the language in use, by the name of its file.

    Returns:
        some of ``loss.png``, ``accuracy.png``, ``f1.png``, ``precision.png``, ``recall.png``, ``confusion.png``,
        ``confusion-percent.png``, ``distribution.png``, ``samples.png``, ``variations.png``.
    """
    drawn = curves(story) | scores(story)
    if story.metrics is not None:
        drawn["confusion"] = confusion(story, LIGHT)
        drawn["confusion-percent"] = confusion(story, LIGHT, per_cent=True)
    if facts.distribution(story):
        drawn["distribution"] = distribution(story, LIGHT)
    drawn = {name: framed(drawing) for name, drawing in drawn.items()}
    if any(sample.label >= 0 for sample in story.samples):
        drawn["samples"] = samples(story)
    if story.variations:
        drawn["variations"] = variations(story)
    return {f"{name}.png": drawing for name, drawing in drawn.items()}


def curves(story: Story, theme: Theme = LIGHT) -> dict[str, bytes]:
    """Loss and accuracy of training and validation: a PNG each, by key."""
    return {panel.key: lines(panel, theme) for panel in facts.curves(story) if panel.lines}


def scores(story: Story, theme: Theme = LIGHT) -> dict[str, bytes]:
    """Macro F1, precision and recall of validation at each epoch: a PNG each, by key."""
    return {panel.key: lines(panel, theme) for panel in facts.scores(story) if panel.lines}


def lines(panel: Panel, theme: Theme = LIGHT) -> bytes:
    """Lines over epochs, told apart by colour and dash, with the kept epoch marked."""
    figure, axes = paper(*((4.6, 3.0) if len(panel.lines) > 1 else (3.4, 2.4)), theme)
    for line, colour, dash in zip(panel.lines, theme.series, _DASHES, strict=False):
        axes.plot(line.epochs, line.values, color=colour, linestyle=dash, linewidth=1.8, label=line.name, zorder=3)
        if len(line.epochs) == 1:
            axes.plot(line.epochs, line.values, "o", color=colour, zorder=4)
    _mark_kept(axes, panel, theme)
    epoch_axis(axes, panel)
    value_axis(axes, panel)
    title(axes, panel.title, theme)
    if len(panel.lines) > 1:
        legend(axes, theme, loc="best")
    return png(figure)


def confusion(story: Story, theme: Theme = LIGHT, *, per_cent: bool = False) -> bytes:
    """The confusion matrix, in counts or in per cent of each row; blue where right, orange where wrong.

    Raises:
        ValueError: the story has no metrics.
    """
    if story.metrics is None:
        raise ValueError("no metrics")
    shares = facts.row_shares(story.metrics.confusion)
    written = len(shares) <= WRITTEN_CELLS
    side = 2.2 + 0.46 * len(shares) if written else 9.0
    figure, axes = paper(side, side, theme)
    axes.grid(visible=False)
    axes.imshow(tinted(facts.depth(shares), theme), interpolation="nearest")
    if written:
        cells = shares if per_cent else story.metrics.confusion
        _write_cells(axes, [[number(100 * x, 1) if per_cent else number(int(x)) for x in row] for row in cells], theme)
    _class_axes(axes, story, theme)
    title(axes, say("report.confusion.per_cent" if per_cent else "report.confusion.counts"), theme)
    return png(figure)


def distribution(story: Story, theme: Theme = LIGHT) -> bytes:
    """Pictures of each class, by part: bars for a few classes, sorted curves for many."""
    parts = facts.distribution(story)
    many = len(story.signature.classes) > NAMED_ROWS
    height = 3.4 if many else 1.1 + 0.27 * len(story.signature.classes)
    figure, axes = paper(5.2, height, theme)
    draw = _sorted_curves if many else _stacked_bars
    draw(axes, story, parts, theme)
    title(axes, say("report.panel.distribution"), theme)
    legend(axes, theme, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderpad=0.2, borderaxespad=0.2)
    return png(figure)


def samples(story: Story) -> bytes:
    """Some pictures of each class, as the network sees them."""
    chosen = facts.samples_by_class(story.samples, len(story.signature.classes), 96)
    sizes = {len(row) for row in chosen.values()}
    columns = sizes.pop() if len(sizes) == 1 else 0
    return grid([sample for row in chosen.values() for sample in row], story.signature.names, columns if columns > 2 else 0)


def variations(story: Story) -> bytes:
    """Rows of a training picture and what augmentation makes of it."""
    return grid([sample for row in story.variations for sample in row], story.signature.names, len(story.variations[0]))


def _mark_kept(axes: Any, panel: Panel, theme: Theme) -> None:
    """A thin upright line at the kept epoch, and a dot on each line there."""
    if not panel.kept or not panel.at_kept():
        return
    axes.axvline(panel.kept, color=theme.quiet, linewidth=1, linestyle=(0, (2, 2)), zorder=2)
    for line, colour in zip(panel.lines, theme.series, strict=False):
        if panel.kept in line.epochs:
            value = line.values[line.epochs.index(panel.kept)]
            axes.plot([panel.kept], [value], "o", color=colour, markeredgecolor=theme.paper, markersize=7, zorder=5)


def _write_cells(axes: Any, cells: Sequence[Sequence[str]], theme: Theme) -> None:
    size = 9.5 if len(cells) <= 12 else 7.5
    for row, texts in enumerate(cells):
        for column, text in enumerate(texts):
            colour = theme.ink if text not in ("0", number(0.0, 1)) else theme.quiet
            axes.text(column, row, text, ha="center", va="center", color=colour, fontproperties=font(size))


def _class_axes(axes: Any, story: Story, theme: Theme) -> None:
    """Names on both sides for as many classes as can be read; beyond, a number now and then."""
    names = [bounded(name, 18) for name in story.signature.names]
    if len(names) <= NAMED_ROWS:
        type_ = font(9.5 if len(names) <= WRITTEN_CELLS else 6.5)
        axes.set_xticks(range(len(names)), names, rotation=90, fontproperties=type_, parse_math=False)
        axes.set_yticks(range(len(names)), names, fontproperties=type_, parse_math=False)
    axes.set_xlabel(say("report.answer"), color=theme.quiet, fontproperties=font(9.5), labelpad=8)
    axes.set_ylabel(say("report.truth"), color=theme.quiet, fontproperties=font(9.5), labelpad=8)


def _stacked_bars(axes: Any, story: Story, parts: dict[Any, list[int]], theme: Theme) -> None:
    names = [bounded(name, 24) for name in story.signature.names]
    start = np.zeros(len(names), dtype=np.int64)
    for (part, counts), colour in zip(parts.items(), theme.series, strict=False):
        axes.barh(
            range(len(names)),
            counts,
            left=start,
            height=0.66,
            color=colour,
            edgecolor=theme.paper,
            label=say(f"report.part.{part}"),
        )
        start += counts
    axes.set_yticks(range(len(names)), names, fontproperties=font(9.5), parse_math=False)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    count_axis(axes.xaxis)


def _sorted_curves(axes: Any, story: Story, parts: dict[Any, list[int]], theme: Theme) -> None:
    for (part, counts), colour, dash in zip(parts.items(), theme.series, _DASHES, strict=False):
        ordered = sorted(counts, reverse=True)
        axes.step(
            range(1, len(ordered) + 1), ordered, color=colour, linestyle=dash, where="mid", label=say(f"report.part.{part}")
        )
    axes.set_ylim(bottom=0)
    axes.grid(visible=False, axis="x")
    axes.set_xlabel(say("report.sorted_classes", n=len(story.signature.classes)), color=theme.quiet, fontproperties=font(9.5))
    count_axis(axes.yaxis)
