"""A tuning goes on with the pictures, the recipe and the ranges that it began with; a start that was killed is no hindrance."""

import csv
import shutil

import pytest

import olhar
from olhar.base.errors import RunError, Stopped
from olhar.runs.request import Request
from olhar.studies.tuning import _prepared
from olhar.studies.tuning_plan import new_plan
from olhar.training.recipe import Recipe
from tests.conftest import assert_says, write_pictures
from tests.trained import Said
from tests.verbs.test_tune import FIXED, RANGES, StopAfter, searched, trials_in


@pytest.fixture(autouse=True)
def _optuna():
    pytest.importorskip("optuna", reason="the extra [tune] is not installed")


@pytest.fixture(scope="module")
def begun(coloured, tmp_path_factory):
    """A tuning that was stopped."""
    pytest.importorskip("optuna", reason="the extra [tune] is not installed")
    into = tmp_path_factory.mktemp("begun") / "tune"
    searched(coloured, into, trials=1, recipe=Recipe(loss="binary"))
    return into


def test_it_does_not_go_on_with_other_pictures(begun, tmp_path):
    other = write_pictures(tmp_path / "other", 24, prefix="train", start=7000)
    write_pictures(other, 12, prefix="test", start=500)
    with pytest.raises(RunError) as error:
        olhar.tune(other, into=begun, resume=True, progress=Said())
    assert_says(error, str(begun), "other pictures")


def test_it_does_not_go_on_with_another_keep_list(begun, coloured, tmp_path):
    names = sorted(str(path.relative_to(coloured)) for path in coloured.rglob("*.png"))
    (tmp_path / "keep.csv").write_text("picture,label,content\n" + "".join(f"{name},,\n" for name in names[::2]))
    with pytest.raises(RunError) as error:
        olhar.tune(into=begun, resume=True, keep=tmp_path / "keep.csv", progress=Said())
    assert_says(error, "--keep", "keep.csv")


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"width": 8}, ("width = 4", "8")),
        ({"recipe": Recipe(loss="binary", dropout=0.5)}, ("dropout = 0.0", "0.5")),
        ({"recipe": Recipe()}, ("loss = binary", "cross-entropy")),
        ({"ranges": RANGES | {"dropout": [0, 0.5]}}, ("dropout", "other ranges")),
        ({"ranges": {"augment": RANGES["augment"]}}, ("learning_rate", "other ranges")),
    ],
)
def test_it_does_not_go_on_with_other_choices(begun, wanted, words):
    with pytest.raises(RunError) as error:
        olhar.tune(into=begun, resume=True, progress=Said(), **wanted)
    assert_says(error, str(begun), *words)


def test_it_goes_on_where_the_same_is_asked_again_and_the_pictures_have_moved(begun, coloured, tmp_path):
    shutil.copytree(coloured, tmp_path / "moved")
    shutil.copytree(begun, tmp_path / "tune")
    same = {"recipe": Recipe(loss="binary"), "ranges": RANGES, "width": 4}
    with pytest.raises(Stopped):
        olhar.tune(tmp_path / "moved", into=tmp_path / "tune", resume=True, progress=StopAfter(2), **same)
    assert trials_in(tmp_path / "tune")[0] == trials_in(begun)[0]


def test_a_start_that_was_killed_before_its_plan_was_settled_can_be_made_anew(coloured, tmp_path, monkeypatch):
    into = tmp_path / "tune"

    def killed(folder, *_):
        folder.write("recipe.toml", "")
        raise KeyboardInterrupt

    monkeypatch.setattr("olhar.studies.tuning.write_plan", killed)
    with pytest.raises(KeyboardInterrupt):
        olhar.tune(coloured, into=into, minutes=5, ranges=RANGES, progress=Said(), **FIXED)
    monkeypatch.undo()
    with pytest.raises(RunError) as error:
        olhar.tune(into=into, resume=True)
    assert_says(error, "Begin one", f"--into {into}")
    assert searched(coloured, into, trials=1)
    with pytest.raises(RunError) as error:
        olhar.tune(coloured, into=into, minutes=5)
    assert_says(error, "exists", f"{into}-2")


def test_the_split_of_an_earlier_run_is_kept(coloured, run):
    plan = new_plan(Request(coloured, fields={"split_from": str(run.path), "seed": 5}), 1, None)
    prepared = _prepared(plan, None, Said())
    rows = csv.DictReader((run.path / "split.csv").read_text().splitlines())
    assert {prepared.name(i): part for i, part in enumerate(prepared.parts)} == {row["picture"]: row["part"] for row in rows}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("tune.json", '"minutes": ', '"minutes": "x", "was": '),
        ("tune.json", '"first": {', '"first": ['),
        ("tune.json", '"reading": ', '"reading": 1.5, "was": '),
        ("tune.json", '"reading": {', '"reading": {"layout": 7, '),
        ("trials.jsonl", '"number": 1', '"number": -1'),
        ("trials.jsonl", '"params": {', '"params": 3, "was": {'),
        ("recipe.toml", "epochs = ", "epochs = 'x' #"),
    ],
)
def test_a_damaged_file_of_a_tuning_is_named(begun, tmp_path, name, old, new):
    place = shutil.copytree(begun, tmp_path / "tune")
    text = (place / name).read_text(encoding="utf-8")
    assert old in text
    (place / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RunError) as error:
        olhar.tune(into=place, resume=True, progress=Said())
    assert_says(error, name, "damaged")
