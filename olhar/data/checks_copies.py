"""Checks of copies: exact and near ones, across the parts that the data brings, and under two labels."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from olhar.data.checks import MOST_CASES, Check, Evidence, Found, NotApplicable

Ask = Callable[[Evidence], Found | NotApplicable | None]


def across(e: Evidence, near: bool) -> Found | NotApplicable | None:
    """Test pictures, and those that choose, with a copy in another part."""
    if len(set(e.parts.tolist()) - {""}) < 2:
        return NotApplicable("check.no_parts")
    pairs = e.pairs(near)
    pairs = pairs[e.parts[pairs[:, 0]] != e.parts[pairs[:, 1]]]
    if not len(pairs):
        return None
    rows = np.unique(pairs)
    tested = int((e.parts[rows] == "test").sum())
    return _found(e, pairs, test=tested, parts=len(set(e.parts[rows].tolist())))


def two_labels(e: Evidence, near: bool) -> Found | NotApplicable | None:
    """Copies that stand in two classes."""
    if (e.labels < 0).all():
        return NotApplicable("check.no_labels")
    pairs = e.pairs(near)
    one, other = e.labels[pairs].T
    pairs = pairs[(one != other) & (one >= 0) & (other >= 0)]
    return _found(e, pairs) if len(pairs) else None


def within(e: Evidence, near: bool) -> Found | None:
    """Copies of one class and part."""
    pairs = e.pairs(near)
    alike = (e.parts[pairs[:, 0]] == e.parts[pairs[:, 1]]) & (e.labels[pairs[:, 0]] == e.labels[pairs[:, 1]])
    pairs = pairs[alike]
    return _found(e, pairs) if len(pairs) else None


def _found(e: Evidence, pairs: NDArray[np.int64], **values: int) -> Found:
    """Groups that ``pairs`` make: how many, of how many pictures, the first of them, and how many pairs were compared."""
    together = e.grouped(pairs)
    first = ", ".join(e.name(row) for row in together[0][:3])
    n, pictures = len(together), sum(map(len, together))
    cases = tuple(e.case(*rows) for rows in together[:MOST_CASES])
    return Found({"n": n, "pictures": pictures, "first": first, "compared": e.survey.near.compared, **values}, cases)


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
