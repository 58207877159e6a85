"""Two runs, or two recipes, on the same pictures: which pictures those are, and what is refused."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

import olhar
from olhar.base.errors import DataError, RunError, UsageError
from olhar.evaluation.compare.comparison_lines import lines
from tests.conftest import assert_says, write_pictures
from tests.judged_runs import CLASSES, answers, content, file_contents, write_judged_run
from tests.keras_files.keras_eyes import colours, write_eyes
from tests.trained import QUICK, Said

GOOD, POOR = [i % 10 > 0 for i in range(200)], [i % 10 > 3 for i in range(200)]


@pytest.fixture
def two(tmp_path):
    """Two runs on the same 200 test pictures, 90 % and 60 % right."""
    return write_judged_run(tmp_path / "poor", answers(POOR)), write_judged_run(tmp_path / "good", answers(GOOD))


def test_the_better_of_two_runs_is_told(two):
    comparison = olhar.compare(*two)
    assert repr(comparison).startswith("good is better by 30.0 points (")
    assert (comparison.judged, len(comparison), comparison.left_out) == ("test", 200, {})


def test_pictures_are_matched_by_content_whatever_their_names(tmp_path):
    """One run lies with renamed pictures, in another order."""
    first = write_judged_run(tmp_path / "a", answers(POOR))
    renamed = dict(reversed([(f"moved/{name}", said) for name, said in answers(GOOD).items()]))
    contents = {name: content(name.removeprefix("moved/")) for name in renamed}
    comparison = olhar.compare(first, write_judged_run(tmp_path / "b", renamed, contents=contents))
    assert len(comparison) == 200
    assert comparison.contenders[1].accuracy == 0.9
    assert list(comparison.pictures)[:2] == ["0.png", "1.png"]


def test_pictures_that_taught_one_of_them_never_judge(tmp_path):
    first = write_judged_run(tmp_path / "a", answers(POOR), taught=["other.png"])
    second = write_judged_run(tmp_path / "b", answers(GOOD), taught=[f"{i}.png" for i in range(50)])
    comparison = olhar.compare(first, second)
    assert (len(comparison), comparison.left_out) == (150, {"taught": 50})
    assert "50 pictures were left out: one of them had learnt from them" in " ".join(map(str, lines(comparison)))


def test_what_not_all_were_judged_by_is_left_out_and_told(tmp_path):
    """Of the second: ten pictures missing, five of the same name but another content, and three with another label."""
    said = answers(GOOD)
    for i in range(10):
        del said[f"{i}.png"]
    for i in (10, 11, 12):
        label, answer = said[f"{i}.png"]
        said[f"{i}.png"] = (answer if answer != label else CLASSES[label == CLASSES[0]], answer)
    changed = {f"{i}.png": content(f"new {i}") for i in range(20, 25)}
    first = write_judged_run(tmp_path / "a", answers(POOR))
    comparison = olhar.compare(first, write_judged_run(tmp_path / "b", said, contents=changed))
    assert comparison.left_out == {"unknown": 10, "changed": 10, "relabelled": 3}
    assert len(comparison) == 182


def test_runs_judged_by_folds_are_compared_on_what_the_folds_say(tmp_path):
    first, second = (
        write_judged_run(tmp_path / name, answers(right), by="folds", taught=()) for name, right in (("a", POOR), ("b", GOOD))
    )
    folds = olhar.compare(first, second)
    test = olhar.compare(write_judged_run(tmp_path / "c", answers(POOR)), write_judged_run(tmp_path / "d", answers(GOOD)), second)
    assert (folds.judged, len(folds), test.judged) == ("folds", 200, "both")
    assert "two answers count as one" in " ".join(map(str, lines(folds)))
    alone = olhar.compare(tmp_path / "c", tmp_path / "d").pairs[0].difference
    assert folds.pairs[0].difference.high - folds.pairs[0].difference.low > 1.2 * (alone.high - alone.low)


def test_pictures_that_a_split_keeps_together_widen_the_interval(tmp_path):
    together = {f"{i}.png": f"{i - i % 10}.png" for i in range(200)}
    runs = [
        write_judged_run(tmp_path / name, answers(right), groups=together)
        for name, right in (("a", [i % 20 > 3 for i in range(200)]), ("b", [i % 20 < 14 for i in range(200)]))
    ]
    difference = olhar.compare(*runs).pairs[0].difference
    assert (difference.groups, difference.n) == (20, 200)
    assert not difference.told


def test_classes_that_are_spelled_otherwise_are_the_same(tmp_path):
    first = write_judged_run(tmp_path / "a", answers(POOR))
    upper = {name: (label.upper(), answer.upper()) for name, (label, answer) in answers(GOOD).items()}
    comparison = olhar.compare(first, write_judged_run(tmp_path / "b", upper, classes=("CAT", "DOG")))
    assert comparison.classes == CLASSES
    assert comparison.contenders[1].accuracy == 0.9


def seeds(tmp_path: Path, name: str, right: float, model: str, n: int = 3) -> list[Path]:
    rng = np.random.default_rng(len(name))
    return [
        write_judged_run(tmp_path / f"{name}-{seed}", answers((rng.random(400) < right).tolist()), seed=seed, model=model)
        for seed in range(n)
    ]


def test_three_seeds_each_compare_recipes(tmp_path):
    """As lists, and told apart by their recipes."""
    poor, good = seeds(tmp_path, "poor", 0.6, "lite0"), seeds(tmp_path, "good", 0.9, "lite1")
    comparison = olhar.compare(poor, good)
    assert comparison.compared == "recipes"
    assert repr(comparison).startswith("good-0 … good-2 is better by ")
    said = Said()
    mixed = [run for pair in zip(poor, good, strict=True) for run in pair]
    again = olhar.compare(*mixed, by_recipe=True, progress=said)
    assert repr(again) == repr(comparison)
    assert said.lines == [f"{name}-0 … {name}-2: 3 runs whose recipes differ in the seed alone" for name in ("poor", "good")]


def test_a_folder_of_several_seeds_stands_for_its_recipe(coloured, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    once = QUICK | {"epochs": 1}
    first = olhar.train(coloured, seeds=3, into="first", **once)
    olhar.train(coloured, seeds=3, into="second", **(once | {"width": 8}))
    comparison = olhar.compare(first, "second")
    assert comparison.compared == "recipes"
    assert [one.name for one in comparison.contenders] == ["first", "second"]
    assert comparison.contenders[0].accuracy == pytest.approx(first.accuracy.mean)
    assert comparison.contenders[0].spread == pytest.approx(first.accuracy.spread)
    one = olhar.compare(first.runs[0], first.runs[1])
    assert one.compared == "models"
    assert one.contenders[0].accuracy == pytest.approx(first.runs[0].metrics.accuracy.value)
    with pytest.raises(UsageError) as error:
        olhar.compare("first", "second/seed-0")
    assert_says(error, "found 1 seed", "--seeds 3")


@pytest.fixture
def others(tmp_path) -> Path:
    """Twelve labelled pictures of each colour that no run has seen."""
    return write_pictures(tmp_path / "new" / "colours", 12, start=9000)


def test_models_answer_other_pictures_and_none_that_taught_them(run, coloured, others, tmp_path):
    bundle = Path(shutil.copy(run.path / "model.onnx", tmp_path / "alone.onnx"))
    for i in range(5):
        shutil.copy(coloured / "train" / "red" / f"{i:03}.png", others / "red" / f"old-{i}.png")
    comparison = olhar.compare(run, bundle, data=others)
    assert (comparison.judged, len(comparison), comparison.left_out) == ("data", 36, {"taught": 5})
    assert not comparison.differing.size
    told = " ".join(map(str, lines(comparison)))
    assert f"{bundle}: a model file does not say which pictures it learnt from" in told
    assert f"{run.path}: a model file" not in told


def test_the_model_file_in_a_run_has_the_past_of_its_run(run, others, tmp_path):
    copy = shutil.copytree(run.path, tmp_path / "copy")
    comparison = olhar.compare(run, copy / "model.onnx", data=others)
    assert comparison.notes == ()


def test_keras_files_take_part(run, tmp_path):
    """One that tells the colours apart, beside a run that knows the same classes."""
    eye = colours(tmp_path / "keras_model.h5")
    olhar.inspect(eye, write_eyes(tmp_path / "eyes", 20), save=True)
    comparison = olhar.compare(run, eye, data=write_eyes(tmp_path / "new-eyes", 10, start=500))
    assert comparison.contenders[1].accuracy == 1.0
    assert [one.name for one in comparison.contenders] == ["colours", "keras_model.h5"]


def test_what_cannot_judge_of_the_data_is_left_out_and_told(run, others, tmp_path):
    """A broken picture, and a class that the models do not know."""
    copy = shutil.copytree(run.path, tmp_path / "copy")
    (others / "red" / "broken.png").write_bytes(b"no picture")
    (others / "violet").mkdir()
    shutil.copy(others / "red" / "000.png", others / "violet" / "violet.png")
    comparison = olhar.compare(run, copy, data=others)
    assert comparison.left_out == {"unreadable": 1, "no_class": 1}
    assert len(comparison) == 36


def test_copies_among_the_data_are_one_group(run, others, tmp_path):
    copy = shutil.copytree(run.path, tmp_path / "copy")
    for name in ("a", "b"):
        shutil.copy(others / "red" / "000.png", others / "red" / f"{name}.png")
    assert olhar.compare(run, copy, data=others).pairs[0].difference.groups == 36


def test_one_model_alone_is_refused(two):
    with pytest.raises(UsageError) as error:
        olhar.compare(two[0])
    assert_says(error, str(two[0]), "two or more")


def test_the_same_run_twice_is_refused(two):
    with pytest.raises(UsageError) as error:
        olhar.compare(two[0], f"{two[0].parent}/../{two[0].parent.name}/{two[0].name}")
    assert_says(error, "twice")


def test_a_run_that_validation_alone_judged_is_refused(two, tmp_path):
    with pytest.raises(RunError) as error:
        olhar.compare(two[0], write_judged_run(tmp_path / "v", answers(GOOD), by="validation"))
    assert_says(error, "v: has no test pictures", "--data")


def test_a_model_file_without_data_is_refused(two, run):
    with pytest.raises(UsageError) as error:
        olhar.compare(two[0], run.path / "model.onnx")
    assert_says(error, "model.onnx", "--data")


def test_runs_of_nothing_in_common_are_refused_with_the_reason(two, tmp_path):
    with pytest.raises(RunError) as error:
        olhar.compare(two[0], write_judged_run(tmp_path / "far", answers(GOOD, "far/")))
    assert_says(error, "400 not all were judged by", "--data")
    with pytest.raises(RunError) as error:
        olhar.compare(two[0], write_judged_run(tmp_path / "all", answers(GOOD), taught=[f"{i}.png" for i in range(200)]))
    assert_says(error, "200 taught one of them")


def test_data_of_which_nothing_can_judge_is_refused_with_the_reason(run, coloured, tmp_path):
    copy = shutil.copytree(run.path, tmp_path / "copy")
    with pytest.raises(DataError) as error:
        olhar.compare(run, copy, data=coloured / "train")
    assert_says(error, "72 taught one of them")


def test_by_recipe_wants_two_recipes_of_three_seeds(tmp_path):
    with pytest.raises(UsageError) as error:
        olhar.compare(*seeds(tmp_path, "one", 0.8, "lite0"), by_recipe=True)
    assert_says(error, "--by-recipe", "all 3 runs")


def test_an_unknown_side_to_compare_with_is_refused(two):
    with pytest.raises(UsageError) as error:
        olhar.compare(*two, against="worst")  # pyright: ignore[reportArgumentType]
    assert_says(error, "--against worst", "first, best")


def test_a_missing_run_and_an_unfinished_one_are_named(two, tmp_path):
    with pytest.raises(RunError) as error:
        olhar.compare(two[0], tmp_path / "nowhere")
    assert_says(error, "nowhere", "no such run")
    (two[1] / "metrics.json").unlink()
    with pytest.raises(RunError) as error:
        olhar.compare(*two)
    assert_says(error, "metrics.json", "--resume")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("predictions-test.csv", "nothing\n"),
        ("predictions-test.csv", "picture,label,predicted,confidence,p:cat,p:dog\nunheard.png,cat,cat,1,1,0\n"),
        ("predictions-test.csv", "picture,label,predicted,confidence,p:cat,p:dog\n0.png,,cat,1,1,0\n"),
        ("split.csv", "picture,label,part,content\n"),
        ("split.csv", "picture,label,part,content,group\n0.png,cat,test,zz,\n"),
        ("metrics.json", "{"),
        ("signature.json", "{"),
    ],
)
def test_a_damaged_file_of_a_run_is_named(two, name, text):
    (two[0] / name).write_text(text)
    with pytest.raises(RunError) as error:
        olhar.compare(*two)
    assert_says(error, str(two[0] / name))


def test_a_place_that_cannot_be_written_is_told_before_the_work(two, tmp_path):
    with pytest.raises(DataError) as error:
        olhar.compare(*two, page=tmp_path / "nowhere" / "page.html")
    assert_says(error, "page.html")


def test_two_runs_of_one_name_are_told_apart_by_their_paths(tmp_path):
    runs = [
        write_judged_run(tmp_path / place / "run", answers(GOOD)) for place in ("x", "y") if (tmp_path / place).mkdir() is None
    ]
    names = [one.name for one in olhar.compare(*runs).contenders]
    assert names == [str(run) for run in runs]


def test_the_page_shows_the_pictures_where_they_still_lie(tmp_path):
    """Read again from the data of the runs, told by their content: one has changed since."""
    pictures = write_pictures(tmp_path / "data", 4)
    contents = file_contents(pictures)
    said = [{name: (name.split("/")[0], answer) for name in contents} for answer in ("red", "blue")]
    runs = [
        write_judged_run(
            tmp_path / f"run-{i}", one, contents=contents, taught=(), classes=("blue", "green", "red"), data=str(pictures)
        )
        for i, one in enumerate(said)
    ]
    shutil.copy(pictures / "red" / "000.png", pictures / "red" / "001.png")
    olhar.compare(*runs, page=tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert text.count("data:image/webp") == 11
    assert "1 picture is not at hand any more" in text
    assert '<code class="command">olhar train DATA --seeds 3</code>' in text


def test_rows_of_csv_are_the_answers_of_the_runs(two):
    rows = list(csv.DictReader(olhar.compare(*two).to_csv().splitlines()))
    poor, good = answers(POOR), answers(GOOD)
    assert {row["picture"] for row in rows} == {name for name in poor if poor[name] != good[name]}
    assert all(row["answer:good"] == good[row["picture"]][1] for row in rows)
