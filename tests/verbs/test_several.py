"""Several seeds in one command: whole runs on one split, mean and spread, and a way on after a stop."""

import json
import math
import os
import signal
from pathlib import Path

import pytest

import olhar
from olhar.base.errors import RunError, Stopped, UsageError
from olhar.cli.app import main
from olhar.verbs.several import Several
from tests.conftest import assert_says, write_pictures
from tests.trained import QUICK
from tests.verbs.test_train import Said, rows_of

ONCE = QUICK | {"epochs": 1, "batch": 8}


def parts(run):
    return {row["content"]: row["part"] for row in rows_of(run.path / "split.csv")}


class StopInTheSecond(Said):
    """A person who stops while the second seed learns."""

    def stage(self, text, _total):
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


def test_seeds_that_cannot_be_are_told(coloured, run, tmp_path):
    with pytest.raises(UsageError) as error:
        olhar.train(coloured, seeds=1)
    assert_says(error, "--seeds 3")
    with pytest.raises(RunError) as error:
        olhar.train(coloured, seeds=2, into=run.path, resume=True)
    assert_says(error, "--seeds 3")
    (tmp_path / "run").mkdir()
    with pytest.raises(RunError) as error:
        olhar.train(coloured, seeds=2, into=tmp_path / "run")
    assert_says(error, "run-2")
