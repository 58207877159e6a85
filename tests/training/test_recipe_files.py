import re

import pytest

from olhar.base.errors import RecipeError
from olhar.base.texts import LANGUAGES, has_sentence, speaking
from olhar.models.zoo import build
from olhar.training import recipe_files
from olhar.training.augment_presets import preset_fields
from olhar.training.recipe import Recipe
from tests.conftest import assert_says

DOCUMENTS = ("cats-dogs", "cifar10-1", "cifar10-2", "emotions-1", "emotions-2")


@pytest.mark.parametrize("name", recipe_files.shipped_names())
def test_every_recipe_of_ours_reads_and_opens_with_its_command(name):
    assert isinstance(recipe_files.read(name), Recipe)
    first, *rest = recipe_files.shipped_text(name).splitlines()
    assert first.startswith("# ")
    assert any(line.startswith("#     olhar train ") and f"--recipe {name}" in line for line in rest)
    assert re.search(r"Measured: .*?\d% \(", recipe_files.shipped_text(name).replace("\n# ", " "))
    for language in LANGUAGES:
        with speaking(language):
            assert has_sentence(f"cli.recipes.of.{name}")


def test_each_document_has_its_recipe():
    assert set(DOCUMENTS) < set(recipe_files.shipped_names())


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        (
            "emotions-1",
            {"size": 48, "colour": "rgb", "scaling": "0..1", "model": "vgg", "stages": "32,64,128,256", "depth": 2}
            | {"stage_dropout": 0.1, "dropout": 0.2, "dense": "64,64", "loss": "cross-entropy", "schedule": "constant"}
            | {"optimizer": "adam", "amsgrad": False, "l2": 0.0, "batch": 16, "epochs": 80, "patience": 0},
        ),
        (
            "emotions-2",
            {"model": "separable", "l2": 1e-4, "optimizer": "adam", "amsgrad": True, "learning_rate": 1e-3, "batch": 16}
            | {"schedule": "exponential", "decay_factor": 0.96, "decay_steps": 1000, "epochs": 80, "patience": 20},
        ),
        (
            "cifar10-1",
            {"split": "80/20", "model": "cnn", "norm": "off", "optimizer": "adam", "loss": "cross-entropy", "epochs": 50}
            | {"keep_by": "loss", "patience": 0},
        ),
        (
            "cifar10-2",
            {"model": "cnn", "stages": "32,32,128,256", "norm": "stage", "dense": "1024", "dropout": 0.2, "optimizer": "adam"}
            | {"loss": "cross-entropy", "batch": 32, "epochs": 50, "patience": 15, "watch": "loss"},
        ),
        (
            "cats-dogs",
            {"learn": "last:5", "optimizer": "adam", "learning_rate": 1e-5, "loss": "binary", "batch": 32, "epochs": 10}
            | {"patience": 5, "schedule": "plateau", "plateau_factor": 0.5, "plateau_patience": 3, "plateau_watch": "accuracy"},
        ),
    ],
)
def test_a_document_s_recipe_is_what_the_document_does(name, facts):
    recipe = recipe_files.read(name)
    assert {key: getattr(recipe, key) for key in facts} == facts
    assert recipe.label_smoothing == 0
    assert recipe.balance == "none"
    if name != "cats-dogs":
        build(recipe.model, 3, 10, (48, 48), recipe.shape)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("emotions-1", {"rotate": 7.0, "zoom": 0.2}),
        ("emotions-2", {"rotate": 20.0, "shift": 0.2, "shear": 0.2, "brightness": 0.2}),
        ("cifar10-1", {}),
        ("cifar10-2", {"rotate": 20.0, "zoom": 0.1, "shift": 0.1}),
        ("cats-dogs", {"rotate": 20.0, "shift": 0.2, "fill": "nearest"}),
    ],
)
def test_a_document_s_recipe_varies_pictures_as_the_document_does_whatever_its_classes_are_called(name, facts):
    recipe = recipe_files.read(name)
    recipe = recipe.with_(preset_fields(recipe, mirrors=False))
    assert {key: getattr(recipe, key) for key in facts} == facts
    assert recipe.flip == "on"
    assert recipe.rotate > 0


def test_a_name_that_is_none_is_told_with_the_nearest_and_a_file_wins(tmp_path, monkeypatch):
    with pytest.raises(RecipeError) as error:
        recipe_files.read("emotion-1")
    assert_says(error, "emotion-1", "emotions-1", "cats-dogs")
    for wish in ("none.toml", str(tmp_path / "none")):
        with pytest.raises(RecipeError) as error:
            recipe_files.read(wish)
        assert_says(error, "none")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "best").write_text("epochs = 3\n")
    assert recipe_files.read("best").epochs == 3
    (tmp_path / "best").write_bytes(b"\xff\xfe")
    with pytest.raises(RecipeError):
        recipe_files.read("best")
