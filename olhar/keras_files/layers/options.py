"""A layer's options as the file gives them, each read with its type and its bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeVar

from olhar.base.errors import ModelError

_LARGEST = 2**31 - 1
_T = TypeVar("_T")


def is_whole(value: Any) -> bool:
    """Whether a value of a file is a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


@dataclass(frozen=True)
class Options:
    """What stands under ``config`` for one layer.

    Every reader raises ModelError, naming the layer and the option, where the value is not what it should be.
    """

    layer: str
    given: Mapping[str, Any]

    def raw(self, name: str) -> Any:
        """The value as it stands, None where it is missing."""
        return self.given.get(name)

    def wrong(self, name: str) -> ModelError:
        """The error that says that an option is not understood."""
        return ModelError("keras.option", layer=self.layer, option=name, value=str(self.given.get(name))[:60])

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        value = self.given.get(name)
        return default if value is None else bool(value)

    def whole(self, name: str, default: int | None = None) -> int:
        """A whole number; a float without a fraction is one."""
        return self._whole(name, self.given.get(name, default))

    def _whole(self, name: str, value: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST:
            raise self.wrong(name)
        return value

    def number(self, name: str, default: float) -> float:
        """A finite number; Keras 3 may wrap one as ``{"class_name": "__numpy__", ...}``."""
        value = self.given.get(name)
        if isinstance(value, dict):
            value = value.get("config", {}).get("value", value.get("value"))
        value = default if value is None else value
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise self.wrong(name)
        return float(value)

    def maybe_number(self, name: str) -> float | None:
        """A finite number, or None where there is none."""
        return None if self.given.get(name) is None else self.number(name, 0.0)

    def text(self, name: str, default: str) -> str:
        """A word in small letters."""
        value = self.given.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self.wrong(name)
        return value.lower()

    def choice(self, name: str, choices: Mapping[str, _T], default: str) -> _T:
        """One of a few words."""
        value = self.text(name, default)
        if value not in choices:
            raise self.wrong(name)
        return choices[value]

    def sides(self, name: str, rank: int, default: int | None = None, least: int = 1) -> tuple[int, ...]:
        """``rank`` whole numbers, given one by one or once for all."""
        value = self.given.get(name)
        value = default if value is None else value
        values = list(value) if isinstance(value, list | tuple) else [value] * rank
        numbers = tuple(self._whole(name, side) for side in values)
        if len(numbers) != rank or any(side < least for side in numbers):
            raise self.wrong(name)
        return numbers

    def pairs(self, name: str, rank: int) -> tuple[tuple[int, int], ...]:
        """Before and after for each of ``rank`` axes, given in any of Keras's short forms."""
        value = self.given.get(name)
        values = list(value) if isinstance(value, list | tuple) else [value] * rank
        if rank == 1 and len(values) == 2 and not isinstance(values[0], list | tuple):
            values = [values]
        numbers = tuple(self._pair(name, pair) for pair in values)
        if len(numbers) != rank:
            raise self.wrong(name)
        return numbers

    def _pair(self, name: str, value: Any) -> tuple[int, int]:
        sides = list(value) if isinstance(value, list | tuple) else [value, value]
        numbers = [self._whole(name, side) for side in sides]
        if len(numbers) != 2 or min(numbers) < 0:
            raise self.wrong(name)
        return numbers[0], numbers[1]

    def channels_first(self) -> bool:
        """Whether the channels stand before height and width."""
        return self.choice("data_format", {"channels_last": False, "channels_first": True}, "channels_last")
