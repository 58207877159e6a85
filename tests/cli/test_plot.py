import math

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from olhar.cli.plot import plot

numbers = st.floats(-1e6, 1e6) | st.just(math.nan)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(numbers, max_size=30), min_size=1, max_size=3), st.integers(2, 40), st.integers(1, 12))
def test_any_lines_fit_into_the_picture(lines, width, height):
    rows, low, high = plot(lines, width, height)
    assert len(rows) == height
    assert all(len(row) == width for row in rows)
    assert low <= high
    assert all(0x2800 <= ord(character) <= 0x28FF and who < len(lines) for row in rows for character, who in row)


def test_a_line_that_rises_goes_from_the_lower_left_to_the_upper_right():
    rows, low, high = plot([[0.0, 1.0]], 4, 2)
    assert (low, high) == (0.0, 1.0)
    assert rows[1][0][0] != "⠀"
    assert rows[0][3][0] != "⠀"
    assert rows[0][0][0] == rows[1][3][0] == "⠀"


def test_one_epoch_is_a_level_line():
    rows, _, _ = plot([[0.5]], 6, 3)
    drawn = [row for row in rows if any(character != "⠀" for character, _ in row)]
    assert len(drawn) == 1
    assert len({character for character, _ in drawn[0]}) == 1
