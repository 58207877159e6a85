"""Rule 9: the names of pictures carry the class, and a part perhaps, where there are no folders of classes."""

from collections.abc import Sequence

from olhar.data.dataset import Brought
from olhar.data.folders.counted_names import end_in_codes, several_things
from olhar.data.folders.found import Found, Place
from olhar.data.folders.legend import classes_of_codes, classes_of_form
from olhar.data.folders.names_of_parts import parts_in_names
from olhar.data.folders.spelling import pairs_of
from olhar.data.folders.stems import classes_in_names, numbers_in_names, stem_of, written_by_cameras
from olhar.data.folders.tree import Folder
from olhar.data.folders.words import is_container, part_alone
from olhar.data.layout import plain
from olhar.data.read_as import passed_over

_EXPLAINED = {"reading.from_form": classes_of_form, "reading.from_legend": classes_of_codes}
_FEW = 0.25
"""So many pictures at most may have names of cameras beside those that say a class."""


def by_names(root: Folder, part: Brought, found: Found) -> list[Place]:
    """The pictures of a folder by what their names say; else of no class, or of the only folder's."""
    rows = list(root.rows())
    if not part and (places := _with_parts(rows, found) or _of_classes(rows, found)):
        return places
    only = root.kids[0] if root.folders and not part else root
    is_name = only is not root and not is_container(only.name) and not part_alone(only.name)
    if not is_name or _say_more(rows, found):
        return [Place(root, "", None)]
    found.note("reading.one_class", name=only.name)
    return [Place(root, "", only.name)]


def _with_parts(rows: Sequence[int], found: Found) -> list[Place]:
    """Pictures whose names carry a part and a class (``train_cat_001``), a place a part; none where they do not."""
    said = parts_in_names([stem_of(name) for name in found.original_names(rows)])
    classes = classes_in_names([f"{stem}.jpg" for stem in said[1]]) if said is not None else None
    if said is None or classes is None:
        return []
    _name(rows, classes, found)
    held: dict[Brought, list[int]] = {}
    for part, row in zip(said[0], rows, strict=True):
        held.setdefault(part, []).append(row)
    return [Place(_folder(own), part) for part, own in held.items()]


def _of_classes(rows: Sequence[int], found: Found) -> list[Place]:
    """Pictures whose names carry a class; a few that a camera named are passed over beside them. None where they do not."""
    names = found.original_names(rows)
    for key, explain in _EXPLAINED.items():
        if (explained := explain(names, found)) is not None:
            found.named.update(zip(rows, explained[0], strict=True))
            found.note(key, file=explained[1])
            return [Place(_folder(rows))]
    if (classes := classes_in_names(names)) is not None:
        _name(rows, classes, found)
        return [Place(_folder(rows))]
    by_camera = [written_by_cameras([name]) for name in names]
    if not 0 < sum(by_camera) <= _FEW * len(names):
        return []
    kept = [place for place, taken in enumerate(by_camera) if not taken]
    classes = classes_in_names([names[place] for place in kept])
    if classes is None:
        return []
    found.passed_over.append(passed_over(names[by_camera.index(True)], sum(by_camera), "reading.why_no_class"))
    _name([rows[place] for place in kept], classes, found)
    return [Place(_folder([rows[place] for place in kept]))]


def _name(rows: Sequence[int], classes: Sequence[str], found: Found) -> None:
    found.named.update(zip(rows, classes, strict=True))
    found.note("reading.from_names_all")
    others = _other_spellings([stem_of(name) for name in found.original_names(rows)], classes)
    if others:
        found.note("reading.spelled", pairs=pairs_of(others))


def _other_spellings(stems: Sequence[str], classes: Sequence[str]) -> dict[str, str]:
    """How names write their class where they write it otherwise."""
    others: dict[str, str] = {}
    for stem, name in zip(stems, classes, strict=True):
        place = -1 if name in stem else plain(stem).find(plain(name))
        if place >= 0:
            others[stem[place : place + len(name)]] = name
    return others


def _folder(rows: Sequence[int]) -> Folder:
    return Folder("", "", pictures=[*rows], count=len(rows))


def _say_more(rows: Sequence[int], found: Found) -> bool:
    """Whether pictures in one folder are of several classes, most likely, though nothing says of which.

    Their names carry several numbers, or several things that vary by themselves, or end in one of a few numbers; or as many other
    files lie there.
    """
    names = found.original_names(rows)
    if written_by_cameras(names):
        return False
    stems = [stem_of(name) for name in names]
    coded = numbers_in_names(names) or several_things(stems) or end_in_codes(stems)
    return coded or 2 * len(rows) <= len(found.files.names)
