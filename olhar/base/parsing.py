"""Files of Olhar's own that may be damaged: what parsing raises becomes one named error, and values are of the declared types."""

import csv
import math
import re
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import is_dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from olhar.base.errors import OlharError

T = TypeVar("T")

_RAISED = (
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError, EOFError, SyntaxError, MemoryError),
    *(struct.error, csv.Error, zlib.error, zipfile.BadZipFile, tokenize.TokenError),
)
"""What readers of JSON, TOML, CSV, zips and arrays raise of damaged bytes; UnicodeDecodeError is a ValueError."""
_LARGEST_FLOAT, _LARGEST_INT, _LONGEST_NAME = 1.7e308, 2**63, 255


@contextmanager
def parsing(error: OlharError, *raised: type[Exception]) -> Generator[None]:
    """Around the parsing of one file, and nothing else: whatever it raises becomes the error that names the file.

    Args:
        error: what a person is told; another error of Olhar's goes through as it is.
        raised: what a parser raises beside the usual ones.
    """
    try:
        yield
    except (*_RAISED, *raised) as fault:
        raise error from fault


def checked(value: T) -> T:
    """The same dataclass, once each field is known to be of its declared type, numbers finite.

    Raises:
        ValueError: one is not; it is named.
    """
    for name, kind in _hints(type(value)).items():
        if not fits(getattr(value, name), kind):
            raise ValueError(f"{type(value).__name__}.{name}")
    return value


def fits(value: Any, kind: Any) -> bool:
    """Whether a value is of a type as annotations write it: truth values are no numbers, and numbers are finite."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return arguments[1](value)
    if origin in (Union, UnionType):
        return any(fits(value, one) for one in arguments)
    if origin is Literal:
        return value in arguments
    if origin is not None:
        return _container_fits(value, origin, arguments)
    if is_dataclass(kind):
        return type(value) is kind and _fields_fit(value)
    return _plain_fits(value, kind)


def is_count(value: Any) -> bool:
    """Whether it counts something: a whole number from 0."""
    return type(value) is int and 0 <= value < _LARGEST_INT


def is_share(value: Any) -> bool:
    """Whether it is a share of 1, as far as sums of shares are exact."""
    return type(value) in (int, float) and -1e-9 <= value <= 1 + 1e-9


def is_ordered(value: Any) -> bool:
    """Whether it is a number that has its place among the others, infinite ones too."""
    return type(value) in (int, float) and not math.isnan(value)


def is_path_text(value: Any) -> bool:
    """Whether a text can be a path: no file system takes NUL, or a name of more than 255 characters."""
    return isinstance(value, str) and "\0" not in value and max(map(len, re.split(r"[/\\]", value))) <= _LONGEST_NAME


Count = Annotated[int, is_count]
Share = Annotated[float, is_share]
Ordered = Annotated[float, is_ordered]
PathText = Annotated[str, is_path_text]


def _fields_fit(value: Any) -> bool:
    return all(fits(getattr(value, name), kind) for name, kind in _hints(type(value)).items())


def _container_fits(value: Any, origin: Any, arguments: tuple[Any, ...]) -> bool:
    if issubclass(origin, Mapping):
        return isinstance(value, Mapping) and all(
            fits(key, arguments[0]) and fits(one, arguments[1]) for key, one in value.items()
        )
    if origin is tuple and arguments[-1] is not ...:
        return isinstance(value, tuple) and len(value) == len(arguments) and all(map(fits, value, arguments))
    if issubclass(origin, Sequence):
        return isinstance(value, (tuple, list)) and all(fits(one, arguments[0]) for one in value)
    return isinstance(value, origin)


def _plain_fits(value: Any, kind: Any) -> bool:
    if kind is Any:
        return True
    if kind is float:
        return type(value) in (int, float) and abs(value) < _LARGEST_FLOAT
    if kind is int:
        return type(value) is int and abs(value) < _LARGEST_INT
    return value is None if kind is type(None) else isinstance(value, kind)


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    """The declared type of each field."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: hints[name] for name in kind.__dataclass_fields__}  # pyright: ignore
