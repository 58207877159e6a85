"""What stands before two underscores in the names of pictures, by which fields are set apart: ``obj10__0``, ``1__2017``."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from olhar.data.folders.identifiers import is_counted_class, is_nobodys_class
from olhar.data.layout import NO_CLASS, plain

_MOST, _FEW, _MEAN = 200, 10, 3
_OBJECT = re.compile(r"(?:obj|object|objeto)[\s._-]?\d+", re.IGNORECASE)
_SHORT = re.compile(r"\d{1,2}")


def classes_before_fields(stems: Sequence[str]) -> list[str] | None:
    """The first field of each name, where it is a class: a word, a number of a few, an object that is counted; else None.

    What stands behind it is a number, or no two names have it; else it may as well be the class (``ana__happy``, ``ana__sad``).
    """
    fields = [stem.partition("__") for stem in stems]
    counts = Counter(head for head, _, _ in fields)
    if not all(head and tail for head, _, tail in fields) or not 1 < len(counts) <= _MOST:
        return None
    behind = {tail for _, _, tail in fields}
    told_apart = len(behind) == len(fields) or all(tail.isdigit() for tail in behind)
    enough = min(counts.values()) > 1 and len(fields) >= _MEAN * len(counts)
    return [head for head, _, _ in fields] if told_apart and enough and _are_classes(counts) else None


def _are_classes(heads: Collection[str]) -> bool:
    if any(plain(head) in NO_CLASS or (is_nobodys_class(head) and not head.isdigit()) for head in heads):
        return False
    if all(map(_SHORT.fullmatch, heads)):
        return len(heads) <= _FEW
    return all(_OBJECT.fullmatch(head) or is_counted_class(head) or not re.search(r"\d", head) for head in heads)
