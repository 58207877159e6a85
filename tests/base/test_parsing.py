import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pytest

from olhar.base.errors import DataError, RunError
from olhar.base.parsing import Count, Ordered, PathText, Share, checked, fits, parsing


@dataclass(frozen=True)
class Inner:
    n: Count


@dataclass(frozen=True)
class Outer:
    share: Share
    inner: Inner | None
    names: Mapping[str, tuple[str, ...]]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        *((1, float), (0.5, Share), (1, Share), (math.inf, Ordered), (-math.inf, Ordered), ("runs/a", PathText)),
        *(
            (None, float | None),
            ("a", Literal["a", "b"]),
            ((1, 2), tuple[int, ...]),
            ([1], list[int]),
            ((1, "a"), tuple[int, str]),
        ),
        *(({"a": [1]}, Mapping[str, list[int]]), ([{}], list[Any]), (True, bool)),
    ],
)
def test_what_is_of_its_type(value, kind):
    assert fits(value, kind)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        *((True, int), (True, float), (math.nan, float), (math.inf, float), (10**400, float), (-1, Count), (2**63, Count)),
        *(
            (1.5, Share),
            (True, Share),
            (math.nan, Ordered),
            ("a\0", PathText),
            ("x" * 300, PathText),
            (None, float),
            ("c", Literal["a", "b"]),
        ),
        *(
            ((1, "a"), tuple[int, ...]),
            ("ab", list[str]),
            ([1], tuple[int, int]),
            ({1: 1}, Mapping[str, int]),
            ([], Mapping[str, int]),
        ),
    ],
)
def test_what_is_not_of_its_type(value, kind):
    assert not fits(value, kind)


@pytest.mark.parametrize("damage", [{"share": 2}, {"inner": Inner(-1)}, {"inner": {"n": 1}}, {"names": {"a": ("b", 1)}}])
def test_a_record_is_looked_at_down_to_its_last_value(damage):
    sound: dict[str, Any] = {"share": 1.0, "inner": Inner(1), "names": {"a": ("b",)}}
    assert checked(Outer(**sound)) == Outer(**sound)
    with pytest.raises(ValueError, match=next(iter(damage))):
        checked(Outer(**sound | damage))


def test_what_parsing_raises_becomes_the_error_that_names_the_file():
    with pytest.raises(RunError) as error, parsing(RunError("run.missing", where="x")):
        _ = {}["no such key"]
    assert isinstance(error.value.__cause__, KeyError)


def test_another_error_of_olhar_s_and_one_of_the_disk_go_through():
    for raised in (DataError("data.no_pictures", where="y"), OSError("disk")):
        with pytest.raises(type(raised)), parsing(RunError("run.missing", where="x")):
            raise raised
