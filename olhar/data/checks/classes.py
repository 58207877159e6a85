"""Checks of the classes: how many pictures each has, in which parts, and in which order they stand."""

import numpy as np

from olhar.data.checks.check import Check, Evidence, Found, NotApplicable
from olhar.data.dataset import PARTS

_UNEQUAL, _VERY_UNEQUAL, _SMALL = 3, 10, 20


def unequal(e: Evidence) -> Found | NotApplicable | None:
    """Classes of very different sizes."""
    counts = e.dataset.counts()
    if len(counts) < 2:
        return NotApplicable("check.no_labels")
    most, least = max(counts, key=counts.__getitem__), min(counts, key=counts.__getitem__)
    if counts[most] < _UNEQUAL * max(1, counts[least]):
        return None
    values = {"most": counts[most], "largest": _shown(e, most), "least": counts[least], "smallest": _shown(e, least)}
    return Found(values, severity="issue" if counts[most] >= _VERY_UNEQUAL * max(1, counts[least]) else "tip")


def missing_in_a_part(e: Evidence) -> Found | NotApplicable | None:
    """Classes that one of the parts lacks."""
    there = [part for part in PARTS if (e.parts == part).any()]
    if len(there) < 2:
        return NotApplicable("check.no_parts")
    n = len(e.dataset.classes)
    lacking = [(label, part) for part in there for label in np.flatnonzero(np.bincount(_of(e, part), minlength=n) == 0).tolist()]
    if not lacking:
        return None
    label, part = lacking[0]
    return Found({"n": len({label for label, _ in lacking}), "name": e.dataset.shown[label], "part": part})


def order(e: Evidence) -> Found | None:
    """Names that are numbers, sorted as words."""
    names = e.dataset.classes
    if not names or not all(name.isdecimal() for name in names) or sorted(names, key=int) == list(names):
        return None
    return Found({"classes": ", ".join(names[:12])})


def small(e: Evidence) -> Found | NotApplicable | None:
    """Classes of so few pictures that no number about them can be trusted."""
    counts = e.dataset.counts()
    if len(counts) < 2:
        return NotApplicable("check.no_labels")
    few = sorted((count, name) for name, count in counts.items() if count < _SMALL)
    if not few:
        return None
    return Found({"n": len(few), "least": few[0][0], "name": _shown(e, few[0][1])})


def _of(e: Evidence, part: str) -> np.ndarray:
    labels = e.labels[e.parts == part]
    return labels[labels >= 0]


def _shown(e: Evidence, key: str) -> str:
    return e.dataset.shown[e.dataset.classes.index(key)]


CHECKS = (
    Check("CHK030", "tip", unequal),
    Check("CHK031", "issue", missing_in_a_part),
    Check("CHK032", "tip", order),
    Check("CHK033", "tip", small),
)
