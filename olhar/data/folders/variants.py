"""The same pictures in several variants, folds, and what was augmented beside the originals."""

import re
from collections import Counter
from collections.abc import Sequence

from olhar.base.errors import DataError
from olhar.data.folders.found import Found, Place, listed, reading_of, together
from olhar.data.folders.identifiers import (
    are_counted_pieces,
    are_rounds,
    is_date,
    is_fold,
    is_identifier,
    is_nobodys_class,
    is_numbered_container,
)
from olhar.data.folders.levels import last_level
from olhar.data.folders.stems import running, stem_of
from olhar.data.folders.takers import are_takers
from olhar.data.folders.tree import Folder, content
from olhar.data.folders.words import (
    is_augmented,
    is_container,
    is_domain,
    is_original,
    is_processing,
    is_resized,
    speak_of_one_set,
    tokens,
)
from olhar.data.folders.wrappers import holds_split
from olhar.data.layout import plain
from olhar.data.read_as import passed_over

_SHARED = 0.6
_AGREE = 0.9
_FEWEST_TOPS, _FEWEST_SHARED = 5, 3


def pass_over_augmented(root: Folder, found: Found) -> Folder:
    """Rule 5, its first half: where originals lie beside what was augmented from them, the latter is passed over.

    Returns:
        The folder that is left, or ``root`` where nothing was passed over.
    """
    tops = root.kids
    augmented = [top for top in tops if is_augmented(top.name)]
    rest = [top for top in tops if top not in augmented]
    if not augmented or len(rest) != 1:
        return root
    ends = _ends(rest[0]).intersection(*map(_ends, augmented)) if is_original(rest[0].name) else set[str]()
    if len(_shared(tops)) < 2 and len(ends) < 2:
        return root
    if not (is_processing(rest[0].name) or is_container(rest[0].name) or _related(tops)):
        return root
    for top in augmented:
        found.pass_over(top, "reading.why_augmented")
    root.without(augmented)
    return content(rest[0])


def _ends(folder: Folder) -> set[str]:
    """The names of the folders at the end of all levels."""
    return {leaf.name for leaf in folder.walk() if leaf.flat and leaf is not folder}


def pass_over_augmented_below(root: Folder, found: Found) -> None:
    """The same below each class: ``cat/augmented`` beside ``cat/original``."""
    augmented: list[Folder] = []
    for top in root.kids:
        kids = content(top).kids
        rest = [kid for kid in kids if not is_augmented(kid.name)]
        if rest and all(is_original(kid.name) or is_container(kid.name) for kid in rest):
            augmented += [kid for kid in kids if is_augmented(kid.name)]
    if augmented:
        n = sum(folder.count for folder in augmented)
        found.passed_over.append(passed_over(f"*/{augmented[0].name}", n, "reading.why_augmented"))
        root.without(augmented)


def pass_over_resized(root: Folder, found: Found) -> Folder:
    """``resized 16x16`` beside ``originals`` with the same classes, each of whose pictures lies there under the same name.

    Returns:
        The folder that is left, or ``root`` where nothing was passed over.
    """
    resized = [top for top in root.kids if is_resized(top.name)]
    augmented = [top for top in root.kids if is_augmented(top.name)]
    rest = [top for top in root.kids if top not in (*resized, *augmented)]
    if not resized or len(rest) != 1 or not (is_original(rest[0].name) or is_container(rest[0].name)):
        return root
    whole = _named(rest[0], found)
    if len(_shared([*rest, *resized])) < 2 or not all(_named(top, found) <= whole for top in resized):
        return root
    for top in resized:
        found.pass_over(top, "reading.why_variant")
    root.without(resized)
    return root if augmented else content(rest[0])


def _named(folder: Folder, found: Found) -> set[tuple[str, str]]:
    """The pictures of each class, by their names without endings."""
    return {(kid.name, stem_of(name)) for kid in content(folder).kids for name in found.names(kid.rows())}


def refuse_variants(root: Folder, found: Found) -> None:
    """Rule 5, its second half: folders with the same classes that are variants of the same pictures, or parts of one set.

    Raises:
        DataError: they are; with a reading for each.
    """
    tops = root.kids
    splits = [top for top in tops if holds_split(top)]
    if len(splits) > 1 and len(splits) == len(tops):
        readings = [reading_of(top, _classes_of(content(top))) for top in splits]
        if not any(is_fold(top.name) or is_processing(top.name) for top in tops):
            readings.insert(0, reading_of(root, tops, layout="class/part"))
        raise DataError("data.several_splits", where=found.files.origin, folders=listed([top.name for top in tops])).offering(
            readings
        )
    shared = _shared(tops)
    if len(shared) < 2 or all(is_fold(top.name) for top in tops):
        return
    if all(map(str.isdigit, shared)) and not any(map(is_processing, _apart(tops))):
        return
    readings = [reading_of(top, content(top).kids) for top in tops]
    if (last := last_level(root)) is not None:
        readings.insert(0, last)
    values = {"folders": listed([top.name for top in tops]), "classes": listed(sorted(shared))}
    if _processed(tops) or _stems_agree(tops, shared, found):
        raise DataError("data.variants", where=found.files.origin, **values).offering(readings)
    if are_takers([*root.folders]) or are_counted_pieces([*root.folders]) or are_rounds([*root.folders]):
        return
    dated = [is_date(top.name) for top in tops]
    numbered = not all(dated) and all(date or is_numbered_container(top.name) for date, top in zip(dated, tops, strict=True))
    if (numbered or _related(tops)) and (len(tops) < _FEWEST_TOPS or not all(is_identifier(top.name) for top in tops)):
        joined = together([content(top) for top in tops], root, "*/class")
        raise DataError("data.parts_of_a_set", where=found.files.origin, **values).offering([joined, *readings])


