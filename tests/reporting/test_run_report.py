import json
import shutil

import pytest

from olhar.reporting.page import render
from olhar.reporting.run_report import story
from olhar.runs.folder import RunFolder
from tests.reporting.stories import make_curve, make_head


@pytest.fixture
def headed(run, tmp_path):
    """A function: model and body's origin -> the story of a run whose ``metrics.json`` says that a head learnt."""

    def told(model: str = "lite0", origin: str = "ImageNet"):
        folder = shutil.copytree(run.path, tmp_path / "headed")
        numbers = json.loads((folder / "metrics.json").read_text())
        numbers |= {"head": make_head(origin=origin).to_dict(), "learning_curve": make_curve().to_dict()}
        (folder / "metrics.json").write_text(json.dumps(numbers))
        recipe = (folder / "recipe.toml").read_text().splitlines()
        lines = [f'model = "{model}"' if line.startswith("model = ") else line for line in recipe]
        (folder / "recipe.toml").write_text("\n".join(lines))
        return story(RunFolder.open(folder))

    return told


def test_a_head_s_recipe_shows_what_means_something_to_it(headed):
    told = headed()
    assert told.recipe["model"] == "lite0"
    assert {"seed", "split", "size"} <= told.recipe.keys()
    assert not {"epochs", "optimizer", "dropout", "augment", "minutes", "device"} & told.recipe.keys()
    assert "torch" not in told.environment


def test_a_head_and_its_learning_curve_are_read_from_the_run(headed):
    told = headed()
    assert told.head == make_head()
    assert told.learning_curve is not None
    assert told.learning_curve.points[-1].pictures == 240


def test_a_body_from_a_file_is_named_anew_and_not_by_where_it_lies(headed):
    told = headed("/home/someone/body.onnx", "")
    assert "--model body.onnx" in told.command
    assert told.recipe["model"] == "body.onnx"
    assert "someone" not in told.command


def test_a_body_by_name_needs_no_flag(headed):
    assert "--model" not in headed().command


def test_of_a_network_that_learnt_by_gradients_every_choice_is_shown(run):
    told = story(RunFolder.open(run.path))
    assert {"epochs", "optimizer"} <= told.recipe.keys()
    assert told.head is None


def test_a_run_in_a_folder_with_a_space_is_quoted_once(run, tmp_path, monkeypatch):
    shutil.copytree(run.path, tmp_path / "lixo reciclável")
    monkeypatch.chdir(tmp_path)
    shown = render(story(RunFolder.open("lixo reciclável")))
    assert "olhar serve &#39;lixo reciclável&#39;<" in shown


def test_what_was_read_stands_among_the_remarks_as_a_sentence(run):
    read_as = RunFolder.open(run.path).request().read_as
    assert read_as
    assert any(finding.startswith("Read as") for finding in story(RunFolder.open(run.path)).findings)
