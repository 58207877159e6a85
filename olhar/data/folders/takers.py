"""Folders called after those who took the pictures, teams, pupils or people by their first names, with the classes below them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from olhar.data.folders.first_names import are_first_names
from olhar.data.folders.found import Found, Place, listed
from olhar.data.folders.identifiers import are_rounds, are_teams, is_date, is_nobodys_class
from olhar.data.folders.spelling import pairs_of
from olhar.data.folders.tree import Folder, content, few
from olhar.data.layout import plain

_ENOUGH, _FEWEST_GROUPS = 0.5, 5


def are_takers(names: Collection[str]) -> bool:
    """Whether all names say who took the pictures, or with what: ``Team 1 (Ana, Tom)``, ``celular 2``, ``João``."""
    return are_teams(names) or are_first_names(names)


def takers(root: Folder, found: Found) -> list[Place] | None:
    """``Ana/ripe``, ``João/Ripe``: who took the pictures is no class, and of five or more what one took stays together.

    None where they say something else. Half of the names, whatever their case, stand below each on average, all of them below a
    few dates. A picture or two of the takers themselves are left out.
    """
    tops = [content(top) for top in root.kids]
    names = [*root.folders]
    if not (are_takers(names) or _are_a_few_dates(names)) or any(not few(len(top.pictures), root.count) for top in tops):
        return None
    spelling = _spelling(tops, _ENOUGH if are_takers(names) else 1)
    if spelling is None or all(map(is_nobodys_class, spelling.values())):
        return None
    for top in tops:
        found.pass_over_loose(top)
    found.note("reading.sources", names=listed([top.name for top in root.kids]))
    others = {kid.name: said for top in tops for kid in top.kids if (said := spelling[plain(kid.name)]) != kid.name.strip()}
    if others:
        found.note("reading.spelled", pairs=pairs_of(others))
    groups = [top.name if len(tops) >= _FEWEST_GROUPS else "" for top in root.kids]
    return [Place(kid, "", spelling[plain(kid.name)], group) for top, group in zip(tops, groups, strict=True) for kid in top.kids]


def _are_a_few_dates(names: Sequence[str]) -> bool:
    return 1 < len(names) < _FEWEST_GROUPS and (all(map(is_date, names)) or are_rounds(names))


def _spelling(tops: Sequence[Folder], enough: float) -> Mapping[str, str] | None:
    """Each class by its plain name, spelled as most pictures have it; None where the tops have too few in common."""
    counts = Counter((plain(kid.name), kid.name.strip()) for top in tops for kid in top.kids)
    held = [[plain(kid.name) for kid in top.kids] for top in tops]
    names = {name for each in held for name in each}
    together = sum(map(len, held)) >= enough * len(names) * len(tops) and len(tops) > 1
    if len(names) < 2 or not together or any(len({*each}) < len(each) for each in held):
        return None
    return {name: spelled for (name, spelled), _ in sorted(counts.items(), key=lambda item: (item[1], item[0]))}
