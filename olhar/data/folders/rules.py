"""The rules by which a tree of folders is read, top to bottom; ``docs/data.md`` tells them in the same order.

1. What a person says (``--layout``); 2. masks beside the pictures; 3. wrappers and second copies; 4. parts; 5. variants;
6. the level of the class; 7. loose pictures; 8. spelling; 9. classes in the names of files.
"""

from collections.abc import Iterable, Sequence

from olhar.base.errors import DataError
from olhar.data.dataset import Brought
from olhar.data.files.files import Files, non_pictures
from olhar.data.folders.by_names import by_names
from olhar.data.folders.derived import read_derived
from olhar.data.folders.either import judge_identifiers, refuse_beside, refuse_either_level
from olhar.data.folders.folder_reading import FolderReading, told
from olhar.data.folders.found import Found, Place, listed, reading_of
from olhar.data.folders.identifiers import are_pieces_of_one, is_fold, is_numbered_download, worded
from olhar.data.folders.levels import (
    by_layout,
    cases,
    index_of_letters,
    index_of_pieces,
    index_of_sets,
    said_levels,
    tell_level_below,
    tops_are_groups,
)
from olhar.data.folders.listed_classes import listed_classes
from olhar.data.folders.marks import refuse_marked
from olhar.data.folders.masks import only_pictures_and_masks, pass_over_masks
from olhar.data.folders.numbers_say import refuse_leading_numbers, without_scenes
from olhar.data.folders.pairs import refuse_sides
from olhar.data.folders.parts import class_above_part, read_parts, tell_part_words
from olhar.data.folders.renderings import (
    original_rendering,
    pass_over_flat_copies,
    pass_over_made_below,
    pass_over_mask_trees,
    refuse_crops,
    refuse_renderings,
)
from olhar.data.folders.set_aside import is_unsorted, without_set_aside
from olhar.data.folders.spelling import pairs_of, spelled_alike
from olhar.data.folders.system_names import (
    class_of,
    is_of_a_phone,
    is_unnamed,
    joined_pieces,
    labelled_alone,
    pass_over_system_copies,
)
from olhar.data.folders.takers import takers
from olhar.data.folders.tree import Folder, content, few, one_store, tree_of
from olhar.data.folders.twins import read_twins
from olhar.data.folders.variants import (
    folds,
    pass_over_augmented,
    pass_over_augmented_below,
    pass_over_resized,
    pieces_of_a_set,
    refuse_variants,
    sources,
)
from olhar.data.folders.versions import parts_of_classes, pass_over_versions
from olhar.data.folders.words import part_alone
from olhar.data.folders.wrappers import drop_copies_below, unwrapped
from olhar.data.read_options import ReadOptions


def read_folders(files: Files, options: ReadOptions | None = None) -> FolderReading:
    """Read a listing: a part, a class and a group for each picture, or that it is passed over.

    Args:
        files: the listing; a few pictures are opened where rules 2 and 3 say so.
        options: what a person says of the layout.

    Raises:
        DataError: there are several ways to read it, offered as ``readings``.
    """
    tree, others = tree_of(files.names)
    found = Found(files, said=options is not None and bool(options.layout))
    pass_over_masks(tree, found)
    pass_over_mask_trees(tree, found)
    read_twins(tree, found)
    read_derived(tree, found)
    root = unwrapped(joined_pieces(unwrapped(tree, found), found), found)
    drop_copies_below(root, found)
    if options is not None and options.layout:
        found.places += by_layout(root, said_levels(options.layout), found)
        _tell_empty_classes(found)
        return told(found, others)
    if (listed_here := listed_classes(root, non_pictures(files), found)) is not None:
        found.places += listed_here
        return told(found, others)
    if (of_classes := parts_of_classes(root)) is not None:
        found.places += of_classes
        return told(found, others)
    parts = read_parts(root, found)
    if parts is None:
        above = class_above_part(root)
        found.places += _classes(root, "", found) if above is None else [*above, *_loose(root, found)]
    else:
        found.places += _loose(root, found)
        for part, folder in parts:
            found.places += _of_part(part, folder, found)
    _spell_alike(found)
    _tell_empty_classes(found)
    return told(found, others)


def _tell_empty_classes(found: Found) -> None:
    """Folders beside those of classes in which nothing lies."""
    beside = {p.folder.path.rpartition("/")[0] for p in found.places if p.label is not None and p.folder.path and not p.alone}
    steps = [path.rpartition("/") for path in sorted(found.files.empty_folders)]
    empty = [f"{above}{slash}{name}" for above, slash, name in steps if above in beside and not part_alone(name)]
    if empty:
        found.note("reading.empty_classes", n=len(empty), names=listed(empty))


def _of_part(part: Brought, folder: Folder, found: Found) -> Iterable[Place]:
    """The classes of one part: as of any folder, but that names which say the class have done so already."""
    if folder.flat or next(folder.rows(), -1) in found.named:
        return [Place(folder, part)]
    return [Place(p.folder, part, p.label, p.group, p.alone) for p in _classes(folder, part, found)]


