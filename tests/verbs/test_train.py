import csv
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
import tomllib

import numpy as np
import pytest
from PIL import Image
from safetensors.torch import load_file

import olhar
from olhar.base import extras
from olhar.base.errors import DataError, ExtraError, RecipeError, RunError, Stopped
from olhar.cli.app import main
from olhar.jobs import job, learn
from olhar.runs.folder import RunFolder
from olhar.runs.samples import read_variations
from tests.conftest import assert_says, encoded, noisy, write_pictures
from tests.data.checks.test_audit import put
from tests.data.copies.test_near_copies import saved, scene
from tests.trained import EPOCH, QUICK, SAVING, Hook, Said, StopAtOnce, rows_of

FILES = [
    "recipe.toml",
    "request.json",
    "signature.json",
    "split.csv",
    "environment.json",
    "history.jsonl",
    "history.csv",
    "best.safetensors",
    "predictions-test.csv",
    "metrics.json",
    "report.html",
    "model.onnx",
    "golden.json",
    "labels.txt",
]


def test_a_run_holds_all_that_is_known_of_it(run):
    assert [name for name in FILES if not (run.path / name).is_file()] == []
    assert run.metrics.accuracy.n == 36
    assert run.metrics.accuracy.value > 0.9
    assert len(run.history) == 4
    for name in ("request.json", "signature.json", "environment.json", "metrics.json", "golden.json"):
        assert json.loads((run.path / name).read_text())["olhar"] == 1
    recipe = tomllib.loads((run.path / "recipe.toml").read_text())
    assert (recipe["size"], recipe["colour"], recipe["flip"]) == (16, "rgb", "on")
    parts = [row["part"] for row in rows_of(run.path / "split.csv")]
    assert (len(parts), parts.count("test")) == (108, 36)


def test_the_report_s_accuracy_counted_by_hand_is_the_same_to_the_last_picture(run, coloured):
    """What a person would do: ask for the test folder's pictures, and count."""
    answers = olhar.predict(run.path, coloured / "test")
    right = 0
    for row in csv.DictReader(answers.predictions.to_csv(truth=False).splitlines()):
        right += row["picture"].split("/")[0] == row["predicted"]
    accuracy = json.loads((run.path / "metrics.json").read_text())["test"]["accuracy"]
    assert (right, 36) == (round(accuracy["value"] * accuracy["n"]), accuracy["n"])
    kept = rows_of(run.path / "predictions-test.csv")
    assert [row["predicted"] for row in kept] == [answers.predictions.classes[i] for i in answers.predictions.predicted]


def test_the_pictures_that_judge_are_never_varied(coloured, tmp_path, monkeypatch):
    from olhar.bundle.predictor import Predictor
    from olhar.runs.behind import Behind

    asked: list[bytes] = []
    answer = Predictor.probabilities

    def noted(self, pixels):
        asked.extend(one.tobytes() for one in pixels)
        return answer(self, pixels)

    monkeypatch.setattr(Predictor, "probabilities", noted)
    monkeypatch.setattr("olhar.jobs.finish.behind", lambda *_: Behind())  # where it looks is found by covering parts
    olhar.train(coloured, into=tmp_path / "run", augment="strong", **QUICK)
    files = {
        part: {np.asarray(Image.open(file)).tobytes() for file in (coloured / part).rglob("*.png")} for part in ("train", "test")
    }
    assert files["test"] <= set(asked) <= files["test"] | files["train"]


def test_the_run_keeps_what_augmentation_made_of_some_pictures(run, tmp_path):
    rows = read_variations(RunFolder.open(run.path))
    assert [row[0].label for row in rows] == [0, 1, 2, 0, 1, 2]
    assert not np.array_equal(rows[0][0].pixels, rows[0][1].pixels)
    assert (run.path / "variations.png").is_file()
    page = run.report(tmp_path / "with.html").read_text(encoding="utf-8")
    older = shutil.copytree(run.path, tmp_path / "older")
    (older / "variations.npz").unlink()
    assert "As it learned from them" in page
    assert "As it learned from them" not in olhar.Run(older).report().read_text(encoding="utf-8")


