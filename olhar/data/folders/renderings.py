"""Folders that hold the same pictures once more under the same names: no classes, but copies, sizes, renderings, masks."""

import re
from collections.abc import Sequence
from itertools import combinations, islice

from olhar.base.errors import DataError
from olhar.data.folders.found import Found, listed, reading_of
from olhar.data.folders.mask_looks import look_alike, look_like_masks
from olhar.data.folders.stems import classes_in_names, running, stem_of
from olhar.data.folders.tree import Folder, content
from olhar.data.folders.words import is_colour, is_container, is_format, is_original, is_processing, is_size, part_said, says_how
from olhar.data.read_as import passed_over

_PAIRED, _FEWEST, _FIRST = 0.9, 3, 16
_BEHIND = re.compile(r"[\s._-]+\w*\d+$")
"""What counts the cuttings of one picture: ``_02``, ``-crop3``."""
_MOST_TREES = 4
"""More folders beside each other are classes or patients, not pictures and their masks."""


def pass_over_mask_trees(root: Folder, found: Found) -> None:
    """``Msk/Sample001/1.png`` beside ``Bmp/Sample001/1.png``: whatever it is called, it is looked at."""
    for folder in list(root.walk()):
        nested = [kid for kid in folder.kids if len(kid.folders) > 1 and not is_processing(kid.name)]
        for pair in combinations(nested if len(nested) <= _MOST_TREES else (), 2):
            drawn = _drawn(*pair, found)
            if drawn is not None:
                found.pass_over(drawn, "reading.why_masks")
                root.without([drawn])


def _drawn(first: Folder, second: Folder, found: Found) -> Folder | None:
    """Which of two folders holds masks of what the other holds, in the same folders and under the same names."""
    if first.folders.keys() != second.folders.keys():
        return None
    pairs = [pair for name, kid in first.folders.items() for pair in _pairs(kid, second.folders[name], found)]
    if len(pairs) < _PAIRED * max(first.count, second.count):
        return None
    if look_like_masks(pairs, found):
        return first
    return second if look_like_masks([(other, one) for one, other in pairs], found) else None


def pass_over_flat_copies(root: Folder, found: Found) -> Folder:
    """A folder in which all pictures of the classes beside it lie once more, under the same names: ``resized`` beside ``images``.

    Returns:
        The folder that is left, or ``root`` where nothing was passed over.
    """
    holders = [kid for kid in root.kids if len(content(kid).folders) > 1]
    others = [kid for kid in root.kids if kid not in holders]
    if len(holders) != 1 or not others:
        return root
    flat = [kid for kid in others if _all_again(kid, holders[0], found)]
    for kid in flat:
        found.pass_over(kid, "reading.why_variant")
    root.without(flat)
    return content(root)


def _all_again(flat: Folder, holder: Folder, found: Found) -> bool:
    pairs = _pairs(flat, holder, found)
    enough = len(pairs) >= max(_FEWEST, _PAIRED * flat.count, _PAIRED * holder.count)
    return enough and (_more_than_numbers(pairs, found) or look_alike(pairs, found))


def refuse_renderings(root: Folder, found: Found) -> None:
    """Folders of one picture each in several sizes, or whose pictures look alike and bear the same names: ``blur``, ``sharp``.

    Raises:
        DataError: they are; to read them as classes is offered.
    """
    tops = root.kids
    if len(tops) < 2 or any(sum(bool(folder.pictures) for folder in top.walk()) > 1 for top in tops):
        return
    if _are_sizes_or_formats(tops) or _say_how(tops) or _of_the_same(tops, found):
        names = listed([top.name for top in tops])
        reading = reading_of(root, tops, layout="class")
        raise DataError("data.renderings", where=found.files.origin, folders=names).offering([reading])


def original_rendering(root: Folder, found: Found) -> Folder:
    """Of the same pictures in several renderings, whose names carry the class, those as they were taken; else ``root``."""
    tops = root.kids
    taken = [top for top in tops if is_original(top.name) or is_colour(top.name)]
    if len(tops) < 2 or len(taken) != 1 or root.pictures or not all(top.flat for top in tops) or not _of_the_same(tops, found):
        return root
    if classes_in_names(found.names(taken[0].rows())) is None:
        return root
    others = [top for top in tops if top is not taken[0]]
    for top in others:
        found.pass_over(top, "reading.why_variant")
    root.without(others)
    return taken[0]


def _are_sizes_or_formats(tops: Sequence[Folder]) -> bool:
    return all(is_size(top.name) for top in tops) or all(is_format(top.name) for top in tops)


def _say_how(tops: Sequence[Folder]) -> bool:
    """Whether all names say what was done to pictures, or that they are pictures: ``cropped``, ``raw_images``."""
    names = [top.name for top in tops]
    return all(map(says_how, names)) and any(map(is_processing, names))


