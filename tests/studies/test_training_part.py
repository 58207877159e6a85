"""Seeds and folds that are trained elsewhere come back as whole runs, the same as those that are trained here."""

import json

import pytest

from olhar.base.errors import Stopped, UsageError
from olhar.jobs.logs import Logs
from olhar.runs.folder import RunFolder
from olhar.runs.request import Request
from olhar.studies.carried_training import write_files
from olhar.studies.several import train_seeds
from olhar.studies.train_run import train_run
from tests.conftest import assert_says
from tests.trained import QUICK, Said
from tests.travelling import Pickled, files

FIELDS = QUICK | {"epochs": 2, "threads": 1, "precision": "fp32"}
SAME = ("model.onnx", "split.csv", "predictions-*.csv", "signature.json", "golden.json")
"""What holds no time, no address and no order of a table."""


def seeds(data, into, runner, n=2, resume=False, said=None, **fields):
    request = Request(data=data, fields=FIELDS | fields)
    how = {"resume": resume, "progress": said or Said(), "logs": Logs()}
    return train_seeds(request, n, into, **how, **({"runner": runner} if runner else {}))


def test_seeds_trained_elsewhere_are_those_trained_here(coloured, tmp_path):
    said = Said()
    here = seeds(coloured, tmp_path / "here", None)
    there = seeds(coloured, tmp_path / "there", Pickled(), said=said)
    assert files(tmp_path / "here", *SAME) == files(tmp_path / "there", *SAME)
    assert there.accuracy == here.accuracy
    assert sum("Seed 1" in line and "95% interval" in line for line in said.lines) == 1
    names = [sorted(path.relative_to(one.folder.path).as_posix() for path in one.folder.path.rglob("*")) for one in (here, there)]
    assert names[0] == names[1]


def test_a_name_of_the_run_and_no_path_of_the_worker_stands_in_its_files(coloured, tmp_path):
    seeds(coloured, tmp_path / "there", Pickled())
    report = (tmp_path / "there" / "seed-0" / "report.html").read_text(encoding="utf-8")
    assert "seed-0" in report
    for path in (tmp_path / "there").rglob("*"):
        assert path.is_dir() or b"/olhar-" not in path.read_bytes(), path


def test_seeds_that_were_stopped_go_on_with_what_is_missing(coloured, tmp_path):
    into = tmp_path / "there"
    with pytest.raises(Stopped) as told:
        seeds(coloured, into, Pickled(stop=1, error=Stopped("scale.stopped")), n=3)
    assert_says(told, "1 of 3")
    first = (into / "seed-0" / "metrics.json").read_bytes()
    runner = Pickled()
    seeds(coloured, into, runner, n=3, resume=True)
    assert len(runner.weights) == 2
    assert (into / "seed-0" / "metrics.json").read_bytes() == first
    seeds(coloured, tmp_path / "here", None, n=3)
    assert files(tmp_path / "here", *SAME) == files(into, *SAME)


@pytest.fixture
def folds(pictures, tmp_path):
    def train(name, runner=None, **how):
        request = Request(data=pictures, fields=FIELDS | {"folds": 3})
        how = {"resume": False, "progress": Said()} | how
        return train_run(request, tmp_path / name, **how, **({"runner": runner} if runner else {}))

    return train


def test_folds_trained_elsewhere_are_those_trained_here(folds, tmp_path):
    folds("here")
    folds("there", Pickled())
    assert files(tmp_path / "here", *SAME) == files(tmp_path / "there", *SAME)
    numbers = [json.loads((tmp_path / name / "metrics.json").read_text(encoding="utf-8"))["folds"] for name in ("here", "there")]
    assert numbers[0] == numbers[1]


def test_folds_that_were_stopped_go_on_with_what_is_missing(folds, tmp_path):
    with pytest.raises(Stopped) as told:
        folds("there", Pickled(stop=2, error=Stopped("scale.stopped")))
    assert_says(told, "2 of 3")
    runner = Pickled()
    folds("there", runner, resume=True)
    assert len(runner.weights) == 1
    folds("here")
    assert files(tmp_path / "here", *SAME) == files(tmp_path / "there", *SAME)


def test_one_training_is_not_divided_and_that_is_said(coloured, tmp_path):
    said, runner = Said(), Pickled()
    train_run(Request(data=coloured, fields=FIELDS), tmp_path / "one", resume=False, progress=said, runner=runner)
    assert any("falls into parts" in line for line in said.lines)
    assert not runner.weights


@pytest.mark.parametrize(
    ("logs", "fields", "word"), [(Logs(tensorboard=""), {}, "--tensorboard"), (Logs(), {"device": "cuda"}, "graphics card")]
)
def test_what_cannot_travel_is_refused_and_nothing_is_left(coloured, tmp_path, monkeypatch, logs, fields, word):
    monkeypatch.setattr("olhar.jobs.job.refuse_engine", lambda _: None)
    request = Request(data=coloured, fields=FIELDS | fields)
    with pytest.raises(UsageError) as told:
        train_seeds(request, 2, tmp_path / "x", resume=False, progress=Said(), logs=logs, runner=Pickled())
    assert_says(told, word, "--on")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", ["../out", "/out", "a/../../out"])
def test_nothing_that_comes_back_is_written_outside_the_run(tmp_path, name):
    run = RunFolder.create(tmp_path / "run")
    with pytest.raises(ValueError, match="out"):
        write_files(run, {name: b""})
    assert not (tmp_path / "out").exists()
