"""Pictures beside each other that are of one thing, by their names: ``a.jpg`` and ``a.png``, ``7.bmp`` and ``7-d.bmp``.

What looks like masks is passed over; what was made of one picture, or shows one thing, is a group and stays in one part.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from olhar.data.folders.derived_names import originals
from olhar.data.folders.found import Found, listed
from olhar.data.folders.mask_looks import look_alike, look_like_masks
from olhar.data.folders.stems import running
from olhar.data.folders.tree import Folder
from olhar.data.read_as import passed_over

Form = tuple[str, str]
"""What stands before and behind the part of two names that is the same: ``("", "-d.bmp")``."""
Forms = tuple[Form, Form]
_SAMPLE, _MOST_FORMS, _MOST_KINDS = 32, 6, 6
_PAIRED, _OFTEN = 0.9, 0.1
_FEWEST = 3
_FOLDERS = 400
"""In so many folders it is looked for what pairs."""
_TAIL = re.compile(r"(?:[\s._-]+|(?<=\d))[^\W\d_]{1,12}\d{0,2}$")
_HEAD = re.compile(r"[^\W\d_]{1,12}[\s._-]+(?=.)")


def read_twins(root: Folder, found: Found) -> None:
    """The last part of rule 2: two pictures of one name in a folder are a picture and its mask, or of one thing.

    Names that differ by a word behind are never so by chance; those that differ by their ending alone, and are running numbers,
    or by a word in front (``1.jpg``, ``img_1.jpg``), are looked at.
    """
    rows = {name: row for row, name in enumerate(found.files.names)}
    folders = [folder for folder in root.walk() if len(folder.pictures) > 1]
    kinds = Counter(forms for folder in folders[:: max(1, len(folders) // _FOLDERS)] for forms in _likely(folder, rows, found))
    pairs = {forms: _pairs(folders, forms, rows, found) for forms, _ in kinds.most_common(_MOST_KINDS)}
    masks: set[int] = set()
    together: list[Form] = []
    for forms, every in sorted(pairs.items(), key=lambda kind: -len(kind[1])):
        both = [pair for pair in every if masks.isdisjoint(pair)]
        if len(both) >= _FEWEST:
            looks = _masks(forms, both, found)
            masks |= looks
            if not looks and not _made(forms) and _grouped(forms, both, found):
                together += forms
    if together:
        found.note("reading.groups_from_names", forms=listed([f"{head}*{foot}" for head, foot in dict.fromkeys(together)]))
    if masks:
        for folder in folders:
            folder.pictures = [row for row in folder.pictures if row not in masks]
        root.without([])


def _likely(folder: Folder, rows: dict[str, int], found: Found) -> Iterator[Forms]:
    """Pairs of forms that some of the names in a folder have; most folders have none, and are done with here.

    Of what has a plain form too (``a``, ``a_left``, ``a_right``), each other form is paired with that one alone.
    """
    every = folder.pictures
    names = found.names(every[:: max(1, len(every) // _SAMPLE)][:_SAMPLE])
    # Both of a pair may lie at every second place, and a step of two would then see one of them alone.
    names += found.names(every[1:_SAMPLE:3])
    counts = Counter(form for name in names for form in _forms_of(name))
    forms = [form for form, n in counts.most_common(_MOST_FORMS) if n >= _OFTEN * len(names)]
    plain = set[Form]()
    for first, second in combinations(sorted(forms, key=lambda form: (sum(map(len, form)), form)), 2):
        if first in plain or second in plain or (first[0] or (second[0] and first[1] != second[1])):
            continue
        hits = sum(other in rows for name in names for other in _partners(name, first, second))
        if hits >= max(2, _OFTEN * len(names)) or (hits and len(every) < 2 * _FEWEST):
            plain.add(second)
            yield first, second


def _forms_of(path: str) -> Iterator[Form]:
    name = path[path.rfind("/") + 1 :]
    dot = name.rfind(".")
    stem, ending = name[:dot], name[dot:]
    yield "", ending
    if (tail := _TAIL.search(stem)) is not None and tail.start():
        yield "", tail[0] + ending
    if (head := _HEAD.match(stem)) is not None:
        yield head[0], ending


def _partners(path: str, first: Form, second: Form) -> Iterator[str]:
    for own, other in ((first, second), (second, first)):
        if (key := _key(path, own)) is not None:
            yield f"{key[0]}{other[0]}{key[1]}{other[1]}"


def _key(path: str, form: Form) -> tuple[str, str] | None:
    """The folder and what is left of a name without what stands before and behind; None where it has not this form."""
    cut = path.rfind("/") + 1
    folder, name = path[:cut], path[cut:]
    key = name[len(form[0]) : len(name) - len(form[1])]
    return (folder, key) if key and name.startswith(form[0]) and name.endswith(form[1]) else None


def _pairs(folders: Sequence[Folder], forms: Forms, rows: dict[str, int], found: Found) -> list[tuple[int, int]]:
    """The pairs of all folders where 90% of the rarer form have a partner, and not all is of one thing."""
    names, pairs = found.files.names, list[tuple[int, int]]()
    (_, foot), (head, other) = forms
    for folder in folders:
        second = [row for row in folder.pictures if names[row].endswith(other) and (not head or _key(names[row], forms[1]))]
        if head:
            partners = (rows.get("".join(_key(names[row], forms[1]) or ()) + foot, -1) for row in second)
        else:
            partners = (rows.get(names[row][: -len(other)] + foot, -1) for row in second)
        here = [(partner, row) for partner, row in zip(partners, second, strict=True) if partner not in (-1, row)]
        fewest = max(1 if len(folder.pictures) < _FEWEST else 2, _OFTEN * len(folder.pictures))
        if len(here) >= fewest and (len(here) >= _PAIRED * len(second) or _most_of(folder, forms[0], here, found)):
            pairs += here
    return pairs


def _most_of(folder: Folder, form: Form, pairs: Sequence[tuple[int, int]], found: Found) -> bool:
    """Whether the pairs are 90% of what has the first form: the second is the commoner one."""
    return len(pairs) >= _PAIRED * sum(found.files.names[row].endswith(form[1]) for row in folder.pictures)


def _masks(forms: Forms, pairs: Sequence[tuple[int, int]], found: Found) -> set[int]:
    """The side of the pairs that looks like masks, passed over and told; nothing where neither or both do."""
    for side, form in ((1, forms[1]), (0, forms[0])):
        turned = [(pair[side], pair[1 - side]) for pair in pairs]
        if look_like_masks(turned, found, coloured=True):
            masks = {row for row, _ in turned}
            found.passed_over.append(passed_over(f"{form[0]}*{form[1]}", len(masks), "reading.why_masks"))
            return masks
    return set()


def _made(forms: Forms) -> bool:
    """Whether a word of processing sets the second form apart: the next rule joins such, whatever the number behind it."""
    head, foot = forms[1]
    return bool(originals(f"{head}1{foot.rpartition('.')[0]}")[0])


def _grouped(forms: Forms, pairs: Sequence[tuple[int, int]], found: Found) -> bool:
    """Keep what is of one thing together, where names or looks say that it is; whether they do."""
    first, second = forms
    keys = [f"{above}{key}" for row, _ in pairs if (both := _key(found.files.names[row], first)) for above, key in [both]]
    by_a_word = not second[0] and _TAIL.search(f"0{second[1].rpartition('.')[0]}") is not None
    stems = [key.rpartition("/")[2] for key in keys]
    if not (by_a_word or (not second[0] and not running(stems)) or look_alike(pairs, found)):
        return False
    for pair, key in zip(pairs, keys, strict=True):
        found.grouped |= dict.fromkeys(pair, key)
    return True
