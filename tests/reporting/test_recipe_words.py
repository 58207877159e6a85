from dataclasses import fields

import pytest

from olhar.base.texts import LANGUAGES, has_sentence, speaking
from olhar.reporting.recipe_words import recipe_in_words
from olhar.training.recipe import Recipe


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_has_a_name_and_no_value_is_a_number_that_means_a_word(language):
    with speaking(language):
        found = recipe_in_words(vars(Recipe()), ())
    assert len(found.usual) == len(fields(Recipe))
    assert all(has_sentence(f"report.setting.{one.key}") for one in found.usual)
    assert not [one for one in found.usual if one.value.startswith("-") or one.value == "auto"]


def test_a_person_s_choices_come_first_even_where_they_are_the_usual_ones():
    recipe = vars(Recipe().with_({"epochs": 20, "batch": 64}))
    found = recipe_in_words(recipe, ("epochs",))
    assert [one.key for one in found.asked] == ["epochs"]
    assert [one.key for one in found.settled] == ["batch"]


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("rotate", 15.0, "± 15.0°"),
        ("shift", 0.125, "12.5%"),
        ("zoom", 0.2, "± 20%"),
        ("warmup", -1.0, "left to Olhar"),
        ("patience", 0, "never"),
        ("cutmix", 0.0, "none"),
        ("fill", "reflect", "mirrored at the edge"),
        ("learning_rate", 0.0, "left to Olhar"),
        ("learning_rate", 0.04845428157, "0.04845"),
        ("stop_at", "", "–"),
        ("gadget", "x", "x"),
    ],
)
def test_a_value_is_told_in_words(key, value, words):
    with speaking("en"):
        found = recipe_in_words({key: value}, (key,))
    assert found.asked[0].value == words
