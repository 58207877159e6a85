"""What stands at the ends of folders below tops that hardly are classes: the last level is asked about, beside the first."""

from collections import Counter
from collections.abc import Sequence

from olhar.base.errors import DataError
from olhar.base.reading import Reading
from olhar.data.dataset import Brought
from olhar.data.folders.found import Found, listed, reading_of, together
from olhar.data.folders.identifiers import is_date, is_identifier, is_nobodys_class
from olhar.data.folders.levels import last_level
from olhar.data.folders.tree import Folder, content
from olhar.data.folders.words import is_domain, is_verdict, judges_pictures

_CROSSED, _OWN = 3, 0.75


def refuse_judged_pictures(root: Folder, part: Brought, found: Found) -> None:
    """The same names below tops that judge the pictures, not what is on them: ``GoodImg/Bmp/mug``, ``BadImg/Bmp/mug``.

    Raises:
        DataError: it is so; the first level and the last are offered.
    """
    inner = [content(top) for top in root.kids]
    if len(inner) < 2 or not all(judges_pictures(top.name) for top in root.kids) or any(top.pictures for top in inner):
        return
    shared = {name for name in set.intersection(*({*top.folders} for top in inner)) if _may_be_class(name)}
    if len(shared) < _CROSSED or 2 * len(shared) <= max(len(top.folders) for top in inner):
        return
    raise either(root.kids, sorted(shared), first_and_last(root, inner, part), found)


def _may_be_class(name: str) -> bool:
    return (is_identifier(name) and not is_date(name)) or not is_nobodys_class(name)


def refuse_shared_verdict(root: Folder, inner: Sequence[Folder], part: Brought, found: Found) -> None:
    """The same judgement below most tops, beside several names that are each top's own: ``Cashew/healthy``, ``Cashew/red rust``.

    Raises:
        DataError: it is so; the first level and the last are offered.
    """
    held = [{*top.folders} for top in inner]
    often = Counter(name for names in held for name in names)
    shared = {name for name, n in often.items() if 2 * n > len(held) and is_verdict(name)}
    own = [names - shared for names in held]
    apart = _OWN * sum(map(len, own)) <= len(set[str]().union(*own))
    if len(inner) < 2 or not (shared and apart) or any(top.pictures for top in inner) or any(len(names) < 2 for names in own):
        return
    names = list(dict.fromkeys(name for names in held for name in sorted(names)))
    raise either(root.kids, names, first_and_last(root, inner, part), found)


def refuse_judged_leaves(root: Folder, part: Brought, found: Found) -> None:
    """Judgements at the end of three levels or more (``Line 1/2024-03-04/OK``), and tops that say where pictures come from.

    Raises:
        DataError: it is so; the first level and the last are offered.
    """
    ends = list(dict.fromkeys(leaf.name for leaf in root.walk() if leaf.flat))
    judged = len(ends) > 1 and all(map(is_verdict, ends))
    from_somewhere = all(is_domain(top.name) and not top.flat for top in root.kids)
    last = last_level(root)
    if part or last is None or not (judged or from_somewhere):
        return
    raise either(root.kids, ends, [reading_of(root, root.kids, layout="class"), last], found)


def refuse_crossed_leaves(root: Folder, found: Found) -> None:
    """The same names at the end of all tops, though not as deep in each: ``Fnt/Sample001``, ``Hnd/Img/Sample001``.

    Raises:
        DataError: it is so; the first level is offered, and each top by itself.
    """
    tops = root.kids
    deep = [{len(leaf.path.split("/")) for leaf in top.walk() if leaf.flat} for top in tops]
    if len(tops) < 2 or any(top.flat for top in tops) or (len(set.union(*deep)) == 1):
        return
    held = [{leaf.name for leaf in top.walk() if leaf.flat} for top in tops]
    shared = {name for name in set.intersection(*held) if is_identifier(name) or not is_nobodys_class(name)}
    if len(shared) < max(_CROSSED, len(tops) + 1) or 2 * len(shared) <= max(map(len, held)):
        return
    first = reading_of(root, tops, layout="class")
    readings = [first, *(reading_of(top, content(top).kids) for top in tops)]
    raise either(tops, sorted(shared), readings, found)


def first_and_last(root: Folder, inner: Sequence[Folder], part: Brought) -> list[Reading]:
    """The reading of the tops as the classes, and that of what ``inner`` holds, the tops once wrappers are off."""
    below = "" if part else root.path
    before = ["part"] if part else []
    steps = inner[0].path.count("/") - root.kids[0].path.count("/") + 1
    first = reading_of(Folder("", below), root.kids, layout="/".join([*before, "class"]))
    return [first, together(inner, Folder("", below), "/".join([*before, *["*"] * steps, "class"]))]


def either(tops: Sequence[Folder], names: Sequence[str], readings: Sequence[Reading], found: Found) -> DataError:
    """The error that the first level may be the class, or the last."""
    told = {"tops": listed([top.name for top in tops]), "names": listed(names)}
    return DataError("data.class_or_group", where=found.files.origin, **told).offering(readings)
