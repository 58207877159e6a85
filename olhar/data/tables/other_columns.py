"""Which columns of a table say the part of a picture, and what it was taken of: a patient, a lesion, a driver."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from olhar.base.errors import DataError
from olhar.base.reading import Reading
from olhar.base.texts import sentence
from olhar.data.dataset import Brought, Part
from olhar.data.layout import part_of
from olhar.data.tables.column_names import GROUPS, NO_CLASSES, PATHS, SEQUENCES, SITES, SPLITS, TRAINING_FLAGS, is_one_of
from olhar.data.tables.grid import Grid
from olhar.data.tables.values import are_numbers, present, relation, whole_numbers

_FER: dict[str, Part] = {"training": "train", "publictest": "validation", "privatetest": "test"}


@dataclass(frozen=True)
class Column:
    """A column that was found, and whether nobody named it: then it is told."""

    position: int
    found: bool


def find_split(grid: Grid, free: Sequence[int], wanted: str | None) -> Column | None:
    """The column of parts: the one a person names, one named so that holds a part, or one that holds nothing else."""
    if wanted is not None:
        return Column(_position(grid, wanted), found=False)
    for i in free:
        values = grid.values[i] if i in grid.columns else set[str]()
        if len(values) > _MOST or len(values) < 2:
            continue
        parts = [_part(value) for value in values]
        if is_one_of(grid.header[i], TRAINING_FLAGS) and {value.strip() for value in values} == {"0", "1"}:
            return Column(i, found=True)
        if is_one_of(grid.header[i], SPLITS) and any(parts):
            return Column(i, found=True)
        if None not in parts and "train" in parts and len(set(parts)) > 1:
            return Column(i, found=True)
    return None


def parts_in(grid: Grid, column: Column) -> list[Brought]:
    """The part of each row.

    Raises:
        DataError: a row says none.
    """
    cells = grid.columns[column.position]
    flags = is_one_of(grid.header[column.position], TRAINING_FLAGS)
    table: dict[str, Brought] = {}
    for value in {*cells}:
        part = _FLAGS.get(value.strip()) if flags else _part(value)
        if part is None:
            place = cells.index(value)
            raise DataError("data.row_part", where=grid.name, row=grid.row(place), found=value.strip()[:60])
        table[value] = part
    return [table[cell] for cell in cells]


def find_group(grid: Grid, free: Sequence[int], wanted: str | None) -> Column | None:
    """The column of groups: the one a person names, or the one named so that joins pictures; of nested ones the coarsest.

    Raises:
        DataError: several, and none holds the others whole.
    """
    if wanted is not None:
        return Column(_position(grid, wanted), found=False)
    columns = [i for i in free if is_one_of(grid.header[i], GROUPS) and 1 < len(grid.values[i]) < len(grid)]
    columns += _sites(grid, free, columns)
    if not columns:
        return None
    coarsest = min(columns, key=lambda i: len(grid.values[i]))
    apart = [i for i in columns if i != coarsest and not _holds(grid, coarsest, i)]
    if apart:
        names = ", ".join(grid.header[i] for i in columns)
        raise DataError("table.several_groups", where=grid.name, columns=names).offering([_reading(grid, i) for i in columns])
    return Column(coarsest, found=True)


def individuals(grid: Grid, free: Sequence[int], classes: Sequence[str]) -> int:
    """A column that nothing is known of whose values most often stand in few rows each, all of one class; -1: there is none.

    So does what tells one animal from another: the same ``CAM0042`` from above and from below.
    """
    for i in free if _FEWEST_ROWS <= len(grid) <= _MOST_ROWS else ():
        n = len(grid.values[i])
        if not (_RARE * len(grid) <= n <= _OFTEN * len(grid)) or is_one_of(grid.header[i], (*NO_CLASSES, *PATHS)):
            continue
        once = sum(often == 1 for often in Counter(grid.columns[i]).values())
        values = present(grid.values[i])
        names = not are_numbers(values) or whole_numbers(values) is not None
        cells = [cell for cell, name in zip(grid.columns[i], classes, strict=True) if name]
        if names and 2 * once < n and relation(cells, [name for name in classes if name]) == "finer":
            return i
    return -1


def _sites(grid: Grid, free: Sequence[int], columns: Sequence[int]) -> list[int]:
    """Where a camera stood, beside sequences of its pictures: elsewhere ``location`` may be a part of the body."""
    if not any(is_one_of(name, SEQUENCES) for name in grid.header):
        return []
    sites = [i for i in free if is_one_of(grid.header[i], SITES) and _FEWEST_SITES <= len(grid.values[i]) < len(grid)]
    holding = [i for i in sites if all(_holds(grid, i, column) for column in columns)]
    return sorted(holding, key=lambda i: len(grid.values[i]))[:1]


def _holds(grid: Grid, coarse: int, fine: int) -> bool:
    return relation(grid.columns[fine], grid.columns[coarse]) in ("finer", "same")


def _reading(grid: Grid, column: int) -> Reading:
    name = grid.header[column]
    return Reading(sentence("table.reading_group", column=name, n=len(grid.values[column])), options={"group_column": name})


def _position(grid: Grid, wanted: str) -> int:
    position = grid.position(wanted)
    if position < 0:
        shown = ", ".join(column.strip()[:20] for column in grid.header[:10])
        raise DataError("table.no_such_column", where=grid.name, column=wanted, found=shown)
    return position


def _part(value: str) -> Part | None:
    return _FER.get(value.strip().casefold()) or part_of(value.strip())


_FLAGS: dict[str, Part] = {"1": "train", "0": "test"}
_MOST, _FEWEST_SITES = 12, 5
_FEWEST_ROWS, _MOST_ROWS, _RARE, _OFTEN = 20, 100_000, 0.1, 0.6
