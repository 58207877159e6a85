from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olhar import Recipe
from olhar.base.errors import RecipeError
from olhar.base.texts import LANGUAGES, has_sentence, speaking
from olhar.training.recipe import FIELDS
from olhar.training.stopping import reaches, watched
from tests.conftest import assert_says


def values(name: str) -> st.SearchStrategy:
    default, rules = FIELDS[name].default, FIELDS[name].metadata
    if isinstance(default, bool):
        return st.booleans()
    if rules["choices"]:
        return st.sampled_from(rules["choices"])
    if rules["pattern"]:
        return st.from_regex(rules["pattern"], fullmatch=True)
    if isinstance(default, bool):
        return st.booleans()
    if isinstance(default, float):
        own = st.floats(max(rules["low"], 0), rules["high"])
        return own | st.just(-1.0) if rules["low"] < 0 else own
    return st.integers(rules["low"], rules["high"]) if isinstance(default, int) else st.text(max_size=20)


@given(st.fixed_dictionaries({}, optional={name: values(name) for name in FIELDS}))
def test_a_recipe_survives_being_written_as_toml(changes):
    recipe = Recipe().with_(changes)
    assert Recipe.from_toml(recipe.to_toml(), "x") == recipe


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"epohcs": 3}, ["epohcs", "epochs"]),
        ({"lerning_rate": 0.1}, ["learning_rate"]),
        ({"epochs": "many"}, ["epochs", "whole number"]),
        ({"epochs": 1.5}, ["epochs", "whole number"]),
        ({"epochs": True}, ["epochs"]),
        ({"epochs": 0}, ["epochs", "1"]),
        ({"shift": 0.9}, ["shift", "0.5"]),
        ({"optimizer": "lion"}, ["optimizer", "adamw", "muon"]),
        ({"stop_at": "accuracy"}, ["stop_at", "accuracy>=0.95", "--stop-at accuracy=0.95"]),
        ({"stop_at": "accuracy>=95"}, ["stop_at"]),
        ({"stop_at": "loss>=0.2"}, ["stop_at", "loss<="]),
        ({"stop_at": "accuracy>=1.5"}, ["stop_at", "1.5"]),
        ({"rotate": -0.5}, ["rotate", "-0.5", "180"]),
        ({"weight_decay": -0.1}, ["weight_decay", "-0.1"]),
        ({"amsgrad": "on"}, ["amsgrad", "true"]),
        ({"model": 3}, ["model"]),
        ({"learn": "last:0"}, ["learn", "last:N"]),
        ({"learn": "last:N"}, ["learn", "head"]),
        ({"new_head": 1}, ["new_head", "true or false"]),
        ({"scaling": "0..2"}, ["scaling", "-1..1"]),
    ],
)
def test_a_choice_that_cannot_be_is_refused_with_what_can(change, words):
    with pytest.raises(RecipeError) as error:
        Recipe().with_(change)
    assert_says(error, *words)


def test_whole_numbers_are_numbers():
    assert Recipe().with_({"minutes": 5}).minutes == 5.0


def test_what_is_not_toml_is_told():
    with pytest.raises(RecipeError) as error:
        Recipe.from_toml("epochs: 3", "mine.toml")
    assert_says(error, "mine.toml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_its_sentence(language):
    with speaking(language):
        assert all(has_sentence(f"cli.recipe.{name}") for name in FIELDS)


def test_every_field_is_told_in_the_docstring():
    assert all(f"        {one.name}: " in (Recipe.__doc__ or "") for one in fields(Recipe))


@pytest.mark.parametrize("goal", ["accuracy>=0.95", "accuracy=,95", "f1>=1", "f1>=1.0", "loss<=0,2", "loss<=1", "loss=.05"])
def test_a_goal_is_read_as_people_write_it(goal):
    name, number = watched(goal), float(goal.split("=")[1].replace(",", "."))
    Recipe().with_({"stop_at": goal})
    assert reaches(goal, {name: number})
    assert not reaches(goal, {name: number + (0.01 if name == "loss" else -0.01)})
