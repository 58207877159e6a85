"""Pictures beside each other that are of one thing, by their names: ``a.jpg`` and ``a.png``, ``7.bmp`` and ``7-d.bmp``.

What looks like masks is passed over; what was made of one picture, or shows one thing, is a group and stays in one part.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

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
_TAIL = re.compile(r"(?:[\s._-]+|(?<=\d))[^\W\d_]{1,12}\d{0,2}$")
_HEAD = re.compile(r"[^\W\d_]{1,12}[\s._-]+(?=.)")


def read_twins(root: Folder, found: Found) -> None:
    """The last part of rule 2: two pictures of one name in a folder are a picture and its mask, or of one thing.

    Names that differ by a word behind are never so by chance; those that differ by their ending alone, and are running numbers,
    or by a word in front (``1.jpg``, ``img_1.jpg``), are looked at.
    """
    rows = {name: row for row, name in enumerate(found.files.names)}
    pairs: dict[Forms, list[tuple[int, int]]] = {}
    for folder in root.walk():
        for forms in _likely(folder, rows, found):
            pairs.setdefault(forms, []).extend(_pairs(folder, forms, rows, found))
    masks: set[int] = set()
    together: list[Form] = []
    for forms, both in sorted(pairs.items(), key=lambda kind: -len(kind[1]))[:_MOST_KINDS]:
        both = [pair for pair in both if masks.isdisjoint(pair)]
        if len(both) >= _FEWEST:
            looks = _masks(forms, both, found)
            masks |= looks
            if not looks and _grouped(forms, both, found):
                together += forms
    if together:
        found.note("reading.groups_from_names", forms=listed([f"{head}*{foot}" for head, foot in dict.fromkeys(together)]))
    if masks:
        for folder in root.walk():
            folder.pictures = [row for row in folder.pictures if row not in masks]
        root.without([])


def _likely(folder: Folder, rows: dict[str, int], found: Found) -> Iterator[Forms]:
    """Pairs of forms that some of the names in a folder have; most folders have none, and are done with here."""
    every = folder.pictures
    if len(every) < 2:
        return
    names = found.names(every[:: max(1, len(every) // _SAMPLE)][:_SAMPLE])
    # Both of a pair may lie at every second place, and a step of two would then see one of them alone.
    names += found.names(every[1:_SAMPLE:3])
    counts = Counter(form for name in names for form in _forms_of(name))
    forms = [form for form, n in counts.most_common(_MOST_FORMS) if n >= _OFTEN * len(names)]
    for first, second in combinations(sorted(forms, key=lambda form: (sum(map(len, form)), form)), 2):
        if (first[0] and second[0]) or (first[0] and first[1] != second[1]):
            continue
        hits = sum(other in rows for name in names for other in _partners(name, first, second))
        if hits >= max(2, _OFTEN * len(names)) or (hits and len(every) < 2 * _FEWEST):
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


def _pairs(folder: Folder, forms: Forms, rows: dict[str, int], found: Found) -> list[tuple[int, int]]:
    """The pairs of a folder; none where less than 90% of the rarer form have a partner, or all are of one thing."""
    own = set(folder.pictures)
    sides = [[(row, key) for row in folder.pictures if (key := _key(found.files.names[row], form))] for form in forms]
    pairs: list[tuple[int, int]] = []
    for row, (above, key) in sides[1]:
        partner = rows.get(f"{above}{forms[0][0]}{key}{forms[0][1]}")
        if partner is not None and partner != row and partner in own:
            pairs.append((partner, row))
    rarer = min(map(len, sides))
    fewest = 1 if len(own) < _FEWEST else 2
    return pairs if len(pairs) >= max(_PAIRED * rarer, _OFTEN * len(own), fewest) else []


def _masks(forms: Forms, pairs: Sequence[tuple[int, int]], found: Found) -> set[int]:
    """The side of the pairs that looks like masks, passed over and told; nothing where neither or both do."""
    for side, form in ((1, forms[1]), (0, forms[0])):
        turned = [(pair[side], pair[1 - side]) for pair in pairs]
        if look_like_masks(turned, found, coloured=True):
            masks = {row for row, _ in turned}
            found.passed_over.append(passed_over(f"{form[0]}*{form[1]}", len(masks), "reading.why_masks"))
            return masks
    return set()


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
