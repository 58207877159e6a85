"""Folders called after those who took the pictures, teams, pupils or people by their first names, with the classes below them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import chain

from olhar.data.folders.first_names import are_first_names
from olhar.data.folders.found import Found, Place, listed
from olhar.data.folders.identifiers import are_rounds, are_teams, is_date, is_nobodys_class
from olhar.data.folders.set_aside import is_unsorted
from olhar.data.folders.spelling import care_of, pairs_of
from olhar.data.folders.tree import Folder, content, few
from olhar.data.folders.words import tokens

_SHARED, _FEWEST_GROUPS = 0.5, 5


def are_takers(names: Collection[str]) -> bool:
    """Whether all names say who took the pictures, or with what: ``Team 1 (Ana, Tom)``, ``celular 2``, ``João``."""
    return are_teams(names) or are_first_names(names)


def takers(root: Folder, found: Found) -> list[Place] | None:
    """``Ana/ripe``, ``João/Ripe``, ``Lot 1/Camera A/ok``: who took the pictures, where or when is no class; of five or more what
    one took stays together.

    None where they say something else. More than half of the names, however they are spelled, stand below each on average. A
    picture or two of the takers themselves, and what one of them has not sorted yet, are left out.
    """
    layers = _layers(root)
    if not layers or any(not few(len(top.pictures), root.count) for _, top in layers[-1]):
        return None
    tops = [top for _, top in layers[-1]]
    spelling = _spelling(tops)
    if spelling is None or all(map(is_nobodys_class, spelling.values())):
        return None
    _tell(layers, spelling, found)
    grouped = len(layers[0]) >= _FEWEST_GROUPS
    below = [(kid, who if grouped else "") for who, top in layers[-1] for kid in _sorted(top)]
    return [Place(kid, "", spelling[tokens(kid.name)], group) for kid, group in below]


def _layers(root: Folder) -> list[list[tuple[str, Folder]]]:
    """The folders that say who, where or when, level by level from the top, each with the name of the first above it."""
    layers, level = list[list[tuple[str, Folder]]](), [("", root)]
    while level:
        kids = [(who or kid.name, content(kid)) for who, top in level for kid in top.kids]
        names = {kid.name for _, top in level for kid in top.kids}
        if not (are_takers(names) or _are_times_or_places(names)):
            return layers
        level = kids
        layers.append(level)
    return layers


def _are_times_or_places(names: Collection[str]) -> bool:
    return len(names) > 1 and (all(map(is_date, names)) or are_rounds(names))


def _tell(layers: Sequence[Sequence[tuple[str, Folder]]], spelling: Mapping[tuple[str, ...], str], found: Found) -> None:
    """What was passed through, left out, and joined."""
    for _, top in layers[-1]:
        found.pass_over_loose(top)
        for kid in top.kids:
            if is_unsorted(kid.name, top.folders):
                found.pass_over(kid, "reading.why_no_class")
    first = listed([who for who, _ in layers[0]])
    if len(layers[0]) >= _FEWEST_GROUPS:
        found.note("reading.groups_from_tops", names=first)
    else:
        found.note("reading.sources", names=first)
    kids = [kid for _, top in layers[-1] for kid in _sorted(top)]
    others = {kid.name: said for kid in kids if (said := spelling[tokens(kid.name)]) != kid.name.strip()}
    if others:
        found.note("reading.spelled", pairs=pairs_of(others))


def _sorted(top: Folder) -> list[Folder]:
    """The folders of classes of one taker, those below a day too; not what is not sorted yet."""
    kids = chain.from_iterable([kid] if kid.flat or not is_date(kid.name) else content(kid).kids for kid in top.kids)
    return [kid for kid in kids if not is_unsorted(kid.name, top.folders)]


def _spelling(tops: Sequence[Folder]) -> Mapping[tuple[str, ...], str] | None:
    """Each class by its words, spelled as most folders have it; None where the tops have too few in common."""
    counts = Counter((tokens(kid.name), kid.name.strip()) for top in tops for kid in _sorted(top))
    held = [{tokens(kid.name) for kid in _sorted(top)} for top in tops]
    names = {name for each in held for name in each}
    together = sum(map(len, held)) > _SHARED * len(names) * len(tops) and len(tops) > 1
    beside = Counter((kid.path.rpartition("/")[0], tokens(kid.name)) for top in tops for kid in _sorted(top))
    if len(names) < 2 or not together or max(beside.values()) > 1:
        return None
    return dict(sorted(counts, key=lambda said: (counts[said], care_of(said[1]), said)))
