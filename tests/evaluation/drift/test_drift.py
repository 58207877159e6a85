"""Drift: nothing is found in pictures that are alike, and what differs is found, and only where there are enough to tell."""

from dataclasses import replace

import numpy as np
import pytest

from olhar.base.texts import speaking
from olhar.evaluation.drift.distribution import MEASURES, Distribution, Quantiles
from olhar.evaluation.drift.drift import drift, one_each
from olhar.evaluation.drift.lines import headline, lines


def pictures(n: int, rng: np.random.Generator, **moved: float) -> Distribution:
    """N pictures made up, whose measures hang together, as those of real ones do."""
    common = rng.normal(0, 1, n)
    values = {name: 100 + 10 * (common + rng.normal(0, 1, n)) + moved.get(name, 0) for name in MEASURES}
    measures = {name: Quantiles.of(numbers) for name, numbers in values.items()}
    counts = rng.multinomial(n, [0.5 - moved.get("mix", 0), 0.3, 0.2 + moved.get("mix", 0)])
    mix = dict(zip("abc", counts.tolist(), strict=True))
    return Distribution(n, n, measures, mix, rng.normal(moved.get("features", 0), 1, (min(n, 64), 4)).astype(np.float32))


def test_of_forty_fresh_halves_of_the_same_pictures_hardly_any_raises_an_alarm():
    alarms = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        found = drift(pictures(300, rng), pictures(150, rng))
        alarms += any(one.verdict in ("drifted", "little") for one in found.shifts)
    assert alarms <= 2


@pytest.mark.parametrize("measure", [*MEASURES, "features", "mix"])
def test_what_moved_is_named_and_nothing_else_is(measure):
    rng = np.random.default_rng(3)
    by = {"mix": 0.2, "features": 1.0}.get(measure, 20)
    found = drift(pictures(300, rng), pictures(150, rng, **{measure: by}))
    assert [one.measure for one in found.drifted] == [measure]
    assert found.drifted[0].p < 0.05
    for language in ("en", "pt-BR"):
        with speaking(language):
            assert all(map(str, [headline(found), *lines(found)]))


def test_the_effect_is_a_difference_of_shares_of_pictures():
    rng = np.random.default_rng(0)
    found = drift(pictures(5000, rng), pictures(5000, rng, size=14.142))
    (size,) = [one for one in found.shifts if one.measure == "size"]
    assert size.effect == pytest.approx(0.383, abs=0.02)
    assert size.more


def test_a_difference_beyond_chance_that_is_small_is_said_to_be_small():
    rng = np.random.default_rng(0)
    found = drift(pictures(20000, rng), pictures(20000, rng, size=1.5))
    (size,) = [one for one in found.shifts if one.measure == "size"]
    assert (size.verdict, not found.drifted) == ("little", True)
    assert any("less than 10.0%" in str(line) for line in lines(found))


def test_with_few_pictures_nothing_is_said_to_be_alike_and_it_says_how_many_would_tell():
    rng = np.random.default_rng(0)
    there = pictures(300, rng)
    few = drift(there, pictures(12, rng))
    assert not few.drifted
    assert {one.verdict for one in few.shifts} == {"untold"}
    assert f"about {few.missing} more" in str(headline(few))
    enough = drift(there, pictures(12 + few.missing, np.random.default_rng(2)))
    assert all(one.verdict != "untold" for one in enough.shifts if one.measure not in ("features",))


def test_where_those_that_taught_are_too_few_no_number_of_others_is_promised():
    rng = np.random.default_rng(0)
    found = drift(pictures(20, rng), pictures(500, rng))
    assert found.missing == 0
    assert "there are 20 to compare with, which is too few" in str(headline(found))


def test_few_pictures_that_are_very_different_are_told_all_the_same():
    rng = np.random.default_rng(0)
    found = drift(pictures(300, rng), pictures(12, rng, brightness=-60))
    assert [one.measure for one in found.drifted] == ["brightness"]
    assert "darker" in str(lines(found)[0])
    assert any("too few to be sure:" in str(line) for line in lines(found))


def test_of_pictures_without_classes_the_answers_are_compared():
    rng = np.random.default_rng(0)
    here, there = pictures(200, rng), pictures(300, rng)
    unlabelled = Distribution(here.pictures, here.groups, here.measures, {}, here.features)
    found = drift(there, unlabelled, ({"a": 150, "b": 150}, {"a": 180, "b": 20}))
    (answers,) = [one for one in found.shifts if one.measure == "answers"]
    assert answers.verdict == "drifted"
    assert "a 90.0% here, 50.0% there" in str(lines(found)[0])


def test_of_each_group_the_first_counts():
    assert one_each(np.array([5, 3, 5, 3, 9])).tolist() == [0, 1, 4]


def test_what_differs_warns_of_the_trainings_accuracy_and_groups_are_named_where_they_count_as_one():
    rng = np.random.default_rng(0)
    found = drift(pictures(300, rng), pictures(200, rng, brightness=-60))
    assert any("accuracy of its training may not hold" in str(line) for line in lines(found))
    assert not any("counted as one" in str(line) for line in lines(found))
    assert any("counted as one" in str(line) for line in lines(replace(found, pictures=found.groups + 5)))
