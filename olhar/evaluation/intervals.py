"""How sure a share of pictures is: Wilson's interval, and what it becomes where pictures come in groups."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.base.parsing import Count, Share
from olhar.base.texts import percent, say

FEWEST_GROUPS = 5
"""With fewer groups nothing can be said of how sure a share is: they are too few to tell how unlike groups are."""

_Z95 = 1.959963984540054
_UNSEEN = 0.5
"""How much it counts that groups without a mistake, or without a right answer, do not show how alike their pictures are."""


@dataclass(frozen=True, repr=False)
class Interval:
    """A share, the 95% interval around it, and the number of pictures behind it; as text ``40.5% (35.8% to 45.4%)``.

    ``groups``: how many groups of pictures it counts by (of one patient, in one video); 0 where each picture stands for itself.
    With fewer than ``FEWEST_GROUPS`` nothing is known, and it goes from 0 to 1.
    """

    value: Share
    low: Share
    high: Share
    n: Count
    groups: Count = 0

    @property
    def bounds(self) -> str:
        """The interval for a person: ``35.8% to 45.4%``."""
        return say("evaluation.bounds", low=self.low, high=self.high)

    def __str__(self) -> str:
        return f"{percent(self.value)} ({self.bounds})"

    def __repr__(self) -> str:
        return str(self)

    def __float__(self) -> float:
        return self.value


def wilson(right: int, n: int) -> Interval:
    """A share and its 95% score interval (Wilson 1927), which stays honest for few pictures and near 0 and 1."""
    share = right / n
    return Interval(share, *score_bounds(share, n), n)


def score_bounds(share: float, n: float) -> tuple[float, float]:
    """Wilson's 95% bounds of a share that so many pictures apart would have shown; ``n`` need not be whole."""
    centre = (share + _Z95**2 / (2 * n)) / (1 + _Z95**2 / n)
    half = _Z95 * math.sqrt(share * (1 - share) / n + _Z95**2 / (4 * n * n)) / (1 + _Z95**2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def share_of(
    hits: NDArray[np.bool_], among: NDArray[np.bool_], groups: NDArray[np.int64] | None = None, design: float = 1.0
) -> Interval | None:
    """How many of some pictures are hits, with its 95% interval; None where there are none.

    Where pictures come in groups, the interval is Wilson's of as many pictures as would say as much one by one: ``n`` over the
    design effect (Kish 1965), by the variance between groups; the fewer groups show a mistake, the nearer it is taken to that of
    groups whose pictures are all alike. Over 242 grids of share, groups, size and likeness that held 96 %, 88 % at the least of
    500 draws, where Student's t on the plain design effect held 84 % at the least (``benchmarks/intervals.py``).

    Args:
        hits: bool (N,).
        among: bool (N,), the pictures that count.
        groups: int64 (N,), pictures of one number belong together; None: each stands for itself.
        design: so many answers say as much as one, for another reason than groups.
    """
    n, right = int(among.sum()), int((hits & among).sum())
    if not n:
        return None
    sizes, in_groups = _in_groups(hits, among, groups)
    if len(sizes) == n:
        return Interval(right / n, *score_bounds(right / n, n / design), n)
    if len(sizes) < FEWEST_GROUPS:
        return Interval(right / n, 0.0, 1.0, n, len(sizes))
    known = n / (design * design_effect(in_groups, sizes))
    return Interval(right / n, *score_bounds(right / n, known), n, len(sizes))


def _in_groups(
    hits: NDArray[np.bool_], among: NDArray[np.bool_], groups: NDArray[np.int64] | None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """How many pictures that count each group has, and how many hits."""
    if groups is None:
        return np.ones(int(among.sum()), np.int64), hits[among].astype(np.float64)
    _, group = np.unique(groups[among], return_inverse=True)
    return np.bincount(group).astype(np.int64), np.bincount(group, hits[among].astype(np.float64)).astype(np.float64)


def design_effect(right: NDArray[np.float64], sizes: NDArray[np.int64]) -> float:
    """How many pictures of groups say as much as one picture apart, 1 or more.

    Args:
        right: float64 (G,), hits in each group.
        sizes: int64 (G,), pictures in each.
    """
    n, groups = sizes.sum(), len(sizes)
    share, alike = right.sum() / n, float((sizes**2).sum() / n)
    between = groups / (groups - 1) * ((right - share * sizes) ** 2).sum() / n**2
    apart = share * (1 - share) / n
    seen = min(int((right < sizes).sum()), int((right > 0).sum()))
    effect = min(alike, max(1.0, float(between / apart))) if apart else alike
    weight = seen / (seen + _UNSEEN)
    return weight * effect + (1 - weight) * alike


def f1_interval(jaccard: Interval) -> Interval:
    """F1 by the share of pictures of a class, or answered with it, that are both: F = 2J / (1 + J), bounds and all.

    Wilson's interval on the support alone holds 99 %: F1 looks at the pictures answered with the class as well.
    """
    value, low, high = (2 * share / (1 + share) for share in (jaccard.value, jaccard.low, jaccard.high))
    return Interval(value, low, high, jaccard.n, jaccard.groups)
