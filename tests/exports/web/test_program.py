"""Memory: what is needed at the same time never lies in the same place, and what is not shares it."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar.exports.web.program import FIRST, At, Buffer, Call, Fixed, Program, lay


@given(sizes=st.lists(st.integers(1, 300), min_size=2, max_size=30), data=st.data())
@settings(max_examples=60, deadline=None)
def test_buffers_that_live_together_do_not_overlap(sizes, data):
    buffers = [Buffer(size) for size in sizes]
    plan = Program(buffers[0], buffers[-1])
    for number in range(1, len(buffers)):
        earlier = buffers[data.draw(st.integers(max(0, number - 4), number - 1))]
        plan.calls.append(Call("each", (At(earlier, 0), buffers[number], Fixed(np.ones(number, np.float32)))))
    laid = lay(plan)
    first, last = {buffers[0]: -1}, {buffers[0]: 0}
    for number, call in enumerate(plan.calls):
        for argument in call.arguments[:2]:
            buffer = argument.buffer if isinstance(argument, At) else argument
            first.setdefault(buffer, number)
            last[buffer] = number
    last[buffers[-1]] = len(plan.calls)
    place = {buffers[0]: laid.picture} | {buffers[i + 1]: laid.calls[i][2] for i in range(len(plan.calls))}
    for a in place:
        assert place[a] + 4 * a.size <= laid.memory
        for b in place:
            if a is not b and first[a] <= last[b] and first[b] <= last[a]:
                assert place[a] + 4 * a.size <= place[b] or place[b] + 4 * b.size <= place[a]
    weights = FIRST + 4 * (laid.singles.size + laid.matrices.size)
    assert min(place.values()) >= weights


def test_a_long_chain_takes_the_memory_of_two():
    buffers = [Buffer(1000) for _ in range(50)]
    plan = Program(buffers[0], buffers[-1])
    plan.calls += [Call("each", (a, b)) for a, b in pairwise(buffers)]
    assert lay(plan).memory - FIRST < 3 * 4 * 1004
