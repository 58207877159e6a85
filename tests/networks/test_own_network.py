import numpy as np
import pytest
from safetensors.torch import load_file
from torch import nn

import olhar
from olhar.base.errors import RecipeError, RunError, Stopped
from olhar.cli.app import main
from tests.conftest import assert_says
from tests.trained import Said, StopAtOnce

QUICK = {"epochs": 4, "batch": 16, "learning_rate": 0.02, "label_smoothing": 0.0, "patience": 0, "threads": 1}
CODE = """
from pathlib import Path
from torch import nn
Path(__file__).with_name("marker").touch()
def make(channels, classes, size):
    body = nn.Conv2d(channels, WIDTH, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1)
    return nn.Sequential(*body, nn.Flatten(), nn.Linear(WIDTH, classes))
def too_many(channels, classes, size):
    return nn.Sequential(nn.Flatten(), nn.Linear(channels * size[0] * size[1], 1000))
"""


def small(channels, classes, size):
    assert size == (16, 16)
    return nn.Sequential(
        nn.Conv2d(channels, 8, 3, bias=False),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Dropout(0.1),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(8, classes),
    )


@pytest.fixture
def own_file(tmp_path):
    (tmp_path / "net.py").write_text(CODE.replace("WIDTH", "6"))
    return tmp_path / "net.py"


def test_a_network_of_one_s_own_goes_on_bit_for_bit_when_it_is_handed_over_again(coloured, tmp_path):
    with pytest.raises(Stopped):
        olhar.train(coloured, model=small, into=tmp_path / "broken", progress=StopAtOnce(), **QUICK)
    with pytest.raises(RecipeError) as error:
        olhar.train(into=tmp_path / "broken", resume=True)
    assert_says(error, "own:small", "olhar.train(..., model=...)")
    with pytest.raises(RunError) as error:
        olhar.train(into=tmp_path / "broken", resume=True, model=nn.Sequential(nn.Flatten(), nn.Linear(768, 3)))
    assert_says(error, "own:small", "own:Sequential")
    resumed = olhar.train(into=tmp_path / "broken", resume=True, model=small)
    said = Said()
    whole = olhar.train(coloured, model=small, into=tmp_path / "whole", progress=said, **QUICK)
    drawn = olhar.inspect(whole.path)
    kinds = ["Conv2d", "BatchNorm2d", "ReLU", "Dropout", "AdaptiveAvgPool2d", "Flatten", "Linear"]
    assert [layer.kind for layer in drawn.layers] == kinds
    assert any(f"{drawn.parameters} parameters" in line for line in said.lines)
    one, other = (load_file(run.path / "best.safetensors") for run in (whole, resumed))
    assert all(np.array_equal(tensor, other[name]) for name, tensor in one.items())
    assert whole.metrics.accuracy.value > 0.9


def test_a_network_in_a_file_is_run_where_it_is_typed_and_nowhere_else(coloured, own_file, tmp_path, capsys):
    named = f"{own_file}:make"
    (tmp_path / "theirs.toml").write_text(f'model = "{named}"\nepochs = 1\nbatch = 16\n')
    with pytest.raises(RecipeError) as error:
        olhar.train(coloured, recipe=tmp_path / "theirs.toml", into=tmp_path / "run")
    assert_says(error, named, "--model")
    assert not own_file.with_name("marker").exists()
    said = StopAtOnce()
    with pytest.raises(Stopped):
        olhar.train(coloured, recipe=tmp_path / "theirs.toml", model=named, epochs=2, into=tmp_path / "run", progress=said)
    assert any(line.startswith("Running") and "net.py" in line for line in said.lines)
    own_file.write_text(CODE.replace("WIDTH", "7"))
    with pytest.raises(RunError) as error:
        olhar.train(into=tmp_path / "run", resume=True, model=named)
    assert_says(error, "another network", named)
    own_file.write_text(CODE.replace("WIDTH", "6"))
    assert main(["train", "--resume", "--into", str(tmp_path / "run"), "--model", named]) == 0
    assert f"--recipe run/recipe.toml --model {named}" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    capsys.readouterr()


def test_a_network_that_does_not_do_leaves_nothing_behind(coloured, own_file, tmp_path):
    with pytest.raises(RecipeError) as error:
        olhar.train(coloured, model=f"{own_file}:too_many", into=tmp_path / "run", **QUICK)
    assert_says(error, "(2, 1000)", "(2, 3)")

    class Branching(nn.Module):
        def __init__(self):
            super().__init__()
            self.last = nn.Linear(768, 3)

        def forward(self, pictures):
            found = self.last(pictures.flatten(1))
            return found if found.sum() > 0 else -found

    with pytest.raises(RecipeError) as error:
        olhar.train(coloured, model=Branching(), into=tmp_path / "run", **QUICK)
    assert_says(error, "own:Branching", "ONNX")
    assert not (tmp_path / "run").exists()


def test_what_a_recipe_says_wrongly_of_its_network_is_told_before_anything_is_read(tmp_path):
    for field, value, words in (("stages", "8;9", ["8;9"]), ("size", 4, ["4"]), ("norm", "off", ["resnet"])):
        with pytest.raises(RecipeError) as error:
            olhar.train(tmp_path / "nothing here", model="resnet", **{field: value})
        assert_says(error, *words)
