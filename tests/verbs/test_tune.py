"""Tuning: validation alone judges, what was learnt survives a kill, and the end is a recipe that train takes."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
import tomllib

import numpy as np
import pytest
import torch

import olhar
from olhar.base import extras
from olhar.base.errors import ExtraError, RecipeError, RunError, Stopped, UsageError
from olhar.base.texts import percent
from olhar.cli.app import main
from olhar.training.recipe import Recipe
from tests.conftest import assert_says, encoded, write_pictures
from tests.trained import Said

RANGES = {"learning_rate": [0.0005, 0.05], "augment": ["none", "light", "standard"]}
FIXED = {"model": "cnn", "width": 4, "epochs": 2, "batch": 16, "threads": 1}


@pytest.fixture(autouse=True)
def _optuna():
    pytest.importorskip("optuna", reason="the extra [tune] is not installed")


class Flat(torch.nn.Sequential):
    """A person's own network."""

    def __init__(self, channels, classes, size):
        super().__init__(torch.nn.Flatten(), torch.nn.Linear(channels * size[0] * size[1], classes))


class StopAfter(Said):
    """A person who has seen so many trials."""

    def __init__(self, trials):
        super().__init__()
        self.trials = trials

    def line(self, text):

        text = str(text)
        super().line(text)
        if text.startswith(f"Trial {self.trials}:"):
            os.kill(os.getpid(), signal.SIGINT)


def searched(data, into, trials=3, **more):
    with pytest.raises(Stopped):
        olhar.tune(data, **{"into": into, "minutes": 5, "ranges": RANGES, "progress": StopAfter(trials)} | FIXED | more)
    return trials_in(into)


def trials_in(into):
    return [json.loads(line) for line in (into / "trials.jsonl").read_text().splitlines()]


def test_no_test_picture_has_a_say(tmp_path):
    """Two sets that differ in their test part alone give the same trials, number for number."""
    found = []
    for name in ("one", "other"):
        data = write_pictures(tmp_path / name / "set", 12, prefix="train")
        write_pictures(data, 6, prefix="test", start=500)
        if name == "other":
            for path in (data / "test").rglob("*.png"):
                path.write_bytes(encoded(np.random.default_rng(len(found)).integers(0, 255, (16, 16, 3)).astype(np.uint8)))
        rows = searched(data, tmp_path / name / "tune")
        found.append([(row["params"], row["values"]) for row in rows if row["state"] != "running"])
    assert found[0] == found[1]
    assert len(found[0]) == 3


