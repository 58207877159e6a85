import pytest
from hypothesis import given
from hypothesis import strategies as st

from olhar import Recipe
from olhar.base import spellings
from olhar.base.errors import RecipeError
from olhar.base.spellings import elsewhere, spelled, spelled_fields, spelled_value
from olhar.cli.registry import COMMANDS, build_command
from olhar.training.recipe import FIELDS
from tests.conftest import assert_says

SHARED = {"json", "csv", "tensorboard", "mlflow", "amsgrad"}
"""Words that both languages share."""


def flags() -> set[str]:
    words = {name for command in COMMANDS for param in build_command(command).params for name in param.opts[:1]}
    return {word.removeprefix("--") for word in words if word.startswith("--")}


def test_every_flag_has_a_portuguese_spelling_and_none_means_two():
    names = spellings._table()["names"]
    assert flags() <= names.keys()
    assert {name for name, others in names.items() if not others} == SHARED
    others = [other for each in names.values() for other in each]
    assert len(others) == len(set(others))
    assert not set(others) & flags() - {"images"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("batch_size", "batch"),
        ("épocas", "epochs"),
        ("Taxa-de-Aprendizado", "learning-rate"),
        ("imgsz", "size"),
        ("nothing-known", "nothing-known"),
    ],
)
def test_a_flag_may_be_written_as_people_write_it(typed, meant):
    assert spelled(typed) == meant


@pytest.mark.parametrize(
    ("field", "typed", "meant"),
    [
        ("optimizer", "Adam", "adam"),
        ("optimizer", "keras.optimizers.SGD", "sgd"),
        ("loss", "sparse_categorical_crossentropy", "cross-entropy"),
        ("loss", "BinaryCrossentropy", "binary"),
        ("colour", "grayscale", "gray"),
        ("model", "CNN", "cnn"),
        ("model", "EfficientNet_Lite0", "lite0"),
        ("flip", True, "on"),
        ("schedule", "OneCycle", "one-cycle"),
    ],
)
def test_a_recipe_takes_the_values_that_keras_writes(field, typed, meant):
    assert getattr(Recipe().with_({field: typed}), field) == meant


def test_a_recipe_s_file_may_be_written_in_keras_s_words():
    recipe = Recipe.from_toml('batch_size = 8\nlr = 0.5\noptimizer = "Adam"\n', "mine.toml")
    assert (recipe.batch, recipe.learning_rate, recipe.optimizer) == (8, 0.5, "adam")


def test_what_means_no_choice_is_refused_as_it_was_typed():
    with pytest.raises(RecipeError) as error:
        Recipe().with_({"optimizer": "RMSprop"})
    assert_says(error, "RMSprop", "adam")
    assert error.value.code == "OLH206"
    with pytest.raises(RecipeError) as error:
        Recipe().with_({"activation": "relu"})
    assert_says(error, "activation", "FILE.py:FUNCTION")
    assert error.value.code == "OLH204"
    with pytest.raises(RecipeError) as error:
        Recipe().with_({"epohcs": 3})
    assert_says(error, "epohcs", "epochs")
    assert error.value.code == "OLH204"
    with pytest.raises(RecipeError) as error:
        Recipe().with_({"qqq": 3})
    assert_says(error, "qqq", "--help all")
    assert error.value.code == "OLH204"


def test_one_choice_under_two_names_is_refused():
    with pytest.raises(RecipeError) as error:
        Recipe().with_({"batch": 4, "batch_size": 8})
    assert_says(error, "batch", "batch_size")
    assert error.value.code == "OLH985"


def test_what_other_tools_have_is_explained():
    assert "threads" in str(elsewhere("num_workers"))
    assert elsewhere("epochs") is None


@given(st.dictionaries(st.text(), st.integers()))
def test_names_that_nobody_knows_stay_as_they_are(fields):
    known = [name for name in fields if spelled(name).replace("-", "_") in FIELDS]
    others = {name: value for name, value in fields.items() if name not in known}
    assert spelled_fields(others, FIELDS) == others


@given(st.text())
def test_a_value_is_one_of_the_choices_or_stays(value):
    meant = spelled_value("optimizer", value, ("adam", "sgd"))
    assert meant == value or meant in ("adam", "sgd", "adamw")