def test_the_same_seed_gives_the_same_run_and_another_seed_another(coloured, tmp_path, run):
    again = olhar.train(coloured, into=tmp_path / "again", **QUICK)
    other = olhar.train(coloured, into=tmp_path / "other", seed=1, **QUICK)
    weights = [load_file(one.path / "best.safetensors") for one in (run, again, other)]
    assert all(np.array_equal(tensor, weights[1][name]) for name, tensor in weights[0].items())
    assert not all(np.array_equal(tensor, weights[2][name]) for name, tensor in weights[0].items())


def test_without_a_name_runs_are_counted(coloured, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert olhar.train(coloured, **QUICK | {"epochs": 1}).path.as_posix() == "runs/colours-cnn-1"
    assert olhar.train(coloured, **QUICK | {"epochs": 1}).path.as_posix() == "runs/colours-cnn-2"


def test_without_a_test_part_the_number_is_of_validation_and_says_so(pictures, tmp_path):
    run = olhar.train(pictures, into=tmp_path / "run", split="70/30", **QUICK)
    assert run.measured == "validation"
    assert "validation" in repr(run)
    assert (run.path / "predictions-validation.csv").is_file()


def test_bad_pictures_are_named_and_the_person_s_files_stay_as_they_are(pictures, tmp_path):
    for name, data in {"empty.jpg": b"", "half.png": encoded(noisy((1, 2, 3), 0, 64))[:300], "words.jpg": b"words"}.items():
        (pictures / "red" / name).write_bytes(data)
    before = {path: path.read_bytes() for path in sorted(pictures.rglob("*")) if path.is_file()}
    said = Said()
    run = olhar.train(pictures, into=tmp_path / "run", progress=said, **QUICK | {"epochs": 1})
    assert any("3 pictures cannot be read" in line for line in said.lines)
    assert "3 imagens não puderam ser lidas" in run.report(tmp_path / "pt.html", "pt-BR").read_text(encoding="utf-8")
    assert before == {path: path.read_bytes() for path in sorted(pictures.rglob("*")) if path.is_file()}
    with pytest.raises(DataError) as error:
        olhar.train(pictures, into=tmp_path / "strict", bad_pictures="stop", **QUICK)
    assert_says(error, "empty.jpg")
    assert not (tmp_path / "strict").exists()


def test_copies_of_test_pictures_are_told(tmp_path):
    root = write_pictures(write_pictures(tmp_path / "set", prefix="train"), per_class=4, prefix="test")
    said = Said()
    olhar.train(root, into=tmp_path / "run", progress=said, **QUICK | {"epochs": 1})
    assert any(
        "12 pictures stand byte for byte in several parts (12 of the files in the test part)" in line for line in said.lines
    )


def test_a_recipe_file_is_obeyed_and_flags_win_over_it(coloured, tmp_path):
    (tmp_path / "mine.toml").write_text('model = "cnn"\nwidth = 4\nepochs = 5\n')
    run = olhar.train(coloured, into=tmp_path / "run", recipe=tmp_path / "mine.toml", epochs=1)
    assert (len(run.history), tomllib.loads((run.path / "recipe.toml").read_text())["width"]) == (1, 4)
    with pytest.raises(RecipeError) as error:
        olhar.train(coloured, recipe=tmp_path / "none.toml")
    assert_says(error, "none.toml")


def test_a_training_that_ends_early_says_why(coloured, tmp_path):
    said = Said()
    olhar.train(coloured, into=tmp_path / "run", progress=said, **QUICK | {"epochs": 40, "patience": 4, "learning_rate": 1e-9})
    assert 3 <= len(olhar.Run(tmp_path / "run").history) < 30
    assert any("nothing better since epoch" in line for line in said.lines)
    told = next(number for number, line in enumerate(said.lines) if line.startswith("After epoch 3"))
    assert "--learning-rate" in said.lines[told + 1]
    assert sum(line.startswith("After epoch") for line in said.lines) == 1


def test_small_classes_are_shown_more_often_and_a_goal_ends_the_training(tmp_path):
    root = write_pictures(tmp_path / "set", per_class=24)
    for path in sorted((root / "red").iterdir())[8:]:
        path.unlink()
    said = Said()
    chosen = {"optimizer": "muon", "averaging": "ema", "stop_at": "f1>=0.6", "keep_by": "accuracy", "learning_rate": 0.02}
    run = olhar.train(root, into=tmp_path / "run", progress=said, **QUICK | {"epochs": 60} | chosen)
    recipe = tomllib.loads((run.path / "recipe.toml").read_text())
    assert (recipe["balance"], recipe["keep_by"], recipe["watch"]) == ("sampling", "accuracy", "accuracy")
    assert any("shown more often" in line and "validation accuracy" in line for line in said.lines)
    assert any("f1>=0.6 is reached" in line for line in said.lines)
    assert len(run.history) < 60
    assert run.history[-1]["val_f1"] >= 0.6 > max((row["val_f1"] for row in run.history[:-1]), default=0)


def test_a_run_s_own_recipe_gives_the_same_network(run, coloured, tmp_path):
    again = olhar.train(coloured, into=tmp_path / "again", recipe=run.path / "recipe.toml")
    one, other = (load_file(found.path / "best.safetensors") for found in (run, again))
    assert all(np.array_equal(tensor, other[name]) for name, tensor in one.items())


def test_minutes_are_kept(coloured, tmp_path):
    run = olhar.train(coloured, into=tmp_path / "run", minutes=0.1, **QUICK | {"epochs": 100_000, "patience": 0})
    assert 0 < len(run.history) < 100_000


def test_reading_for_the_first_time_is_not_part_of_the_minutes_and_that_is_told_once(coloured, tmp_path, monkeypatch):
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path / "cache"))
    prepare, told = job.prepare, []

    def slowly(*given, **settings):
        time.sleep(1.5)
        return prepare(*given, **settings)

    monkeypatch.setattr(job, "prepare", slowly)
    for name in ("first", "second"):
        said = Said()
        olhar.train(coloured, into=tmp_path / name, minutes=0.05, progress=said, **QUICK)
        told.append([line for line in said.lines if "read for the first time" in line])
    assert [len(lines) for lines in told] == [1, 0]
    assert "not part of the 0.05 minutes" in told[0][0]


