"""Many tests at once: Holm's correction, by which all of them together find a difference by chance as seldom as one alone."""

from collections.abc import Sequence


def holm(ps: Sequence[float]) -> list[float]:
    """Each of M probabilities, corrected for all (Holm 1979, Scandinavian Journal of Statistics 6)."""
    m, corrected, highest = len(ps), [1.0] * len(ps), 0.0
    for place, index in enumerate(sorted(range(m), key=ps.__getitem__)):
        highest = max(highest, min(1.0, (m - place) * ps[index]))
        corrected[index] = highest
    return corrected


def holm_levels(ps: Sequence[float], level: float) -> list[float]:
    """The level of each test in Holm's procedure: an interval of that level leaves out 0 where, and only where, the procedure
    tells a difference. From the first test that tells none, all have its level.

    Args:
        ps: how often chance alone does as much, of each test.
        level: of all together.
    """
    m, levels, told = len(ps), [level] * len(ps), True
    step = level
    for place, index in enumerate(sorted(range(m), key=ps.__getitem__)):
        if told:
            step = level / (m - place)
            told = ps[index] < step
        levels[index] = step
    return levels
