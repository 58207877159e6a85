"""F1, precision and recall of each class over the epochs, as a small drawing a class."""

from dataclasses import dataclass
from typing import Any

from olhar.reporting.story import Story

WIDTH, HEIGHT = 160, 60
"""Of a drawing, in units."""

MOST = 24
"""So many classes are drawn: of more, those of the weakest F1."""

SCORES = ("f1", "precision", "recall")


@dataclass(frozen=True)
class ClassEpochs:
    """A class over the epochs.

    Attributes:
        index: of the class.
        lines: an SVG path for each of ``SCORES``, 0 at the bottom and 1 at the top; y downwards.
        kept: where across the kept epoch stands; None where none was.
        values: each of ``SCORES`` at the kept epoch, else at the last.
    """

    index: int
    lines: tuple[str, ...]
    kept: float | None
    values: tuple[float, ...]


def class_epochs(story: Story) -> list[ClassEpochs]:
    """A drawing for each class, in their order; nothing where the history says nothing of classes."""
    rows = [row for row in story.history if row.get("by_class")]
    classes = [k for k, key in enumerate(story.signature.classes) if rows and all(key in row["by_class"] for row in rows)]
    shown = sorted((_of_class(story, rows, k) for k in classes), key=lambda one: one.values[0])[:MOST]
    return sorted(shown, key=lambda one: one.index)


def _of_class(story: Story, rows: list[Any], k: int) -> ClassEpochs:
    key, epochs = story.signature.classes[k], [int(row["epoch"]) for row in rows]
    first, width = epochs[0], max(epochs[-1] - epochs[0], 1)
    across = [WIDTH * (epoch - first) / width for epoch in epochs]
    scores = [[float(row["by_class"][key][name]) for row in rows] for name in SCORES]
    place = epochs.index(story.kept) if story.kept in epochs else None
    at = place if place is not None else len(rows) - 1
    lines = tuple(_line(across, values) for values in scores)
    return ClassEpochs(k, lines, across[place] if place is not None else None, tuple(values[at] for values in scores))


def _line(across: list[float], values: list[float]) -> str:
    """A path; of a single epoch a dash, so that it is seen."""
    places = [f"{x:.0f} {HEIGHT * (1 - value):.0f}" for x, value in zip(across, values, strict=True)]
    return f"M{places[0]}h6" if len(places) == 1 else "M" + "L".join(places)