def test_epochs_that_are_typed_win_over_the_minutes_of_a_recipe(coloured, tmp_path):
    recipe, into = tmp_path / "mine.toml", tmp_path / "run"
    recipe.write_text("minutes = 30\n")
    found = olhar.train(coloured, recipe=recipe, into=into, **QUICK | {"epochs": 2})
    assert [row["epoch"] for row in found.history] == [1, 2]
    assert olhar.train(recipe=recipe, into=into, resume=True, epochs=2).path == into


def test_a_run_that_exists_is_never_overwritten(run, coloured):
    before = (run.path / "metrics.json").read_bytes()
    with pytest.raises(RunError) as error:
        olhar.train(coloured, into=run.path, **QUICK)
    assert_says(error, "--resume", "colours-2")
    assert (run.path / "metrics.json").read_bytes() == before


def test_ctrl_c_saves_and_going_on_gives_the_weights_of_an_unbroken_run(coloured, tmp_path):
    changed = QUICK | {"epochs": 6, "patience": 0}
    whole = olhar.train(coloured, into=tmp_path / "whole", **changed)

    class Stop(Said):
        def line(self, text):
            super().line(text)
            if text.key in EPOCH and len(self.lines) > 5:
                os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(Stopped):
        olhar.train(coloured, into=tmp_path / "broken", progress=Stop(), **changed)
    assert not RunFolder.open(tmp_path / "broken").finished
    assert tomllib.loads((tmp_path / "broken" / "recipe.toml").read_text())["precision"] in ("fp32", "bf16")
    said = Said()
    resumed = olhar.train(into=tmp_path / "broken", resume=True, progress=said)
    assert any("Going on" in line for line in said.lines)
    assert not any("last digits" in line for line in said.lines)
    one, other = (load_file(run.path / "best.safetensors") for run in (whole, resumed))
    assert all(np.array_equal(tensor, other[name]) for name, tensor in one.items())
    assert [row["val_loss"] for row in whole.history] == [row["val_loss"] for row in resumed.history]


