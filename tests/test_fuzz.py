"""Damaged files of every kind, a few of each: an answer, or an error that is told. ``benchmarks/fuzz.py`` tries thousands."""

from pathlib import Path
from random import Random

import pytest

from tests.fuzzed import KINDS

TRIES = {"pictures": 300, "models": 40, "data": 60}


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_end_in_an_answer_or_an_error_that_is_told(kind: str, tmp_path: Path):
    attempt = KINDS[kind](tmp_path)
    for number in range(TRIES[kind]):
        attempt(Random(f"short-{kind}-{number}"))
