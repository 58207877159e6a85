"""Which column of a table holds the class: the one that is named, columns of 0 and 1, or the one of few values."""

import posixpath
from collections.abc import Callable, Collection, Sequence

from olhar.base.errors import DataError
from olhar.data.folders.words import tokens, words_of
from olhar.data.layout import is_picture
from olhar.data.tables.blanks import n_missing
from olhar.data.tables.box_columns import box_columns
from olhar.data.tables.column_names import GROUPS, LABELS, TAGS, is_one_of, rank
from olhar.data.tables.grid import Grid
from olhar.data.tables.label_cells import Labels, count_things, may_be_class, readings_of, shown, single, text_of
from olhar.data.tables.measures import has_fractions, measures, says_who, wide_numbers
from olhar.data.tables.one_hot import one_hot
from olhar.data.tables.parts_said import part_of_table
from olhar.data.tables.values import few, present, relation, whole_numbers

_STATES = words_of(
    "estado situacao grau grado condicao condicion condition status state tipo type kind defeito defeitos defect defects fault "
    "falha problema problem issue damage dano avaria praga pest sintoma symptom resultado result outcome avaliacao conservacao"
)
"""One column of several that is called so is the class."""
_WEAK = ("animal",)
"""Of many more values than another column that is called as the class, it says which animal it is by name."""
_SHOWN, _MOST_CLASSES = 10, 1000


def find_labels(
    grid: Grid,
    free: Sequence[int],
    wanted: str | None,
    folders: Callable[[], Collection[str]],
    around: Callable[[], Sequence[str]] = tuple,
) -> Labels:
    """The class of each row.

    Args:
        grid: the table.
        free: the columns that are nothing else (the path, the part, a group, row numbers).
        wanted: the column that a person names; its text is taken as it stands.
        folders: gives the names of class folders beside the table: a column that holds them is the label.
        around: gives the folder's name of each row's picture: of several columns that which repeats it is meant.

    Raises:
        DataError: no column holds a class, several may, a row has several classes, or most have none.
    """
    if wanted is not None:
        return Labels(text_of(grid, _wanted(grid, wanted)), wanted, said=True)
    _refuse_pairs(grid, free)
    named = [i for i in free if _is_named(grid, i)]
    fewest = min((len(grid.values[i]) for i in named), default=0)
    named = [i for i in named if not (is_one_of(grid.header[i], _WEAK) and len(grid.values[i]) >= 2 * fewest)] or named
    if not named:
        boxes = box_columns(grid)
        if boxes and boxes >= {*free}:
            raise DataError("known.boxes", where=grid.name, file=posixpath.basename(grid.name))
        free = [i for i in free if i not in boxes]
        if labels := one_hot(grid, free):
            return labels
    column = _candidate(grid, free, named, folders, around)
    said = column in named or _holds(grid.values[column], folders()) or (_is_list(grid) and part_of_table(grid.name) is not None)
    return Labels(single(grid, column), grid.header[column], said)


def _is_named(grid: Grid, column: int) -> bool:
    """Whether a column's name says that it holds the class, and its cells may."""
    several = len(present(grid.values[column])) > 1
    return several and is_one_of(grid.header[column], LABELS) and not has_fractions(grid, column)


def _refuse_pairs(grid: Grid, free: Sequence[int]) -> None:
    """Whether a further column names pictures too, some of them several times: signatures that are compared, sizes of one.

    Raises:
        DataError: it does.
    """
    second = next((i for i in free if few(grid.values[i], len(grid)) and all(map(is_picture, grid.values[i]))), None)
    if second is not None:
        first = next(i for i in sorted(grid.columns) if i not in free and is_picture(grid.columns[i][0].strip()))
        raise DataError("table.pairs", where=grid.name, first=grid.header[first], second=grid.header[second])


def _wanted(grid: Grid, wanted: str) -> int:
    position = grid.position(wanted)
    if position < 0:
        raise DataError("table.no_such_column", where=grid.name, column=wanted, found=shown(grid.header))
    return position


