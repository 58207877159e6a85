"""Every error that Olhar raises on purpose, as one tree.

    OlharError               anything below; str() is one line in the person's language
    ├── UsageError           a flag, an argument or a setting that cannot be
    │   ├── RecipeError      a recipe field: unknown, or out of its range
    │   └── ExtraError       a library of an extra is not installed
    ├── DataError            a folder, archive or table that cannot be read as pictures with classes
    │   └── PictureError     one picture that cannot be decoded, or is refused
    ├── ModelError           a model file that cannot be opened, or does not do what it should
    ├── RunError             a run folder: missing, taken, unfinished, not writable
    ├── TrainingError        a training that cannot go on (loss not finite, out of memory)
    ├── Stopped              the person stopped a training; what was learnt is saved
    └── ServingError         the server cannot start, or a request is refused

A sentence says which file, what was found and what to do next. Its words live in the text catalogues, its code
(``OLH101``) in ``catalogue/codes.toml``: the same in every language.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Self

from olhar.base import texts
from olhar.base.reading import Reading

_READINGS = 3
"""More ways than these are not offered."""


class OlharError(Exception):
    """An error with a sentence for a person. ``key`` names the sentence in the catalogues, ``values`` fill it."""

    exit_code = 2

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values

    @property
    def code(self) -> str:
        """The stable code, ``OLH`` and three digits."""
        return texts.code(self.key)

    def __str__(self) -> str:
        return texts.say(self.key, **self.values)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.key, self.values)


@contextmanager
def naming(where: str) -> Generator[None]:
    """Name the file in every error raised within the block by those who see its bytes only, and do not know its name."""
    try:
        yield
    except OlharError as error:
        error.values.setdefault("where", where)
        raise


def _rebuild(kind: type[OlharError], key: str, values: dict[str, object]) -> OlharError:
    return kind(key, **values)


class UsageError(OlharError):
    """A flag, an argument or a setting that cannot be."""


class RecipeError(UsageError):
    """A recipe field that is unknown, or out of its range."""


class ExtraError(UsageError):
    """A library of an extra is not installed."""


class DataError(OlharError):
    """A folder, archive or table that cannot be read as pictures with classes.

    Attributes:
        readings: the ways in which it could be read, three at most, where it is refused because there are several.
    """

    readings: tuple[Reading, ...] = ()

    def offering(self, readings: Sequence[Reading]) -> Self:
        """The same error with the ways in which the data could be read."""
        self.readings = tuple(readings[:_READINGS])
        return self

    def __reduce__(self) -> tuple[object, ...]:
        return *super().__reduce__(), {"readings": self.readings}


class PictureError(DataError):
    """One picture that cannot be decoded, or is refused."""


class ModelError(OlharError):
    """A model file that cannot be opened, or does not do what it should."""


class RunError(OlharError):
    """A run folder that is missing, taken, unfinished or not writable."""


class TrainingError(OlharError):
    """A training that cannot go on."""


class Stopped(OlharError):
    """The person stopped a training; what was learnt is saved, and can be gone on with."""

    exit_code = 130


class ServingError(OlharError):
    """The server cannot start, or a request is refused."""
