"""Masks and annotations beside the pictures: found by their names, proved by names that pair or by what they look like."""

import re
from collections.abc import Iterable, Sequence

from olhar.data.folders.by_number import by_number
from olhar.data.folders.found import Found
from olhar.data.folders.mask_looks import LOOKED_AT, look_like_masks
from olhar.data.folders.stems import running, stem_of
from olhar.data.folders.tree import Folder
from olhar.data.folders.words import CONTAINERS, is_mask_name, speaks_of_masks, tokens
from olhar.data.read_as import passed_over

_PAIRED = 0.9
_ANY_ENDING = re.compile(r"(?:mask|seg|gt|trimap|label|annot)[a-z]*[\s._-]*\d{0,2}\.\w+$", re.IGNORECASE | re.MULTILINE)
"""Finds out quickly, in the names of a whole folder, whether one of them may have such an ending."""
_ENDING = re.compile(
    r"[\s._-]*(masks?|seg|segmentation|gt|ground[\s_-]?truth|trimaps?|labels?|annotations?|annot)([\s._-]*\d{1,2})?$",
    re.IGNORECASE,
)


def pass_over_masks(root: Folder, found: Found) -> None:
    """Rule 2: take masks off the tree, in folders of their own and beside their pictures."""
    by_name: dict[str, list[Folder]] = {}
    for folder, form in _mask_folders(root):
        by_name.setdefault(form, []).append(folder)
    masks = [folder for folders in by_name.values() for folder in folders]
    if masks and sum(folder.count for folder in masks) < root.count:
        inside = {row for folder in masks for row in folder.rows()}
        outside = [row for row in root.rows() if row not in inside]
        for form, folders in by_name.items():
            if _prove(folders, outside, found):
                _tell(folders, form, found)
                root.without(folders)
    _beside(root, found)
    if found.has_masks:
        _beside_images(root, found)


def _beside_images(root: Folder, found: Found) -> None:
    """``1st_manual`` beside ``images``, where other masks were found: whatever it is called, it is looked at."""
    for folder in list(root.walk()):
        pictures = [kid for kid in folder.kids if {*tokens(kid.name)} <= CONTAINERS]
        others = [kid for kid in folder.kids if kid not in pictures]
        if len(pictures) == 1 and others and all(kid.flat for kid in folder.kids):
            rows = list(pictures[0].rows())
            drawn = [kid for kid in others if look_like_masks(_any_pairs(list(kid.rows()), rows), found)]
            for kid in drawn:
                found.pass_over(kid, "reading.why_masks")
            root.without(drawn)


def _mask_folders(folder: Folder) -> Iterable[tuple[Folder, str]]:
    """The topmost folders with names of masks, and what those of one kind have in common: ``masks``, ``* gt`` of ``cod gt``.

    A folder around all there is may be called after what the set is for: ``Vessel Segmentation``.
    """
    for kid in folder.kids:
        if kid.count == folder.count:
            yield from _mask_folders(kid)
        elif is_mask_name(kid.name):
            yield kid, kid.name.casefold()
        elif (behind := _behind_a_name(kid, folder)) is not None:
            yield kid, f"*{behind}"
        elif speaks_of_masks(kid.name):
            yield kid, kid.name
        else:
            yield from _mask_folders(kid)


def _behind_a_name(folder: Folder, above: Folder) -> str | None:
    """What stands behind the name of a folder beside it, or of the one above, where it is a word of masks: ``cod gt``."""
    match = _ENDING.search(folder.name)
    if match is None or not match.start():
        return None
    other = folder.name[: match.start()]
    return match[0].casefold() if other in above.folders or other.casefold() == above.name.casefold() else None


def _prove(folders: Sequence[Folder], outside: Sequence[int], found: Found) -> bool:
    """Whether what lies in such folders are masks of the pictures outside."""
    rows = [row for folder in folders for row in folder.rows()]
    pictures = {stem_of(name): row for row, name in zip(outside, found.names(outside), strict=True)}
    pairs = [(row, partner) for row in rows if (partner := _partner(found.files.names[row], pictures)) is not None]
    if len(pairs) < _PAIRED * len(rows):
        if _number_segmentations(folders, rows, outside, found):
            return True
        return look_like_masks(_any_pairs(rows, outside), found)
    sure = all(is_mask_name(folder.name) or not speaks_of_masks(folder.name) for folder in folders)
    named = sure and not running([stem_of(found.files.names[row]) for row, _ in pairs])
    return named or look_like_masks(pairs, found)


def _number_segmentations(folders: Sequence[Folder], rows: Sequence[int], outside: Sequence[int], found: Found) -> bool:
    """Whether one folder of segmentations numbers its pictures as the others are: ``segmim_00001.jpg`` of ``image_00001.jpg``."""
    segmented = len(folders) == 1 and folders[0].name.casefold().startswith("seg") and len(rows) == len(outside)
    return segmented and all(by_number(found.names(some)) for some in (rows, outside))


def _any_pairs(rows: Sequence[int], outside: Sequence[int]) -> list[tuple[int, int]]:
    """Each of some pictures with one of the others, both from all over their folders: nothing pairs them by name."""
    n = min(len(rows), len(outside), LOOKED_AT)
    return [(rows[i * len(rows) // n], outside[i * len(outside) // n]) for i in range(n)]


def _partner(name: str, pictures: dict[str, int]) -> int | None:
    stem = stem_of(name)
    return pictures.get(stem, pictures.get(_ENDING.sub("", stem)))


def _tell(folders: Sequence[Folder], form: str, found: Found) -> None:
    n, name = sum(folder.count for folder in folders), form if form.startswith("*") else folders[0].name
    place = folders[0].path if len(folders) == 1 else f"*/{name}"
    found.passed_over.append(passed_over(place, n, "reading.why_masks"))


def _beside(root: Folder, found: Found) -> None:
    """``1_mask.png`` beside ``1.png``."""
    masks: list[tuple[Folder, list[int]]] = []
    pairs: list[tuple[int, int]] = []
    for folder in root.walk():
        if not _ANY_ENDING.search("\n".join(found.names(folder.pictures))):
            continue
        rows = [row for row in folder.pictures if _ENDING.search(stem_of(found.files.names[row]))]
        if not rows or len(rows) == len(folder.pictures):
            continue
        pictures = {stem_of(found.files.names[row]): row for row in set(folder.pictures) - set(rows)}
        paired = [(row, pictures[stem]) for row in rows if (stem := _bare(found.files.names[row])) in pictures]
        if len(paired) >= _PAIRED * len(rows):
            masks.append((folder, rows))
            pairs += paired
    if not masks or (running([_bare(found.files.names[row]) for row, _ in pairs]) and not look_like_masks(pairs, found)):
        return
    ending = found.files.names[pairs[0][0]].rpartition("/")[2].removeprefix(_bare(found.files.names[pairs[0][0]]))
    found.passed_over.append(passed_over(f"*{ending}", sum(len(rows) for _, rows in masks), "reading.why_masks"))
    for folder, rows in masks:
        folder.pictures = [row for row in folder.pictures if row not in set(rows)]
    root.without([])


def _bare(name: str) -> str:
    return _ENDING.sub("", stem_of(name))


def only_pictures_and_masks(folders: Sequence[Folder]) -> bool:
    """Whether folders bear names of pictures and of masks and no others: no classes, though nothing proves the masks."""
    masks = [folder for folder in folders if is_mask_name(folder.name)]
    rest = [folder for folder in folders if folder not in masks]
    return bool(masks) and bool(rest) and all(set(tokens(folder.name)) <= CONTAINERS for folder in rest)
