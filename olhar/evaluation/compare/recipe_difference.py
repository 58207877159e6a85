"""Two recipes, several seeds each, on the same pictures: what would be so of other seeds and of other pictures too.

The model: whether an answer is right goes by the recipe, the picture, the seed, and how these meet; seeds lie within a recipe,
pictures cross them all. The variance of the difference of two means is what seeds do and what pictures do; the luck of single
answers is in both, and is taken off once (two-way clustering: Cameron, Gelbach and Miller 2011, Journal of Business and Economic
Statistics 29; of crossed answers: Owen 2007, Annals of Applied Statistics 1).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.evaluation.compare.paired import FEW_GROUPS, LEVEL, Difference, Groups, quantile

FEW_SEEDS = 3
"""With fewer seeds of a recipe nothing is said of it."""

Rights = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SeedsPart:
    """What the seeds of one recipe do to its mean accuracy, as variances of that mean.

    Attributes:
        seen: between the seeds' accuracies as they are.
        luck: of single answers, which is in ``seen`` and between pictures too.
        freedom: one less than there are seeds.
    """

    seen: float
    luck: float
    freedom: int

    @property
    def own(self) -> float:
        """What seeds do, without the luck of single answers."""
        return max(0.0, self.seen - self.luck)

    @classmethod
    def of(cls, rights: Floats, groups: Groups) -> "SeedsPart":
        """Of answers, 1 where right, float64 (R, N), and the group of each picture, 0 to G - 1."""
        seeds = len(rights)
        accuracy = rights.mean(axis=1, keepdims=True)
        rest = rights - accuracy - rights.mean(axis=0) + rights.mean()
        luck = sum(_clustered(row, groups) for row in rest) / (seeds * (seeds - 1))
        return cls(float(accuracy.var(ddof=1)) / seeds, luck, seeds - 1)


@dataclass(frozen=True)
class Spread:
    """Where the uncertainty of the difference of two recipes lies.

    Attributes:
        first, second: what the seeds of each do.
        pictures: the variance of the difference that pictures make, the luck of single answers in it.
        groups: of pictures.
    """

    first: SeedsPart
    second: SeedsPart
    pictures: float
    groups: int

    @property
    def seeds(self) -> float:
        """The variance of the difference that seeds make."""
        return self.first.own + self.second.own

    @property
    def variance(self) -> float:
        """Of the difference."""
        return self.seeds + self.pictures

    @property
    def freedom(self) -> float:
        """Degrees of freedom after Satterthwaite (1946); seeds count with the luck that is in them, so that a small variance
        found by luck makes no short interval."""
        parts = ((self.first.seen, self.first.freedom), (self.second.seen, self.second.freedom), (self.pictures, self.groups - 1))
        return self.variance**2 / sum(part**2 / freedom for part, freedom in parts)

    @classmethod
    def of(cls, first: Rights, second: Rights, groups: Groups | None = None, design: float = 1.0) -> "Spread":
        """Of answers, right or wrong; see ``recipe_difference``."""
        place = np.arange(first.shape[1]) if groups is None else np.unique(groups, return_inverse=True)[1]
        left, right = first.astype(np.float64), second.astype(np.float64)
        off = right.mean(axis=0) - left.mean(axis=0)
        off -= off.mean()
        alone = _clustered(off, np.arange(len(off)))
        together = max(alone, _clustered(off, place))
        known = len(off) * (alone / together if together else 1.0)
        more = (1 / len(left) + 1 / len(right)) / known**2  # an answer more for each (as Bonett and Price 2012): never quite 0
        return cls(SeedsPart.of(left, place), SeedsPart.of(right, place), design * (together + more), int(place.max()) + 1)


def recipe_difference(
    first: Rights, second: Rights, groups: Groups | None = None, *, level: float = LEVEL, design: float = 1.0
) -> Difference:
    """How much better the second recipe is, on the mean of all seeds and pictures like these.

    Args:
        first, second: bool (R, N) and (S, N), whether the answer of each seed to each picture is right; three seeds at least.
        groups: int64 (N,), pictures of one number stay together; None: each is alone.
        level: 1 less the share of cases in which the interval is to hold the truth.
        design: so many answers say as much as one, beside what groups do: 2 where heads of folds answer.

    Raises:
        ValueError: fewer seeds, or no pictures.
    """
    n = first.shape[1]
    if not n or min(len(first), len(second)) < FEW_SEEDS:
        raise ValueError(f"{len(first)} and {len(second)} seeds on {n} pictures")
    known = n if groups is None else len(np.unique(groups))
    value = float(second.mean() - first.mean())
    if known < FEW_GROUPS:
        return Difference(value, -1.0, 1.0, 1.0, n, known)
    spread = Spread.of(first, second, groups, design)
    from scipy.special import stdtr

    error = math.sqrt(spread.variance)
    half = quantile(1 - level / 2, spread.freedom) * error
    p = 2 * float(stdtr(spread.freedom, -abs(value) / error))
    return Difference(value, max(-1.0, value - half), min(1.0, value + half), min(1.0, p), n, known)


def _clustered(off: Floats, groups: Groups) -> float:
    """The variance of the mean of numbers (N,) that are 0 on the mean, in groups 0 to G - 1."""
    known = int(groups.max()) + 1
    sums = np.bincount(groups, weights=off)
    return float((sums**2).sum()) * known / (max(1, known - 1) * len(off) ** 2)
