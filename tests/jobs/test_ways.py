import numpy as np
import pytest
from PIL import Image

import olhar
from olhar.base import extras
from olhar.base.errors import RecipeError
from olhar.base.texts import LANGUAGES, speaking
from olhar.jobs.ways import settled_way, tell_passed_over
from olhar.training.recipe import Recipe
from tests.conftest import assert_says
from tests.scenes import write_scenes
from tests.trained import Said


def pictures(folder, side, classes=("a", "b"), *, gray=False, of_each=2):
    """Two classes of noisy pictures of a side."""
    rng = np.random.default_rng(side)
    shape = (side, side) if gray else (side, side, 3)
    for name in classes:
        (folder / name).mkdir(parents=True)
        for number in range(of_each):
            Image.fromarray(rng.integers(0, 256, shape, np.uint8)).save(folder / name / f"{number}.png")
    return olhar.read(folder)


def way(dataset, recipe=None, **typed):
    said = Said()
    settled = settled_way((recipe or Recipe()).with_(typed), dataset, typed, said)
    return settled.model, " ".join(said.lines)


@pytest.mark.parametrize(
    ("side", "gray", "model"),
    [
        (8, False, "auto"),
        (24, False, "auto"),
        (28, True, "auto"),
        (28, False, "lite0"),
        (48, True, "lite0"),
        (100, False, "lite0"),
    ],
)
def test_small_symbols_are_learnt_from_nothing_and_all_others_get_a_head_start_and_why_is_said(tmp_path, side, gray, model):
    chosen, said = way(pictures(tmp_path / "data", side, gray=gray, of_each=150))
    assert chosen == model
    assert ("--model quick" if model == "lite0" else "--model lite0") in said


def test_few_small_symbols_get_a_head_start_too(tmp_path):
    assert way(pictures(tmp_path / "data", 8, of_each=149))[0] == "lite0"


def test_small_photographs_get_a_head_start(tmp_path):
    assert way(pictures(tmp_path / "data", 16, ("bird", "frog")))[0] == "lite0"


def test_without_torch_there_is_a_head_start_and_what_torch_would_bring(tmp_path, monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "torch" else object())
    chosen, said = way(pictures(tmp_path / "data", 8, of_each=150))
    assert chosen == "lite0"
    assert 'pip install "olhar[train]"' in said


def test_a_shape_that_is_asked_for_means_from_nothing_and_epochs_never_do(tmp_path):
    photographs = pictures(tmp_path / "data", 100)
    chosen, said = way(photographs, depth=2)
    assert chosen == "auto"
    assert "--depth" in said
    assert way(photographs, epochs=5)[0] == "lite0"
    assert way(photographs, minutes=30.0)[0] == "lite0"


def test_what_is_named_is_taken(tmp_path):
    photographs = pictures(tmp_path / "data", 100)
    assert way(photographs, model="cnn") == ("cnn", "")


def passed_over(**typed):
    said = Said()
    recipe = Recipe().with_({"model": "lite0"} | typed)
    tell_passed_over(recipe, typed, said)
    return " ".join(said.lines)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "flags", "way_out"),
    [
        ({"epochs": 5}, "--epochs", "--learn last:48"),
        ({"epochs": 20}, "--epochs", "--learn last:48"),
        ({"augment": "light", "learning_rate": 0.1}, "--augment, --learning-rate", "--learn last:48"),
        ({"epochs": 5, "optimizer": "sgd"}, "--epochs, --optimizer", "--model quick"),
        ({"learn": "last:48", "epochs": 5, "optimizer": "sgd"}, "--optimizer", "--model quick"),
        ({"model": "body.onnx", "epochs": 5}, "--epochs", "--model quick"),
        ({"model": "file.h5", "learn": "features", "epochs": 5}, "--epochs", "--learn features"),
    ],
)
def test_what_a_head_makes_no_use_of_is_told_with_what_does(language, typed, flags, way_out):
    with speaking(language):
        said = passed_over(**typed)
    assert f" {flags}" in said
    assert way_out in said


def test_where_all_is_of_use_nothing_is_told():
    assert passed_over(folds=5, seed=3) == ""
    assert passed_over(learn="last:48", epochs=5) == ""


def test_tuning_a_head_start_is_refused_with_the_reason(tmp_path):
    with pytest.raises(RecipeError) as error:
        olhar.tune(write_scenes(tmp_path / "data", 3), model="lite0", into=tmp_path / "tune")
    assert_says(error, "nothing to tune", "olhar train DATA --model lite0")
