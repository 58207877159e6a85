"""A model is measured on pictures whose classes it may spell otherwise, and what drifted there is told."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import olhar
from olhar.base.errors import DataError, UsageError
from olhar.base.texts import speaking
from olhar.cli.app import main
from olhar.jobs.at_least import halves
from tests.conftest import assert_says, encoded, noisy, write_pictures

CASE = (
    Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")).parent
    / "cases"
    / "models-01-class-case"
)


def test_a_model_with_red_is_measured_on_pictures_of_red(tmp_path, capsys):
    if not CASE.is_dir():
        pytest.skip(f"no {CASE.name} beside OLHAR_TEST_DATA")
    place = shutil.copytree(CASE, tmp_path / "case")
    model, labels = str(place / "model.h5"), str(place / "labels.txt")
    assert main(["inspect", model, "--classes", labels, "--scaling", "0..1", "--save"]) == 0
    capsys.readouterr()
    assert main(["evaluate", model, str(place / "data")]) == 0
    assert capsys.readouterr().err.splitlines()[:2] == [
        "read as: 3 classes",
        "the same classes, spelled otherwise: blue = BLUE, green = GREEN, red = RED",
    ]
    metrics = olhar.evaluate(model, place / "data")
    assert (metrics.accuracy.n, metrics.accuracy.value) == (30, 1.0)


def darker(source: Path, target: Path, by: float = 0.5) -> Path:
    """The same pictures with less light, in the same folders."""
    for file in sorted(source.rglob("*.png")):
        place = target / file.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        with Image.open(file) as image:
            Image.fromarray((np.asarray(image) * by).astype(np.uint8)).save(place)
    return target


@pytest.fixture
def others(tmp_path):
    """150 pictures like those of ``run``, none of them its own."""
    return write_pictures(tmp_path / "others", 50, start=5000)


def test_pictures_like_those_that_taught_show_no_drift(run, others):
    found = olhar.evaluate(run.path, others)
    assert found.accuracy.value == 1.0
    assert not found.drift.drifted
    assert str(found.sentences()[0]).startswith("These pictures look like those")
    assert {one.measure for one in found.drift.shifts} >= {"brightness", "contrast", "colour", "features", "mix"}


def test_darker_pictures_are_told_in_a_sentence_in_json_and_on_a_page(run, others, tmp_path, capsys):
    page = tmp_path / "page.html"
    place = darker(others, tmp_path / "dark")
    assert main(["evaluate", str(run.path), str(place), "--page", str(page)]) == 0
    told = capsys.readouterr().out
    assert "They are darker" in told
    assert str(page) in told
    text = page.read_text(encoding="utf-8")
    assert "They are darker" in text
    assert f"answered by {run.path.name}" in text
    assert "<script" not in text
    assert text.count("<img") >= 16
    assert main(["evaluate", str(run.path), str(place), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    shifts = {one["measure"]: one for one in found["drift"]["shifts"]}
    assert shifts["brightness"]["verdict"] == "drifted"
    assert shifts["brightness"]["here"][2] < shifts["brightness"]["there"][2]
    assert (found["data"]["accuracy"]["n"], found["pictures"]) == (150, 150)


def test_the_page_speaks_portuguese_and_no_name_breaks_it(run, tmp_path):
    place = tmp_path / "<b>dark"
    for i in range(12):
        place.mkdir(exist_ok=True)
        (place / f"{i}<img src=x onerror=alert(1)>.png".replace("/", "")).write_bytes(encoded(noisy((10, 10, 10), i)))
    with speaking("pt-BR"):
        olhar.evaluate(run.path, place, page=tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert 'lang="pt-BR"' in text
    assert "São mais escuras" in text
    assert "<img src=x" not in text


def test_a_folder_without_classes_has_a_sentence_of_its_own_and_drift_alone(run, tmp_path, capsys):
    place = tmp_path / "loose"
    place.mkdir()
    for i in range(30):
        (place / f"{i}.png").write_bytes(encoded(noisy((5, 10, 60), i)))
    assert main(["evaluate", str(run.path), str(place)]) == 0
    told = capsys.readouterr()
    assert "no class folders" in told.err
    assert "()" not in told.err
    assert "30 pictures of no known class" in told.out
    assert "They are darker" in told.out
    assert "mix of answers" in told.out
    found = olhar.evaluate(run.path, place)
    assert sum(found.answered_mix.values()) == 30
    n = found.answered_mix["blue"]
    assert main(["evaluate", str(run.path), str(place), "--csv"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == ["class,answers,share", f"blue,{n},{n / 30:.6f}"]
    assert found.metrics is None
    with pytest.raises(DataError) as error:
        _ = found.accuracy
    assert_says(error, "loose", "class of none", "folders named")


def test_a_run_from_before_is_described_by_its_pictures_or_it_says_why_not(run, others, tmp_path):
    kept = olhar.evaluate(run.path, others).drift
    old = shutil.copytree(run.path, tmp_path / "old")
    (old / "picture-statistics.json").unlink()
    again = olhar.evaluate(old, others).drift
    assert [(one.measure, one.verdict, one.of) for one in again.shifts] == [
        (one.measure, one.verdict, one.of) for one in kept.shifts
    ]
    request = old / "request.json"
    request.write_text(json.dumps(json.loads(request.read_text()) | {"data": str(tmp_path / "gone")}))
    found = olhar.evaluate(old, others)
    assert found.drift is None
    assert "no longer at" in str(found.sentences()[0])


def test_a_model_file_alone_tells_no_drift_but_that_in_its_run_does(run, others, tmp_path):
    found = olhar.evaluate(shutil.copy(run.path / "model.onnx", tmp_path / "m.onnx"), others)
    assert found.accuracy.value == 1.0
    assert "Give the folder of its run" in str(found.sentences()[0])
    assert olhar.evaluate(run.path / "model.onnx", others).drift is not None


def test_damaged_statistics_are_named_and_the_numbers_are_there_all_the_same(run, others, tmp_path):
    broken = shutil.copytree(run.path, tmp_path / "broken")
    (broken / "picture-statistics.json").write_text('{"olhar": 1, "measures": 3}')
    found = olhar.evaluate(broken, others)
    assert (found.accuracy.value, found.drift) == (1.0, None)
    assert "picture-statistics.json" in str(found.sentences()[0])


def test_copies_count_once(run, others):
    for file in sorted((others / "blue").iterdir()):
        for i in range(3):
            shutil.copy(file, file.with_name(f"copy-{i}-{file.name}"))
    found = olhar.evaluate(run.path, others).drift
    assert (found.pictures, found.groups) == (300, 150)
    assert not found.drifted


def test_a_threshold_is_chosen_on_one_half_and_judged_on_the_other(run, others, capsys):
    found = olhar.evaluate(run.path, others, at_least=0.9)
    assert found.halved
    assert (found.answered.threshold.chosen_on, found.answered.coverage.n) == (75, 75)
    assert found.answered.accuracy.value == 1.0
    assert main(["evaluate", str(run.path), str(others), "--at-least", "0,9"]) == 0
    assert "chosen on one half of these pictures and is judged on the other" in capsys.readouterr().out
    few = olhar.evaluate(run.path, others, at_least=0.999)
    assert few.answered is None


def test_groups_stay_on_one_side_of_the_halves():
    groups = np.repeat(np.arange(20), 5)
    one, other = halves(groups, np.arange(100))
    assert not {*groups[one]} & {*groups[other]}
    assert sorted([*one, *other]) == list(range(100))


def test_a_threshold_that_a_model_has_is_judged_on_all(run, others, tmp_path):
    cautious = olhar.export(run.path, tmp_path / "m.onnx", at_least=0.6)
    found = olhar.evaluate(cautious, others)
    assert (found.halved, found.answered.coverage.n) == (False, 150)


@pytest.mark.parametrize("share", [1, 1.2, -0.1])
def test_a_share_that_is_none_is_refused(run, others, share):
    with pytest.raises(UsageError) as error:
        olhar.evaluate(run.path, others, at_least=share)
    assert_says(error, str(share), "0.99")


def test_what_needs_other_pictures_is_refused_without_any(run, tmp_path, capsys):
    for flag, value in (("--at-least", "0.9"), ("--page", "p.html")):
        assert main(["evaluate", str(run.path), flag, value]) == 2
        assert flag in capsys.readouterr().err
    (tmp_path / "loose").mkdir()
    (tmp_path / "loose" / "1.png").write_bytes(encoded(noisy((5, 10, 60), 1)))
    assert main(["evaluate", str(run.path), str(tmp_path / "loose"), "--at-least", "0.9"]) == 2
    assert "OLH651" in capsys.readouterr().err


def test_the_page_opens_with_the_accuracy_then_says_whether_the_pictures_are_like_the_trainings(run, others, tmp_path):
    page = tmp_path / "page.html"
    olhar.evaluate(run.path, others, page=page)
    text = page.read_text(encoding="utf-8")
    order = [
        "right on these pictures",
        "the 95% interval runs from",
        "Are they like those",
        "Class by class",
        "Measure by measure",
    ]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)


def test_a_table_of_measures_in_which_nothing_differs_says_no_verdict_line_by_line(run, tmp_path):
    few = write_pictures(tmp_path / "few", 4, start=7000)
    olhar.evaluate(run.path, few, page=tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "too few to be sure" in text
    table = text[text.index('<table class="shifts">') :]
    assert "too few pictures" not in table
    assert "By chance" not in table
    assert "what the network sees" not in table
    assert "brightness" in table
    olhar.evaluate(run.path, darker(few, tmp_path / "dark"), page=tmp_path / "page.html")
    table = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Like its training?" in table
    assert "By chance" in table
