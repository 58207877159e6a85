import json

import pytest

from olhar.base.errors import RecipeError
from olhar.cli.app import main
from olhar.models.zoo import MODELS
from olhar.verbs.models import models
from tests.conftest import assert_says
from tests.trained import Said


def test_every_network_is_listed_with_what_it_costs(capsys):
    assert main(["models", "--no-speed", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["models"]
    assert [one["name"] for one in found] == list(MODELS)
    assert all(one["parameters"] > 0 and one["multiply_adds"] > 0 and one["training"] is None for one in found)
    assert main(["models", "--no-speed", "--language", "pt-BR"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(any(line.startswith(name) for line in lines) for name in MODELS)
    assert not any("{" in line for line in lines)


def test_speed_is_measured_here_and_it_says_that_it_measures(monkeypatch):
    monkeypatch.setattr("olhar.networks.speed._SECONDS", 0.05)
    said = []

    class Told(Said):
        def stage(self, text, total):
            text = str(text)
            said.append((text, total))
            return super().stage(text, total)

    (row,) = models(8, ["cnn"], progress=Told())
    assert row.training > 0
    assert row.predicting > 0
    assert said == [("Measuring speed on this machine", 1)]


def test_a_name_that_is_not_there_is_told():
    with pytest.raises(RecipeError) as error:
        models(32, ["qick"], speed=False)
    assert_says(error, "qick", "quick")
