"""Damaged files of a run, as hazard 39 has them: each is an error that names it, or is gone without."""

import json
import shutil
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import olhar
from olhar.jobs import learn
from olhar.runs.checkpoint import read as read_checkpoint
from olhar.runs.folder import RunFolder
from olhar.runs.listing import summarise
from tests.conftest import assert_says
from tests.damaging import QUESTIONS, asked, damage
from tests.trained import QUICK, SAVING, Said, StopAtOnce


@pytest.fixture(scope="session")
def stopped(coloured, tmp_path_factory) -> Path:
    """A run that was stopped after its first epoch; to be copied only."""
    into = tmp_path_factory.mktemp("stopped") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learn, "Session", SAVING)
        with pytest.raises(olhar.Stopped):
            olhar.train(coloured, into=into, progress=StopAtOnce(), **QUICK)
    return into


def copied(source: Path, folder: Path) -> Path:
    return Path(shutil.copytree(source, folder / "runs" / "run"))


def in_json(path: Path, *keys: str | int, value: object) -> None:
    """Put a value where the keys lead."""
    whole = part = json.loads(path.read_text(encoding="utf-8"))
    for key in keys[:-1]:
        part = part[key]
    part[keys[-1]] = value
    path.write_text(json.dumps(whole), encoding="utf-8")


def line(path: Path, number: int, old: bytes, new: bytes) -> None:
    lines = path.read_bytes().split(b"\n")
    assert old in lines[number]
    lines[number] = lines[number].replace(old, new, 1)
    path.write_bytes(b"\n".join(lines))


TOLD = {
    "a matrix that is not square": ("report", "metrics.json", lambda p: in_json(p, "test", "confusion", 0, value=[1, 2])),
    "a share above one": ("evaluate", "metrics.json", lambda p: in_json(p, "test", "macro_f1", value=7)),
    "numbers of other classes": ("evaluate", "metrics.json", lambda p: in_json(p, "test", "by_class", 0, "key", value="other")),
    "counts that are a text": ("report", "request.json", lambda p: in_json(p, "counts", "validation", value="relu")),
    "a count below zero": ("report", "request.json", lambda p: in_json(p, "counts", "test", "red", value=-1)),
    "a list in place of a record": ("report", "request.json", lambda p: p.write_text("[]")),
    "a sentence that is not filled": (
        "report",
        "request.json",
        lambda p: in_json(p, "findings", value=[{"key": "run.taken", "values": {}}]),
    ),
    "no text": ("watch", "history.jsonl", lambda p: line(p, 1, b": ", b":\xff\xff")),
    "a loss that is a record": (
        "watch",
        "history.jsonl",
        lambda p: line(p, 0, b'"val_loss": ', b'"val_loss": {"a": {}}, "was": '),
    ),
    "a part that there is not": ("split from", "split.csv", lambda p: line(p, 2, b",test,", b",t\xe4st,")),
    "a signature that is no text": (
        "evaluate",
        "signature.json",
        lambda p: p.write_bytes(p.read_bytes().replace(b'"fit"', b'"f\xe9t"')),
    ),
}


@pytest.mark.parametrize("case", TOLD)
def test_what_needs_a_damaged_file_names_it_and_what_goes_on(case, run, coloured, tmp_path):
    question, name, harm = TOLD[case]
    place = copied(run.path, tmp_path)
    harm(place / name)
    status, printed = asked(question, place, coloured, tmp_path)
    assert status == 2
    assert "OLH307" in printed
    assert name in printed
    assert len(printed.strip().splitlines()[-1].partition("cannot be read. ")[2]) > 20
    assert asked("predict", place, coloured, tmp_path)[0] == 0


GONE_ON_FROM = {
    "a score of a class without its name": ("history.jsonl", lambda p: line(p, 0, b'"recall": ', b'"racall": ')),
    "half a line": ("history.jsonl", lambda p: line(p, 0, b'"by_class"', b"\n")),
    "a row that is none": ("split.csv", lambda p: p.write_bytes(p.read_bytes().replace(b"\n", b"\n\n", 3))),
    "a recipe that is no text": ("recipe.toml", lambda p: p.write_bytes(b'siz= 32J\xbexcolour = "rgb"\n')),
    "a recipe with a value that cannot be": ("recipe.toml", lambda p: p.write_text("size = 'wide'\n")),
    "a checkpoint with a flipped bit": (
        "last.safetensors",
        lambda p: p.write_bytes(p.read_bytes()[:-9] + b"\x55" + p.read_bytes()[-8:]),
    ),
}


