"""Classes that were typed in several ways in cells of tables: ``Bom`` and ``bom``, or two blanks for one."""

import re
from collections.abc import Mapping

_WORD, _CODE = re.compile(r"[^\W\d_]{3}"), re.compile(r"\d[^\W\d_]|[^\W\d_]\d")


def respelled(classes: Mapping[str, int]) -> dict[str, str]:
    """The commonest spelling of each class that is written in another way: by case, or by blanks between words.

    Words alone: letters (``A``, ``a``) and codes (``abC1``) may be told apart by case.

    Args:
        classes: the classes, each with how many pictures have it.
    """
    by_words: dict[str, list[str]] = {}
    for name in classes:
        if _WORD.search(name) and not _CODE.search(name):
            by_words.setdefault(" ".join(name.casefold().split()), []).append(name)
    several = [sorted(names, key=lambda name: (-classes[name], name)) for names in by_words.values() if len(names) > 1]
    return {other: first for first, *others in several for other in others}


def shown(spellings: Mapping[str, str], most: int = 4) -> str:
    """Spellings as a person reads them: ``Bom (bom)``."""
    first: dict[str, list[str]] = {}
    for other, name in spellings.items():
        first.setdefault(name, []).append(other)
    pieces = [f"{name[:40]} ({', '.join(other[:40] for other in others)})" for name, others in first.items()]
    return ", ".join(pieces[:most]) + (", ..." if len(pieces) > most else "")
