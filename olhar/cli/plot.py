"""Curves in the terminal: two lines of a training in braille, eight dots a character."""

import math
from collections.abc import Sequence

_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The bit of each dot, by column and row from the top."""


def plot(lines: Sequence[Sequence[float]], width: int, height: int) -> tuple[list[list[tuple[str, int]]], float, float]:
    """Lines over the same steps, on one scale.

    Args:
        lines: numbers a line; one that is not a number is left out.
        width, height: in characters.

    Returns:
        Rows of (character, index of the line that was drawn last there, or -1), and the lowest and highest number.
    """
    numbers = [value for line in lines for value in line if not math.isnan(value)]
    low, high = (min(numbers), max(numbers)) if numbers else (0.0, 1.0)
    span = (high - low) or 1.0
    bits = [[0] * width for _ in range(height)]
    owner = [[-1] * width for _ in range(height)]
    for index, line in enumerate(lines):
        for x, value in enumerate(_resampled(line, 2 * width)):
            if not math.isnan(value):
                y = round((4 * height - 1) * (high - value) / span)
                bits[y // 4][x // 2] |= _DOTS[x % 2][y % 4]
                owner[y // 4][x // 2] = index
    return [[(chr(0x2800 + bit), who) for bit, who in zip(*row, strict=True)] for row in zip(bits, owner, strict=True)], low, high


def _resampled(line: Sequence[float], n: int) -> list[float]:
    """The line at ``n`` places, straight between its points; one point is drawn across."""
    if len(line) < 2:
        return list(line) * n
    values: list[float] = []
    for i in range(n):
        place = i * (len(line) - 1) / (n - 1)
        left = min(int(place), len(line) - 2)
        share = place - left
        values.append(line[left] * (1 - share) + line[left + 1] * share if share else line[left])
    return values
