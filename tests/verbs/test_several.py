"""Several seeds in one command: whole runs on one split, mean and spread, and a way on after a stop."""

import json
import math
import os
import shutil
import signal
import tomllib
from pathlib import Path

import numpy as np
import pytest
from torch import nn

import olhar
from olhar.base.errors import DataError, RecipeError, RunError, Stopped, UsageError
from olhar.base.texts import percent
from olhar.cli.app import main
from olhar.data.keep_list import KeepList
from olhar.jobs import folds
from olhar.jobs.folds import dealt_by, settle_folds
from olhar.jobs.prepare import prepare
from olhar.runs.folder import RunFolder
from olhar.runs.request import Request
from olhar.studies.seeds import SeedsPlan
from olhar.training.recipe import Recipe
from olhar.verbs.several import Several
from tests.conftest import COLOURS, assert_says, noisy, write_pictures
from tests.trained import QUICK, Said, rows_of

ONCE = QUICK | {"epochs": 1, "batch": 8}


def parts(run):
    return {row["content"]: row["part"] for row in rows_of(run.path / "split.csv")}


class StopInTheSecond(Said):
    """A person who stops while the second seed learns."""

    def stage(self, text, _total):

        text = str(text)
        if text.startswith("Seed 6") and "Training" in text:
            os.kill(os.getpid(), signal.SIGINT)
        return super().stage()


