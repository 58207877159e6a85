"""Numbers told elsewhere, read back with the libraries' own readers; and what happens when a place fails."""

import json
import sys

import pytest

import olhar
from olhar.base import extras
from olhar.base.errors import ExtraError, UsageError
from olhar.base.progress import Quiet
from olhar.jobs.logs import Log
from olhar.training.recipe import Recipe
from tests.conftest import assert_says
from tests.trained import QUICK, Said

TWICE = QUICK | {"epochs": 2}


@pytest.mark.filterwarnings("ignore")
def test_tensorboard_gets_every_number_of_each_epoch(coloured, tmp_path):
    pytest.importorskip("tensorboard", reason="the extra [tensorboard] is not installed")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    run = olhar.train(coloured, into=tmp_path / "run", tensorboard=tmp_path / "board", **TWICE)
    events = EventAccumulator(str(tmp_path / "board" / "run"))
    events.Reload()
    for row in run.history:
        for name in ("loss", "val_loss", "val_accuracy", "val_f1", "learning_rate"):
            (told,) = [one.value for one in events.Scalars(name) if one.step == row["epoch"]]
            assert told == pytest.approx(row[name], rel=1e-5)
    assert events.Scalars("recall/blue")
    assert events.Scalars("test/accuracy")[0].value == pytest.approx(run.metrics.accuracy.value)


@pytest.mark.filterwarnings("ignore")
def test_an_epoch_that_is_done_again_stands_once_in_tensorboard(tmp_path):
    pytest.importorskip("tensorboard", reason="the extra [tensorboard] is not installed")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    from olhar.jobs.log_tensorboard import TensorBoard

    for after, epochs in ((None, (1, 2, 3)), (2, (3, 4))):
        board = TensorBoard(tmp_path)
        board.begin({}, after)
        for epoch in epochs:
            board.numbers({"loss": 1.0 / epoch}, epoch)
        board.close("KILLED")
    events = EventAccumulator(str(tmp_path))
    events.Reload()
    assert [one.step for one in events.Scalars("loss")] == [1, 2, 3, 4]


@pytest.mark.filterwarnings("ignore")
def test_mlflow_gets_the_recipe_every_number_and_the_end(coloured, tmp_path, monkeypatch):
    pytest.importorskip("mlflow", reason="the extra [mlflow] is not installed")
    from mlflow.tracking import MlflowClient

    monkeypatch.chdir(tmp_path)
    run = olhar.train(coloured, into=tmp_path / "run", mlflow="", **TWICE)
    known = json.loads((run.path / "mlflow.json").read_text())["run_id"]
    client = MlflowClient("sqlite:///mlruns/mlflow.db")
    told = client.get_run(known)
    assert told.info.status == "FINISHED"
    assert told.data.params["optimizer"] == "adamw"
    assert told.data.metrics["test/accuracy"] == pytest.approx(run.metrics.accuracy.value)
    assert [one.step for one in client.get_metric_history(known, "val_loss")] == [1, 2]
    (run.path / "metrics.json").unlink()
    olhar.train(into=run.path, resume=True, mlflow="")
    assert json.loads((run.path / "mlflow.json").read_text())["run_id"] == known


class Broken:
    name = "MLflow"

    def __init__(self, at_once):
        self.at_once, self.closed = at_once, False

    def begin(self, *_):
        if self.at_once:
            raise ConnectionError("no answer from https://me:secret@there/api\nand more")

    def numbers(self, *_):
        raise ConnectionError("no answer from https://me:secret@there/api")

    def close(self, _state):
        self.closed = True


def test_a_place_that_fails_stops_nothing_and_tells_no_password():
    said = Said()
    log = Log([Broken(at_once=False)], said)
    log.begin(Recipe(), 0)
    log._numbers({"loss": 1.0}, 1)
    log._numbers({"loss": 1.0}, 2)
    assert len(said.lines) == 1
    assert "secret" not in said.lines[0]
    with pytest.raises(UsageError) as error:
        Log([Broken(at_once=True)], Quiet()).begin(Recipe(), 0)
    assert_says(error, "MLflow", "ConnectionError")
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("name", ["tensorboard", "mlflow"])
def test_a_missing_extra_is_one_line_with_the_command(name, coloured, tmp_path, monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda wanted: None if wanted == name else object())
    with pytest.raises(ExtraError) as error:
        olhar.train(coloured, into=tmp_path / "run", **{name: ""}, **TWICE)
    assert_says(error, f"--{name}", f'pip install "olhar[{name}]"')
    assert not (tmp_path / "run").exists()


def test_neither_library_is_touched_where_nobody_asks(coloured, tmp_path, monkeypatch):
    for name in ("mlflow", "tensorboard", "torch.utils.tensorboard"):
        monkeypatch.setitem(sys.modules, name, None)  # to import it is an error now
    assert olhar.train(coloured, into=tmp_path / "run", **TWICE).history
