import json
import re
import subprocess
import sys

import numpy as np
import pytest
from safetensors.numpy import load_file

import olhar
from olhar.base.errors import RecipeError, UsageError
from olhar.base.images import to_pixels
from olhar.cli.app import main
from olhar.data.sources import read
from olhar.jobs.distribution import features
from olhar.runs.folder import RunFolder
from olhar.runs.results import results
from olhar.runs.split import read_split
from tests.bodies.test_onnx_file import FREE, Classifier, exported
from tests.conftest import assert_says
from tests.scenes import scene, write_scenes
from tests.trained import Said, rows_of

HEAD = {"model": "lite0", "size": 64}
"""Small pictures, so that they are soon looked at."""


@pytest.fixture(scope="module")
def head_run(scenes, tmp_path_factory):
    return olhar.train(scenes, into=tmp_path_factory.mktemp("runs") / "head", **HEAD)


def test_few_pictures_all_teach_and_all_judge(head_run):
    assert head_run.measured == "folds"
    assert head_run.metrics.accuracy.n == 36
    assert head_run.metrics.accuracy.value > 0.9
    assert set(read_split(head_run.path).values()) == {"train"}
    judged = rows_of(head_run.path / "predictions-folds.csv")
    assert len(judged) == 36
    assert sum(row["predicted"] == row["label"] for row in judged) == round(36 * head_run.metrics.accuracy.value)


def test_its_interval_is_wider_than_that_of_so_many_pictures_apart(head_run):
    accuracy = head_run.metrics.accuracy
    from olhar.evaluation.intervals import wilson

    apart = wilson(round(accuracy.value * accuracy.n), accuracy.n)
    assert accuracy.low < apart.low


def test_the_model_answers_as_it_was_judged_and_says_what_it_is_made_of(head_run):
    eye = olhar.load(head_run.path)
    answers = [eye(scene(kind, 50_000 + i)).label for kind in ("dots", "ramp", "stripes") for i in range(5)]
    assert sum(answer == kind for answer, kind in zip(answers, np.repeat(["dots", "ramp", "stripes"], 5), strict=True)) >= 13
    record = results(RunFolder(head_run.path)).head
    assert (record.body, record.licence, record.origin) == ("lite0", "Apache-2.0", "ImageNet")
    weights = load_file(head_run.path / "best.safetensors")
    assert weights["olhar_head.kernel"].shape[1] == 3
    assert any(name.startswith("block_0_depthwise") for name in weights)


def test_what_is_kept_of_features_is_what_the_model_gives(head_run, scenes):
    kept = np.array(json.loads((head_run.path / "picture-statistics.json").read_text())["features"])
    predictor, data = olhar.load(head_run.path), read(scenes)
    asked = features(predictor, np.stack([predictor.prepare(data.read(row)) for row in range(len(data))]))
    assert kept.shape == asked.shape == (36, 16)
    assert np.abs(np.sort(kept, axis=0) - np.sort(asked, axis=0)).max() < 0.01 * np.abs(asked).max()


def test_the_bundle_is_the_body_and_the_head_and_proved(head_run):
    metrics = json.loads((head_run.path / "metrics.json").read_text())
    assert metrics["agreement"] < 1e-5
    eye = olhar.load(head_run.path / "model.onnx")
    pixels = np.stack([to_pixels(scene("dots", 7), (64, 64), 3, "stretch")])
    probabilities, logits, features = eye.outputs(pixels, "probabilities", "logits", "features")
    weights = load_file(head_run.path / "best.safetensors")
    expected = features @ weights["olhar_head.kernel"] + weights["olhar_head.bias"]
    assert np.allclose(logits, expected, atol=1e-4)
    assert np.allclose(probabilities, np.exp(expected) / np.exp(expected).sum(1, keepdims=True), atol=1e-5)


def test_the_same_again_is_the_same(head_run, scenes, tmp_path):
    again = olhar.train(scenes, into=tmp_path / "run", **HEAD)
    for name in ("best.safetensors", "model.onnx", "predictions-folds.csv", "split.csv"):
        assert (again.path / name).read_bytes() == (head_run.path / name).read_bytes()