def test_going_on_calls_no_picture_moved_where_the_data_has_copies_across_its_parts(coloured, tmp_path):
    data = shutil.copytree(coloured, tmp_path / "colours")
    shutil.copy(data / "train" / "red" / "001.png", data / "test" / "red" / "copy.png")
    with pytest.raises(Stopped):
        olhar.train(data, into=tmp_path / "run", progress=StopAtOnce(), **QUICK)
    said = Said()
    olhar.train(into=tmp_path / "run", resume=True, progress=said)
    assert any("byte for byte" in line for line in said.lines)
    assert not any("earlier split" in line for line in said.lines)


def test_going_on_with_another_processor_or_torch_says_that_it_is_not_exact(coloured, tmp_path):
    with pytest.raises(Stopped):
        olhar.train(coloured, into=tmp_path / "run", progress=StopAtOnce(), **QUICK)
    kept = tmp_path / "run" / "environment.json"
    kept.write_text(json.dumps(json.loads(kept.read_text()) | {"processor": "Another 9000", "torch": "2.0.0", "device": "cuda"}))
    said = Said()
    olhar.train(into=tmp_path / "run", resume=True, progress=said)
    for word in ("Another 9000", "2.0.0", "cuda"):
        assert sum(word in line and "last digits" in line for line in said.lines) == 1
    assert sum("last digits" in line for line in said.lines) == 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_wish_to_stop_stops_at_once_and_leaves_the_old_checkpoint_whole(coloured, tmp_path, monkeypatch, number):
    from olhar.training.loop import Training

    def hurried(self, *_):
        if self.step == 7:
            os.kill(os.getpid(), number)
            self.network.head.weight.data.fill_(9.0)
            os.kill(os.getpid(), number)
            time.sleep(1)

    monkeypatch.setattr(Training, "_update", hurried)
    monkeypatch.setattr(learn, "Session", SAVING)
    with pytest.raises(KeyboardInterrupt):
        olhar.train(coloured, into=tmp_path / "run", **QUICK)
    state = load_file(tmp_path / "run" / "checkpoints" / "last.safetensors")
    assert not (state["network.head.weight"] == 9.0).any()


def test_a_kill_after_the_last_epoch_loses_nothing(coloured, tmp_path, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("olhar.jobs.learn.finish", killed)
        with pytest.raises(KeyboardInterrupt):
            olhar.train(coloured, into=tmp_path / "run", **QUICK)
    run = olhar.train(into=tmp_path / "run", resume=True)
    assert len(run.history) == 4
    assert run.metrics.accuracy.n == 36


def test_a_killed_training_goes_on(coloured, tmp_path):
    code = textwrap.dedent(f"""
        import olhar
        from functools import partial
        from olhar.jobs import learn
        learn.Session = partial(learn.Session, pauses=(0.0, 0.0))
        olhar.train({str(coloured)!r}, into={str(tmp_path / "run")!r}, **{QUICK | {"epochs": 6, "patience": 0}})
    """)
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL)
    last = tmp_path / "run" / "checkpoints" / "last.safetensors"
    while not last.exists() and child.poll() is None:
        time.sleep(0.02)
    child.kill()
    child.wait()
    run = olhar.train(into=tmp_path / "run", resume=True)
    assert [row["epoch"] for row in run.history] == list(range(1, 7))


def test_going_on_with_what_is_finished_says_so(run):
    said = Said()
    assert olhar.train(into=run.path, resume=True, progress=said).metrics.accuracy == run.metrics.accuracy
    assert "finished already" in said.lines[0]


@pytest.mark.parametrize(("wanted", "told"), [({"seed": 7}, "seed = 0, not 7"), ({"batch": 8}, "batch = 16, not 8")])
def test_what_is_finished_is_not_taken_for_another(run, tmp_path, wanted, told):
    (tmp_path / "other.toml").write_text("".join(f"{name} = {value}\n" for name, value in wanted.items()))
    for asked in (wanted, {"recipe": tmp_path / "other.toml"}):
        with pytest.raises(RunError) as error:
            olhar.train(into=run.path, resume=True, **asked)
        assert_says(error, told)