@pytest.mark.parametrize("case", GONE_ON_FROM)
def test_a_training_is_not_gone_on_with_from_a_damaged_file(case, stopped, coloured, tmp_path):
    name, harm = GONE_ON_FROM[case]
    place = copied(stopped, tmp_path)
    harm(next(place.rglob(name)))
    status, printed = asked("resume", place, coloured, tmp_path)
    assert (status, "OLH307" in printed, name in printed) == (2, True, True)


@pytest.mark.parametrize("name", ["samples.npz", "behind.npz", "variations.npz", "history.jsonl", "environment.json"])
def test_a_report_goes_without_what_only_it_needs_and_says_so(name, run, tmp_path):
    place, said = copied(run.path, tmp_path), Said()
    (place / name).write_bytes(b"PK\x03\x04" + (place / name).read_bytes()[20:])
    page = olhar.report(place, progress=said)
    assert [name in told for told in said.lines] == [True]
    assert f"{name} of this run is damaged" in page.read_text(encoding="utf-8")


def test_a_model_is_measured_though_nobody_can_tell_what_it_learnt_from(run, coloured, tmp_path):
    place = copied(run.path, tmp_path)
    line(place / "split.csv", 2, b",test,", b",t\xe4st,")
    status, printed = asked("evaluate data", place, coloured, tmp_path)
    assert status == 0
    assert "split.csv" in printed
    assert "which pictures were learnt from is not known" in printed


def test_a_damaged_run_is_listed_with_what_can_be_read(run, tmp_path):
    place = copied(run.path, tmp_path)
    (place / "history.jsonl").write_text("{")
    summary = summarise(place)
    assert (summary.state, summary.model, summary.accuracy) == ("damaged", "cnn", run.metrics.accuracy)


def test_metrics_that_were_deleted_are_measured_again(run, tmp_path):
    place = copied(run.path, tmp_path)
    (place / "metrics.json").unlink()
    assert olhar.train(into=place, resume=True).metrics.to_dict() == run.metrics.to_dict()


def test_without_its_history_a_training_goes_on(stopped, tmp_path):
    place = copied(stopped, tmp_path)
    (place / "history.jsonl").unlink()
    assert [row["epoch"] for row in olhar.train(into=place, resume=True).history] == [2, 3, 4]


def test_a_checkpoint_without_a_checksum_is_read(stopped, tmp_path):
    place = copied(stopped, tmp_path)
    file = place / "checkpoints" / "last.safetensors"
    file.write_bytes(file.read_bytes().replace(b'"sha256":', b'"unused":', 1))
    assert read_checkpoint(RunFolder(place))[1]["step"] > 0


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(QUESTIONS)), st.integers(0, 10**6))
def test_whatever_is_damaged_ends_in_an_answer_or_an_error_that_is_told(run, stopped, coloured, tmp_path_factory, question, seed):
    chance, folder = Random(seed), tmp_path_factory.mktemp("damaged")
    place = copied(stopped if question in ("resume", "watch") and seed % 2 else run.path, folder)
    files = sorted(path for path in place.rglob("*.*") if path.suffix not in (".png", ".html"))
    done = damage(chance.choice(files), chance)
    status, printed = asked(question, place, coloured, folder)
    shutil.rmtree(folder)
    assert status in (0, 2), (done, printed)


@pytest.mark.parametrize("damage_to", [{"parts": [], "groups": 0}, {"classes": []}, {"notes": [{"key": 1, "values": {}}]}])
def test_a_damaged_word_of_what_was_read_is_told_before_a_training_goes_on(stopped, tmp_path, damage_to):
    place = copied(stopped, tmp_path)
    in_json(place / "request.json", "read_as", value={"passed_over": [], "notes": []} | damage_to)
    with pytest.raises(olhar.RunError) as error:
        olhar.train(into=place, resume=True)
    assert_says(error, "request.json")
