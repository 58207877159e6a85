"""Checks of copies: exact and near ones, across the parts that the data brings, and under two labels."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from olhar.data.checks.check import MOST_CASES, Check, Evidence, Found, NotApplicable

Ask = Callable[[Evidence], Found | NotApplicable | None]


def across(e: Evidence, near: bool) -> Found | NotApplicable | None:
    """Pictures with a copy in another part."""
    names, parts = np.unique(e.parts, return_inverse=True)
    if len(set(names.tolist()) - {""}) < 2:
        return NotApplicable("check.no_parts")
    group = _together(e, near)
    rows = np.flatnonzero(_differ(group, parts))
    return _found(e, group, rows, test=int((e.parts[rows] == "test").sum()))


def two_labels(e: Evidence, near: bool) -> Found | NotApplicable | None:
    """Pictures with a copy in another class."""
    if (e.labels < 0).all():
        return NotApplicable("check.no_labels")
    group = np.where(e.labels >= 0, _together(e, near), -1)
    return _found(e, group, np.flatnonzero((group >= 0) & _differ(group, e.labels)))


def within(e: Evidence, near: bool) -> Found | None:
    """Pictures with a copy in the same part and class."""
    _, place = np.unique(e.parts, return_inverse=True)
    key = (e.groups if near else e.survey.content) * (place.max(initial=0) + 1) + place
    _, group = np.unique(key * (len(e.dataset.classes) + 1) + e.labels, return_inverse=True)
    own = np.arange(len(group)) if not near else e.survey.content
    return _found(e, group, np.flatnonzero(_differ(group, own)))


def _together(e: Evidence, near: bool) -> NDArray[np.int64]:
    """int64 (M,): the group of each picture that has a copy, byte-identical or (``near``) not; -1 for the others."""
    group, content = (e.groups, e.survey.content) if near else (e.survey.content, np.arange(len(e.labels)))
    return np.where(_differ(group, content), group, -1)


def _differ(group: NDArray[np.int64], values: NDArray[np.int64]) -> NDArray[np.bool_]:
    """bool (M,): whether the group of each picture holds more than one of ``values``; never for group -1."""
    low, high = np.full(len(group) + 1, np.iinfo(np.int64).max), np.full(len(group) + 1, np.iinfo(np.int64).min)
    np.minimum.at(low, group, values)
    np.maximum.at(high, group, values)
    return (group >= 0) & (low < high)[group]


def _found(e: Evidence, group: NDArray[np.int64], rows: NDArray[np.int64], **values: int) -> Found | None:
    """How many groups, of how many pictures, the first of them, and how many pairs were compared."""
    if not len(rows):
        return None
    order = rows[np.argsort(group[rows], kind="stable")]
    together = np.split(order, np.flatnonzero(np.diff(group[order])) + 1)
    together.sort(key=lambda one: (-len(one), one[0]))
    numbers = {"n": len(together), "pictures": len(rows), "compared": e.survey.near.compared}
    first = ", ".join(e.name(row) for row in together[0][:3].tolist())
    return Found({**numbers, "first": first, **values}, tuple(e.case(*one.tolist()) for one in together[:MOST_CASES]))


def _of(check: Callable[[Evidence, bool], Found | NotApplicable | None], near: bool) -> Ask:
    return lambda e: check(e, near)


CHECKS = (
    Check("CHK020", "issue", _of(across, near=False)),
    Check("CHK021", "issue", _of(across, near=True)),
    Check("CHK022", "issue", _of(two_labels, near=False)),
    Check("CHK023", "issue", _of(two_labels, near=True)),
    Check("CHK024", "tip", _of(within, near=False)),
    Check("CHK025", "tip", _of(within, near=True)),
)
