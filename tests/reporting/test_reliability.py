"""Confidence against accuracy on the report, and from where on a model answers."""

from dataclasses import replace

import numpy as np
import pytest

from olhar.base.texts import percent, speaking
from olhar.evaluation.abstention import SelectiveAccuracy, Threshold
from olhar.evaluation.calibration import calibration
from olhar.evaluation.intervals import wilson
from olhar.reporting.page import render
from olhar.reporting.reliability import SIDE, reliability
from tests.reporting.stories import make_story


@pytest.fixture
def judged():
    """The calibration of a hundred answers: eighty of 95%, of which sixty are right, and twenty of 55%, of which ten are."""
    sure = np.repeat([0.95, 0.55], [80, 20]).astype(np.float32)
    labels = np.array([0] * 60 + [1] * 20 + [0] * 10 + [1] * 10)
    return calibration(np.stack([sure, 1 - sure], axis=1), labels)


def test_a_dot_stands_where_confidence_and_accuracy_meet(judged):
    low, high = reliability(judged)
    assert (high.x, high.y) == (pytest.approx(0.95 * SIDE, abs=0.1), pytest.approx(0.25 * SIDE, abs=0.1))
    assert (low.n, high.n) == (20, 80)
    assert high.radius > low.radius
    assert high.top < high.y < high.bottom


@pytest.mark.parametrize(
    ("language", "title", "told"),
    [
        ("en", "Is it sure when it is right?", "On the mean they lie 17.0% apart"),
        ("pt-BR", "Tem confiança quando está certo?", "Em média ficam a 17,0% dela"),
    ],
)
def test_the_page_draws_it_and_says_how_far_it_is_off(judged, language, title, told):
    story = make_story(2)
    with speaking(language):
        page = render(replace(story, metrics=replace(story.metrics, calibration=judged)))
        assert title in page
        assert told in page
        assert page.count('class="bin"') == 2
        assert f"95{',' if language == 'pt-BR' else '.'}0%" in page


def test_a_run_of_the_first_versions_has_no_such_section():
    assert 'id="confidence"' not in render(make_story(2))


@pytest.mark.parametrize("silent", [False, True])
def test_the_page_says_from_where_on_the_model_answers(silent):
    threshold = Threshold(0.99, 0.93, 400, 380, 379)
    answered = SelectiveAccuracy(threshold, wilson(0 if silent else 90, 100), None if silent else wilson(89, 90))
    page = render(replace(make_story(2), answered=answered, measured="test"))
    assert f"from a confidence of {percent(0.93)} on" in page
    assert ("answers none of the pictures" if silent else f"{percent(89 / 90)} of them rightly") in page
    assert "flatters" not in page
    assert "flatters" in render(replace(make_story(2), answered=answered, measured="validation"))


def test_intervals_stand_below_the_numbers_of_each_class():
    story = make_story(2)
    first = replace(story.metrics.by_class[0], recall_interval=wilson(16, 20))
    page = render(replace(story, metrics=replace(story.metrics, by_class=(first, *story.metrics.by_class[1:]))))
    assert f'<small class="quiet">{wilson(16, 20).bounds}</small>' in page
