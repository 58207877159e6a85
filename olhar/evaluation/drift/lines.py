"""A Drift in plain sentences: whether anything differs, what and how far, and what that rests on."""

from collections.abc import Iterator

from olhar.base.texts import Sentence, number, percent, say, sentence
from olhar.evaluation.drift.drift import LEVEL, LITTLE, Drift, Shift

_MOST_CLASSES = 4
_FAR = 0.1
_DIGITS = {"shape": 2, "sharpness": 2}


def headline(drift: Drift) -> Sentence:
    """Whether anything differs, in one sentence."""
    if drift.drifted:
        return sentence("drift.drifted", names=_names(drift.drifted))
    if 2 * len(drift.untold) < len(drift.shifts):
        return sentence("drift.none", n=len(drift.shifts) - len(drift.untold))
    if drift.missing:
        return sentence("drift.untold", n=drift.groups, missing=drift.missing)
    return sentence("drift.untold_there", n=drift.learnt_from)


def lines(drift: Drift) -> list[Sentence]:
    """What differs, measure by measure, and what all of it rests on."""
    warning = [sentence("drift.so")] if drift.drifted else []
    return [*map(told, drift.drifted), *warning, *_below(drift)]


def told(shift: Shift) -> Sentence:
    """What differs in one measure."""
    if shift.shares is not None:
        return sentence(f"drift.{shift.measure}", share=shift.effect, classes=_classes(shift))
    if not shift.here:
        return sentence("drift.features.far", share=shift.effect) if shift.effect >= _FAR else sentence("drift.features.near")
    here, there = ([number(value, _DIGITS.get(shift.measure, 0)) for value in values] for values in (shift.here, shift.there))
    if not _moved(shift):
        return sentence(f"drift.{shift.measure}.spread", low=here[0], high=here[-1], low_there=there[0], high_there=there[-1])
    return sentence(f"drift.{shift.measure}.{'more' if shift.more else 'less'}", here=here[2], there=there[2])


def measure_name(measure: str) -> str:
    """What a measure is called."""
    return say(f"drift.name.{measure}")


def value_text(shift: Shift, value: float) -> str:
    """A value of a measure."""
    return number(value, _DIGITS.get(shift.measure, 0))


def _moved(shift: Shift) -> bool:
    """Whether the middle here lies outside the middle half there, or most of the way to its end."""
    _, low, middle, high, _ = shift.there
    moved = shift.here[2] - middle
    room = (high - middle) if moved > 0 else (middle - low)
    return abs(moved) > 0.25 * room and value_text(shift, shift.here[2]) != value_text(shift, middle)


def _below(drift: Drift) -> Iterator[Sentence]:
    little = tuple(one for one in drift.shifts if one.verdict == "little")
    if little:
        yield sentence("drift.little", names=_names(little), share=LITTLE)
    if drift.untold and headline(drift).key in ("drift.drifted", "drift.none"):
        yield sentence("drift.rest_untold", names=_names(drift.untold))
    if drift.groups < drift.pictures:
        yield sentence("drift.of_groups")
    yield sentence("drift.rests_on", n=drift.groups, there=drift.learnt_from, level=LEVEL, tests=len(drift.shifts))


def _names(shifts: tuple[Shift, ...]) -> str:
    return ", ".join(measure_name(one.measure) for one in shifts)


def _classes(shift: Shift) -> str:
    """The classes whose shares differ most."""
    shares = sorted((shift.shares or {}).items(), key=lambda one: -abs(one[1][0] - one[1][1]))[:_MOST_CLASSES]
    return "; ".join(
        say("drift.class_shares", name=key, here=percent(here), there=percent(there)) for key, (here, there) in shares
    )
