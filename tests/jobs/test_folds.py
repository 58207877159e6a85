"""Estimates by folds: every picture judged once by a model that did not see it, and a kept model without a test part."""

import json
import os
import shutil
import signal
import tomllib

import pytest

import olhar
from olhar.base.errors import DataError, RecipeError, Stopped
from olhar.cli.app import main
from olhar.evaluation.predictions import Predictions
from olhar.jobs.folds import IN_ALL, settle_folds
from olhar.jobs.prepare import prepare
from olhar.training.recipe import Recipe
from tests.conftest import assert_says, write_pictures
from tests.trained import QUICK, Said, rows_of

FOLDED = QUICK | {"epochs": 2, "batch": 8, "folds": 2}


class StopInTheSecond(Said):
    """A person who stops while the second fold learns."""

    def stage(self, text, _total):

        text = str(text)
        if text.startswith("Fold 2") and "Training" in text:
            os.kill(os.getpid(), signal.SIGINT)
        return super().stage()


def test_folds_judge_each_picture_once_and_the_kept_model_needs_no_test_part(tmp_path, capsys):
    """Stopped in the second fold, gone on with, and looked at from all sides."""
    data, into = write_pictures(tmp_path / "colours", 12), tmp_path / "run"
    shutil.copyfile(data / "blue" / "000.png", data / "blue" / "copy.png")
    with pytest.raises(Stopped) as error:
        olhar.train(data, into=into, progress=StopInTheSecond(), **FOLDED)
    assert_says(error, "1 of 2", "--resume --into")
    before = (into / "fold-1" / "model.onnx").stat().st_mtime_ns
    said = Said()
    run = olhar.train(into=into, resume=True, progress=said)
    parts = [row["part"] for row in rows_of(into / "split.csv")]
    assert any(f"{parts.count('train')} pictures teach it, {parts.count('validation')} choose" in line for line in said.lines)
    assert sum("Network cnn" in line for line in said.lines) == 1
    assert (into / "fold-1" / "model.onnx").stat().st_mtime_ns == before

    judged = Predictions.from_csv((into / "predictions-folds.csv").read_text(), "there")
    joined = dict(zip(judged.pictures, judged.probabilities.tolist(), strict=True))
    assert len(joined) == len(judged) == 37
    held, each = [], []
    for fold in (into / "fold-1", into / "fold-2"):
        tested = {row["picture"] for row in rows_of(fold / "split.csv") if row["part"] == "test"}
        assert ("blue/000.png" in tested) == ("blue/copy.png" in tested)
        said = Predictions.from_csv((fold / "predictions-test.csv").read_text(), "there")
        assert set(said.pictures) == tested
        assert all(joined[name] == row for name, row in zip(said.pictures, said.probabilities.tolist(), strict=True))
        held += sorted(tested)
        each.append(olhar.Run(fold).metrics.accuracy.value)
    assert sorted(held) == sorted(joined)

    assert (parts.count("test"), parts.count("train") + parts.count("validation")) == (0, 37)
    right = sum(row["label"] == row["predicted"] for row in rows_of(into / "predictions-folds.csv"))
    assert (run.measured, run.metrics.accuracy.n, round(run.metrics.accuracy.value * 37)) == ("folds", 37, right)
    assert run.evaluate("test") is run.metrics
    assert run.folds is not None
    assert run.folds.accuracy.mean == pytest.approx(sum(each) / 2)
    page = (into / "report.html").read_text(encoding="utf-8")
    assert "measured by 2 folds" in page
    assert "used once, at the end" not in page
    assert main(["train", "--resume", "--into", str(into)]) == 0
    assert "had not seen it" in capsys.readouterr().out
    assert main(["train", "--resume", "--into", str(into), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["folds"]["accuracy"]["n"] == 37
    (into / "fold-2" / "metrics.json").unlink()
    assert olhar.train(into=into / "fold-2", resume=True).measured == "test"  # one fold alone is an ordinary run


def test_a_test_part_that_the_data_brings_stays_out_of_the_folds(coloured, tmp_path):
    said = Said()
    run = olhar.train(coloured, into=tmp_path / "run", progress=said, **FOLDED)
    assert any("outside the test part" in line for line in said.lines)
    names = [row["picture"] for row in rows_of(run.path / "predictions-folds.csv")]
    assert len(names) == 72
    assert not any(name.startswith("test/") for name in names)
    assert (run.measured, run.metrics.accuracy.n) == ("test", 36)
    assert run.folds.metrics.accuracy.n == 72


def settled(data, split_given=False, **fields):
    """How many folds a training of its own accord takes, and what it says of it."""
    said = Said()
    prepared = prepare(data, Recipe().with_(fields), said)
    return settle_folds(prepared, split_given, said).recipe.folds, " ".join(said.lines)


def test_few_pictures_are_judged_by_folds_unless_a_split_is_given_or_time_is_short(coloured, tmp_path):
    data = write_pictures(tmp_path / "few", 8)
    k, said = settled(data)
    assert k == 5
    assert "--folds 0" in said
    assert settled(data, folds=0)[0] == settled(data, split_given=True)[0] == settled(data, split="70/30")[0] == 0
    k, said = settled(data, minutes=5.0)
    assert k == 0
    assert "--minutes 6" in said
    assert settled(data, minutes=6.0)[0] == 5
    assert settled(coloured)[0] == 0  # it brings a test part


def test_every_seed_of_the_same_data_goes_the_same_way():
    """Of 1,797 digits 180 are test pictures on the mean; seed 3 draws 149, which alone would be too few."""
    found = [prepare("digits", Recipe(model="cnn", seed=seed), Said()) for seed in (0, 3)]
    assert len(found[1].rows("test")) < IN_ALL < len(found[0].rows("test"))
    assert [settle_folds(prepared, False, Said()).recipe.folds for prepared in found] == [0, 0]


def test_folds_that_cannot_be_are_told(tmp_path):
    data = write_pictures(tmp_path / "few", 4)
    with pytest.raises(RecipeError) as error:
        olhar.train(data, folds=1, into=tmp_path / "run")
    assert_says(error, "--folds 5")
    (tmp_path / "few" / "lonely").mkdir()
    shutil.copyfile(data / "blue" / "000.png", tmp_path / "few" / "lonely" / "one.png")
    with pytest.raises(DataError):
        olhar.train(data, model="cnn", folds=3, into=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_folds_balance_as_the_kept_model_does_and_not_each_by_its_own_pictures(tmp_path, monkeypatch):
    """The pictures are of equal classes: a fold that asked its own would not balance."""
    data, into = write_pictures(tmp_path / "set", per_class=8), tmp_path / "run"
    monkeypatch.setattr("olhar.studies.folds.settle_balance", lambda recipe, _: recipe.with_({"balance": "sampling"}))
    olhar.train(data, into=into, **FOLDED | {"epochs": 1})
    recipes = [tomllib.loads((into / name / "recipe.toml").read_text(encoding="utf-8")) for name in ("fold-1", "fold-2")]
    assert [recipe["balance"] for recipe in recipes] == ["sampling", "sampling"]
