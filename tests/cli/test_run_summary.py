import re
from dataclasses import replace

import pytest

from olhar.base.texts import speaking
from olhar.cli.run_summary import run_summary
from olhar.evaluation.intervals import Interval
from olhar.evaluation.learning_curve import Promise
from olhar.runs.results import Results
from tests.reporting.stories import make_curve, make_head, make_head_story


@pytest.fixture
def lines():
    """A function: whatever differs in the numbers -> the lines of a head of three classes."""
    told = make_head_story()
    assert told.metrics is not None
    numbers = Results("folds", told.metrics, 0, 0.0, "", None, told.folds, make_head())
    return lambda **other: list(run_summary(replace(numbers, **other), told.signature))


def test_a_head_is_summed_up_in_two_lines(lines):
    number, beside = lines()
    assert "63 pictures, each judged by a head that had not learnt from it; the head that is kept learnt from all" in number
    assert beside.startswith("Always answering “class 2” would be right on 34.9%. Weakest class: “class ")
    assert re.search(r"\d+ of 2\d pictures found, most often taken for “class \d”.$", beside)


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
