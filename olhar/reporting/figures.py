"""The figures of a report, drawn from ``facts``: curves of a training with Matplotlib, all others with Pillow alone.

No global state of Matplotlib is read or changed: each figure is its own ``Figure``, and the user's style settings stay theirs.
"""

from typing import Any

from PIL import Image

from olhar.base.texts import number, percent
from olhar.reporting import facts
from olhar.reporting.bars import bars, columns
from olhar.reporting.class_bars import class_bars
from olhar.reporting.drawing import epoch_axis, font, legend, paper, picture, title, value_axis
from olhar.reporting.facts import Panel
from olhar.reporting.grid import grid
from olhar.reporting.learning_curve import learning_curve
from olhar.reporting.matrix import NAMED_ROWS, matrix
from olhar.reporting.sheet import framed, png
from olhar.reporting.story import Story
from olhar.reporting.theme import LIGHT, Theme

_DASHES = ("-", (0, (5, 2)), (0, (1.5, 1.5)))


def files(story: Story) -> dict[str, bytes]:
    """Every figure that the story has something for as PNG, in the language in use, by the name of its file.

    Returns:
        some of ``loss.png``, ``accuracy.png``, ``f1.png``, ``precision.png``, ``recall.png``, ``learning_rate.png``,
        ``learning-curve.png``, ``classes.png``, ``confusion.png``, ``confusion-percent.png``, ``distribution.png``,
        ``samples.png``, ``variations.png``.
    """
    drawn = curves(story) | scores(story)
    if story.learning_curve is not None:
        drawn["learning-curve"] = learning_curve(story.learning_curve)
    if story.metrics is not None:
        drawn["classes"] = class_bars(story.metrics, story.signature.names, LIGHT)
        drawn["confusion"] = confusion(story, LIGHT)
        drawn["confusion-percent"] = confusion(story, LIGHT, per_cent=True)
    if facts.distribution(story):
        drawn["distribution"] = distribution(story, LIGHT)
    written = {name: png(framed(drawing)) for name, drawing in drawn.items()}
    if any(sample.label >= 0 for sample in story.samples):
        written["samples"] = samples(story)
    if story.variations:
        written["variations"] = variations(story)
    return {f"{name}.png": drawing for name, drawing in written.items()}


def curves(story: Story, theme: Theme = LIGHT) -> dict[str, Image.Image]:
    """Loss and accuracy of training and validation: one each, by key."""
    return {panel.key: lines(panel, theme) for panel in facts.curves(story) if panel.lines}


def scores(story: Story, theme: Theme = LIGHT) -> dict[str, Image.Image]:
    """Macro F1, precision and recall of validation at each epoch: one each, by key."""
    return {panel.key: lines(panel, theme) for panel in facts.scores(story) if panel.lines}


def lines(panel: Panel, theme: Theme = LIGHT) -> Image.Image:
    """Lines over epochs, told apart by colour and dash, with the kept epoch marked."""
    figure, axes = paper(*((4.6, 3.0) if len(panel.lines) > 1 else (3.4, 2.4)), theme)
    for line, colour, dash in zip(panel.lines, theme.series, _DASHES, strict=False):
        axes.plot(line.epochs, line.values, color=colour, linestyle=dash, linewidth=1.8, label=line.name, zorder=3)
        if len(line.epochs) == 1:
            axes.plot(line.epochs, line.values, "o", color=colour, zorder=4, clip_on=False)
    if all(len(line.epochs) == 1 for line in panel.lines):
        _write_values(axes, panel, theme)
    _mark_kept(axes, panel, theme)
    epoch_axis(axes, panel)
    value_axis(axes, panel)
    title(axes, panel.title, theme)
    if len(panel.lines) > 1:
        legend(axes, theme, loc="best")
    return picture(figure)


def confusion(story: Story, theme: Theme = LIGHT, *, per_cent: bool = False) -> Image.Image:
    """The confusion matrix, in counts or in per cent of each row; blue where right, orange where wrong.

    Raises:
        ValueError: the story has no metrics.
    """
    if story.metrics is None:
        raise ValueError("no metrics")
    return matrix(story.metrics, story.signature.names, theme, per_cent=per_cent)


def distribution(story: Story, theme: Theme = LIGHT) -> Image.Image:
    """Pictures of each class, by part: a bar a class, or columns where there are too many to name them."""
    parts = facts.distribution(story)
    if len(story.signature.classes) > NAMED_ROWS:
        return columns(parts, theme)
    return bars(parts, story.signature.names, theme)


def samples(story: Story) -> bytes:
    """Some pictures of each class, as the network sees them."""
    chosen = facts.samples_by_class(story.samples, len(story.signature.classes), 96)
    sizes = {len(row) for row in chosen.values()}
    columns = sizes.pop() if len(sizes) == 1 else 0
    return grid([sample for row in chosen.values() for sample in row], story.signature.names, columns if columns > 2 else 0)


def variations(story: Story) -> bytes:
    """Rows of a training picture and what augmentation makes of it."""
    return grid([sample for row in story.variations for sample in row], story.signature.names, len(story.variations[0]))


def _write_values(axes: Any, panel: Panel, theme: Theme) -> None:
    """The values of one epoch, the first line's to the left of its dot, so that two that are near each other can be read."""
    for line, side, at in zip(panel.lines, ("right", "left", "left"), (-9, 9, 9), strict=False):
        value = line.values[0]
        text = percent(value) if panel.share else number(value, 4 if value < 0.01 else 3)
        place = {"xytext": (at, 0), "textcoords": "offset points", "ha": side, "va": "center"}
        axes.annotate(text, (line.epochs[0], value), color=theme.ink, fontproperties=font(9.5), **place)


def _mark_kept(axes: Any, panel: Panel, theme: Theme) -> None:
    """A thin upright line at the kept epoch, and a dot on each line there."""
    if not panel.kept or not panel.at_kept():
        return
    axes.axvline(panel.kept, color=theme.quiet, linewidth=1, linestyle=(0, (2, 2)), zorder=2)
    for line, colour in zip(panel.lines, theme.series, strict=False):
        if panel.kept in line.epochs:
            value = line.values[line.epochs.index(panel.kept)]
            axes.plot(
                [panel.kept], [value], "o", color=colour, markeredgecolor=theme.paper, markersize=7, zorder=5, clip_on=False
            )
