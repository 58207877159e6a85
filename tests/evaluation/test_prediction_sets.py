import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar.base.class_sets import in_sets
from olhar.evaluation.abstention import needed
from olhar.evaluation.prediction_sets import choose_set_threshold, covered_by
from olhar.evaluation.predictions import Predictions


def answers(n, seed, classes=("a", "b", "c", "d"), sharpness=1.0):
    """What a calibrated model says of made-up pictures."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(len(classes), 0.4 / sharpness), n).astype(np.float32)
    truth = (rng.random((n, 1)) > shares.cumsum(axis=1)).sum(axis=1).clip(0, len(classes) - 1)
    return Predictions([f"{i}.png" for i in range(n)], classes, truth.astype(np.int64), shares)


@pytest.mark.parametrize(("asked", "pictures"), [(0.99, 299), (0.95, 59), (0.9, 29)])
def test_as_many_pictures_are_needed_as_for_a_threshold(asked, pictures):
    assert needed(asked) == pictures
    assert choose_set_threshold(answers(pictures, 0), asked) is not None
    assert choose_set_threshold(answers(pictures - 1, 0), asked) is None


def test_what_was_asked_is_kept_in_nearly_every_draw_and_not_in_half_of_them():
    many, kept = answers(100_000, 1), []
    for draw in range(200):
        found = choose_set_threshold(answers(400, 1000 + draw), 0.9)
        assert found is not None
        kept.append(covered_by(many, found).coverage.value >= 0.9)
    assert sum(kept) >= 180


def test_the_mean_size_lies_in_its_interval():
    truth, held = None, 0
    many = answers(100_000, 2, sharpness=3)
    for draw in range(200):
        few = answers(120, 5000 + draw, sharpness=3)
        found = choose_set_threshold(many, 0.9)
        assert found is not None
        truth = covered_by(many, found).size.value
        size = covered_by(few, found).size
        held += size.low <= truth <= size.high
    assert 184 <= held <= 200


def test_twice_as_many_are_needed_where_answers_count_half():
    assert choose_set_threshold(answers(100, 0), 0.95, 2.0) is None
    assert choose_set_threshold(answers(118, 0), 0.95, 2.0) is not None


@settings(max_examples=60)
@given(st.integers(0, 500), st.floats(0.5, 0.99), st.integers(0, 1000))
def test_a_set_has_the_likeliest_class_and_holds_the_truth_of_what_chose_it(n, asked, seed):
    found = choose_set_threshold(answers(n, seed), asked)
    if found is not None:
        own = answers(n, seed)
        inside = in_sets(own.probabilities, found.probability)
        assert inside[np.arange(n), own.predicted].all()
        assert inside[np.arange(n), own.labels].sum() == found.held
        assert found.held / n >= asked


def test_pictures_in_few_groups_say_nothing_of_the_size():
    found = choose_set_threshold(answers(100, 0), 0.9)
    assert found is not None
    told = covered_by(answers(40, 1), found, np.arange(40) % 4)
    assert (told.size.low, told.size.high) == (1, 4)
    assert (told.coverage.low, told.coverage.high) == (0, 1)


def test_the_set_is_the_last_column_and_is_read_over():
    said = answers(5, 3, ("=1+1", "a|b", "back\\slash", "=A1"))
    told = Predictions(said.pictures, said.classes, said.labels, said.probabilities, 0.5, None, 0.1)
    rows = list(csv.DictReader(io.StringIO(told.to_csv())))
    assert list(rows[0])[-3:] == ["answer", "why", "set"]
    for row, keys, best in zip(rows, told.sets, said.predicted.tolist(), strict=True):
        assert keys[0] == said.classes[best]
        assert not row["set"].startswith("=")
        bare = row["set"].removeprefix("'").replace("\\|", "").replace("\\\\", "")
        assert bare.count("|") == len(keys) - 1
    back = Predictions.from_csv(told.to_csv(), "p.csv")
    assert back.classes == said.classes
    np.testing.assert_array_equal(back.labels, said.labels)
