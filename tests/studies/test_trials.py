"""The trials of a tuning: what is chosen acts, one measure judges all, and one that fails or is cut off ends no tuning."""

from dataclasses import dataclass, field
from itertools import count
from types import SimpleNamespace

import pytest

import olhar
from olhar.base.errors import RunError, Stopped, TrainingError
from olhar.studies import trial_part, trials
from olhar.studies.trial import Trial
from olhar.studies.trial_recipe import trial_recipe
from olhar.studies.tuning_plan import TuningPlan
from olhar.training.ranges import OneOf, default_ranges, read_ranges, refuse_idle
from olhar.training.recipe import Recipe
from tests.conftest import assert_says
from tests.trained import Said
from tests.verbs.test_tune import FIXED, RANGES, StopAfter, searched, trials_in

FOUND = Recipe().with_({"size": 16, "colour": "rgb", "fit": "stretch", "batch": 64, "model": "cnn", "threads": 1})


@pytest.fixture(autouse=True)
def _optuna():
    pytest.importorskip("optuna", reason="the extra [tune] is not installed")


@dataclass(frozen=True)
class Pictures:
    """What a trial takes of prepared pictures."""

    recipe: Recipe = FOUND
    dataset: object = field(default_factory=lambda: SimpleNamespace(mirrorable=True))


def a_recipe(**params):
    return trial_recipe(Recipe(patience=3, stop_at="f1>=0.9"), Pictures(), params)


def test_what_is_chosen_wins_over_what_the_data_decides():
    chosen = a_recipe(batch=16, model="resnet", balance="weights")
    assert (chosen.batch, chosen.model, chosen.balance, chosen.size) == (16, "resnet", "weights", 16)
    left_open = a_recipe(batch=0, model="auto")
    assert (left_open.batch, left_open.model) == (64, "cnn")
    assert (chosen.patience, chosen.stop_at) == (0, "")


def test_what_acts_beside_another_field_can_be_tuned_where_that_one_may_be_chosen():
    found = read_ranges({"momentum": [0.8, 0.99], "optimizer": ["adamw", "sgd"]})
    refuse_idle(found, Recipe(), ours=True)
    refuse_idle(read_ranges({"momentum": [0.8, 0.99]}), Recipe(optimizer="muon"), ours=True)


def test_by_default_no_network_is_tried_that_has_no_use_for_what_was_asked():
    assert default_ranges(Recipe(norm="stage"), 0.01, ours=True)["model"] == OneOf(("cnn", "vgg"))
    assert default_ranges(Recipe(), 0.01, ours=True)["model"] == OneOf(("cnn", "quick", "resnet"))


def a_trial(monkeypatch, training_of, measure="accuracy"):
    monkeypatch.setattr(trials, "training_of", training_of)
    plan = TuningPlan(data="", minutes=1, epochs=1, recipe=Recipe(), ranges={}, keep="", measure=measure)
    return trials.run(plan, Pictures(), Trial(1, "running", {}), lambda *_: False, lambda: False)


@pytest.mark.parametrize(("measure", "value"), [("accuracy", 0.9), ("f1", 0.2)])
def test_all_trials_are_judged_by_the_measure_of_the_plan(monkeypatch, measure, value):
    epochs = [SimpleNamespace(epoch=1, val_f1=0.2, val_accuracy=0.9)]
    balanced = SimpleNamespace(train=[1], recipe=Recipe(balance="weights"), fit=lambda _: epochs, finished=True)
    assert a_trial(monkeypatch, lambda _: balanced, measure).values == (value,)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("Expected more than 1 value per channel when training\nand more"), "Expected more than 1 value per channel"),
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried to"), "Memory was not enough"),
        (TrainingError("training.not_finite", step=3, rate="0.5"), "0.5"),
    ],
)
def test_whatever_a_training_cannot_be_built_for_is_why_its_trial_failed(monkeypatch, error, words):
    def fails(_):
        raise error

    found = a_trial(monkeypatch, fails)
    assert found.state == "failed"
    assert words in found.reason
    assert "\n" not in found.reason


def test_choices_that_do_not_go_together_are_a_failed_trial_and_the_tuning_goes_on(coloured, tmp_path):
    said = StopAfter(8)
    rows = searched(coloured, tmp_path / "tune", progress=said, ranges={"model": ["cnn", "resnet"], "norm": ["stage", "off"]})
    by_model = {model: {row["state"] for row in rows[:8] if row["params"]["model"] == model} for model in ("cnn", "resnet")}
    assert by_model["resnet"] == {"failed"}
    assert "complete" in by_model["cnn"]
    assert all("norm" in row["reason"] for row in rows if row["state"] == "failed")
    assert any("failed" in line and "cnn, vgg" in line for line in said.lines)


def test_a_tuning_in_which_nothing_can_learn_says_why(coloured, tmp_path):
    with pytest.raises(RunError) as error:
        olhar.tune(coloured, into=tmp_path / "tune", minutes=5, ranges={"stages": ["4,8", "8,16"]}, progress=Said(), **FIXED)
    assert_says(error, "trials: 32", "stages ", "width 4")
    assert not (tmp_path / "tune" / "best.toml").exists()


def test_a_trial_that_the_end_of_the_time_cuts_off_counts_for_nothing_until_it_is_tried_again(coloured, tmp_path, monkeypatch):
    into, said, begun = tmp_path / "tune", Said(), count(1)

    def until(*_):
        number = next(begun)
        return lambda: number == 3

    monkeypatch.setattr(trial_part, "until", until)
    found = olhar.tune(coloured, into=into, minutes=5, ranges=RANGES, progress=said, **FIXED)
    monkeypatch.undo()
    assert [one.state for one in found.trials] == ["complete", "complete"]
    cut = trials_in(into)[2]
    assert (cut["state"], cut["values"]) == ("running", [])
    assert any(line.startswith("Trial 3: the time was up") for line in said.lines)
    with pytest.raises(Stopped):
        olhar.tune(into=into, resume=True, minutes=5, progress=StopAfter(3))
    again = trials_in(into)[2]
    assert again["params"] == cut["params"]
    assert len(again["values"]) == 2


def test_a_tuning_whose_time_ends_in_its_first_trial_says_so(coloured, tmp_path, monkeypatch):
    monkeypatch.setattr(trial_part, "until", lambda *_: lambda: True)
    with pytest.raises(RunError) as error:
        olhar.tune(coloured, into=tmp_path / "tune", minutes=5, ranges=RANGES, progress=Said(), **FIXED)
    assert_says(error, "no trial came to its end", "--resume", "--minutes 10")
