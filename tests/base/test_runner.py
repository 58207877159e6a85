"""Parts are done here unless another runner is asked for, each when its results are wanted."""

from olhar.base.runner import HERE


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
