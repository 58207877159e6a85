import re
from dataclasses import replace

import numpy as np
import pytest

from olhar.base.texts import speaking
from olhar.cli.run_summary import run_summary
from olhar.evaluation.baselines import Baseline
from olhar.evaluation.intervals import Interval, wilson
from olhar.evaluation.learning_curve import Promise
from olhar.runs.results import Results
from tests.reporting.stories import make_curve, make_head, make_head_story, metrics_of


@pytest.fixture
def lines():
    """A function: whatever differs in the numbers -> the lines of a head of three classes."""
    told = make_head_story()
    assert told.metrics is not None
    numbers = Results("folds", told.metrics, 0, 0.0, "", None, told.folds, make_head())
    return lambda **other: list(run_summary(replace(numbers, **other), told.signature))


def test_a_head_is_summed_up_in_two_lines(lines):
    number, beside = lines()
    assert "63 pictures, each judged by a copy of the network that had not learnt from it; the one that is kept" in number
    assert beside.startswith("Always answering “class 2” would be right on 34.9%. Weakest class: “class ")
    assert re.search(r"\d+ of 2\d pictures found, most often taken for “class \d”.$", beside)


def test_what_a_plain_model_does_as_well_is_said_as_the_report_says_it(lines):
    as_good, worse = (Baseline("linear", wilson(n, 63)) for n in (60, 30))
    assert lines(baselines=(as_good,))[2] == (
        "It is not shown to be better than a simple method (a linear model on tiny pictures), which is right on 95.2%: "
        "it may have learnt little more than colours and coarse shapes."
    )
    assert len(lines(baselines=(worse,))) == 2
    with speaking("pt-BR"):
        assert "modelo linear em imagens minúsculas" in lines(baselines=(as_good,))[2]


def test_a_model_that_is_no_better_than_one_answer_is_said_to_be(lines):
    lazy = metrics_of(("class 0", "class 1", "class 2"), np.array([[60, 2, 0], [10, 1, 0], [9, 0, 1]]))
    told = lines(metrics=lazy, baselines=(Baseline("linear", wilson(62, 63)),))
    assert told[1].startswith("It is not shown to be better than always answering “class 0”, which is right on 74.7%. Weakest")
    assert len(told) == 2


def test_a_single_picture_taken_for_another_class_is_no_habit(lines):
    once = metrics_of(("class 0", "class 1", "class 2"), np.array([[33, 0, 0], [1, 31, 1], [0, 0, 33]]))
    assert lines(metrics=once)[1].endswith("Weakest class: “class 1”, 31 of 33 pictures found.")


def test_what_more_pictures_would_bring_is_a_line_more(lines):
    curve = make_curve(Promise("class 1", 50, 0.02, 0.0, 0.04))
    assert lines(curve=curve)[2] == (
        "With half the pictures 80.0% were right, with all of them 90.0%. "
        "50 more of “class 1” would bring about 2 points (0 to 4)."
    )
    with speaking("pt-BR"):
        assert "trariam cerca de 2 pontos" in lines(curve=curve)[2]


def test_where_a_test_part_judged_it_says_so(lines):
    assert "of the test part" in lines(measured="test")[0]


def test_where_no_picture_could_be_held_back_no_number_is_told(lines):
    assert lines(head=make_head(kind="nearest mean")) == [
        "How good it is cannot be told: with one picture of each class, none is left to judge by. "
        "Two of each give a first number; twenty of each one to rely on."
    ]


def test_a_head_that_leaves_room_is_told_what_minutes_do(lines):
    told = make_head_story().metrics
    many = replace(told, accuracy=Interval(0.9, 0.87, 0.93, 450))
    assert "--minutes 5" in lines(metrics=many)[-1]
    with speaking("pt-BR"):
        assert "com --minutes 5 os últimos blocos do corpo também aprendem" in lines(metrics=many)[-1]
    sure, few = Interval(0.99, 0.97, 1.0, 450), Interval(0.9, 0.8, 0.96, 60)
    assert not any("--minutes" in line for metrics in (sure, few) for line in lines(metrics=replace(told, accuracy=metrics)))