def pass_over_made_below(root: Folder, found: Found) -> None:
    """Below each class what was made of its pictures, under the same names: ``cat/attention_map`` beside ``cat/image``."""
    made = [made for top in root.kids for made in _made_beside(content(top), found)]
    if not made or len({folder.path.rpartition("/")[0] for folder in made}) < len(root.kids):
        return
    for name in dict.fromkeys(folder.name for folder in made):
        n = sum(folder.count for folder in made if folder.name == name)
        found.passed_over.append(passed_over(f"*/{name}", n, "reading.why_variant"))
    root.without(made)


def _made_beside(folder: Folder, found: Found) -> list[Folder]:
    """The folders that hold nothing but what the one folder of pictures beside them holds, by its names."""
    pictures = [kid for kid in folder.kids if is_container(kid.name) and part_said(kid.name) is None]
    if len(pictures) != 1 or folder.pictures:
        return []
    others = [kid for kid in folder.kids if kid is not pictures[0]]
    alike = all(len(_pairs(kid, pictures[0], found)) >= max(_FEWEST, _PAIRED * kid.count) for kid in others)
    return others if alike else []


def refuse_crops(root: Folder, found: Found) -> None:
    """Cuttings from the pictures of each class in a folder beside them: ``cat/001.jpg``, ``cat/CROPPED/001_02.jpg``.

    Raises:
        DataError: in most classes it is so; each of the two is offered.
    """
    inner = [content(top) for top in root.kids]
    crops = [_crops(folder, found) if folder.pictures else None for folder in inner]
    if 2 * sum(crop is not None for crop in crops) <= len(inner):
        return
    first = next(crop for crop in crops if crop is not None)
    ending = found.files.names[inner[0].pictures[0]].rpartition(".")[2] if inner[0].pictures else "*"
    deep = "/".join(["*"] * first.path.count("/"))
    whole = [
        Folder(top.name, "", {}, folder.pictures, len(folder.pictures)) for top, folder in zip(root.kids, inner, strict=True)
    ]
    cut = [Folder(top.name, "", {}, [], crop.count) for top, crop in zip(root.kids, crops, strict=True) if crop is not None]
    readings = [
        reading_of(Folder("", ""), cut, exclude=f"{deep}/*.{ending}"),
        reading_of(Folder("", ""), whole, exclude=first.name),
    ]
    raise DataError("data.crops_beside", where=found.files.origin, folders=f"*/{first.name}").offering(readings)


def _crops(folder: Folder, found: Found) -> Folder | None:
    """The folder of what was cut from the pictures right in another, by its name and by theirs."""
    processed = [kid for kid in folder.kids if is_processing(kid.name)]
    stems = {stem_of(name) for name in found.names(folder.pictures)} if processed else set[str]()
    for kid in processed:
        names = [stem_of(name) for name in found.names(kid.rows())]
        if sum(_BEHIND.sub("", name) in stems for name in names) >= _PAIRED * len(names):
            return kid
    return None


def _of_the_same(tops: Sequence[Folder], found: Found) -> bool:
    """Whether what lies in each folder lies in the first as well."""
    first, *others = tops
    if not all(_PAIRED * max(first.count, top.count) <= min(first.count, top.count) for top in others):
        return False
    if not _some_again(first, others[0], found):
        return False
    pairs = [_pairs(top, first, found) for top in others]
    if any(len(each) < max(_FEWEST, _PAIRED * first.count) for each in pairs):
        return False
    formats = all(top.name.startswith(first.name) and is_container(top.name[len(first.name) :]) for top in others)
    return all((formats or _more_than_numbers(each, found)) and look_alike(each, found) for each in pairs)


def _some_again(first: Folder, second: Folder, found: Found) -> bool:
    """Whether one of the first names of a folder stands in the other: cheap, and most often it ends here."""
    few = {stem_of(name) for name in found.names(islice(first.rows(), _FIRST))}
    return any(stem_of(name) in few for name in found.names(second.rows()))


def _pairs(one: Folder, other: Folder, found: Found) -> list[tuple[int, int]]:
    """Pictures of one folder with those of the same name in the other, both all the way down."""
    rows, theirs = list(one.rows()), list(other.rows())
    by_stem = dict(zip(map(stem_of, found.names(theirs)), theirs, strict=True))
    return [(row, by_stem[stem]) for row, stem in zip(rows, map(stem_of, found.names(rows)), strict=True) if stem in by_stem]


def _more_than_numbers(pairs: Sequence[tuple[int, int]], found: Found) -> bool:
    return not running([stem_of(name) for name in found.names(row for row, _ in pairs)])
