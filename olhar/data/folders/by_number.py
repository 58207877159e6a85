"""Pictures with running numbers, in the order of these: what names none of them may still go by number."""

import re
from collections.abc import Sequence

from olhar.data.folders.stems import stem_of

_NUMBERED = re.compile(r"(.*?)([0-9]+)")


def by_number(paths: Sequence[str]) -> Sequence[str]:
    """Pictures in the order of their numbers, which run from 0 or 1 without a gap; none where they do not, or lie apart."""
    if not paths or _NUMBERED.fullmatch(stem_of(paths[0])) is None or len({path.rpartition("/")[0] for path in paths}) != 1:
        return ()
    matches = [_NUMBERED.fullmatch(stem_of(path)) for path in paths]
    found = {int(match[2]): path for match, path in zip(matches, paths, strict=True) if match is not None}
    if len({match[1] for match in matches if match is not None}) != 1 or len(found) < len(paths):
        return ()
    first = min(found)
    return [found[number] for number in sorted(found)] if first in (0, 1) and max(found) - first + 1 == len(found) else ()
