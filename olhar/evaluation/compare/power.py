"""What it would take to tell: how many more pictures, or seeds, for a difference as large as the one that was seen."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from olhar.evaluation.compare.paired import LEVEL, Difference, PairedCounts, quantile
from olhar.evaluation.compare.recipe_difference import Spread

POWER = 0.8
"""So often a difference that is there is to be found."""

TOO_MANY = 100
"""More than so many times the pictures that there are is no advice."""
MOST_SEEDS = 100


@dataclass(frozen=True)
class Needed:
    """What would tell, if the true difference is the one that was seen, in four of five cases.

    Attributes:
        what: ``pictures``: so many more than there are; ``seeds``: so many of each recipe.
        n: how many, rounded to two digits.
    """

    what: Literal["pictures", "seeds"]
    n: int


def more_pictures(counts: PairedCounts, n: int, level: float = LEVEL) -> Needed | None:
    """How many more pictures would tell two models apart (Connor 1987, Biometrics 43); None where no number in reach would.

    Args:
        counts: what is known of them.
        n: pictures that this took.
        level: of the test.
    """
    difference, apart = abs(counts.second - counts.first) / counts.n, (counts.second + counts.first) / counts.n
    if not difference:
        return None
    sure, found = NormalDist().inv_cdf(1 - level / 2), NormalDist().inv_cdf(POWER)
    needed = ((sure * math.sqrt(apart) + found * math.sqrt(apart - difference**2)) / difference) ** 2 * n / counts.n
    return _pictures(needed, n)


def more_for_recipes(difference: Difference, spread: Spread, level: float = LEVEL) -> Needed | None:
    """What would tell two recipes apart: seeds where these keep it open, else pictures; None where neither in reach would.

    Args:
        difference: as it was seen.
        spread: where its uncertainty lies.
        level: of the test.
    """
    seen = abs(difference.value)
    least = max(spread.first.freedom, spread.second.freedom) + 1
    luck = spread.first.luck + spread.second.luck
    fixed = max(0.0, spread.pictures - luck)
    for seeds in range(least + 1, MOST_SEEDS + 1):
        shrunk = (spread.seeds + luck) * least / seeds
        if _reach(2 * (seeds - 1), level) * math.sqrt(fixed + shrunk) <= seen:
            return Needed("seeds", seeds)
    room = (seen / _reach(spread.freedom, level)) ** 2 - spread.seeds if seen else 0.0
    return _pictures(difference.n * spread.pictures / room, difference.n) if room > 0 else None


def _reach(freedom: float, level: float) -> float:
    """So many standard errors a difference must be long, to be found as often as ``POWER`` says."""
    return quantile(1 - level / 2, freedom) + quantile(POWER, freedom)


def _pictures(needed: float, n: int) -> Needed | None:
    more = needed - n
    if more > TOO_MANY * n:
        return None
    return Needed("pictures", max(1, _rounded(more)))


def _rounded(value: float) -> int:
    """Two digits, upwards: more would be more than is known."""
    if value <= 10:
        return max(1, math.ceil(value))
    unit = 10 ** (math.floor(math.log10(value)) - 1)
    return math.ceil(value / unit) * unit
