import threading

import pytest

from olhar.base.side_by_side import side_by_side, two_at_a_time
from olhar.base.texts import percent, speaking


def test_both_are_done_at_once_and_each_gives_its_own():
    meet = threading.Barrier(2, timeout=30)
    assert side_by_side(lambda: (meet.wait(), "first")[1], lambda: (meet.wait(), 2)[1]) == ("first", 2)


def test_two_of_many_are_done_at_once_and_their_order_stays():
    meet = threading.Barrier(2, timeout=30)
    assert two_at_a_time(lambda n: (meet.wait(), n * n)[1], range(6)) == [0, 1, 4, 9, 16, 25]


def test_each_speaks_the_language_in_use():
    with speaking("pt-BR"):
        assert side_by_side(lambda: percent(0.941), lambda: percent(0.941)) == ("94,1%", "94,1%")
        assert two_at_a_time(percent, [0.5]) == ["50,0%"]


def failing(words):
    raise ValueError(words)


def test_what_one_raises_is_raised_once_the_other_has_ended():
    ended = []
    with pytest.raises(ValueError, match="first"):
        side_by_side(lambda: failing("first"), lambda: ended.append(True))
    assert ended == [True]
    with pytest.raises(ValueError, match="second"):
        side_by_side(lambda: ended.append(True), lambda: failing("second"))
    with pytest.raises(ValueError, match="third"):
        two_at_a_time(failing, ["third", "fourth"])