def test_a_split_that_is_asked_for_judges_by_its_test_part(scenes, tmp_path):
    run = olhar.train(scenes, into=tmp_path / "run", split="60/20/20", **HEAD)
    assert run.measured == "test"
    assert run.folds is None
    assert set(read_split(run.path).values()) == {"train", "test"}
    assert len(rows_of(run.path / "predictions-test.csv")) == run.metrics.accuracy.n


def test_a_learning_curve_is_there_where_folds_judge_and_elsewhere_where_it_is_asked_for(head_run, scenes, tmp_path):
    curve = results(RunFolder(head_run.path)).curve
    assert curve.points[-1].accuracy == head_run.metrics.accuracy
    assert len(curve.points) > 1
    assert [promise.key for promise in curve.promises] == [""]
    assert results(RunFolder(olhar.train(scenes, into=tmp_path / "run", split="60/20/20", **HEAD).path)).curve is None
    asked = olhar.train(scenes, into=tmp_path / "asked", split="60/20/20", learning_curve=True, **HEAD)
    assert results(RunFolder(asked.path)).curve.points[-1].accuracy.n == 36 - asked.metrics.accuracy.n
    (asked.path / "metrics.json").unlink()
    assert results(RunFolder(olhar.train(into=asked.path, resume=True).path)).curve is not None


def test_each_of_several_seeds_has_the_learning_curve_that_was_asked_for(scenes, tmp_path):
    several = olhar.train(scenes, into=tmp_path / "runs", seeds=2, split="60/20/20", learning_curve=True, **HEAD)
    assert all(results(RunFolder(run.path)).curve is not None for run in several.runs)


@pytest.mark.parametrize("fields", [{"model": "quick"}, {"width": 8}])
def test_a_learning_curve_of_what_learns_by_gradients_is_refused(scenes, tmp_path, fields):
    with pytest.raises(UsageError) as error:
        olhar.train(scenes, into=tmp_path / "run", learning_curve=True, **fields)
    assert_says(error, "--learning-curve", "a whole network", "--model lite0")
    assert error.value.code == "OLH966"
    assert not (tmp_path / "run").exists()


def test_a_test_part_that_the_data_brings_judges_and_the_rest_teaches(tmp_path):
    for part, start in (("train", 0), ("validation", 8), ("test", 12)):
        write_scenes(tmp_path / "data" / part, 4, start=start)
    run = olhar.train(tmp_path / "data", into=tmp_path / "run", **HEAD)
    assert run.measured == "test"
    counts = RunFolder(run.path).request().counts
    assert {part: sum(table.values()) for part, table in counts.items()} == {"train": 24, "test": 12}


def test_a_gray_class_of_pictures_is_repeated_inside(tmp_path):
    from PIL import Image

    for path in write_scenes(tmp_path / "data", 6).rglob("*.png"):
        Image.open(path).convert("L").save(path)
    run = olhar.train(tmp_path / "data", into=tmp_path / "run", **HEAD)
    assert run.signature.channels == 1
    assert run.metrics.accuracy.value > 0.7


def test_a_class_with_one_picture_is_learnt_and_the_rest_too(tmp_path):
    data = write_scenes(tmp_path / "data", 6)
    for path in sorted((data / "ramp").iterdir())[1:]:
        path.unlink()
    run = olhar.train(data, into=tmp_path / "run", **HEAD)
    assert run.metrics.accuracy.n == 13
    assert olhar.load(run.path)(data / "ramp" / "000.png").label == "ramp"


