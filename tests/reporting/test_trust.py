from dataclasses import replace

import numpy as np
import pytest

from olhar.evaluation.baselines import Baseline
from olhar.evaluation.false_alarms import FalseAlarms
from olhar.evaluation.intervals import wilson
from olhar.reporting import trust
from olhar.reporting.facts import class_names
from tests.reporting.stories import make_history, make_story, metrics_of


@pytest.mark.parametrize(
    ("n", "level", "key"),
    [(10_000, "good", "report.trust.narrow"), (600, "note", "report.trust.fair"), (60, "careful", "report.trust.wide")],
)
def test_few_pictures_make_a_wide_interval(n, level, key):
    found = trust.interval(wilson(int(0.8 * n), n))
    assert (found.level, found.key) == (level, key)


def test_pictures_enough_give_two_points_either_way():
    n = trust.enough(0.8)
    interval = wilson(round(0.8 * n), n)
    assert (interval.high - interval.low) / 2 == pytest.approx(0.02, abs=0.001)


def test_a_network_that_does_not_beat_the_baseline_is_told_so(story):
    lazy = story(2, metrics=metrics_of(("class 0", "class 1"), np.array([[90, 0], [10, 0]])))
    assert trust.baseline(lazy.metrics, class_names(lazy))
    good = story(2)
    assert trust.baseline(good.metrics, class_names(good)) is None


def test_what_was_learned_by_heart_is_told(story):
    history = make_history(3)
    history[2] |= {"accuracy": 0.99, "val_accuracy": 0.7}
    told = trust.memorised(story(2, history=history, kept=3))
    assert told is not None
    assert told.values == {"train": 0.99, "validation": 0.7}
    assert trust.memorised(story(2)) is None
    assert trust.memorised(story(2, history=[], kept=0)) is None


def test_the_weakest_class_is_named_with_what_it_is_taken_for(story):
    told = story(3, metrics=metrics_of(("class 0", "class 1", "class 2"), np.array([[50, 0, 0], [1, 20, 29], [0, 0, 50]])))
    weakest = trust.weakest(told, told.metrics)
    assert weakest is not None
    assert (weakest.values["name"].full, weakest.values["other"].full) == ("class 1", "class 2")


@pytest.mark.parametrize(("difference", "bound"), [(2e-7, 1e-6), (0.0, 1e-7), (9e-5, 1e-4), (1e-4, 1e-4)])
def test_agreement_names_a_power_of_ten_that_holds(story, difference, bound):
    remark = trust.agreement(story(2, agreement=difference))
    assert remark is not None
    assert remark.values["bound"].value == pytest.approx(bound)


def test_a_wider_interval_takes_more_pictures():
    plain = wilson(384, 480)
    wide = replace(plain, low=plain.low - 0.02, high=plain.high + 0.02)
    assert trust.interval(wide).values["enough"] > 2 * trust.interval(plain).values["enough"]


def test_what_a_linear_model_on_tiny_pictures_does_as_well_is_said():
    def said(share: float) -> list[str]:
        told = make_story(3, baselines=[Baseline("linear", wilson(round(100 * share), 100))])
        return [remark.key for remark in trust.remarks(told)]

    assert "report.trust.plain" in said(0.95)
    assert "report.trust.plain" not in said(0.4)
    assert "report.trust.plain" not in [remark.key for remark in trust.remarks(make_story(3))]


def test_the_better_of_the_models_on_tiny_pictures_is_the_one_it_is_measured_by():
    def said(mean: float, linear: float) -> set[str]:
        both = [Baseline("nearest_mean", wilson(round(100 * mean), 100)), Baseline("linear", wilson(round(100 * linear), 100))]
        keys = {remark.key for remark in trust.remarks(make_story(3, baselines=both))}
        return keys & {"report.trust.plain", "report.trust.plain_mean"}

    assert said(0.99, 0.07) == {"report.trust.plain_mean"}
    assert said(0.4, 0.95) == {"report.trust.plain"}
    assert said(0.4, 0.3) == set()


@pytest.mark.parametrize(("flagged", "level", "key"), [(30, "good", "noticed"), (6, "careful", "passed"), (None, None, None)])
def test_whether_a_stranger_would_be_noticed_is_told_by_what_was_drawn(flagged, level, key):
    caught = None if flagged is None else wilson(flagged, 32)
    told = trust.strangers(FalseAlarms(100, wilson(1, 100), caught))
    assert (told and told.level, told and told.key) == (level, key and f"report.trust.strangers.{key}")


def test_a_model_that_cannot_tell_strangers_is_said_not_to():
    assert "report.trust.strangers.never" in [remark.key for remark in trust.remarks(make_story(3))]