def _classes_of(split: Folder) -> list[Folder]:
    """The classes of all parts together, each with how many pictures it has."""
    counts = Counter[str]()
    for part in split.kids:
        counts.update({kid.name: kid.count for kid in content(part).kids})
    return [Folder(name, "", count=n) for name, n in sorted(counts.items())] or split.kids


def _apart(tops: Sequence[Folder]) -> list[str]:
    """The words by which names differ: ``client`` and ``imposter`` of ``ClientRaw`` and ``ImposterRaw``."""
    words = [tokens(top.name) for top in tops]
    common = set.intersection(*map(set, words))
    return [" ".join(word for word in each if word not in common) for each in words]


def folds(root: Folder) -> list[Place] | None:
    """``fold1/cat``, ``fold2/cat``: the fold is the group; None where they are no folds."""
    tops = root.kids
    if not all(is_fold(top.name) for top in tops) or len(_shared(tops)) < 2 or any(content(top).pictures for top in tops):
        return None
    return [Place(kid, "", kid.name, top.name) for top in tops for kid in content(top).kids]


def sources(root: Folder, found: Found) -> list[Place] | None:
    """``Art/mug``, ``Clipart/mug``: where pictures come from is no class; None where the tops say more, or share too little."""
    tops = root.kids
    if not all(is_domain(top.name) for top in tops) or len(_shared(tops)) < _FEWEST_SHARED:
        return None
    if any(content(top).pictures for top in tops):
        return None
    found.note("reading.sources", names=listed([top.name for top in tops]))
    return [Place(kid, "", kid.name) for top in tops for kid in content(top).kids]


def pieces_of_a_set(root: Folder, found: Found) -> list[Place] | None:
    """``images_part_1/mug``, ``images_part_2/mug``, ``day 1/mug``: pieces of one set are read together; else None."""
    tops = [content(top) for top in root.kids]
    shared = _shared(root.kids)
    if not are_counted_pieces([*root.folders]) or len(shared) < 2 or any(top.pictures for top in tops):
        return None
    if all(map(is_nobodys_class, shared)):  # cameras or days of a lot, say: the classes lie deeper
        return None
    if len(tops) >= _FEWEST_TOPS:  # so many may be groups, which stay together
        return None
    found.note("reading.sources", names=listed([*root.folders]))
    return [Place(kid, "", kid.name) for top in tops for kid in top.kids]


def _shared(tops: Sequence[Folder]) -> set[str]:
    """The names of classes that all tops hold; none where they are less than 60% of what any of them holds."""
    if len(tops) < 2 or any(top.flat for top in tops):
        return set()
    held = [set(content(top).folders) for top in tops]
    shared = set.intersection(*held)
    return shared if len(shared) >= _SHARED * max(map(len, held)) else set()


def _processed(tops: Sequence[Folder]) -> bool:
    """Whether all names speak of processing, one at least of something else than being pictures."""
    return (
        any(is_processing(top.name) for top in tops) and all(is_processing(top.name) or is_container(top.name) for top in tops)
    ) or (any(is_processing(top.name) for top in tops) and _related(tops))


def _related(tops: Sequence[Folder]) -> bool:
    """Whether all names hold the shortest: ``EuroSAT`` and ``EuroSATallBands``, ``Leaves`` and ``NA_Leaves``."""
    names = sorted((re.sub(r"\W|_", "", plain(top.name)) for top in tops), key=len)
    behind = len(names[0]) > 2 and all(name.startswith(names[0]) for name in names)
    return behind or speak_of_one_set([top.name for top in tops])


def _stems_agree(tops: Sequence[Folder], shared: set[str], found: Found) -> bool:
    """Whether the same names stand in the same class of each top, and are more than running numbers."""
    common: set[str] = set()
    for place, top in enumerate(tops):
        inner = content(top)
        stems = {f"{name}/{stem_of(path)}" for name in shared for path in found.names(inner.folders[name].rows())}
        fewest = min(len(stems), len(common)) if place else 0
        common = common & stems if place else stems
        if len(common) < _AGREE * fewest:
            return False
    return not running([stem.partition("/")[2] for stem in common])
