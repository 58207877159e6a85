"""What more pictures would bring: the law by which an error shrinks, and how far what comes may lie from it.

The constants were chosen on three sets (brazil-coins, trash, chest-xray), by adding pictures to drawn ones and looking:
``benchmarks/learning_curve.py``.
"""

from dataclasses import dataclass

from olhar.evaluation.learning_curve import Promise

POWER = 0.5
"""Errors shrink as the inverse square root of the pictures: of powers from 0.3 to 0.7 the one without bias at half, once and
twice as many pictures more. A level that no number of pictures undercuts cannot be told from points this near."""

USUAL = 0.25
"""Of the error: what half of the pictures usually cost, where nothing was measured."""

SURE = 60.0
"""With so many pictures what was measured counts as much as what is usual."""

OWN, OWN_BALANCED = 0.4, 0.14
"""The same for one class alone, of the errors in it; less where a rare class's pictures count more already."""

CROWDED = 0.25
"""Of what half the class costs, times the squared ratio of more to there: answers that a class which has become common takes from
the others, as its pictures count no less than theirs."""

OFF, LUCK = 0.25, 0.6
"""How far off the law is, as a share of the gain; and the luck of these pictures, as a share of the error's own deviation."""

_Z95 = 1.959963984540054


@dataclass(frozen=True)
class Halved:
    """What it costs to learn from half.

    Attributes:
        key: the class whose pictures were halved; empty: of all.
        pictures: of that class, or all.
        cost: of the accuracy, as a share of 1.
        errors: wrong answers about these pictures, out of fold.
        of: so many pictures were judged in all, a group as one.
        balanced: whether classes of unequal size count alike.
    """

    key: str
    pictures: int
    cost: float
    errors: int
    of: int
    balanced: bool

    @property
    def error(self) -> float:
        """The share of errors, drawn a little towards one half: none among ten is not none among very many."""
        return (self.errors + 1) / (self.of + 2)

    @property
    def drawn(self) -> float:
        """The cost, drawn towards what is usual where pictures are few."""
        usual = USUAL if not self.key else OWN_BALANCED if self.balanced else OWN
        weight = self.of / (self.of + SURE)
        return max(0.0, weight * self.cost + (1 - weight) * usual * self.error)


def promise(halved: Halved, more: int) -> Promise:
    """The gain of the accuracy by so many pictures more, with the ends of its 95 % interval."""
    ratio = more / halved.pictures
    crowded = CROWDED * ratio**2 if halved.key and not halved.balanced else 0.0
    gain = halved.drawn * (_times_halved(ratio) - crowded)
    luck = LUCK**2 * ratio / (1 + ratio) * halved.error / halved.of
    half = _Z95 * (OFF**2 * gain**2 + luck) ** 0.5
    return Promise(halved.key, more, gain, max(gain - half, -1.0), min(gain + half, 1.0))


def _times_halved(ratio: float) -> float:
    """The gain by ``ratio`` times as many pictures more, in units of what half costs: by an error of b n^-POWER."""
    return (1 - (1 + ratio) ** -POWER) / (2**POWER - 1)


def round_number(about: float) -> int:
    """1, 2, 5, 10, 20, 50 ...: the one whose ratio to ``about`` is smallest."""
    numbers = [digit * 10**power for power in range(7) for digit in (1, 2, 5)]
    return min(numbers, key=lambda number: max(number / about, about / number))
