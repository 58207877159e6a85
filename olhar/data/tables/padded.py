"""Pictures called by numbers with noughts in front (``0001.jpg``) and cells without them (``1``), as spreadsheets leave them."""

from collections.abc import Mapping, Sequence

from olhar.data.folders.stems import stem_of
from olhar.data.tables.column_names import PATHS, rank
from olhar.data.tables.name_tables import ENOUGH
from olhar.data.tables.path_column import PathColumn
from olhar.data.tables.picture_names import Match


def padded_column(rows: Sequence[Sequence[str]], paths: Sequence[str]) -> PathColumn | None:
    """The column of numbers, all different, of which nine in ten are the name of a picture; None where there is none.

    Args:
        rows: the first of a table, that of the columns' names in front.
        paths: the pictures.
    """
    known = _by_number(paths)
    if not known or len(rows) < 2:
        return None
    shares = {i: _share(cells, known) for i, cells in enumerate(zip(*rows[1:], strict=False))}
    fitting = [i for i, share in shares.items() if share >= ENOUGH]
    if not fitting:
        return None
    first = min(fitting, key=lambda i: (rank(rows[0][i], PATHS), i))
    match = Match(lambda cells: [known.get(_number(cell), "") for cell in cells], shares[first], padded=True)
    return PathColumn(first, named=True, match=match)


def _by_number(paths: Sequence[str]) -> Mapping[int, str]:
    """Pictures by the numbers that are their names, all of one length; none where one is called otherwise, or two alike."""
    stems = [stem_of(path) for path in paths]
    if not all(stem.isascii() and stem.isdigit() for stem in stems) or len({*map(len, stems)}) != 1:
        return {}
    known = {int(stem): path for stem, path in zip(stems, paths, strict=True)}
    return known if len(known) == len(paths) else {}


def _number(cell: str) -> int:
    return int(cell) if cell.isascii() and cell.isdigit() else -1


def _share(cells: Sequence[str], known: Mapping[int, str]) -> float:
    numbers = [_number(cell) for cell in cells]
    return sum(number in known for number in numbers) / len(numbers) if len({*numbers}) == len(numbers) else 0.0
