"""Checks of copies: exact and near ones, across the parts that the data brings, and under two labels."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from olhar.data.checks.check import MOST_CASES, Check, Evidence, NotApplicable, Observation

Question = Callable[[Evidence], Observation | NotApplicable | None]


def copies_across_parts(evidence: Evidence, near: bool) -> Observation | NotApplicable | None:
    """Pictures with a copy in another part."""
    names, parts = np.unique(evidence.parts, return_inverse=True)
    if len(set(names.tolist()) - {""}) < 2:
        return NotApplicable("check.no_parts")
    group = _together(evidence, near)
    rows = np.flatnonzero(_differ(group, parts))
    return _observation(evidence, group, rows, test=int((evidence.parts[rows] == "test").sum()))


def copies_under_two_labels(evidence: Evidence, near: bool) -> Observation | NotApplicable | None:
    """Pictures with a copy in another class."""
    if (evidence.labels < 0).all():
        return NotApplicable("check.no_labels")
    group = np.where(evidence.labels >= 0, _together(evidence, near), -1)
    return _observation(evidence, group, np.flatnonzero((group >= 0) & _differ(group, evidence.labels)))


def copies_within_a_class(evidence: Evidence, near: bool) -> Observation | None:
    """Pictures with a copy in the same part and class."""
    _, place = np.unique(evidence.parts, return_inverse=True)
    key = (evidence.groups if near else evidence.survey.content) * (place.max(initial=0) + 1) + place
    _, group = np.unique(key * (len(evidence.dataset.classes) + 1) + evidence.labels, return_inverse=True)
    own = np.arange(len(group)) if not near else evidence.survey.content
    return _observation(evidence, group, np.flatnonzero(_differ(group, own)))


def _together(evidence: Evidence, near: bool) -> NDArray[np.int64]:
    """int64 (M,): the group of each picture that has a copy, byte-identical or (``near``) not; -1 for the others."""
    group, content = (
        (evidence.groups, evidence.survey.content) if near else (evidence.survey.content, np.arange(len(evidence.labels)))
    )
    return np.where(_differ(group, content), group, -1)


def _differ(group: NDArray[np.int64], values: NDArray[np.int64]) -> NDArray[np.bool_]:
    """bool (M,): whether the group of each picture holds more than one of ``values``; never for group -1."""
    low, high = np.full(len(group) + 1, np.iinfo(np.int64).max), np.full(len(group) + 1, np.iinfo(np.int64).min)
    np.minimum.at(low, group, values)
    np.maximum.at(high, group, values)
    return (group >= 0) & (low < high)[group]


def _observation(evidence: Evidence, group: NDArray[np.int64], rows: NDArray[np.int64], **values: int) -> Observation | None:
    """How many groups, of how many pictures, the first of them, and how many pairs were compared."""
    if not len(rows):
        return None
    order = rows[np.argsort(group[rows], kind="stable")]
    together = np.split(order, np.flatnonzero(np.diff(group[order])) + 1)
    together.sort(key=lambda group_rows: (-len(group_rows), group_rows[0]))
    numbers = {"n": len(together), "pictures": len(rows), "compared": evidence.survey.near.compared}
    first = ", ".join(evidence.name(row) for row in together[0][:3].tolist())
    return Observation(
        {**numbers, "first": first, **values}, tuple(evidence.case(*group_rows.tolist()) for group_rows in together[:MOST_CASES])
    )


def _for(check: Callable[[Evidence, bool], Observation | NotApplicable | None], near: bool) -> Question:
    return lambda evidence: check(evidence, near)


CHECKS = (
    Check("CHK020", "issue", _for(copies_across_parts, near=False)),
    Check("CHK021", "issue", _for(copies_across_parts, near=True)),
    Check("CHK022", "issue", _for(copies_under_two_labels, near=False)),
    Check("CHK023", "issue", _for(copies_under_two_labels, near=True)),
    Check("CHK024", "tip", _for(copies_within_a_class, near=False)),
    Check("CHK025", "tip", _for(copies_within_a_class, near=True)),
)
