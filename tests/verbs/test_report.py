"""What a report tells a person to type, typed."""

import html
import re
import shlex

import h5py
import pytest

import olhar
from olhar.cli.app import main
from tests.conftest import write_pictures
from tests.keras_files.keras_crafting import layer
from tests.keras_files.keras_eyes import ORDER, colours, write_eyes
from tests.trained import QUICK

ONCE = QUICK | {"epochs": 1}


@pytest.fixture(autouse=True)
def _plain_figures():
    """Here they are drawn."""


def commands(run):
    """The commands in the report of a run, as a shell would take them."""
    page = (run.path / "report.html").read_text(encoding="utf-8")
    return [shlex.split(html.unescape(found)) for found in re.findall(r"<code[^>]*>(olhar .*?)</code>", page)]


def test_the_names_to_show_are_given_again(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_pictures(tmp_path / "colours")
    run = olhar.train("colours", names={"blue": 'o "azul"', "red": "Vermelho"}, into="run", **ONCE)
    (command,) = [words for words in commands(run) if "--recipe" in words]
    assert command == ["olhar", "train", "colours", "--recipe", "run/recipe.toml", "--names", "run/request.json"]
    assert main([*command[1:], "--into", "again"]) == 0
    assert olhar.Run("again").signature == run.signature
    capsys.readouterr()


def test_what_opens_the_keras_file_is_said_again(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    whole = colours(tmp_path / "whole.h5", first=layer("Lambda", "scale", function=["", None, None], function_type="lambda"))
    (tmp_path / "elsewhere").mkdir()
    with h5py.File(whole) as source, h5py.File("weights.h5", "w") as target:
        (tmp_path / "elsewhere" / "net.json").write_text(source.attrs["model_config"])
        for name, value in source["model_weights"].attrs.items():
            target.attrs[name] = value
        for name in source["model_weights"]:
            source.copy(f"model_weights/{name}", target)
    whole.unlink()
    (tmp_path / "labels.txt").write_text("\n".join(ORDER))
    write_eyes(tmp_path / "eyes")
    fields = {"epochs": 1, "batch": 16, "precision": "fp32", "threads": 1, "folds": 0}
    opening = {"architecture": "elsewhere/net.json", "lambdas": {"scale": "x/127.5 - 1"}}
    run = olhar.train("eyes", model="weights.h5", into="run", **opening, **fields)
    (tmp_path / "elsewhere" / "net.json").unlink()
    (command,) = [words for words in commands(run) if "--recipe" in words]
    assert command[5:] == ["--architecture", "run/base/net.json", "--lambda", "scale=x/127.5 - 1"]
    assert main([*command[1:], "--into", "again"]) == 0
    assert (tmp_path / "again" / "best.safetensors").read_bytes() == (tmp_path / "run" / "best.safetensors").read_bytes()
    capsys.readouterr()


def test_folds_are_proposed_where_the_data_s_own_parts_have_no_test(tmp_path):
    write_pictures(tmp_path / "colours", 12, prefix="train")
    write_pictures(tmp_path / "colours", 6, prefix="validation", start=500)
    run = olhar.train(tmp_path / "colours", into=tmp_path / "run", **ONCE)
    assert ["olhar", "train", "DATA", "--folds", "5"] in commands(run)
    assert not any("--split" in words for words in commands(run))
