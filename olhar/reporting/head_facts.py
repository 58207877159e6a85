"""What is told of a head start: whence the body, what was tried, and what more pictures would bring; sentences before words."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from olhar.base.texts import number
from olhar.bodies.heads.candidates import LAYOUT
from olhar.evaluation.learning_curve import CurvePoint, LearningCurve, Promise
from olhar.reporting.display_names import DisplayName
from olhar.runs.head_record import HeadRecord, TriedHead

IMAGENET = "ImageNet"
_HALF = (0.45, 0.55)
_AS_THEY_CAME = 0.02
_A_POINT = 0.0095
"""From here on, gains are told in whole points."""


@dataclass(frozen=True)
class Told:
    """One sentence: the key of it below ``report.`` and its values (a ``DisplayName`` where a class is named)."""

    key: str
    values: dict[str, Any]


def body(head: HeadRecord) -> list[Told]:
    """What the body is, and what it has seen and has not; of a person's own file, that nobody says so."""
    name = DisplayName(head.body)
    if not head.origin:
        return [Told("head.own", {"name": name}), Told("head.own_unseen", {})]
    if head.origin != IMAGENET:
        return [Told("head.named", {"name": name, "licence": head.licence, "origin": DisplayName(head.origin)})]
    return [Told("head.imagenet", {"name": name, "licence": head.licence}), Told("head.unseen", {})]


def looked_at(head: HeadRecord) -> list[Told]:
    """Which outputs of the body the head looks at, and whether it is told where in the picture."""
    pooled = [name for name in head.blocks if name != LAYOUT]
    place = [Told("head.looks_where", {})] if LAYOUT in head.blocks else []
    if len(pooled) < 2:
        return [*([Told("head.looks_last", {})] if pooled else []), *place]
    return [Told("head.looks", {"n": len(pooled) - 1}), *place]


def candidate(tried: TriedHead, head: HeadRecord) -> Told:
    """What a candidate looks at, in words: the last output of the body, all of them, some that come before it, or the layout."""
    if tried.blocks == (LAYOUT,):
        return Told("head.of_layout", {})
    if len(tried.blocks) == 1:
        return Told("head.of_last", {})
    if set(tried.blocks) >= {*head.blocks} - {LAYOUT}:
        return Told("head.of_all", {"n": len(tried.blocks) - 1})
    return Told("head.of_earlier", {"n": len(tried.blocks)})


def loss(tried: TriedHead) -> str:
    """Its log-loss out of fold; a dash where no picture could be held back."""
    return number(tried.log_loss, 3) if math.isfinite(tried.log_loss) else "–"


def tempered(head: HeadRecord) -> Told | None:
    """What became of the probabilities; None where nothing could be held back to tell."""
    if not any(math.isfinite(one.log_loss) for one in head.tried):
        return None
    blocks = head.last_blocks
    temperature = blocks.temperature if blocks is not None and blocks.kept else head.temperature
    if abs(temperature - 1) < _AS_THEY_CAME:
        return Told("head.as_they_came", {})
    key = "head.surer" if temperature < 1 else "head.less_sure"
    return Told(key, {"temperature": temperature})


def learnt(head: HeadRecord) -> Told:
    """What was learnt here, beside what the body brought."""
    blocks = head.last_blocks
    if blocks is None or not blocks.kept:
        return Told("head.learnt", {})
    return Told("head.learnt_all" if blocks.learn == "all" else "head.learnt_blocks", {"numbers": blocks.numbers})


def blocks_tried(head: HeadRecord) -> list[Told]:
    """Whether it helped that the last blocks learnt too; nothing where nobody asked for it."""
    blocks = head.last_blocks
    if blocks is None:
        return []
    values = asdict(blocks) | {"head": blocks.head_right / blocks.pictures, "blocks": blocks.right / blocks.pictures}
    made = Told("head.blocks_how" if blocks.views else "head.blocks_how_live", values)
    return [
        made,
        Told("head.blocks_came_to", values),
        Told("head.blocks_kept" if blocks.kept else "head.blocks_not_kept", values),
    ]


def learning(curve: LearningCurve, names: Mapping[str, DisplayName]) -> list[Told]:
    """How right it was with fewer pictures, and what more would bring; nothing of a curve of one point."""
    if len(curve.points) < 2:
        return []
    last, half = curve.points[-1], _half(curve.points)
    share = half.pictures / last.pictures
    key = "learning.half" if _HALF[0] <= share <= _HALF[1] else "learning.fewer"
    values = {"share": half.accuracy.value, "all": last.accuracy.value, "n": half.pictures, "of": last.pictures}
    return [Told(key, values), _promised(curve.promises[0], names) if curve.promises else Told("learning.nothing_said", {})]


def _half(points: Sequence[CurvePoint]) -> CurvePoint:
    """The point nearest to half the pictures."""
    return min(points[:-1], key=lambda point: abs(point.pictures - points[-1].pictures / 2))


def _promised(promise: Promise, names: Mapping[str, DisplayName]) -> Told:
    places = 0 if abs(promise.gain) >= _A_POINT else 1
    gain, low, high = (round(100 * share, places) or 0 for share in (promise.gain, promise.low, promise.high))
    values: dict[str, Any] = {
        "more": promise.more,
        "n": gain if places else int(gain),
        "low": _signed(low, places),
        "high": _signed(high, places),
    }
    if not promise.key:
        return Told("learning.more_of_all" if gain > 0 else "learning.hardly_of_all", values)
    values["name"] = names.get(promise.key, DisplayName(promise.key))
    return Told("learning.more_of_one" if gain > 0 else "learning.hardly_of_one", values)


def _signed(points: float, places: int) -> str:
    """Points with a true minus, and no decimals that say nothing."""
    return f"{'−' if points < 0 else ''}{number(abs(points), places if points else 0)}"
