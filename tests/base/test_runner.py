"""Parts are done here unless another runner is asked for, each when its results are wanted."""

import threading

import pytest

from olhar.base import texts
from olhar.base.runner import HERE, InThreads


class Shared:
    def opened(self):
        return 10


class Part:
    def __init__(self, number, done):
        self.number, self.done = number, done

    def work(self, shared):
        self.done.append(self.number)
        yield from (shared + self.number, -self.number)


def test_results_come_in_order_and_a_part_is_drawn_when_its_turn_comes():
    drawn, done = [], []

    def parts():
        for number in range(3):
            drawn.append(number)
            yield Part(number, done)

    results = HERE.stream(Shared(), parts())
    assert next(results) == 10
    assert (drawn, done) == ([0], [0])
    assert list(results) == [0, 11, -1, 12, -2]


def test_threads_give_results_in_order_and_draw_only_a_few_parts_ahead():
    drawn, gate = [], threading.Event()

    class Slow(Part):
        def work(self, shared):
            if self.number == 0:
                gate.wait(10)
            yield from super().work(shared)

    def parts():
        for number in range(50):
            drawn.append(number)
            yield Slow(number, [])
            if number == 2:
                gate.set()

    results = InThreads(2).stream(Shared(), parts())
    assert [next(results), next(results), next(results)] == [10, 0, 11]
    assert len(drawn) <= 4
    assert list(results) == [-1, *(value for number in range(2, 50) for value in (10 + number, -number))]


def test_threads_speak_the_language_of_who_asks():
    class Speaking(Part):
        def work(self, shared):
            yield f"{texts.language()}, {shared}"

    with texts.speaking("pt-BR"):
        assert set(InThreads(2).stream(Shared(), (Speaking(number, []) for number in range(5)))) == {"pt-BR, 10"}


def test_what_a_thread_meets_is_raised_in_its_place_and_ends_the_rest():
    done = []

    class Broken(Part):
        def work(self, shared):
            if self.number == 3:
                raise ValueError("three")
            return super().work(shared)

    results = InThreads(2).stream(Shared(), (Broken(number, done) for number in range(100)))
    with pytest.raises(ValueError, match="three"):
        list(results)
    assert len(done) < 10