def test_seeds_differ_in_nothing_but_the_seed_and_give_mean_and_spread(tmp_path, monkeypatch, capsys):
    """Stopped in the second, gone on with, and looked at from all sides."""
    monkeypatch.chdir(tmp_path)
    write_pictures(tmp_path / "colours", 12)
    with pytest.raises(Stopped) as error:
        olhar.train("colours", seeds=2, seed=5, progress=StopInTheSecond(), **ONCE)
    assert_says(error, "1 of 2", "--resume --into runs/colours-seeds-1")
    before = Path("runs/colours-seeds-1/seed-5/model.onnx").stat().st_mtime_ns
    assert main(["train", "--resume", "--into", "runs/colours-seeds-1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert Path("runs/colours-seeds-1/seed-5/model.onnx").stat().st_mtime_ns == before
    assert main(["train", "--resume", "--into", "runs/colours-seeds-1"]) == 0
    assert "2 seeds:" in capsys.readouterr().out

    found = olhar.train(into="runs/colours-seeds-1", resume=True)
    assert isinstance(found, Several)
    assert [run.path.name for run in found.runs] == ["seed-5", "seed-6"]
    assert parts(found.runs[0]) == parts(found.runs[1])
    assert found.runs[0].history[0]["loss"] != found.runs[1].history[0]["loss"]
    one, other = (run.metrics.accuracy.value for run in found.runs)
    assert found.accuracy.mean == pytest.approx((one + other) / 2)
    assert found.accuracy.spread == pytest.approx(abs(one - other) / math.sqrt(2))
    assert [row["accuracy"]["value"] for row in told["runs"]] == [one, other]
    assert json.loads(Path("runs/colours-seeds-1/several.json").read_text())["accuracy"] == told["accuracy"]
    assert main(["runs"]) == 0
    assert "seed-6" in capsys.readouterr().out
    assert f"2 seeds, {percent(found.accuracy.mean)} right" in repr(found)
    shown = found._repr_html_()
    assert shown.count("<tr>") == 3
    assert all(run.metrics.accuracy.bounds in shown and str(run.path) in shown for run in found.runs)


def test_few_pictures_are_judged_by_the_same_folds_for_all_seeds(tmp_path, monkeypatch):
    """About a hundred pictures, and nobody says how to judge; what differs from seed to seed is told under its name."""
    monkeypatch.setattr(folds, "K", 2)
    data, said = write_pictures(tmp_path / "few", 33), Said()
    (data / "red" / "broken.png").write_bytes(b"no picture")
    wanted = {key: value for key, value in ONCE.items() if key != "folds"} | {"epochs": 3, "learning_rate": 1e-7}
    found = olhar.train(data, seeds=2, into=tmp_path / "seeds", progress=said, **wanted)
    first, second = found.runs
    assert (first.measured, second.measured) == ("folds", "folds")
    assert (first.metrics.accuracy.n, second.metrics.accuracy.n) == (99, 99)
    for place in ("", "fold-1", "fold-2"):
        assert (first.path / place / "split.csv").read_text() == (second.path / place / "split.csv").read_text()
    assert first.history[0]["loss"] != second.history[0]["loss"]

    def told(words):
        return [line for line in said.lines if words in line]

    assert len(told("cannot be read")) == len(told("Network cnn")) == len(told("too few to judge by")) == 1
    assert len(told("Computing in")) == 1
    assert not told("epoch  ")
    assert not told("Writing model.onnx")
    assert told("Seed 0 (1 of 2): Fold 1 of 2: After epoch 3")
    assert told("Seed 1 (2 of 2): After epoch 3")

    again = Recipe().with_({"seed": 7, "split_from": str(second.path)})
    assert dealt_by(again) == 0
    assert settle_folds(prepare(data, again, said), split_given=False, progress=said).recipe.folds == 2
    with pytest.raises(RunError):
        dealt_by(again.with_({"split_from": str(tmp_path / "nowhere")}))


def test_a_start_that_fails_leaves_the_name_free(tmp_path):
    with pytest.raises(DataError):
        olhar.train(tmp_path / "colors", seeds=2, into=tmp_path / "seeds", **ONCE)
    assert not (tmp_path / "seeds").exists()
    with pytest.raises(RecipeError):
        olhar.train(write_pictures(tmp_path / "colours", 4), seeds=2, into=tmp_path / "seeds", **ONCE | {"model": "cmm"})
    assert not (tmp_path / "seeds").exists()


def tiny(channels, classes, _size):
    """A network of the person's own."""
    return nn.Sequential(nn.Conv2d(channels, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, classes))


OWN = {"model": tiny, "epochs": 1, "batch": 8, "folds": 0}


class StopInTheFirst(StopInTheSecond):
    """A person who stops while the first seed learns."""

    def stage(self, text, total):

        text = str(text)
        return super().stage(text.replace("Seed 0", "Seed 6"), total)


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """Two seeds with a network, names and a keep list from Python, one of which has begun."""
    root = tmp_path_factory.mktemp("several")
    data = write_pictures(root / "colours", 12)
    names = [f"{colour}/{place:03}.png" for colour in COLOURS for place in range(10)]
    keep = KeepList("mine.csv", names, [""] * len(names), [""] * len(names))
    asked = OWN | {"names": {"blue": "Azul", "red": "Vermelho"}, "keep": keep, "progress": StopInTheFirst()}
    patch = pytest.MonkeyPatch()
    patch.setenv("OLHAR_CACHE", str(root / "cache"))
    patch.setenv("OLHAR_LANGUAGE", "en")
    with pytest.raises(Stopped):
        olhar.train(data, seeds=2, into=root / "seeds", **asked)
    patch.undo()
    return root / "seeds"


def test_seeds_that_go_on_have_all_that_they_were_begun_with(stopped, tmp_path):
    shutil.copytree(stopped, tmp_path / "seeds")
    found = olhar.train(into=tmp_path / "seeds", resume=True, model=tiny)
    for run in found.runs:
        assert run.signature.names == ("Azul", "green", "Vermelho")
        assert tomllib.loads((run.path / "recipe.toml").read_text())["model"] == "own:tiny"
        assert len(rows_of(run.path / "split.csv")) == 30
    assert parts(found.runs[0]) == parts(found.runs[1])
    assert olhar.train(into=tmp_path / "seeds", resume=True).accuracy == found.accuracy


def test_who_asks_to_stop_in_the_only_step_of_a_seed_is_heard(tmp_path):
    data = write_pictures(tmp_path / "colours", 12)
    with pytest.raises(Stopped) as error:
        olhar.train(data, seeds=2, into=tmp_path / "seeds", progress=StopInTheFirst(), **ONCE | {"batch": 256})
    assert_says(error, "0 of 2")
    assert not (tmp_path / "seeds" / "seed-1").exists()
    assert len(olhar.train(into=tmp_path / "seeds", resume=True).runs) == 2


def refused(error, stopped, *words, **typed):
    with pytest.raises(error) as told:
        olhar.train(into=stopped, resume=True, **typed)
    assert_says(told, *words)


def test_what_seeds_cannot_keep_is_asked_for_and_what_differs_is_refused(stopped, tmp_path):
    refused(RecipeError, stopped, "own:tiny", "Hand it over again")
    refused(RunError, stopped, "learning_rate = 0.0, not 0.5", model=tiny, learning_rate=0.5)
    refused(RunError, stopped, "model = own:tiny, not cnn", model="cnn")
    (tmp_path / "r.toml").write_text("epochs = 7\nlabel_smoothing = 0.3\n")
    refused(RunError, stopped, "label_smoothing = 0.1, not 0.3", model=tiny, recipe=tmp_path / "r.toml")
    refused(RunError, stopped, "--names", model=tiny, names={"blue": "Blau"})
    refused(RunError, stopped, "--lambda", model=tiny, lambdas={"scale": "x / 255"})
    refused(RunError, stopped, "--architecture", model=tiny, architecture="model.json")
    refused(RunError, stopped, "other.csv", model=tiny, keep=KeepList("other.csv", ["blue/000.png"], [""], [""]))
    refused(RunError, stopped, "2 seeds, not 3", model=tiny, seeds=3)


def test_a_seed_that_has_not_begun_takes_no_other_pictures_than_the_first(stopped, tmp_path):
    shutil.copytree(stopped, tmp_path / "seeds")
    shutil.rmtree(tmp_path / "seeds" / "seed-1", ignore_errors=True)
    olhar.train(into=tmp_path / "seeds" / "seed-0", resume=True, model=tiny)
    other = write_pictures(tmp_path / "colours", 12, start=7)
    with pytest.raises(RunError) as error:
        olhar.train(other, into=tmp_path / "seeds", resume=True, model=tiny)
    assert_says(error, "other pictures or classes")
    assert not (tmp_path / "seeds" / "seed-1").exists()


def test_arrays_are_asked_for_again(tmp_path):
    pixels = np.concatenate([[noisy(colour, seed) for seed in range(12)] for colour in COLOURS.values()])
    arrays = {"x": pixels, "y": np.repeat(np.arange(3), 12)}
    with pytest.raises(Stopped):
        olhar.train(arrays, seeds=2, into=tmp_path / "seeds", progress=StopInTheFirst(), **ONCE)
    with pytest.raises(RunError) as error:
        olhar.train(into=tmp_path / "seeds", resume=True)
    assert_says(error, "handed over in Python", "resume=True")


def test_numbers_of_two_kinds_have_no_mean(run, tmp_path):
    """As folders have it that were begun when the later seeds took no folds."""
    folder = RunFolder.create(tmp_path / "seeds")
    SeedsPlan.of(Request("colours"), 2).write(folder)
    for seed in (0, 1):
        shutil.copytree(run.path, folder.path / f"seed-{seed}")
    found = json.loads((run.path / "metrics.json").read_text())
    found["validation"] = found.pop("test")
    (folder.path / "seed-1" / "metrics.json").write_text(json.dumps(found))
    with pytest.raises(RunError) as error:
        olhar.train(into=folder.path, resume=True)
    assert_says(error, "seed-0 was judged on a test part", "seed-1 on validation", "--into")


def test_seeds_that_cannot_be_are_told(coloured, run, tmp_path):
    with pytest.raises(UsageError) as error:
        olhar.train(coloured, seeds=1)
    assert_says(error, "--seeds 3")
    with pytest.raises(RunError) as error:
        olhar.train(coloured, seeds=2, into=run.path, resume=True)
    assert_says(error, "--seeds 3")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "notes.txt").touch()
    with pytest.raises(RunError) as error:
        olhar.train(coloured, seeds=2, into=tmp_path / "run")
    assert_says(error, "run-2")
