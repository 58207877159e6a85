import pytest

from olhar.base.errors import RecipeError
from olhar.base.texts import LANGUAGES, known, speaking
from olhar.training import shipped
from olhar.training.recipe import Recipe
from tests.conftest import assert_says

DOCUMENTS = ("cats-dogs", "cifar10-1", "cifar10-2", "emotions-1", "emotions-2")


@pytest.mark.parametrize("name", shipped.names())
def test_every_recipe_of_ours_reads_and_opens_with_its_command(name):
    assert isinstance(shipped.read(name), Recipe)
    first, *rest = shipped.text(name).splitlines()
    assert first.startswith("# ")
    assert any(line.startswith("#     olhar train ") and f"--recipe {name}" in line for line in rest)
    for language in LANGUAGES:
        with speaking(language):
            assert known(f"cli.recipes.of.{name}")


def test_each_document_has_its_recipe():
    assert set(DOCUMENTS) < set(shipped.names())


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("emotions-1", {"epochs": 80, "batch": 16, "optimizer": "adam", "size": 48, "colour": "rgb"}),
        ("emotions-2", {"epochs": 80, "batch": 16, "amsgrad": True, "l2": 1e-4, "decay_factor": 0.96, "patience": 20}),
        ("cifar10-1", {"epochs": 50, "optimizer": "adam", "split": "80/20", "keep_by": "loss"}),
        ("cifar10-2", {"epochs": 50, "batch": 32, "patience": 15, "watch": "loss"}),
        ("cats-dogs", {"epochs": 10, "batch": 32, "learning_rate": 1e-5, "loss": "binary", "plateau_watch": "accuracy"}),
    ],
)
def test_a_document_s_recipe_is_what_the_document_does(name, facts):
    recipe = shipped.read(name)
    assert {key: getattr(recipe, key) for key in facts} == facts
    assert recipe.label_smoothing == 0
    assert recipe.balance == "none"


def test_a_name_that_is_none_is_told_with_the_nearest_and_a_file_wins(tmp_path, monkeypatch):
    with pytest.raises(RecipeError) as error:
        shipped.read("emotion-1")
    assert_says(error, "emotion-1", "emotions-1", "cats-dogs")
    for wish in ("none.toml", str(tmp_path / "none")):
        with pytest.raises(RecipeError) as error:
            shipped.read(wish)
        assert_says(error, "none")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "best").write_text("epochs = 3\n")
    assert shipped.read("best").epochs == 3
    (tmp_path / "best").write_bytes(b"\xff\xfe")
    with pytest.raises(RecipeError):
        shipped.read("best")