def test_it_ends_in_a_recipe_that_train_takes_with_how_it_came_about(coloured, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(
        'model = "cnn"\nwidth = 4\nbatch = 16\nthreads = 1\n[tune]\nlearning_rate = [0.0005, 0.05]\ndropout = [0, 0.5]\n'
    )
    words = ["tune", str(coloured), "--minutes", "0.1", "--into", "found", "--recipe", "mine.toml", "--epochs", "2", "--json"]
    assert main([*words, "--seed", "3"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["read_as"]["classes"] == 3
    text = (tmp_path / "found" / "best.toml").read_text()
    best = tomllib.loads(text)
    command = f"olhar tune {coloured} --minutes 0.1 --recipe found/recipe.toml --epochs 2"
    assert text.startswith(f"# {command}\n")
    assert "No test picture was used" in text
    assert best["learning_rate"] == told["best"]["params"]["learning_rate"]
    assert (best["model"], best["width"], "epochs" in best) == ("cnn", 4, False)
    rows = [json.loads(line) for line in (tmp_path / "found" / "trials.jsonl").read_text().splitlines()]
    assert told["best"]["value"] == max(max(row["values"], default=0) for row in rows if row["state"] == "complete")
    assert told["next"] == f"olhar train {coloured} --recipe found/best.toml"
    assert main([*told["next"].split()[1:], "--epochs", "1", "--into", "run"]) == 0
    assert tomllib.loads((tmp_path / "run" / "recipe.toml").read_text())["dropout"] == best["dropout"]
    capsys.readouterr()
    assert main(["tune", "--resume", "--into", "found"]) == 0  # its time is used up: nothing but its end again
    assert "did best" in capsys.readouterr().out
    assert (tmp_path / "found" / "best.toml").read_text() == text
    (tmp_path / "mine.toml").write_text("epochs = 50\n")  # whatever becomes of the recipe, its command tunes the same again
    with pytest.raises(Stopped):
        olhar.tune(coloured, minutes=5, recipe="found/recipe.toml", epochs=2, into="again", progress=StopAfter(1))
    apart = {"minutes": 0, "typed": [], "over": False}
    plans = [json.loads((tmp_path / name / "tune.json").read_text()) | apart for name in ("found", "again")]
    assert plans[0] == plans[1]
    assert (tmp_path / "again" / "recipe.toml").read_text() == (tmp_path / "found" / "recipe.toml").read_text()
    assert "seed = 3" in text


def test_a_stopped_search_goes_on_with_what_it_knows_and_shows_what_mattered(coloured, tmp_path):
    before = searched(coloured, tmp_path / "tune", trials=2)
    with pytest.raises(Stopped) as error:
        olhar.tune(into=tmp_path / "tune", resume=True, progress=StopAfter(7))
    assert_says(error, "7 trials", "olhar tune --resume --into")
    rows = [json.loads(line) for line in (tmp_path / "tune" / "trials.jsonl").read_text().splitlines()]
    assert rows[:2] == before[:2]
    assert rows[2]["params"] == before[2]["params"]  # the one that was cut off is tried again
    plan = json.loads((tmp_path / "tune" / "tune.json").read_text())
    (tmp_path / "tune" / "tune.json").write_text(json.dumps(plan | {"minutes": 1e-9}))
    found = olhar.tune(into=tmp_path / "tune", resume=True)
    whole = [one for one in found.trials if one.state == "complete"]
    assert found.recipe.learning_rate == found.best.params["learning_rate"]
    assert f"the best {percent(found.best.value)} on validation" in repr(found)
    first = found._repr_html_().partition("<tbody>")[2].partition("</tr>")[0]
    assert f">{found.best.number}<" in first
    assert "learning_rate" in first
    if len({one.value for one in whole}) > 1 and len(whole) > 3:
        assert sum(found.importance.values()) == pytest.approx(1)
        assert (tmp_path / "tune" / "importance.png").is_file()


def over(into):
    """End a tuning as if its time were up."""
    plan = json.loads((into / "tune.json").read_text())
    (into / "tune.json").write_text(json.dumps(plan | {"minutes": 1e-9}))
    return olhar.tune(into=into, resume=True, progress=Said())


def test_more_minutes_go_on_after_a_stop_and_the_best_so_far_stays(coloured, tmp_path):
    into = tmp_path / "tune"
    searched(coloured, into, trials=1)
    over(into)
    with pytest.raises(Stopped):
        olhar.tune(into=into, resume=True, minutes=5, progress=StopAfter(2))
    assert (into / "best.toml").is_file()
    with pytest.raises(Stopped):  # it learns: its minutes are not used up
        olhar.tune(into=into, resume=True, progress=StopAfter(3))


def test_a_trial_that_time_cuts_off_is_tried_again_by_the_command_that_is_told(coloured, tmp_path, monkeypatch):
    into, said = tmp_path / "my runs" / "tune", Said()
    cut_off = searched(coloured, into, trials=1)[1]["params"]
    with monkeypatch.context() as patch:
        patch.setattr("olhar.studies.trial_part.run_trial", lambda _plan, _prepared, one, *_: one)
        olhar.tune(into=into, resume=True, progress=said)
    assert any(line.endswith(f"olhar tune --resume --into '{into}' --minutes 10") for line in said.lines)
    with pytest.raises(Stopped):
        olhar.tune(into=into, resume=True, minutes=10, progress=StopAfter(2))
    assert trials_in(into)[1]["params"] == cut_off


def test_the_length_of_a_trial_is_not_that_of_the_training_that_follows(coloured, tmp_path):
    searched(coloured, tmp_path / "tune", trials=1, recipe=Recipe(epochs=7))
    found = over(tmp_path / "tune")
    assert (found.recipe.epochs, len(found.best.values)) == (7, FIXED["epochs"])
    olhar.tune(into=tmp_path / "tune", resume=True, recipe=Recipe(epochs=7), progress=Said(), **FIXED)
    with pytest.raises(RunError) as error:
        olhar.tune(into=tmp_path / "tune", resume=True, epochs=7)
    assert_says(error, "epochs = 2", "7")


def test_what_is_no_tuning_is_told_with_a_free_name(run):
    with pytest.raises(RunError) as error:
        olhar.tune(into=run.path, resume=True)
    assert_says(error, f"--into {run.path}-2")


def test_a_kill_loses_at_most_the_trial_under_way(coloured, tmp_path):
    into = tmp_path / "tune"
    code = textwrap.dedent(f"""
        import olhar
        olhar.tune({str(coloured)!r}, into={str(into)!r}, minutes=5, ranges={RANGES!r}, **{FIXED!r})
    """)
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    file = into / "trials.jsonl"
    while child.poll() is None and (not file.exists() or file.read_text().count("complete") < 2):
        time.sleep(0.02)
    child.kill()
    child.wait()
    before = [json.loads(line) for line in file.read_text().splitlines()]
    assert sum(row["state"] == "complete" for row in before) >= 2
    with pytest.raises(Stopped):
        olhar.tune(into=into, resume=True, progress=StopAfter(len(before) + 1))
    after = [json.loads(line) for line in file.read_text().splitlines()]
    ended = [row for row in before if row["state"] != "running"]
    assert after[: len(ended)] == ended


def test_what_mattered_is_drawn_in_both_languages(tmp_path):
    from olhar.base.texts import speaking
    from olhar.reporting.importance import importance
    from olhar.training.ranges import read_ranges

    trials = [({"learning_rate": 10**-n, "model": ("cnn", "quick")[n % 2]}, 0.5 + 0.1 * n) for n in range(1, 5)]
    found = read_ranges({"learning_rate": [1e-5, 1.0], "model": ["cnn", "quick"]})
    drawn = set()
    for language in ("en", "pt-BR"):
        with speaking(language):
            drawn.add(importance({"learning_rate": 0.9, "model": 0.1}, trials, found, "accuracy"))
    assert len(drawn) == 2
    assert all(one.startswith(b"\x89PNG") for one in drawn)
    assert tmp_path


def test_what_cannot_be_tuned_is_told_before_anything_is_written(coloured, run, tmp_path, monkeypatch):
    cases = [
        (RecipeError, {"ranges": {"size": [16, 32]}}, ("size",)),
        (RecipeError, {"ranges": {"dropout": [0.3]}}, ("dropout", "0.3")),
        (RecipeError, {"ranges": {"learningrate": [0.1, 0.2]}}, ("learning_rate",)),
        (RecipeError, {"ranges": {"dropout": [0, 2]}}, ("dropout",)),
        (RecipeError, {"ranges": {"patience": [3, 9]}}, ("patience", "all of its epochs")),
        (RecipeError, {"ranges": {"keep_by": ["loss", "f1"]}}, ("keep_by",)),
        (RecipeError, {"ranges": {"stop_at": ["", "f1>=0.9"]}}, ("stop_at",)),
        (RecipeError, {"ranges": {"momentum": [0.8, 0.99]}, "optimizer": "adamw"}, ("momentum", "optimizer", "sgd, muon")),
        (RecipeError, {"ranges": {"width": [8, 16]}, "model": Flat}, ("width", "own:Flat")),
        (UsageError, {"minutes": 0}, ("--minutes 10",)),
        (UsageError, {"minutes": -1, "into": run.path, "resume": True}, ("--minutes 10",)),
        (RunError, {"into": run.path}, ("exists",)),
        (RunError, {"into": run.path, "resume": True}, ("not a tuning",)),
        (RunError, {"resume": True}, ("--into",)),
    ]
    for kind, wanted, words in cases:
        with pytest.raises(kind) as error:
            olhar.tune(coloured, **{"into": tmp_path / "tune"} | wanted if wanted != {"resume": True} else wanted)
        assert_says(error, *words)
    with pytest.raises(UsageError) as error:
        olhar.tune()
    assert_says(error, "olhar tune digits")
    assert not (tmp_path / "tune").exists()
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "optuna" else object())
    with pytest.raises(ExtraError) as error:
        olhar.tune(coloured)
    assert_says(error, "optuna", 'pip install "olhar[tune]"')


def test_what_failed_is_asked_for_less():
    from olhar.studies.optuna_study import Study
    from olhar.studies.trial import Trial
    from olhar.training.ranges import read_ranges

    found, trials = read_ranges({"model": ["cnn", "resnet"], "batch": [8, 64]}), []
    for again in (False, True):  # as it learns, and from what was kept
        study = Study(found, trials, 0, 3)
        for number in range(len(trials) + 1, len(trials) + 31):
            asked = study.ask()
            fails = study.chosen(asked)["model"] == "resnet"
            values = () if fails else (0.5, 0.9)
            trials.append(Trial(number, "failed" if fails else "complete", study.chosen(asked), values))
            study.tell(asked, trials[-1])
        states = [one.state for one in trials[-20:]]
        assert states.count("failed") < 10, again


@pytest.mark.parametrize("low", [0.00123456, 0.0005])
def test_what_is_chosen_is_written_in_three_digits_and_stays_in_its_range(low):
    from olhar.studies.optuna_study import Study
    from olhar.training.ranges import read_ranges

    study = Study(read_ranges({"learning_rate": [low, 0.05], "dropout": [0.0, 0.5], "width": [8, 64]}), [], 0, 3)
    for _ in range(30):
        found = study.chosen(study.ask())
        assert low <= found["learning_rate"] <= 0.05
        assert found["learning_rate"] in (low, float(f"{found['learning_rate']:.3g}"))
        assert isinstance(found["width"], int)
