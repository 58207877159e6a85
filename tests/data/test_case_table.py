"""The page of cases says what comes of each, of those that are here."""

import pytest

from tests.data.case_table import CASES, PAGE, ROW, comes

ROWS = [match.groups() for match in ROW.finditer(PAGE.read_text(encoding="utf-8"))]


def test_the_page_has_all_cases_of_reading():
    names = [name for name, *_ in ROWS]
    assert len(set(names)) == len(names) == 80
    assert not any("silently wrong" in now for *_, now in ROWS)


@pytest.mark.parametrize(("case", "now"), [(row[0], row[3]) for row in ROWS])
def test_what_comes_of_a_case_is_what_the_page_says(case, now):
    if not (CASES / case).is_dir():
        pytest.skip(f"no case {case} beside OLHAR_TEST_DATA")
    assert comes(CASES / case) == now
