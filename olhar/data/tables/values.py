"""What the values of a column are: numbers of rows, few or many, 0 and 1, and whether two columns say the same."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

_WHOLE = re.compile(r"-?\d+(\.0*)?")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_LONGEST_NAME = 100
_MISSING = frozenset(("", "nan", "NaN", "<NA>", "#N/A", "#N/D"))
"""What an empty cell is written as, by hand, by pandas and by spreadsheets in English and in Portuguese."""

_YES = frozenset(("x", "✓", "✔", "sim", "yes", "true", "verdadeiro", "1"))
_NO = frozenset((*(word.casefold() for word in _MISSING), "-", "não", "nao", "no", "false", "falso", "0"))


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is nothing."""
    return cell.strip() in _MISSING


def present(values: Iterable[str]) -> list[str]:
    """Those of the different values of a column that say something."""
    return [value for value in values if not is_missing(value)]


def whole_numbers(values: Iterable[str]) -> list[int] | None:
    """Values as whole numbers (``3``, ``3.0``), or None where one is something else."""
    stripped = [value.strip() for value in values]
    return [int(value.partition(".")[0]) for value in stripped] if all(map(_WHOLE.fullmatch, stripped)) else None


def are_numbers(values: Iterable[str]) -> bool:
    """Whether all values are numbers, whole or not."""
    return all(_NUMBER.fullmatch(value.strip()) for value in values)


def counts_rows(cells: Sequence[str]) -> bool:
    """Whether a column does nothing but number the rows, from 0 or 1."""
    if len(cells) < 2 or cells[0].strip() not in ("0", "1"):  # the first look spares the rest
        return False
    first = int(cells[0])
    return all(cell.strip() == str(first + i) for i, cell in enumerate(cells))


def few(values: Iterable[str], n: int) -> bool:
    """Whether ``values``, the different ones of a column of ``n`` rows, may be classes by themselves.

    Two at least, each for two rows on average; words no longer than a name, whole numbers among them (``A``, ``alpha``, ``0``);
    or numbers that count from 0 or 1 on without gaps.
    """
    distinct = {value.strip() for value in values}
    if len(distinct) < 2 or 2 * len(distinct) > n or "" in distinct:
        return False
    numbers = whole_numbers(distinct)
    if numbers is not None:
        return min(numbers) in (0, 1) and max(numbers) - min(numbers) + 1 == len(set(numbers))
    n_numbers = sum(map(bool, map(_WHOLE.fullmatch, distinct)))
    measures = any(_NUMBER.fullmatch(value) and not _WHOLE.fullmatch(value) for value in distinct)
    return not measures and 2 * n_numbers < len(distinct) and max(map(len, distinct)) <= _LONGEST_NAME


def are_flags(values: Iterable[str]) -> bool:
    """Whether a column holds nothing but 0 and 1."""
    numbers = whole_numbers(values)
    return bool(numbers) and set(numbers or ()) <= {0, 1}


def are_marks(values: Iterable[str]) -> bool:
    """Whether a column says yes or nothing, or yes or no, in every cell: an ``x`` where it is so, ``sim`` and ``não``."""
    said = {value.strip().casefold() for value in values}
    return len(said) > 1 and bool(said & _YES) and said <= _YES | _NO and len(said & _YES) == 1


def is_yes(value: str) -> bool:
    """Whether a cell of 0 and 1, or of marks, says yes."""
    return value.strip().casefold() in _YES or whole_numbers([value]) == [1]


def are_signs(values: Iterable[str]) -> bool:
    """Whether a column holds nothing but 1 and -1."""
    numbers = whole_numbers(values)
    return bool(numbers) and set(numbers or ()) <= {-1, 1}


Relation = Literal["same", "finer", "coarser", "none"]


def relation(one: Sequence[str], other: Sequence[str]) -> Relation:
    """How one way to divide rows stands to another: the same, as a class's number and its name are; finer, where each of its
    values lies in one of the other's; coarser, the other way round; or none of these.
    """
    pairs, n_one, n_other = len(set(zip(one, other, strict=True))), len(set(one)), len(set(other))
    if pairs == n_one == n_other:
        return "same"
    return "finer" if pairs == n_one else "coarser" if pairs == n_other else "none"


def as_classes(cells: Sequence[str]) -> list[str]:
    """Cells as classes, blanks taken off; whole numbers without their noughts (``3.0`` is ``3``) where all are such.

    A cell that says nothing gives ``""``.
    """
    distinct = set(cells)
    said = [*present(distinct)]
    if any("." in value for value in said) and whole_numbers(said) is not None:
        table = {value: str(int(value.strip().partition(".")[0])) for value in said}
    else:
        table = {value: value.strip() for value in said}
    table |= dict.fromkeys(distinct.difference(said), "")
    return [table[cell] for cell in cells]
