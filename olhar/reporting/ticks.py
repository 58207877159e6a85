"""Round numbers for an axis."""

import math

_STEPS = (1, 2, 5, 10)


def ticks(low: float, high: float, most: int, least_step: float = 0.0) -> list[float]:
    """At most ``most`` multiples of 1, 2 or 5 times a power of ten from ``low`` to ``high``, as many as there can be."""
    step = _step((high - low) / max(most - 1, 1), least_step)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    while last - first + 1 > most:
        step = _step(1.01 * step, least_step)
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [i * step for i in range(first, last + 1)]


def _step(wanted: float, least: float) -> float:
    """The smallest round step that is not below ``wanted``."""
    wanted = max(wanted, least, 1e-12)
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(step * power for step in _STEPS if step * power >= wanted * (1 - 1e-9))