def _candidate(
    grid: Grid,
    free: Sequence[int],
    named: Sequence[int],
    folders: Callable[[], Collection[str]],
    around: Callable[[], Sequence[str]],
) -> int:
    """The one column that holds the class.

    Raises:
        DataError: none, or several that say different things.
    """
    columns = named or [i for i in free if _holds(grid.values[i], folders())]
    columns = columns or _by_values(grid, free)
    columns = columns or _numbers_alone(grid, free)
    columns = columns or [i for i in free if is_one_of(grid.header[i], TAGS)]
    columns = columns or [i for i in free if is_one_of(grid.header[i], LABELS) and not has_fractions(grid, i)]
    measured = [] if columns else measures(grid, free) or wide_numbers(grid, free)
    if measured:
        column = grid.header[measured[0]]
        raise DataError("table.measure", where=grid.name, column=column).offering(readings_of(grid, free))
    if not columns:
        raise DataError("table.no_label", where=grid.name, found=shown(grid.header)).offering(readings_of(grid, free))
    apart = _apart(grid, columns)
    if len(apart) > 1:
        apart = _say_their_folder(grid, apart, around()) or apart
    if len(apart) > 1:
        names = ", ".join(grid.header[i] for i in apart[:_SHOWN])
        raise DataError("table.several_labels", where=grid.name, columns=names).offering(readings_of(grid, apart))
    return apart[0]


def _by_values(grid: Grid, free: Sequence[int]) -> list[int]:
    """The columns whose values may be classes.

    Raises:
        DataError: they only say who is shown, beside a column that measures something.
    """
    gaps = [i for i in free if may_be_class(grid, i, gaps=True)]
    states = [i for i in gaps if {*tokens(grid.header[i])} & _STATES]
    whole = [i for i in free if may_be_class(grid, i)]
    nearly = [i for i in gaps if 4 * n_missing(grid, i) <= len(grid)]
    columns = states if len(states) == 1 else sorted({*whole, *nearly}) if whole else gaps
    columns = [i for i in columns if not count_things(present(grid.values[i]))] or columns
    measured = measures(grid, free) if columns and all(says_who(grid, i) for i in columns) else []
    if measured:
        names = {"measure": grid.header[measured[0]], "column": grid.header[columns[0]]}
        raise DataError("table.measure_or_class", where=grid.name, **names).offering(readings_of(grid, columns))
    return columns


def _is_list(grid: Grid) -> bool:
    """Whether each row is a path and one word, without names of columns: of a part, nothing else than the class is said so."""
    return [name for name in grid.header if not is_one_of(name, GROUPS)] == ["1", "2"]


def _numbers_alone(grid: Grid, free: Sequence[int]) -> list[int]:
    """The only column beside the paths of a list without names of columns, where it holds numbers of classes, some not there.

    ``a.tif 15`` says nothing but a class; under a name (``age``, ``steering``) such numbers would measure something.
    """
    if not _is_list(grid) or len(free) != 1 or 2 * len(grid.values[free[0]]) > len(grid):
        return []
    numbers = whole_numbers(grid.values[free[0]]) or [-1]
    return [*free] if len(numbers) > 1 and min(numbers) >= 0 and max(numbers) < _MOST_CLASSES else []


def _apart(grid: Grid, columns: Sequence[int]) -> list[int]:
    """One column of each set that says the same of every row: words before numbers, then by name."""
    wordy = sorted(columns, key=lambda i: (whole_numbers(grid.values[i]) is not None, rank(grid.header[i], LABELS)))
    apart: list[int] = []
    for i in wordy:
        if not any(relation(grid.columns[i], grid.columns[kept]) == "same" for kept in apart):
            apart.append(i)
    return apart


def _say_their_folder(grid: Grid, columns: Sequence[int], around: Sequence[str]) -> list[int]:
    """The columns that say of each row the name of the folder in which its picture lies."""
    pairs = {i: {*zip(grid.columns[i], around, strict=False)} for i in columns}
    return [i for i in columns if pairs[i] and all(tokens(cell) == tokens(folder) for cell, folder in pairs[i])]


def _holds(values: Collection[str], folders: Collection[str]) -> bool:
    """Whether the values of a column are names of class folders, two at least."""
    values = present(values)
    return len(values) > 1 and {*values} <= {*folders}