def test_what_is_finished_keeps_its_length_and_the_command_for_another_is_told(run, tmp_path):
    with pytest.raises(RunError) as error:
        olhar.train(into=run.path, resume=True, minutes=1)
    assert_says(error, "keeps its length", "--minutes 1")
    with pytest.raises(RunError) as error:
        olhar.train(into=run.path, resume=True, epochs=1)
    assert_says(error, "epochs = 4", "epochs = 1")
    words = shlex.split(str(error.value).partition(": olhar ")[2])
    assert main([*words, "--into", str(tmp_path / "run")]) == 0
    recipes = [tomllib.loads((path / "recipe.toml").read_text()) for path in (run.path, tmp_path / "run")]
    assert [name for name in recipes[0] if recipes[0][name] != recipes[1][name]] == ["epochs"]


def test_the_same_may_be_asked_again_where_it_was_left_open(coloured, tmp_path):
    asked = QUICK | {"model": "resnet", "width": 0, "batch": 0, "balance": "auto", "threads": 0}
    with pytest.raises(Stopped):
        olhar.train(coloured, into=tmp_path / "run", progress=StopAtOnce(), **asked)
    assert len(olhar.train(coloured, into=tmp_path / "run", resume=True, **asked).history) == 4


def test_a_wish_to_stop_in_the_last_epoch_is_heard_and_told_as_it_can_be_typed(coloured, tmp_path):
    with pytest.raises(Stopped) as error:
        olhar.train(coloured, into=tmp_path / "my runs" / "x", progress=StopAtOnce(), **QUICK | {"epochs": 1})
    words = shlex.split(str(error.value).partition(": olhar ")[2])
    assert words == ["train", "--resume", "--into", str(tmp_path / "my runs" / "x")]
    assert main(words) == 0
    assert len(olhar.Run(tmp_path / "my runs" / "x").history) == 1


def test_a_report_that_a_kill_left_unwritten_is_written_when_one_goes_on(run, tmp_path):
    left = shutil.copytree(run.path, tmp_path / "run")
    (left / "report.html").unlink()
    olhar.train(into=left, resume=True)
    assert "html" in (left / "report.html").read_text()


def test_the_time_of_a_run_that_went_on_counts_the_epochs_before(coloured, tmp_path):
    with pytest.raises(Stopped):
        olhar.train(coloured, into=tmp_path / "run", progress=StopAtOnce(), **QUICK)
    kept = tmp_path / "run" / "history.jsonl"
    kept.write_text(json.dumps(json.loads(kept.read_text().splitlines()[0]) | {"seconds": 1000.0}) + "\n")
    run = olhar.train(into=tmp_path / "run", resume=True)
    assert float(json.loads((run.path / "environment.json").read_text())["seconds"]) > 1000


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"new_head": True}, ["new_head true", "--model FILE.h5"]),
        ({"recipe": "cats-dogs"}, ["learn last:5", "--model FILE.h5"]),
        ({"model": lambda *_: None, "width": 8}, ["width 8", "own:<lambda>"]),
        ({"model": lambda *_: None, "norm": "off"}, ["norm off", "own:<lambda>"]),
    ],
)
def test_what_would_have_no_effect_is_refused(coloured, tmp_path, fields, words):
    with pytest.raises(RecipeError) as error:
        olhar.train(coloured, into=tmp_path / "run", **fields)
    assert_says(error, *words)
    assert not (tmp_path / "run").exists()


