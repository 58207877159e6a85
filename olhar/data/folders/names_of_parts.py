"""Parts in the names of pictures, beside their classes: ``train_cat_001``, ``test_dog_003``."""

import re
from collections.abc import Sequence

from olhar.data.dataset import Part
from olhar.data.layout import part_of

_FIRST, _LAST = re.compile(r"([^\W\d_]+)[\s._-]+(.+)"), re.compile(r"(.+?)[\s._-]+([^\W\d_]+)")

_TRIED = 64


def parts_in_names(stems: Sequence[str]) -> tuple[list[Part], list[str]] | None:
    """The part with which each name begins, or else ends, and what is left of the name; None where some say none.

    There are two parts at least, training among them.
    """
    for pattern, word, rest in ((_FIRST, 1, 2), (_LAST, 2, 1)):
        if not all((match := pattern.fullmatch(stem)) and part_of(match[word]) for stem in stems[:_TRIED]):
            continue
        matches = [match for stem in stems if (match := pattern.fullmatch(stem)) is not None]
        parts: list[Part] = [part for match in matches if (part := part_of(match[word])) is not None]
        if len(parts) == len(stems) and "train" in parts and len({*parts}) > 1:
            return parts, [match[rest] for match in matches]
    return None
