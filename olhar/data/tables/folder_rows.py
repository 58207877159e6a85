"""Rows that name folders, not pictures: each says the class of all pictures below (``train/patient7/study1/,1``)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from olhar.data.folders.identifiers import is_identifier, is_nobodys_class
from olhar.data.tables.grid import Grid
from olhar.data.tables.lookup import once
from olhar.data.tables.name_tables import ENOUGH
from olhar.data.tables.plain_paths import plain_paths, shared_folders

Below = Callable[[str], str]
"""The folder of pictures that a cell names; empty where there is none."""


def folder_column(rows: Sequence[Sequence[str]], folders: Collection[str]) -> tuple[int, Below] | None:
    """The column whose cells are paths of folders with pictures, several steps each, and how they name them; None: there is none.

    One step alone may be the name of a class, of which a table says something else.
    """
    if len(rows) < 2 or len(rows[0]) < 2:
        return None
    known = {"/".join(steps[:n]) for folder in folders for steps in [folder.split("/")] for n in range(1, len(steps) + 1)}
    for i in range(len(rows[0])):
        cells = [row[i].rstrip("/\\") for row in rows[1:] if len(row) > i]
        if cells and all("/" in cell for cell in plain_paths(cells)):
            ends, shared = _ends(known), shared_folders(cells)
            for cut in ("/".join(shared[:n]) for n in range(len(shared) + 1)):
                below = _finder(f"{cut}/" if cut else "", known, ends)
                if sum(map(bool, map(below, cells))) >= ENOUGH * len(cells):
                    return i, below
    return None


def _ends(known: Collection[str]) -> Mapping[str, str]:
    """Folders by the ends of their paths; an end of two stands for neither."""
    pairs = [(folder[n:], folder) for folder in known for n in [0, *(k + 1 for k, c in enumerate(folder) if c == "/")]]
    return once([end for end, _ in pairs], [folder for _, folder in pairs])


def _finder(front: str, known: Collection[str], ends: Mapping[str, str]) -> Below:
    def below(cell: str) -> str:
        plain = plain_paths([cell])[0].strip("/").removeprefix(front)
        return plain if plain in known else ends.get(plain, "") if "/" in plain else ""

    return below


def spread(grid: Grid, position: int, below: Below, pictures: Sequence[str]) -> Grid:
    """The same table with a row a picture, each row as often as pictures lie below its folder; one column more holds groups."""
    held, folders = _held(pictures), [below(cell) for cell in grid.columns[position]]
    places = [place for place, folder in enumerate(folders) for _ in held.get(folder, ())]
    columns = {i: [cells[place] for place in places] for i, cells in grid.columns.items()}
    columns[position] = [path for folder in folders for path in held.get(folder, ())]
    groups, last = [_case(folder) for folder in folders], len(grid.header)
    columns[last] = [groups[place] for place in places]
    values = {**grid.values, last: {*groups}}
    header = (*grid.header, "group")
    return replace(grid, header=header, columns=columns, values=values, row=lambda place: grid.row(places[place]), n=len(places))


def _case(folder: str) -> str:
    """Whose pictures a folder holds: up to the first step that counts persons or the like, else the whole of it."""
    steps = folder.split("/")
    n = next((n for n, step in enumerate(steps, 1) if is_identifier(step) and is_nobodys_class(step)), len(steps))
    return "/".join(steps[:n])


def _held(pictures: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """The pictures below each folder, all the way down."""
    held: dict[str, list[str]] = {}
    for path in pictures:
        steps = path.split("/")[:-1]
        for n in range(1, len(steps) + 1):
            held.setdefault("/".join(steps[:n]), []).append(path)
    return held
