"""Folders called after those who took the pictures, teams, pupils or people by their first names, with the classes below them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from olhar.data.folders.first_names import are_first_names
from olhar.data.folders.found import Found, Place, listed
from olhar.data.folders.identifiers import are_rounds, are_teams, is_date, is_nobodys_class
from olhar.data.folders.set_aside import is_unsorted
from olhar.data.folders.spelling import pairs_of
from olhar.data.folders.tree import Folder, content, few
from olhar.data.folders.words import tokens

_ENOUGH, _FEWEST_GROUPS = 0.5, 5


def are_takers(names: Collection[str]) -> bool:
    """Whether all names say who took the pictures, or with what: ``Team 1 (Ana, Tom)``, ``celular 2``, ``João``."""
    return are_teams(names) or are_first_names(names)


def takers(root: Folder, found: Found) -> list[Place] | None:
    """``Ana/ripe``, ``João/Ripe``: who took the pictures is no class, and of five or more what one took stays together.

    None where they say something else. Half of the names, whatever their case, stand below each on average, all of them below a
    few dates. A picture or two of the takers themselves, and what one of them has not sorted yet, are left out.
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
        for kid in (kid for kid in top.kids if is_unsorted(kid.name)):
            found.pass_over(kid, "reading.why_no_class")
    found.note("reading.sources", names=listed([top.name for top in root.kids]))
    others = {kid.name: said for top in tops for kid in _sorted(top) if (said := spelling[tokens(kid.name)]) != kid.name.strip()}
    if others:
        found.note("reading.spelled", pairs=pairs_of(others))
    groups = [top.name if len(tops) >= _FEWEST_GROUPS else "" for top in root.kids]
    below = [(kid, group) for top, group in zip(tops, groups, strict=True) for kid in _sorted(top)]
    return [Place(kid, "", spelling[tokens(kid.name)], group) for kid, group in below]


def _sorted(top: Folder) -> list[Folder]:
    return [kid for kid in top.kids if not is_unsorted(kid.name)]


def _are_a_few_dates(names: Sequence[str]) -> bool:
    return 1 < len(names) < _FEWEST_GROUPS and (all(map(is_date, names)) or are_rounds(names))


def _spelling(tops: Sequence[Folder], enough: float) -> Mapping[tuple[str, ...], str] | None:
    """Each class by its words, spelled as most folders have it; None where the tops have too few in common."""
    counts = Counter((tokens(kid.name), kid.name.strip()) for top in tops for kid in _sorted(top))
    held = [[tokens(kid.name) for kid in _sorted(top)] for top in tops]
    names = {name for each in held for name in each}
    together = sum(map(len, held)) >= enough * len(names) * len(tops) and len(tops) > 1
    if len(names) < 2 or not together or any(len({*each}) < len(each) for each in held):
        return None
    return dict(sorted(counts, key=lambda said: (counts[said], _carefully_spelled(said[1]), said)))


def _carefully_spelled(name: str) -> tuple[int, bool, bool]:
    """How much of a name's spelling is left: accents, blanks, and letters that are not all large or small."""
    return sum(not letter.isascii() for letter in name), "_" not in name, not (name.isupper() or name.islower())
