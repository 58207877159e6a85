"""A path that cannot be, wherever a system says so first: told in Olhar's words by the command and by the doors of Python."""

import os
from collections.abc import Callable
from errno import EACCES, ELOOP, ENAMETOOLONG, EPERM
from functools import wraps
from typing import ParamSpec, TypeVar

from olhar.base.errors import UsageError
from olhar.base.files import reason

P = ParamSpec("P")
R = TypeVar("R")

_OF_PATHS = (ENAMETOOLONG, EACCES, EPERM, ELOOP)
"""What a system says of a path that a person gave, wherever it is looked at first."""
_LONGEST = 80


def path_error(error: Exception) -> UsageError | None:
    """The error to raise for a path that cannot be; None where something else went wrong."""
    if isinstance(error, OSError) and error.errno in _OF_PATHS and error.filename is not None:
        return UsageError("cli.path", where=_short(os.fsdecode(error.filename)), reason=reason(error))
    return None


def tells_paths(door: Callable[P, R]) -> Callable[P, R]:
    """A public function that raises ``UsageError`` for a path that cannot be: its name is too long, or it may not be entered."""

    @wraps(door)
    def told(*given: P.args, **settings: P.kwargs) -> R:
        try:
            return door(*given, **settings)
        except OSError as error:
            if told := path_error(error):
                raise told from error
            raise

    return told


def _short(path: str) -> str:
    """A path that may be of any length: its beginning and its end."""
    return path if len(path) <= _LONGEST else f"{path[: _LONGEST // 2]}...{path[-_LONGEST // 2 :]}"
