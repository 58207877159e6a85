"""Levels: which number is black and which is white, in pictures of more than 8 bits.

8 bits have one meaning everywhere. Of 12 or 16 bits a file says how they are stored and not how many are used, and floating
point says nothing at all: the pictures that teach decide (``base.depth``), and the model keeps what they decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

Bounds = tuple[float, float]
"""The number that becomes black, and the one that becomes white."""


@dataclass(frozen=True)
class Levels:
    """Black and white for whole numbers of more than 8 bits, and for floating point. 8-bit pictures stay as they are.

    Those of a plain ``Levels()`` are the whole of 16 bits, and 0 to 1.
    """

    integers: Bounds = (0.0, 65535.0)
    floats: Bounds = (0.0, 1.0)

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> "Levels":
        """What ``asdict`` gave, after JSON.

        Raises:
            ValueError: not two numbers each, the first the smaller.
        """
        return cls(_bounds(read["integers"]), _bounds(read["floats"]))


FULL = Levels()
"""What is assumed of pictures by which nothing was decided: those of a model of other hands, or of an earlier version."""


def _bounds(read: Any) -> Bounds:
    low, high = (float(number) for number in read)
    if not -inf < low < high < inf:
        raise ValueError
    return low, high