def test_classes_that_look_like_digits_are_not_mirrored_and_that_is_told(tmp_path):
    for number, name in enumerate(("blue", "green")):
        write_pictures(tmp_path / "all")
        shutil.copytree(tmp_path / "all" / name, tmp_path / "data" / str(number))
    for flip, told in ((None, True), ("off", False), ("on", False)):
        said = Said()
        run = olhar.train(
            tmp_path / "data",
            into=tmp_path / f"run-{flip}",
            progress=said,
            **QUICK | {"epochs": 1} | ({"flip": flip} if flip else {}),
        )
        assert any("not mirrored" in line for line in said.lines) == told
        assert tomllib.loads((run.path / "recipe.toml").read_text())["flip"] == ("on" if flip == "on" else "off")


def test_going_on_with_other_data_or_another_recipe_is_refused(coloured, pictures, tmp_path):
    run = RunFolder.create(tmp_path / "run")
    with pytest.raises(Stopped):
        olhar.train(coloured, into=tmp_path / "stopped", progress=StopAtOnce(), **QUICK)
    with pytest.raises(RunError) as error:
        olhar.train(coloured, into=tmp_path / "stopped", resume=True, batch=8)
    assert_says(error, "batch", "16", "8")
    with pytest.raises(RunError) as error:
        olhar.train(pictures, into=tmp_path / "stopped", resume=True)
    assert_says(error, "other pictures", "000.png")
    (tmp_path / "other.toml").write_text('batch = 16\noptimizer = "muon"\n')
    with pytest.raises(RunError) as error:
        olhar.train(into=tmp_path / "stopped", resume=True, recipe=tmp_path / "other.toml")
    assert_says(error, "optimizer", "adamw", "muon")
    with pytest.raises(RunError) as error:
        olhar.train(coloured, into=run.path, resume=True)
    assert_says(error, "not a run")
    with pytest.raises(RunError) as error:
        olhar.train(coloured, resume=True)
    assert_says(error, "--into")


def test_signals_are_given_back(coloured, tmp_path):
    numbers = (signal.SIGINT, signal.SIGTERM)
    before, seen = [signal.getsignal(number) for number in numbers], []
    said = Hook(1, lambda: seen.extend(signal.getsignal(number) for number in numbers))
    olhar.train(coloured, into=tmp_path / "run", progress=said, **QUICK | {"epochs": 1})
    assert [signal.getsignal(number) for number in numbers] == before
    assert not set(seen) & set(before)


def test_a_training_in_another_thread_leaves_signals_alone(coloured, tmp_path):
    found = []
    thread = threading.Thread(target=lambda: found.append(olhar.train(coloured, into=tmp_path / "run", **QUICK | {"epochs": 1})))
    thread.start()
    thread.join()
    assert found


def test_nothing_to_learn_from_is_told():
    with pytest.raises(olhar.UsageError) as error:
        olhar.train()
    assert_says(error, "olhar train digits")


def test_a_missing_extra_names_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "torch" else object())
    for data in ("digits", "nothing is read yet/pictures.zip"):
        with pytest.raises(ExtraError) as error:
            olhar.train(data, model="cnn")
        assert_says(error, "torch", 'pip install "olhar[train]"')


def test_near_copies_and_groups_stay_in_one_part(tmp_path):
    for i in range(60):
        put(tmp_path / "set" / ("cat", "dog")[i % 2] / f"p{i // 6}-{i}.jpg", scene(i, 64))
        put(tmp_path / "set" / ("cat", "dog")[i % 2] / f"p{i // 6}-{i}-again.jpg", saved(scene(i, 64), 60))
    run = olhar.train(tmp_path / "set", into=tmp_path / "run", **QUICK | {"epochs": 1})
    rows = {row["picture"]: row for row in rows_of(run.path / "split.csv")}
    for name, row in rows.items():
        if name.endswith("-again.jpg"):
            other = rows[name.replace("-again", "")]
            assert (row["part"], row["group"]) == (other["part"], other["group"])
    by_patient = olhar.train(tmp_path / "set", into=tmp_path / "patients", group=r"/(p\d+)-", **QUICK | {"epochs": 1})
    parts = {}
    for row in rows_of(by_patient.path / "split.csv"):
        parts.setdefault(row["picture"].split("/")[1].split("-")[0], set()).add(row["part"])
    assert len(parts) == 10
    assert all(len(one) == 1 for one in parts.values())


