"""What more pictures would bring: the law by which an error shrinks, and how far what comes may lie from it.

The constants were chosen on three sets (brazil-coins, trash, chest-xray), by adding pictures to drawn ones and looking:
``benchmarks/learning_curve.py``.
"""

import math
from dataclasses import dataclass

from olhar.evaluation.learning_curve import Promise

POWER = 0.5
"""Errors shrink as the inverse square root of the pictures. Of powers from 0.2 to 0.9, those of 0.4 and 0.5 foretold best what
half as many, as many and twice as many pictures more brought (707 cases); the larger one promises 0.1 to 0.5 points too little.
A level that no number of pictures undercuts cannot be told from points that lie this near.
"""

USUAL = 0.25
"""Of the error: what half of the pictures usually cost, where nothing was measured."""

SURE = 120.0
"""With so many pictures what was measured counts as much as what is usual."""

OWN, OWN_BALANCED = 0.25, 0.14
"""The same for one class alone, of the errors in it; less where a rare class's pictures count more already."""

CROWDED = 0.25
"""Of what half the class costs, times the squared ratio of more to there: answers that a class which has become common takes from
the others, as its pictures count no less than theirs."""

OFF = 0.25
"""How far off the law is, as a share of the gain."""

LUCK, OWN_LUCK = 0.7, 1.0
"""The luck of these pictures, of all and of one class, as a share of the error's own deviation."""

_Z95 = 1.959963984540054


@dataclass(frozen=True)
class Halved:
    """What it costs to learn from half.

    Attributes:
        key: the class whose pictures were halved; empty: of all.
        pictures: of that class, or all.
        all: pictures of all classes.
        cost: of the accuracy, as a share of 1.
        errors, own: wrong answers out of fold, about all pictures and about these.
        of: so many pictures were judged in all, a group as one.
        balanced: whether classes of unequal size count alike.
    """

    key: str
    pictures: int
    all: int
    cost: float
    errors: int
    own: int
    of: int
    balanced: bool

    @property
    def drawn(self) -> float:
        """The cost, drawn towards what is usual where pictures are few."""
        usual = USUAL if not self.key else OWN_BALANCED if self.balanced else OWN
        weight = self.of / (self.of + SURE)
        return max(0.0, weight * self.cost + (1 - weight) * usual * _share(self.own, self.of))


def promise(halved: Halved, more: int) -> Promise:
    """The gain of the accuracy by so many pictures more, with the ends of its 95% interval."""
    ratio = more / halved.pictures
    crowded = CROWDED * ratio**2 if halved.key and not halved.balanced else 0.0
    gain = halved.drawn * (_times_halved(ratio) - crowded)
    half = _Z95 * math.hypot(OFF * gain, _luck(halved, more))
    return Promise(halved.key, more, gain, max(gain - half, -1.0), min(gain + half, 1.0))


def _luck(halved: Halved, more: int) -> float:
    """How far the gain of these pictures lies from that of others drawn like them: a deviation."""
    new = more / (halved.all + more)
    return (OWN_LUCK if halved.key else LUCK) * math.sqrt(new * _share(halved.errors, halved.of) / halved.of)


def _share(errors: int, of: int) -> float:
    """Of errors, drawn a little towards one half: none among ten is not none among very many (Laplace's rule)."""
    return (errors + 1) / (of + 2)


def _times_halved(ratio: float) -> float:
    """The gain by ``ratio`` times as many pictures more, in units of what half costs: by an error of b n^-POWER."""
    return (1 - (1 + ratio) ** -POWER) / (2**POWER - 1)


def round_number(about: float) -> int:
    """1, 2, 5, 10, 20, 50 ...: the one whose ratio to ``about`` is smallest."""
    numbers = [digit * 10**power for power in range(7) for digit in (1, 2, 5)]
    return min(numbers, key=lambda number: max(number / about, about / number))
