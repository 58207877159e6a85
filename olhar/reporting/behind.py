"""The pictures behind the numbers, as the page shows them: class by class and answer by answer; and maps over pictures."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from olhar.base.images import Pixels
from olhar.bundle.heat.heat_map import over
from olhar.reporting.pictures import THUMBNAIL_SIDE, picture_uri, small, to_image
from olhar.reporting.story import Story
from olhar.runs.samples import Sample

_OTHERS = 12


@dataclass(frozen=True)
class Answer:
    """One cell of the confusion matrix: the answer, some of its pictures, and how many it has."""

    answer: int
    samples: Sequence[Sample]
    count: int


@dataclass(frozen=True)
class ClassPictures:
    """A class: its pictures by answer, right ones first; and whose pictures were taken for it, how many of each."""

    index: int
    answers: Sequence[Answer]
    taken: Sequence[tuple[int, int]]


def by_class(story: Story) -> dict[int, ClassPictures]:
    """What there is to be shown of each class, by its index; nothing of classes without pictures."""
    if story.metrics is None:
        return {}
    confusion = story.metrics.confusion
    cells = _cells(story.behind.cells)
    shown: dict[int, ClassPictures] = {}
    for truth in sorted({truth for truth, _ in cells}):
        own = {answer: some for (t, answer), some in cells.items() if t == truth}
        order = sorted(own, key=lambda answer: (answer != truth, -confusion[truth, answer]))
        answers = [Answer(answer, own[answer], int(confusion[truth, answer])) for answer in order]
        others = sorted((t for t, answer in cells if answer == truth != t), key=lambda t: -confusion[t, truth])[:_OTHERS]
        shown[truth] = ClassPictures(truth, answers, [(t, int(confusion[t, truth])) for t in others])
    return shown


def opened(story: Story) -> int:
    """The class whose pictures are shown before any is asked for: of those that there are, the one with most mistakes."""
    shown = by_class(story)
    mistakes = {k: sum(group.count for group in one.answers if group.answer != k) for k, one in shown.items()}
    return max(mistakes, key=lambda k: mistakes[k], default=-1)


def _cells(samples: Sequence[Sample]) -> Mapping[tuple[int, int], list[Sample]]:
    cells: defaultdict[tuple[int, int], list[Sample]] = defaultdict(list)
    for one in samples:
        cells[one.label, one.predicted].append(one)
    return cells


def heated(pixels: Pixels, heat: NDArray[np.uint8]) -> str:
    """A picture beneath its map, as a data URI."""
    image = to_image(pixels)
    if not small(pixels):
        image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BOX)
    shown = np.asarray(image)
    return picture_uri(over(shown if shown.ndim == 3 else shown[..., None], (heat / 255).astype(np.float32)))
