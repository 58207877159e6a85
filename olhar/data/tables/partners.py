"""The other parts of a table that was given alone: ``Test.csv`` beside ``Train.csv``."""

import posixpath
import re

from olhar.base.texts import Sentence, sentence
from olhar.data.files.files import Files
from olhar.data.tables.parts_said import part_said

_SHOWN = 4


def partners(files: Files) -> list[Sentence]:
    """What to tell of the tables beside one that was given alone whose names differ from its name by the part they say."""
    if not files.single:
        return []
    name = posixpath.basename(files.names[0])
    part = part_said(posixpath.splitext(name)[0])
    others = [other for other in files.beside() if series(other) == series(name) and part_said(_stem(other)) not in (part, None)]
    return [sentence("table.partner", tables=", ".join(others[:_SHOWN]))] if part and others else []


def _stem(name: str) -> str:
    return posixpath.splitext(name)[0]


def series(name: str) -> tuple[str, ...]:
    """The words of a name but for those that say a part, and its ending."""
    stem, ending = posixpath.splitext(name.casefold())
    return (*(word for word in re.split(r"[\W_]+", stem) if word and part_said(word) is None), ending)
