"""What a person says of how their data is to be read: the flags ``--layout``, ``--label-column`` and so on, as one value."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, TypedDict


class LayoutKeywords(TypedDict, total=False):
    """What may be said of folders and tables; ``ReadOptions`` tells of each."""

    layout: str | None
    exclude: str | None
    path_column: str | None
    label_column: str | None
    split_column: str | None
    group_column: str | None


class ReadKeywords(LayoutKeywords, total=False):
    """The keywords of ``olhar.read``, and of every verb that reads data."""

    validation: str | None
    test: str | None


@dataclass(frozen=True)
class ReadOptions:
    """How the data is to be read, where somebody says so; None: it is found out.

    Attributes:
        layout: what each level of folders is: a path of ``part``, ``class``, ``group`` and ``*`` (``*/*/class``), counted from
            where folders end that hold everything; deeper levels are passed through.
        exclude: folders and files to leave out, by names or paths with ``*`` and ``?``, joined by commas (``"extra,raw/*.png"``).
        path_column: the column of a table that names the pictures.
        label_column: the column of a table that holds the class.
        split_column: the column of a table that says the part.
        group_column: the column of a table that says what a picture was taken of.
        validation: where the validation part lies, apart from the data, which is for training then.
        test: where the test part lies.
    """

    layout: str | None = None
    exclude: str | None = None
    path_column: str | None = None
    label_column: str | None = None
    split_column: str | None = None
    group_column: str | None = None
    validation: str | None = None
    test: str | None = None

    def __bool__(self) -> bool:
        return bool(self.to_dict())

    def to_dict(self) -> dict[str, str]:
        """What was said, by name: the form that ``request.json`` keeps."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a table that are named."""
        named = (self.path_column, self.label_column, self.split_column, self.group_column)
        return tuple(column for column in named if column)

    @property
    def flags(self) -> tuple[str, ...]:
        """The same as words of a command line."""
        return tuple(word for name, value in self.to_dict().items() for word in (f"--{name.replace('_', '-')}", value))

    def keywords(self) -> ReadKeywords:
        """The same as keywords of ``olhar.read``."""
        keywords: Any = self.to_dict()
        return keywords

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "ReadOptions":
        """What ``to_dict`` gave; names that are none of these are passed over.

        Raises:
            TypeError: something else than names with values.
        """
        if not isinstance(stored, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance] (it comes from a file)
            raise TypeError(type(stored).__name__)
        return cls(**{name: stored[name] for name in OPTIONS if stored.get(name)})


NOTHING_SAID = ReadOptions()
OPTIONS = tuple(field.name for field in fields(ReadOptions))
"""The names of the options, in the order in which the help shows their flags."""


def without_options(keywords: Mapping[str, Any]) -> dict[str, Any]:
    """The keywords of a verb that are no options of reading."""
    return {name: value for name, value in keywords.items() if name not in OPTIONS}
