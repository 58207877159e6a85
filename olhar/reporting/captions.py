"""Captions of the pictures on a sheet: the names of classes as long as the room is, and never two that look alike."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from olhar.base.texts import percent, say
from olhar.reporting.display_names import DisplayName, bounded_apart, label
from olhar.reporting.typeface import fitting
from olhar.runs.samples import Sample

SIZE = 16
"""The size of the letters, in pixels."""

_BETWEEN = 8
_LONGEST, _SHORTEST = 30, 6


@dataclass(frozen=True)
class Captions:
    """What stands beneath the pictures of one sheet.

    Attributes:
        names: of each class that stands there, by its number.
        below: whether probabilities have a line of their own, as some name has no room beside one.
    """

    names: Mapping[int, str]
    below: bool


def captions(samples: Sequence[Sample], names: Sequence[DisplayName], room: int) -> Captions:
    """The captions of ``samples`` where each has ``room`` pixels beside its mark."""
    answered = [sample for sample in samples if sample.predicted >= 0]
    beside = room - max((width(percent(sample.confidence)) + _BETWEEN for sample in answered), default=0)
    shown = {shown_class(sample) for sample in samples}
    mistaken = {sample.label for sample in answered if 0 <= sample.label != sample.predicted}
    whole = {k: label(k, names).full for k in shown | mistaken}
    fit = _fit([whole[k] for k in shown], beside) and _fit([truth(whole[k]) for k in mistaken], room)
    return Captions(_fitted(whole, room), below=bool(answered) and not fit)


def truth(name: str = "") -> str:
    """A class that was taken for another, with the word for it; that word alone."""
    return say("report.grid.truth", name=name).strip()


def shown_class(sample: Sample) -> int:
    """The class that stands beneath a picture: the answer, or the true one where nothing was asked."""
    return sample.predicted if sample.predicted >= 0 else sample.label


def width(text: str) -> int:
    """How many pixels a line of text is wide."""
    font, writable = fitting(text, SIZE)
    length: Any = font.getlength
    return math.ceil(length(writable))


def _fit(texts: Iterable[str], room: int) -> bool:
    return all(len(text) <= _LONGEST and width(text) <= room for text in texts)


def _fitted(names: Mapping[int, str], room: int) -> Mapping[int, str]:
    """Names, cut to as many letters as leave the widest within ``room`` pixels."""
    cuts = (bounded_apart([*names.values()], letters) for letters in range(_LONGEST, _SHORTEST, -1))
    cut = next((cut for cut in cuts if _fit(cut, room)), bounded_apart([*names.values()], _SHORTEST))
    return dict(zip(names, cut, strict=True))