def test_an_earlier_split_is_kept_and_new_pictures_are_dealt(pictures, tmp_path):
    first = olhar.train(pictures, into=tmp_path / "first", **QUICK | {"epochs": 1})
    write_pictures(pictures, per_class=10, prefix="", start=300)  # ten of each class are other pictures now
    second = olhar.train(pictures, into=tmp_path / "second", seed=7, split_from=str(first.path), **QUICK | {"epochs": 1})
    before, after = ({row["content"]: row["part"] for row in rows_of(run.path / "split.csv")} for run in (first, second))
    assert len(set(before) & set(after)) == 42
    assert all(after[content] == part for content, part in before.items() if content in after)


@pytest.fixture
def pixel_table(tmp_path):
    """FER2013's form: sixty gray pictures, dark and light, with parts."""
    rows = ["emotion,pixels,Usage"]
    for i in range(60):
        part = ("Training", "Training", "Training", "PublicTest", "PrivateTest")[i // 2 % 5]
        pixels = noisy((40 + 150 * (i % 2),) * 3, i)[..., 0].reshape(-1).tolist()
        rows.append(f"{i % 2},{' '.join(map(str, pixels))},{part}")
    (tmp_path / "fer2013.csv").write_text("\n".join(rows))
    return tmp_path / "fer2013.csv"


def test_a_table_of_pixels_trains_and_its_names_to_show_stay_in_the_run(pixel_table, tmp_path):
    file, into = tmp_path / "names.toml", tmp_path / "named"
    file.write_text('0 = "escuro"\n1 = "claro"\n', encoding="utf-8")
    run = olhar.train(pixel_table, names=file, into=into, **QUICK | {"epochs": 1})
    assert (run.signature.classes, run.signature.names) == (("0", "1"), ("escuro", "claro"))
    assert (run.metrics.accuracy.n, run.signature.channels) == (12, 1)
    assert "escuro" in (into / "report.html").read_text(encoding="utf-8")
    assert {row["label"] for row in rows_of(into / "split.csv")} == {"0", "1"}
    assert str(olhar.load(into)(encoded(noisy((40, 40, 40), 7)))).startswith(("escuro", "claro"))
    file.unlink()
    (into / "metrics.json").unlink()
    assert olhar.train(into=into, resume=True).signature.names == ("escuro", "claro")
    (into / "metrics.json").unlink()
    with pytest.raises(RunError) as error:
        olhar.train(into=into, resume=True, names={"0": "preto"})
    assert_says(error, "named")


def test_arrays_are_read_before_anything_is_written(tmp_path):
    with pytest.raises(DataError) as error:
        olhar.train({"x": np.zeros((9, 8, 8), np.uint8), "y": [3] * 9}, into=tmp_path / "run")
    assert_says(error, "arrays", "only one class, 3")
    assert not (tmp_path / "run").exists()


def test_a_path_that_is_not_there_is_told_before_torch_is_imported(tmp_path):
    code = f"""
        import sys, olhar
        try:
            olhar.train({str(tmp_path / "nowhere")!r})
        except olhar.DataError:
            assert not {{"torch", "onnx", "h5py"}} & set(sys.modules)
            print("told")
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True, stdout=subprocess.PIPE, text=True)
    assert done.stdout.strip() == "told"


def test_trying_how_many_steps_fit_into_a_time_takes_no_memory_for_pictures(coloured, monkeypatch):
    """Pictures may be larger than memory: the trial, which works on a copy of the training, shares them."""
    from olhar.base.progress import Quiet
    from olhar.jobs.learn import training_of
    from olhar.jobs.prepare import prepare
    from olhar.training.budget import steps_within
    from olhar.training.loop import Training
    from olhar.training.recipe import Recipe

    training, seen = training_of(prepare(coloured, Recipe().with_(QUICK), Quiet())), []
    learn = Training.learn
    monkeypatch.setattr(Training, "learn", lambda self, *batch: (seen.append(self), learn(self, *batch))[1])
    steps_within(training, 5.0)
    assert seen[0] is not training
    assert np.shares_memory(seen[0].train.pixels, training.train.pixels)
