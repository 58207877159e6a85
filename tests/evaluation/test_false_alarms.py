from dataclasses import asdict, replace

import numpy as np
import pytest

from olhar.evaluation.false_alarms import FalseAlarms, false_alarms
from olhar.evaluation.intervals import wilson
from olhar.evaluation.predictions import Predictions


def predictions(unlikeness, labels=None) -> Predictions:
    n = 4
    known = np.zeros(n, np.int64) if labels is None else np.array(labels)
    return Predictions(list("abcd"), ("x", "y"), known, np.full((n, 2), 0.5, np.float32), 0.0, unlikeness)


def test_the_share_of_known_pictures_that_are_flagged_with_its_interval():
    strange = np.array([0.5, 1.5, 0.0, 1.0], np.float32)
    found = false_alarms(predictions(strange), 99)
    assert found is not None
    assert (found.chosen_on, found.share.value, found.share.n) == (99, 0.25, 4)
    assert (found.share.low, found.share.high) == pytest.approx((wilson(1, 4).low, wilson(1, 4).high))
    assert FalseAlarms.from_dict({"chosen_on": 99, "share": vars(found.share)}) == found
    told = replace(found, caught=wilson(30, 32))
    assert FalseAlarms.from_dict(asdict(told)) == told


def test_pictures_of_no_known_class_do_not_count():
    found = false_alarms(predictions(np.array([2, 2, 0, 0], np.float32), [-1, 0, 1, 1]), 99)
    assert found is not None
    assert (found.share.value, found.share.n) == (pytest.approx(1 / 3), 3)


def test_nothing_is_said_of_a_model_that_does_not_tell():
    assert false_alarms(predictions(None), 0) is None
    assert false_alarms(predictions(np.zeros(4, np.float32), [-1] * 4), 9) is None
