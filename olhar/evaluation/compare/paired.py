"""Two models on the same pictures: the difference of their shares of right answers, with its interval, and what chance would do.

A difference is the second model's share less the first one's. Answers of one group (copies, one patient, one video) say less than
as many apart: all counts are divided by the design effect (Kish 1965), and quantiles are Student's by the number of groups.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from olhar.base.parsing import Count, Share
from olhar.base.texts import number, say

LEVEL = 0.05
"""A difference is told where chance alone does so much less often than this."""

FEW_GROUPS = 5
"""With fewer groups nothing is said: no interval of so few holds what it promises."""

Bools = NDArray[np.bool_]
Groups = NDArray[np.int64]


@dataclass(frozen=True, repr=False)
class Difference:
    """How much better the second of two is, as a share of 1; as text in points, ``1.2 (0.3 to 2.1)``.

    Attributes:
        value: the second less the first.
        low, high: the ends of the interval; -1 and 1 where nothing can be said.
        p: how often chance alone gives at least so much, both sides.
        n: pictures.
        groups: of pictures that stay together; ``n`` where each is alone.
    """

    value: float
    low: float
    high: float
    p: Share
    n: Count
    groups: Count

    @property
    def told(self) -> bool:
        """Whether one is better beyond what chance explains: 0 lies outside the interval."""
        return self.low > 0 or self.high < 0

    @property
    def bounds(self) -> str:
        """The interval for a person, in points: ``0.3 to 2.1``."""
        return say("compare.bounds", low=points(self.low), high=points(self.high))

    def turned(self) -> "Difference":
        """The same, the other way round."""
        return Difference(-self.value, -self.high, -self.low, self.p, self.n, self.groups)

    def __str__(self) -> str:
        return f"{points(self.value)} ({self.bounds})"

    def __repr__(self) -> str:
        return str(self)


def points(share: float) -> str:
    """A share of 1 in percentage points with one place and a true minus; with two where one would make it 0."""
    rounded = round(100 * share, 1)
    digits = 1 if rounded or not share else 2
    text = number(abs(100 * share), digits)
    return f"−{text}" if share < 0 and float(f"{100 * share:.{digits}f}") else text


@dataclass(frozen=True)
class PairedCounts:
    """What a paired comparison goes by, in answers that are as good as independent: real numbers.

    Attributes:
        second, first: answers that only that model gets right.
        n: all answers.
        freedom: degrees of freedom of the quantiles; infinite where each picture is alone.
    """

    second: float
    first: float
    n: float
    freedom: float

    @classmethod
    def of(cls, first: Bools, second: Bools, groups: Groups | None = None, design: float = 1.0) -> "PairedCounts":
        """Of answers, right or wrong, bool (N,); see ``paired_difference``."""
        signs = second.astype(np.int8) - first.astype(np.int8)
        effect, freedom = (1.0, math.inf) if groups is None else _design_effect(signs, groups)
        effect *= design
        return cls(float((signs > 0).sum()) / effect, float((signs < 0).sum()) / effect, len(signs) / effect, freedom)


def paired_difference(
    first: Bools, second: Bools, groups: Groups | None = None, *, level: float = LEVEL, design: float = 1.0
) -> Difference:
    """How much better the second model is on these pictures.

    The interval is Tango's score interval (1998, Statistics in Medicine 17); ``p`` is that of McNemar's exact test (1947), or of
    the score test where that is less sure. Where ``p`` does not tell the two apart, the interval reaches 0 at least.

    Args:
        first, second: bool (N,), whether each answer is right.
        groups: int64 (N,), pictures of one number stay together; None: each is alone.
        level: 1 less the share of cases in which the interval is to hold the truth.
        design: so many answers say as much as one, beside what groups do: 2 where heads of folds answer.

    Raises:
        ValueError: no pictures.
    """
    n = len(first)
    if not n:
        raise ValueError("no pictures")
    known = n if groups is None else len(np.unique(groups))
    value = float(second.mean() - first.mean())
    if known < FEW_GROUPS and groups is not None and known < n:
        return Difference(value, -1.0, 1.0, 1.0, n, known)
    counts = PairedCounts.of(first, second, groups, design)
    p = max(exact_p(counts), score_p(counts))
    low, high = tango(counts, quantile(1 - level / 2, counts.freedom))
    low, high = min(low, value), max(high, value)
    if p >= level:
        low, high = min(low, 0.0), max(high, 0.0)
    return Difference(value, low, high, p, n, known)


def exact_p(counts: PairedCounts) -> float:
    """McNemar's exact test, both sides; between whole counts as the incomplete beta function goes (it is the binomial's tail)."""
    more, less = max(counts.first, counts.second), min(counts.first, counts.second)
    if more == less:
        return 1.0
    from scipy.special import betainc

    return min(1.0, 2 * float(betainc(more, less + 1, 0.5)))


def score_p(counts: PairedCounts) -> float:
    """McNemar's chi-squared test without a correction, by Student's quantiles where groups are few; both sides."""
    apart = counts.first + counts.second
    if not apart:
        return 1.0
    z = abs(counts.second - counts.first) / math.sqrt(apart)
    if math.isinf(counts.freedom):
        return 2 * NormalDist().cdf(-z)
    from scipy.special import stdtr

    return 2 * float(stdtr(counts.freedom, -z))


def quantile(share: float, freedom: float) -> float:
    """The quantile of Student's distribution; of the normal one where ``freedom`` is infinite."""
    if math.isinf(freedom):
        return NormalDist().inv_cdf(share)
    from scipy.special import stdtrit

    return float(stdtrit(freedom, share))


def tango(counts: PairedCounts, z: float) -> tuple[float, float]:
    """The ends of Tango's score interval of the difference: where the score is as far from 0 as ``z``."""
    return _crossing(counts, z), _crossing(counts, -z)


def _crossing(counts: PairedCounts, z: float) -> float:
    """The difference at which the score is ``z``, by halving: the score falls as the difference rises."""
    low, high = -1.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _score(counts, middle) > z else (low, middle)
    return (low + high) / 2


def _score(counts: PairedCounts, difference: float) -> float:
    """Tango's score: the distance to a difference in standard errors, the nuisance share at its most likely (his equation 2)."""
    more, less, n = counts.second, counts.first, counts.n
    distance = more - less - n * difference
    a, b, c = 2 * n, -more - less + (2 * n - more + less) * difference, -less * difference * (1 - difference)
    share = (math.sqrt(max(0.0, b * b - 4 * a * c)) - b) / (2 * a)
    variance = n * (2 * share + difference * (1 - difference))
    if variance <= 0:
        return math.copysign(math.inf, distance) if abs(distance) > 1e-12 * n else 0.0
    return distance / math.sqrt(variance)


def _design_effect(signs: NDArray[np.int8], groups: Groups) -> tuple[float, float]:
    """How much less answers in groups say than as many apart, 1 at least; and the degrees of freedom."""
    _, place = np.unique(groups, return_inverse=True)
    known, n = int(place.max()) + 1, len(signs)
    if known == n:
        return 1.0, math.inf
    off = signs - signs.mean()
    alone = float((off**2).sum())
    together = float((np.bincount(place, weights=off) ** 2).sum()) * known / (known - 1)
    return (max(1.0, together / alone) if alone else n / known), known - 1.0