def test_one_picture_a_class_is_enough_to_answer(tmp_path):
    data = write_scenes(tmp_path / "data", 1)
    run = olhar.train(data, into=tmp_path / "run", **HEAD)
    answers = [olhar.load(run.path)(scene(kind, 40)).label for kind in ("dots", "ramp", "stripes")]
    assert answers.count("ramp") >= 1
    assert results(RunFolder(run.path)).head.kind == "nearest mean"


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_with_one_picture_of_each_class_no_accuracy_is_told_anywhere(tmp_path, capsys, language):
    data, run = write_scenes(tmp_path / "data", 1), tmp_path / "run"
    assert main(["train", str(data), "--into", str(run), "--model", "lite0", "--size", "64", "--lang", language]) == 0
    told = capsys.readouterr()
    assert {"en": "cannot be told", "pt-BR": "Não dá para dizer"}[language] in told.out
    assert "33" not in (told.out + told.err).replace(str(tmp_path), "")
    assert main(["evaluate", str(run), "--lang", language]) == 0
    assert "%" not in capsys.readouterr().out
    page = olhar.report(run, language=language).read_text(encoding="utf-8")
    assert not re.search(r"33[.,]3\s?%", page)
    assert {"en": "Nobody can say how good", "pt-BR": "Não dá para dizer se é boa"}[language] in page
    assert main(["runs", str(tmp_path), "--lang", language]) == 0
    assert "%" not in capsys.readouterr().out


def test_with_one_picture_of_each_class_programs_are_told_that_nothing_was_measured(tmp_path, capsys):
    data, where = write_scenes(tmp_path / "data", 1), tmp_path / "run"
    assert main(["train", str(data), "--into", str(where), "--model", "lite0", "--size", "64", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["measured"] == "nothing"
    assert "folds" not in told
    assert json.loads((where / "metrics.json").read_text())["judged"] is False
    run = olhar.Run(where) if hasattr(olhar, "Run") else olhar.train(into=where, resume=True)
    assert run.judged is False
    assert "cannot be told" in repr(run)


def test_an_onnx_file_is_a_body_too(scenes, tmp_path):
    body = exported(Classifier(), tmp_path / "net.onnx", side=64, **FREE)
    said = Said()
    run = olhar.train(scenes, into=tmp_path / "run", model=body, progress=said)
    assert "net.onnx" in "".join(said.lines)
    assert run.signature.mean in ((0.485, 0.456, 0.406), (0.5, 0.5, 0.5), (0.0, 0.0, 0.0))
    assert results(RunFolder(run.path)).head.body == "net.onnx"
    assert olhar.load(run.path)(scene("dots", 1)).label in run.signature.classes


def test_what_means_nothing_to_a_head_is_told_and_a_shape_is_refused(scenes, tmp_path):
    said = Said()
    olhar.train(scenes, into=tmp_path / "run", epochs=3, progress=said, **HEAD)
    assert any("--epochs" in line and "--learn last:48" in line for line in said.lines)
    with pytest.raises(RecipeError) as error:
        olhar.train(scenes, into=tmp_path / "other", width=8, **HEAD)
    assert_says(error, "width", "lite0")


def test_what_is_asked_of_a_run_that_is_there_is_heard(head_run, scenes, tmp_path, capsys):
    said = Said()
    olhar.train(into=head_run.path, resume=True, progress=said)
    assert "finished already" in "".join(said.lines)
    for name in ("metrics.json", "report.html"):
        (head_run.path / name).rename(tmp_path / name)
    olhar.train(scenes, into=head_run.path, resume=True)
    assert json.loads((head_run.path / "metrics.json").read_text())["folds"]["accuracy"]["n"] == 36
    assert main(["predict", str(head_run.path), str(scenes / "dots" / "000.png"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("form", ["keras", "safetensors", "onnx"])
def test_it_is_exported_and_proved(head_run, tmp_path, form):
    path = head_run.export(tmp_path / f"model.{form}")
    assert path.stat().st_size > 10_000_000
    if form != "safetensors":
        assert olhar.load(path)(scene("ramp", 3)).label == "ramp"


def test_no_torch_is_imported_on_the_way(scenes, tmp_path):
    code = """
import sys, olhar
run = olhar.train(sys.argv[1], into=sys.argv[2], model="lite0", size=64)
print(olhar.load(run.path)(sys.argv[1] + "/dots/000.png"))
assert run.report() and run.export(sys.argv[2] + ".onnx") and run.evaluate(sys.argv[1])
wrong = {"torch", "sklearn", "pandas", "keras"} & set(sys.modules)
assert not wrong, wrong
"""
    subprocess.run([sys.executable, "-c", code, str(scenes), str(tmp_path / "run")], check=True, timeout=120)
