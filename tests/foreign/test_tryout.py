"""Which way of asking a foreign model is taken, by what came of each on labelled pictures."""

import numpy as np
import pytest

from olhar.evaluation.intervals import wilson
from olhar.foreign.candidates import Candidate
from olhar.foreign.tryout import Score, _chosen


def score(scaling, right, loss, *, tied=True, near=False, n=120):
    candidate = Candidate(scaling, "gray", "stretch", (0.0,), (1.0,))
    return Score(candidate, wilson(right, n), loss, tied, near, np.arange(6))


@pytest.mark.parametrize(
    ("first", "other", "taken"),
    [
        (score("0..255", 42, 10.5), score("0..1", 38, 4.9, near=True), "0..1"),
        (score("0..255", 42, 10.5), score("0..1", 38, 9.9, near=True), "0..255"),
        (score("0..255", 42, 10.5), score("0..1", 30, 4.9), "0..255"),
        (score("0..255", 42, 10.5), score("0..1", 38, 4.9, near=True, tied=False), "0..255"),
        (score("0..255", 60, 1.3), score("0..1", 60, 0.3), "0..1"),
        (score("0..1", 60, 0.33), score("-1..1", 60, 0.30), "0..1"),
    ],
    ids=["far too sure", "hardly surer", "much less right", "less right beyond chance", "as right", "no difference"],
)
def test_of_ways_that_few_pictures_cannot_part_the_one_that_is_not_far_too_sure_is_taken(first, other, taken):
    assert _chosen([first, other], None).candidate.scaling == taken