def _classes(root: Folder, part: Brought, found: Found) -> Sequence[Place]:
    """Rules 5 to 7 and 9 of a folder without parts, or of one part."""
    root = labelled_alone(root, found)
    root = root if part else original_rendering(without_scenes(root, found), found)
    if not root.folders or _one_flat(root, part):
        return by_names(root, part, found)
    if only_pictures_and_masks(root.kids):
        readings = [reading_of(kid, content(kid).kids or [kid]) for kid in root.kids]
        raise DataError(
            "data.pictures_and_masks", where=found.files.origin, folders=listed([kid.name for kid in root.kids])
        ).offering(readings)
    if all(kid.flat and is_unnamed(kid.name) for kid in root.kids):
        return by_names(root, part, found)
    return _stores(root) or _of_folders(root, part, found)


def _of_folders(root: Folder, part: Brought, found: Found) -> Sequence[Place]:
    """The same of a folder in which folders say something."""
    layout = "part/class" if part else "class"
    loose = _loose(root, found)
    pass_over_system_copies(root, found)
    if (inner := content(root)) is not root:
        root, loose = inner, [*loose, *_loose(inner, found)]
    root = without_set_aside(root, found)
    root = pass_over_resized(root, found)
    root = pass_over_augmented(root, found)
    pass_over_versions(root, found)
    refuse_variants(root, found)
    refuse_renderings(root, found)
    refuse_sides(root, found, layout=layout)
    refuse_leading_numbers(root, found, layout=layout)
    pass_over_made_below(root, found)
    refuse_crops(root, found)
    pass_over_augmented_below(root, found)
    root = pass_over_flat_copies(root, found)
    refuse_beside(root, found)
    if grouped := _above_classes(root, found):
        return [*grouped, *loose]
    kids = index_of_letters(root) or index_of_sets(root) or index_of_pieces(root)
    if kids is not None:
        found.note("reading.index", names=listed([top.name for top in root.kids]))
    else:
        refuse_either_level(root, part, found)
    if kids is None and not part:
        tell_part_words(root, found)
    classes = root.kids if kids is None else kids
    if part in ("", "train"):
        judge_identifiers(classes, part, found)
        refuse_marked(classes, found, layout=layout)
    tell_level_below(classes, int(bool(part)) + int(kids is not None), "part" if part else "", found)
    return [*(Place(kid, "", class_of(kid)) for kid in classes), *loose]


def _stores(root: Folder) -> list[Place]:
    """Folders that hold pictures and say no class: flat folds, and pieces of one download; none where they say more."""
    if not root.pictures and all(kid.flat and is_fold(kid.name) for kid in root.kids):
        return [Place(kid, "", None, kid.name) for kid in root.kids]
    if len(root.folders) > 1 and all(is_of_a_phone(kid.name) for kid in root.kids):
        return [Place(root)]
    downloads = all(is_numbered_download(kid.name) for kid in root.kids) and not worded([*root.folders])
    flat = downloads and all(kid.flat for kid in root.kids)
    return [Place(root)] if flat or (are_pieces_of_one([*root.folders]) and all(map(one_store, root.kids))) else []


def _above_classes(root: Folder, found: Found) -> Sequence[Place] | None:
    """The classes below folds, sources, pieces, people, cases and groups; None where the tops are none of these."""
    readers = (sources, takers, pieces_of_a_set, cases, tops_are_groups)
    places = folds(root) or next(filter(None, (reader(root, found) for reader in readers)), None)
    beside = [place.folder.name for place in places or ()]
    unsorted = [place for place in places or () if is_unsorted(place.folder.name, beside) or is_unnamed(place.folder.name)]
    for place in unsorted:
        found.pass_over(place.folder, "reading.why_no_class")
    return places and [place for place in places if place not in unsorted]


def _one_flat(root: Folder, part: Brought) -> bool:
    """Whether there is one folder only, and none in it: it is a class, or says that there are pictures, or a part."""
    return len(root.folders) == 1 and not root.pictures and root.kids[0].flat and not part


def _loose(root: Folder, found: Found) -> list[Place]:
    """Rule 7: a few loose pictures are left out; more keep their place without a class, and whoever learns refuses them."""
    if not root.pictures:
        return []
    if few(len(root.pictures), root.count):
        found.pass_over_loose(root)
        return []
    return [Place(root, "", None, "", alone=True)]


def _spell_alike(found: Found) -> None:
    """Rule 8: other parts spell their classes as training does, where they differ by case or plural."""
    known = {place.label for place in found.places if place.part == "train" and place.label is not None}
    for part in ("validation", "test"):
        own = {place.label for place in found.places if place.part == part and place.label is not None}
        spelling = spelled_alike(own, known) if known else {}
        if spelling:
            found.note("reading.spelled", pairs=pairs_of(spelling))
        found.places = [_spelled(place, spelling) if place.part == part else place for place in found.places]


def _spelled(place: Place, spelling: dict[str, str]) -> Place:
    return Place(place.folder, place.part, spelling.get(place.label or "", place.label), place.group, place.alone)
