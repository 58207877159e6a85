"""Rule 5, its last piece: pictures made from others in the same folder stay with them, by what programs write into names."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from olhar.base.texts import Sentence, sentence
from olhar.data.folders.derived_names import exported, may_be_derived, originals, without_partner
from olhar.data.folders.found import Found
from olhar.data.folders.stems import stem_of
from olhar.data.folders.tree import Folder
from olhar.data.folders.words import tokens

_CHANCE = 10
"""A name without a picture of that name, borne by more than so many and more than half of a folder, is no one's (``image``)."""


def derived_anywhere(paths: Sequence[str]) -> tuple[dict[str, str], list[Sentence]]:
    """The groups of pictures in whatever folders, and what is to be told of them."""
    folders: dict[str, list[str]] = {}
    for path in paths if may_be_derived(paths) else ():
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    every = {path: group for folder, own in folders.items() for path, group in zip(own, derived_groups(folder, own), strict=True)}
    groups = {path: group for path, group in every.items() if group}
    return groups, notes_of(groups)


def read_derived(root: Folder, found: Found) -> None:
    """Keep ``cat1.jpg``, ``cat1_aug0.jpg`` and ``flipped_cat1.jpg`` together, and Roboflow's copies of one picture."""
    for folder in root.walk() if may_be_derived(found.names(root.rows())) else ():
        groups = derived_groups(folder.path, found.names(folder.pictures))
        found.made |= {row: group for row, group in zip(folder.pictures, groups, strict=True) if group}


def derived_groups(folder: str, paths: Sequence[str]) -> list[str]:
    """The group of each picture of one folder, ``""`` where it is made from none and none is made from it.

    Running numbers say nothing: ``img_1`` and ``img_2`` are two pictures. A word of processing does, and Roboflow's ending.
    """
    stems = [stem_of(path) for path in paths]
    if not may_be_derived(stems):
        return [""] * len(paths)
    bare = [exported(stem) or stem for stem in stems]
    known, own = {*bare}, {*tokens(folder)}
    made = [_made_from(name, known, own) for name in bare]
    keys = [own or name for own, name in zip(made, bare, strict=True)]
    derived = {key for key, own, stem, name in zip(keys, made, stems, bare, strict=True) if own or stem != name}
    many = _everybodys(keys, {*stems})
    return [f"{folder}/{key}".lstrip("/") if key in derived and key not in many else "" for key in keys]


def _made_from(name: str, known: AbstractSet[str], own: AbstractSet[str]) -> str:
    """The name of the picture that one was made from: one that lies beside it, else what its own name says.

    Words of the folder's name say a class there (``crop/crop_1_2.jpg``), not what was done.
    """
    words, candidates = originals(name)
    there = next((candidate for candidate in candidates if candidate in known), "")
    if there or not words or own & {*tokens(words)}:
        return there
    return without_partner(words, candidates)


def _everybodys(keys: Sequence[str], known: Iterable[str]) -> set[str]:
    """Names that bind nothing together: those of one picture alone, and those that most of a folder bear by chance."""
    counts, known = Counter(keys), {*known}
    most = max(_CHANCE, len(keys) // 2)
    return {key for key, n in counts.items() if n < 2 or (n > most and key not in known)}


def notes_of(groups: Mapping[str, str]) -> list[Sentence]:
    """How many of the pictures that are read stay together, with two of one group; nothing where each is alone in its group.

    Args:
        groups: path -> group, of the pictures that are read.
    """
    counts = Counter(groups.values())
    together = [(path, group) for path, group in groups.items() if counts[group] > 1]
    if not together:
        return []
    one, other = [stem_of(path) for path, group in together if group == together[0][1]][:2]
    return [sentence("reading.made_from", n=len(together), one=one, other=other)]
