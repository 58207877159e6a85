"""A text beside pictures that says what the codes in their names stand for: ``A = dented``, ``T - cracked``."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from olhar.data.files.files import first_bytes, non_pictures
from olhar.data.folders.found import Found
from olhar.data.folders.stems import stem_of

_TEXTS, _MOST, _HEAD = (".txt", ".md", ".csv"), 16, 1 << 14
_LINE = re.compile(r"[\s*•-]*([A-Za-z]{1,4}|\d{1,3})\s*(?:[=:;,→–—-]+>?|\t)\s*([^\W\d_][^=;\t]{0,60}?)[\s.;,]*")
_STEPS = re.compile(r"[\s._()-]+|(?<=[^\W\d_])(?=\d)")


def classes_of_codes(paths: Sequence[str], found: Found) -> tuple[list[str], str] | None:
    """The class of each picture by the code with which its name begins or ends, and the text that says it; None: there is none.

    The text explains all codes, two at least, of two pictures each, and no two are the same.
    """
    stems = [[step for step in _STEPS.split(stem_of(path)) if step] for path in paths]
    legends = _legends(found)
    for at in (0, -1) if legends and all(len(steps) > 1 for steps in stems) else ():
        codes = [steps[at].casefold() for steps in stems]
        counts = Counter(codes)
        for name, meanings in legends.items():
            if len(counts) > 1 and {*counts} <= {*meanings} and min(counts.values()) > 1:
                return [meanings[code] for code in codes], name
    return None


def _legends(found: Found) -> Mapping[str, Mapping[str, str]]:
    """What each text beside the pictures says of codes."""
    texts = [index for index in non_pictures(found.files) if found.files.names[index].lower().endswith(_TEXTS)]
    return {found.files.names[index]: said for index in texts[:_MOST] if (said := _said(index, found))}


def _said(index: int, found: Found) -> dict[str, str]:
    lines = first_bytes(found.files, index, _HEAD).decode("utf-8-sig", "replace").splitlines()
    matches = [match for line in lines if (match := _LINE.fullmatch(line))]
    said = {match[1].casefold(): match[2] for match in matches}
    return said if len({*said.values()}) == len(said) == len(matches) else {}
