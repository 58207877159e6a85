"""What may be the class or may not: two levels of folders, names of persons, series or sets. Refused, or told."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from olhar.base.errors import DataError
from olhar.data.dataset import Brought
from olhar.data.folders.ends import (
    either,
    first_and_last,
    refuse_crossed_leaves,
    refuse_judged_leaves,
    refuse_judged_pictures,
    refuse_shared_verdict,
)
from olhar.data.folders.found import Found, listed, reading_of
from olhar.data.folders.identifiers import (
    are_identifiers,
    are_rounds,
    is_date,
    is_identifier,
    is_nobodys_class,
    is_nothing_but_a_date,
)
from olhar.data.folders.levels import last_level
from olhar.data.folders.marks import have_notes
from olhar.data.folders.names_say import judge_names_alike, table_of
from olhar.data.folders.numbers_say import refuse_levels
from olhar.data.folders.stems import codes_in, stem_of, words_in
from olhar.data.folders.system_names import is_of_a_phone
from olhar.data.folders.tree import Folder, content
from olhar.data.folders.words import are_opposites, is_container, is_set, is_verdict, part_said, tokens
from olhar.data.layout import plain

_CROSSED = 3
_SEVERAL, _OF_MOST = 3, 4
_LOOKED_AT = 64
_NUMBER_AND_WORD = re.compile(r"(\d+)[\s._-]+([^\W\d_]+)")


def refuse_either_level(root: Folder, part: Brought, found: Found) -> None:
    """Two levels either of which may be the class, unless the first passes a judgement (``benign``).

    Each name stands below one top alone (``dog/pug``, ``cat/manx``), or below all stand the same names, three at least and as
    many as tops or more (``amazon/mug``, ``webcam/mug``).

    Raises:
        DataError: it is so; both readings are offered.
    """
    refuse_judged_pictures(root, part, found)
    if all(is_verdict(top.name) for top in root.kids) or are_opposites([*root.folders]):
        return
    refuse_crossed_leaves(root, found)
    refuse_judged_leaves(root, part, found)
    inner = [content(top) for top in root.kids]
    names = [kid.name for top in inner for kid in top.kids]
    refuse_shared_verdict(root, inner, part, found)
    _refuse_below_days(root, part, found)
    if len(inner) < 2 or any(top.pictures or len(top.folders) < 2 for top in inner):
        return
    if all(map(is_identifier, names)) or are_rounds({*names}) or 2 * sum(map(is_nobodys_class, names)) > len(names):
        return
    if (len({name.casefold() for name in names}) < len(names) and not _crossed(inner)) or _named_after_tops(root.kids):
        return
    readings = first_and_last(root, inner, part)
    deepest = last_level(root)
    if not part and deepest is not None and deepest.options != readings[-1].options:
        readings.insert(1, deepest)
    raise either(root.kids, list(dict.fromkeys(names)), readings, found)


def _refuse_below_days(root: Folder, part: Brought, found: Found) -> None:
    """Days below all tops, and the same few names below them: ``heath/2022-05-14/robin``.

    Raises:
        DataError: it is so; the first level and the last are offered.
    """
    days = [kid.name for top in root.kids for kid in top.kids]
    last = last_level(root)
    if not part and days and all(map(is_date, days)) and last is not None:
        ends = sorted({leaf.name for leaf in root.walk() if leaf.flat})
        raise either(root.kids, ends, [reading_of(root, root.kids, layout="class"), last], found)


def _crossed(inner: Sequence[Folder]) -> bool:
    """Whether three names or more stand below two of three tops, and make up most of what any of them holds."""
    held = [{plain(name) for name in top.folders} for top in inner]
    counts = Counter(name for names in held for name in names)
    shared = {name for name, n in counts.items() if 3 * n >= 2 * len(held) and n > 1}
    return len(shared) >= _CROSSED and all(2 * len(names & shared) > len(names) for names in held)


def _named_after_tops(tops: Sequence[Folder]) -> bool:
    """Whether each folder below is a numbered one of its top: ``airport/airport_0``, ``airport/airport_1``."""
    return all(
        tokens(kid.name)[:-1] == tokens(top.name) and tokens(kid.name)[-1].isdigit() for top in tops for kid in content(top).kids
    )


def judge_identifiers(classes: Sequence[Folder], part: Brought, found: Found) -> None:
    """Folders whose names look like those of persons or series: told, and refused where something else may be the class.

    Raises:
        DataError: the names of the pictures say more of each, the same in most folders, or the pictures have masks; they are
            dates.
    """
    names = [folder.name for folder in classes]
    layout = "part/class" if part else "class"
    reading = reading_of(Folder("", ""), classes, layout=layout)
    if _are_ranges(classes, found):
        raise DataError("data.ranges", where=found.files.origin, folders=listed(names)).offering([reading])
    own = [name for name in names if not is_of_a_phone(name)]
    dated = all(map(is_date, own)) and (any(map(is_nothing_but_a_date, own)) or are_rounds(own))
    if len(own) > 1 and dated:
        raise DataError("data.dates", where=found.files.origin, folders=listed(names)).offering([reading])
    some = [[stem_of(name) for name in found.names(islice(folder.rows(), _LOOKED_AT))] for folder in classes]
    worded = words_in(names, some)
    identifiers = are_identifiers(names) or _of_one_each(classes)
    if not identifiers:
        judge_names_alike(classes, found, layout=layout)
        refuse_levels(classes, found, layout=layout)
    noted = have_notes(classes, found)
    if not (identifiers or _in_pairs(names) or worded or noted):
        return
    stems = [[stem_of(name) for name in found.names(folder.rows())] for folder in classes]
    below = [[kid.name for kid in content(folder).kids if not is_nobodys_class(kid.name)] for folder in classes]
    more = codes_in(names, stems) or codes_in(names, below) or _in_pairs(names) or worded
    why = "data.names_say_more" if more else "data.series_with_masks" if found.has_masks or noted else ""
    if why:
        raise DataError(why, where=found.files.origin, folders=listed(names), example=max(stems[0])).offering([reading])
    if identifiers and (table := table_of(names, found)):
        raise DataError("data.table_of_folders", where=found.files.origin, folders=listed(names), table=table).offering([reading])
    if identifiers:
        found.note("reading.like_identifiers", names=listed(names))


def _are_ranges(classes: Sequence[Folder], found: Found) -> bool:
    """Whether folders are called by the number of their first picture, and count on: ``00000/00000.png``, ``01000/01000.png``."""
    if len(classes) < _SEVERAL or not all(folder.name.isdecimal() and folder.flat for folder in classes):
        return False
    ordered = sorted(classes, key=lambda folder: int(folder.name))
    stems = [[stem_of(name) for name in found.names(folder.rows())] for folder in ordered]
    if not all(stem.isdecimal() for each in stems for stem in each):
        return False
    numbers = [sorted(map(int, each)) for each in stems]
    ends = [*(int(folder.name) for folder in ordered[1:]), None]
    counted = (
        held[0] == int(folder.name) and (end is None or held[-1] < end)
        for folder, held, end in zip(ordered, numbers, ends, strict=True)
    )
    return all(counted) and numbers[0][-1] > 0


def _of_one_each(classes: Sequence[Folder]) -> bool:
    """Whether folders like identifiers hold one picture each, which they name: ``0a7cbfa6/images/0a7cbfa6.png``."""
    return len(classes) > _CROSSED and all(folder.count == 1 and is_identifier(folder.name) for folder in classes)


def _in_pairs(names: Sequence[str]) -> bool:
    """Whether all names are numbers, each alone and with the same word behind it: ``049``, ``049_forg``."""
    numbers = {name for name in names if name.isdigit()}
    behind = [match for name in names if name not in numbers if (match := _NUMBER_AND_WORD.fullmatch(name))]
    same = len({match[2].casefold() for match in behind}) == 1
    return same and len(numbers) >= _CROSSED and {match[1] for match in behind} == numbers and len(names) == 2 * len(numbers)


def refuse_beside(root: Folder, found: Found) -> None:
    """A folder that is a set by itself is hardly a class: it holds classes or parts that those beside it have not, or says so.

    Raises:
        DataError: there is one.
    """
    sets = [kid for kid in root.kids if is_set(kid.name)]
    if len(sets) == len(root.folders):
        sets = []
    with_classes = [kid for kid in root.kids if len(content(kid).folders) > 1]
    containers = [kid for kid in with_classes if is_container(kid.name)]
    if len(containers) == 1 and not _shared_below(with_classes):
        with_classes = containers
    if len(with_classes) == 1 and _holds_the_set(with_classes[0], root):
        sets = with_classes
    if sets and len(root.folders) > 1:
        others = listed([kid.name for kid in root.kids if kid not in sets])
        readings = [*(reading_of(kid, content(kid).kids or [kid]) for kid in sets), reading_of(root, root.kids, layout="class")]
        raise DataError("data.classes_beside", where=found.files.origin, folder=sets[0].path, others=others).offering(readings)


def _shared_below(folders: Sequence[Folder]) -> bool:
    """Whether a name of a folder stands below two of them."""
    names = [name for folder in folders for name in content(folder).folders]
    return len({*names}) < len(names)


def _holds_the_set(holder: Folder, root: Folder) -> bool:
    """Whether a folder is named as a set is, holds parts alone, or three folders or more and three of four pictures."""
    inner = content(holder)
    most = len(inner.folders) >= _SEVERAL and _OF_MOST * holder.count >= root.count * (_OF_MOST - 1)
    parts = {part_said(kid.name) for kid in inner.kids}
    return is_container(holder.name) or most or (len(parts) > 1 and None not in parts)
