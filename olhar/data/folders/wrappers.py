"""Folders that say nothing: wrappers, and what an archive holds a second time."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from olhar.base.errors import DataError, OlharError
from olhar.data.folders.found import Found, listed, reading_of
from olhar.data.folders.tree import Folder, content, few
from olhar.data.folders.words import is_container, is_processing, is_to_classify, part_said
from olhar.data.layout import plain

_COMPARED = 100
"""So many pictures of a second copy are compared byte by byte; the rest is left to ``check``."""
_SHARED, _FEWEST_WITH_TOTAL = 0.8, 3


def unwrapped(folder: Folder, found: Found) -> Folder:
    """Rule 3: what is left once wrappers and second copies are off; a last folder without folders in it may be a class."""
    while True:
        drop_copies(folder, found)
        if len(folder.pictures) and not few(len(folder.pictures), folder.count):
            return folder
        inner = _with_the_split(folder, found) or _with_the_classes(folder, found)
        inner = inner or (folder.kids[0] if len(folder.kids) == 1 else None)
        if inner is None or inner.flat:
            return folder
        found.pass_over_loose(folder)
        folder = inner


def drop_copies(folder: Folder, found: Found, *, strict: bool = True) -> None:
    """Pass over what a folder holds a second time: all of it in a folder of its own, or one of its folders again."""
    for kid in folder.kids:
        if kid.name in folder.folders and _holds_the_rest_again(kid, folder, found, strict):
            found.pass_over(kid, "reading.why_copy")
            folder.without([kid])
    nested = [kid for kid in folder.kids if len(content(kid).folders) > 1]
    for first, second in combinations(nested, 2):
        more, fewer = (first, second) if first.count >= second.count else (second, first)
        alike = more.count == fewer.count or plain(more.name) == plain(fewer.name)  # fewer, where copying was broken off
        part = part_said(more.name) or part_said(fewer.name)  # a test part within training is no copy, but a fault to be told
        if (alike or not (part or found.said)) and fewer.name in folder.folders and repeats(content(more), content(fewer), found):
            found.pass_over(fewer, "reading.why_copy")
            folder.without([fewer])


def drop_copies_below(folder: Folder, found: Found) -> None:
    """The same at every level below; who holds the same classes with other pictures is refused only where it matters."""
    for kid in folder.kids:
        if len(kid.folders) > 1:
            drop_copies(kid, found, strict=False)
        drop_copies_below(kid, found)
    _drop_total(folder, found)


def _drop_total(folder: Folder, found: Found) -> None:
    """A folder that holds all that lies in those beside it once more: ``Apple/all`` beside ``Apple/A`` and ``Apple/B``."""
    whole = sum(kid.count for kid in folder.kids)
    for kid in folder.kids if len(folder.folders) >= _FEWEST_WITH_TOTAL else ():
        others = Folder(folder.name, folder.path, {name: other for name, other in folder.folders.items() if other is not kid}, [])
        if kid.flat and 2 * kid.count == whole and holds_no_more(kid, others, found):
            found.pass_over(kid, "reading.why_copy")
            folder.without([kid])
            return


def _holds_the_rest_again(kid: Folder, folder: Folder, found: Found, strict: bool) -> bool:
    inner = content(kid)
    shared = [name for name in inner.folders if name in folder.folders and name != kid.name]
    if len(shared) < 2 or len(shared) < _SHARED * len(inner.folders):
        return False
    others = Folder(folder.name, folder.path, {name: folder.folders[name] for name in shared}, [])
    others.count = sum(other.count for other in others.kids)
    if repeats(others, inner, found):
        return True
    if not strict or len(shared) < _SHARED * (len(folder.folders) - 1):
        return False
    if is_processing(kid.name) and not is_processing(folder.name):
        found.pass_over(kid, "reading.why_variant")
        folder.without([kid])
        return False
    raise DataError("data.copy_unlike", where=found.files.origin, folder=kid.path, classes=listed(shared)).offering(
        [reading_of(kid, inner.kids)]
    )


def holds_no_more(second: Folder, first: Folder, found: Found) -> bool:
    """Whether each picture of the second lies in the first too, in whatever folder of it: by names, sizes and bytes."""
    theirs = {found.files.names[row].rpartition("/")[2]: row for row in first.rows()}
    pairs = [(theirs.get(found.files.names[row].rpartition("/")[2], -1), row) for row in second.rows()]
    return all(one >= 0 for one, _ in pairs) and _same_bytes(pairs, found)


def repeats(first: Folder, second: Folder, found: Found) -> bool:
    """Whether the second holds nothing but what the first holds too: names, sizes, and the bytes of a hundred."""
    if second.count > first.count or not _names_within(second, first):
        return False
    if first.count == second.count and next(_relative(first, found))[0] != next(_relative(second, found))[0]:
        return False
    theirs = dict(_relative(first, found))
    pairs: list[tuple[int, int]] = []
    for name, row in _relative(second, found):
        if name not in theirs:
            return False
        pairs.append((theirs[name], row))
    return _same_bytes(pairs, found)


def _same_bytes(pairs: Sequence[tuple[int, int]], found: Found) -> bool:
    """Whether pairs of pictures are of one size each, and a hundred of them of the same bytes."""
    try:
        if any(found.files.size(one) != found.files.size(other) for one, other in pairs):
            return False
        some = pairs[:: max(1, len(pairs) // _COMPARED)][:_COMPARED]
        return all(found.files.read(one) == found.files.read(other) for one, other in some)
    except OlharError:
        return False


def _names_within(second: Folder, first: Folder) -> bool:
    """Whether a folder's folders, all the way down, are among the other's: cheap, and most often it ends here."""
    return all(name in first.folders and _names_within(kid, first.folders[name]) for name, kid in second.folders.items())


def _relative(folder: Folder, found: Found, above: str = "") -> Iterator[tuple[str, int]]:
    for row in folder.pictures:
        yield above + found.files.names[row].rpartition("/")[2], row
    for name, kid in folder.folders.items():
        yield from _relative(kid, found, f"{above}{name}/")


def _with_the_split(folder: Folder, found: Found) -> Folder | None:
    """The one folder that holds parts with class folders, where no other does: what lies beside it is passed over."""
    if len(folder.kids) < 2:
        return None
    with_split = [kid for kid in folder.kids if holds_split(kid)]
    to_classify = [kid for kid in with_split if is_to_classify(kid.name)]
    with_split = to_classify if len(to_classify) == 1 else with_split
    if len(with_split) != 1 or part_said(with_split[0].name) is not None:
        return None
    others = [kid for kid in folder.kids if kid is not with_split[0]]
    if not to_classify and sum(kid.count for kid in others if not kid.flat) > with_split[0].count:
        return None
    for kid in others:
        unlabelled = content(kid).flat and part_said(kid.name) is not None
        found.pass_over(kid, "reading.why_no_class" if unlabelled else "reading.why_beside")
    folder.without(others)
    return with_split[0]


def _with_the_classes(folder: Folder, found: Found) -> Folder | None:
    """``dataset/cat``, ``dataset/dog``, and a few pictures of a README beside them, which are passed over."""
    holders = [kid for kid in folder.kids if len(content(kid).folders) > 1]
    others = [kid for kid in folder.kids if kid not in holders]
    if len(holders) != 1 or not others or not is_container(holders[0].name) or part_said(holders[0].name) is not None:
        return None
    if not few(sum(kid.count for kid in others), folder.count) or any(part_said(kid.name) for kid in others):
        return None
    for kid in others:
        found.pass_over(kid, "reading.why_loose")
    folder.without(others)
    return holders[0]


def holds_split(folder: Folder) -> bool:
    """Whether parts lie in a folder, one of them for training and with folders of classes."""
    inner = content(folder)
    said = [part_said(kid.name) for kid in inner.kids]
    training = [kid for kid in inner.kids if part_said(kid.name) == "train" and not kid.flat]
    return len(training) == 1 and len({*said} - {None}) > 1
