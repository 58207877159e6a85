import json
import shutil

import numpy as np
import pytest

import olhar
from olhar.base.errors import DataError
from olhar.base.texts import percent
from olhar.cli.app import main
from olhar.runs.folder import RunFolder
from olhar.runs.split import read_split
from tests.conftest import assert_says
from tests.scenes import scene, write_scenes
from tests.trained import Said

HEAD = {"model": "lite0", "size": 64}


@pytest.fixture
def two_classes(tmp_path):
    """A run that knows dots and ramps, with a name to show of one."""
    data = write_scenes(tmp_path / "data", 8, kinds=("dots", "ramp"))
    return olhar.train(data, into=tmp_path / "first", names={"dots": "Pontos"}, **HEAD)


def test_a_new_class_comes_to_the_old_ones_whose_pictures_learn_on(two_classes, tmp_path, capsys):
    more = write_scenes(tmp_path / "more", 8, kinds=("stripes",))
    assert main(["train", str(more), "--model", str(two_classes.path), "--into", str(tmp_path / "second")]) == 0
    told = capsys.readouterr().out
    run = olhar.Run(tmp_path / "second")
    assert run.signature.classes == ("dots", "ramp", "stripes")
    assert run.signature.names == ("Pontos", "ramp", "stripes")
    assert run.signature.height == 64
    assert run.metrics.accuracy.n == 24
    assert [olhar.load(run.path)(scene(kind, 77)).label for kind in ("dots", "stripes")] == ["dots", "stripes"]
    rows = {line.split()[0]: line.split()[1:] for line in told.splitlines() if line.startswith(("Pontos ", "ramp ", "stripes "))}
    assert rows["stripes"][0] == "new"
    assert rows["Pontos"][0].endswith("%")
    assert run.earlier[0] == "first"


def test_its_report_and_its_json_tell_each_class_before_and_now(two_classes, tmp_path, capsys):
    more = write_scenes(tmp_path / "more", 8, kinds=("stripes",))
    command = ["train", str(more), "--model", str(two_classes.path), "--into", str(tmp_path / "second"), "--json"]
    assert main(command) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["earlier"]["run"] == "first"
    assert told["head"]["body"] == "lite0"
    assert told["learning_curve"]["points"]
    page = (tmp_path / "second" / "report.html").read_text()
    section = page[page.index('id="before-and-now"') :]
    section = section[: section.index("</section>")]
    assert "first" in section
    assert [name in section for name in ("Pontos", "ramp", "stripes", "new")] == [True] * 4
    earlier = {row["key"]: row["recall"] for row in told["earlier"]["by_class"]}
    assert percent(earlier["ramp"]) in section


def test_a_bundle_alone_looks_at_pictures_as_its_run_did(two_classes, tmp_path):
    said = Said()
    again = olhar.train(tmp_path / "data", model=two_classes.path / "model.onnx", into=tmp_path / "again", progress=said)
    assert again.signature.height == 64
    assert again.earlier is None
    assert np.array_equal(again.metrics.confusion, two_classes.metrics.confusion)
    assert "knows no split" in " ".join(said.lines)
    striped = write_scenes(tmp_path / "striped", 8, kinds=("dots", "stripes"))
    other = olhar.train(striped, model=again.path / "model.onnx", into=tmp_path / "other")
    assert olhar.load(other.path)(scene("stripes", 90)).label == "stripes"


def test_a_folder_that_has_grown_counts_each_picture_once(two_classes, tmp_path):
    said = Said()
    write_scenes(tmp_path / "data", 4, kinds=("dots", "ramp"), start=8)
    run = olhar.train(tmp_path / "data", model=two_classes.path, into=tmp_path / "second", progress=said)
    assert run.metrics.accuracy.n == 24
    assert not any("teach beside" in line for line in said.lines)


def test_the_old_test_pictures_stay_test_pictures(tmp_path):
    data = write_scenes(tmp_path / "data", 12, kinds=("dots", "ramp"))
    first = olhar.train(data, into=tmp_path / "first", split="60/20/20", **HEAD)
    tested = {content for content, part in read_split(first.path).items() if part == "test"}
    write_scenes(tmp_path / "data", 12, kinds=("dots", "ramp"), start=12)
    second = olhar.train(data, model=first.path, into=tmp_path / "second")
    parts = read_split(second.path)
    assert second.measured == "test"
    assert tested
    assert all(parts[content] == "test" for content in tested)


def test_it_goes_on_where_it_was_stopped(two_classes, tmp_path):
    more = write_scenes(tmp_path / "more", 6, kinds=("stripes",))
    run = olhar.train(more, model=two_classes.path, into=tmp_path / "second")
    assert "pictures of the run that this one goes on from (read as: 2 classes)" in str(run.read_as)
    expected = (run.path / "best.safetensors").read_bytes()
    for name in ("metrics.json", "best.safetensors", "model.onnx"):
        (run.path / name).unlink()
    again = olhar.train(into=run.path, resume=True)
    assert (again.path / "best.safetensors").read_bytes() == expected


def test_pictures_that_are_gone_are_told_and_a_class_that_is_gone_is_refused(two_classes, tmp_path):
    shutil.move(tmp_path / "data", tmp_path / "moved")
    more = write_scenes(tmp_path / "more", 6, kinds=("stripes",))
    with pytest.raises(DataError) as error:
        olhar.train(more, model=two_classes.path, into=tmp_path / "second")
    assert_says(error, "dots, ramp", "data")
    for kind in ("dots", "ramp"):
        write_scenes(tmp_path / "more", 6, kinds=(kind,), start=50)
    said = Said()
    assert olhar.train(more, model=two_classes.path, into=tmp_path / "second", progress=said).metrics.accuracy.n == 18
    assert any("Of first, 16 pictures are" in line for line in said.lines)


def test_a_network_from_nothing_goes_on_with_a_new_class_and_keeps_what_it_knows(tmp_path, capsys):
    data = write_scenes(tmp_path / "data", 16, kinds=("dots", "ramp"))
    first = olhar.train(data, model="cnn", width=8, size=32, epochs=12, folds=0, into=tmp_path / "first")
    more = write_scenes(tmp_path / "more", 16, kinds=("stripes",))
    command = [
        "train",
        str(more),
        "--model",
        str(first.path),
        "--epochs",
        "4",
        "--folds",
        "0",
        "--into",
        str(tmp_path / "second"),
    ]
    assert main(command) == 0
    told = capsys.readouterr()
    assert "first goes on learning" in " ".join(told.err.split())
    run = olhar.Run(tmp_path / "second")
    assert run.signature.classes == ("dots", "ramp", "stripes")
    assert run.earlier[0] == "first"
    assert "stripes" in told.out[told.out.index("before") :]
    known = json.loads((run.path / "request.json").read_text())["base"]["known"]
    assert known == [0, 1, -1]
    for name in ("metrics.json", "best.safetensors", "model.onnx"):
        (run.path / name).unlink()
    assert olhar.train(into=run.path, resume=True).signature.classes == run.signature.classes


def test_a_network_goes_on_with_the_same_classes_from_where_it_was(tmp_path):
    data = write_scenes(tmp_path / "data", 16, kinds=("dots", "ramp"))
    first = olhar.train(data, model="cnn", width=8, size=32, epochs=12, folds=0, into=tmp_path / "first")
    again = olhar.train(data, model=first.path, epochs=1, learning_rate=1e-9, folds=0, into=tmp_path / "again")
    assert np.array_equal(again.metrics.confusion, first.metrics.confusion)
    assert again.metrics.loss == pytest.approx(first.metrics.loss, abs=0.1)


def test_data_that_has_changed_names_this_way(two_classes, tmp_path):
    (two_classes.path / "metrics.json").rename(tmp_path / "metrics.json")
    write_scenes(tmp_path / "data", 1, kinds=("dots",), start=30)
    with pytest.raises(olhar.RunError) as error:
        olhar.train(into=two_classes.path, resume=True)
    assert_says(error, "--model", str(two_classes.path))


def test_what_it_went_on_from_is_kept(two_classes, tmp_path):
    more = write_scenes(tmp_path / "more", 6, kinds=("stripes",))
    run = olhar.train(more, model=two_classes.path, into=tmp_path / "second")
    assert json.loads((run.path / "request.json").read_text())["went_on_from"] == str(two_classes.path)
    assert "--model" in (run.path / "report.html").read_text()


def test_a_run_is_read_again_as_it_was_read(tmp_path, capsys):
    for top in ("a", "b"):
        write_scenes(tmp_path / "data" / top, 4 + (top == "b"), kinds=("dots", "ramp"))
    words = ["train", str(tmp_path / "data"), "--model", "lite0", "--size", "64", "--into", str(tmp_path / "first")]
    assert main([*words, "--layout", "group/class", "--json"]) == 0
    told, run = json.loads(capsys.readouterr().out), olhar.Run(tmp_path / "first")
    assert (told["read_as"]["classes"], told["read_as"]["groups"]) == (2, 2)
    assert run.read_as.groups == 2
    assert json.loads((run.path / "request.json").read_text())["reading"] == {"layout": "group/class"}
    assert "2 groups" in (run.path / "report.html").read_text(encoding="utf-8")
    assert "--layout group/class" in (run.path / "report.html").read_text(encoding="utf-8")
    again = olhar.train(tmp_path / "data", model=str(run.path), into=tmp_path / "second")
    assert again.signature.classes == ("dots", "ramp")
    assert olhar.train(into=run.path, resume=True).signature.classes == ("dots", "ramp")


def test_classes_spelled_otherwise_are_those_of_the_run(two_classes, tmp_path):
    data = write_scenes(tmp_path / "more", 4, kinds=("dots", "ramp"))
    (data / "dots").rename(data / "Dot")
    run = olhar.train(data, model=str(two_classes.path), into=tmp_path / "second")
    assert run.signature.classes == ("dots", "ramp")
    assert olhar.evaluate(two_classes.path, data).accuracy.n == 8
    assert set(olhar.predict(two_classes.path, data).predictions.labels.tolist()) == {0, 1}


def test_what_was_asked_of_its_answers_is_asked_of_the_run_that_goes_on(tmp_path):
    data = write_scenes(tmp_path / "data", 8, kinds=("dots", "ramp"))
    first = olhar.train(data, into=tmp_path / "first", at_least=0.6, **HEAD)
    more = write_scenes(tmp_path / "more", 8, kinds=("stripes",))
    second = olhar.train(more, model=str(first.path), into=tmp_path / "second")
    third = olhar.train(more, model=str(first.path), into=tmp_path / "third", at_least=0.5)
    asked = [RunFolder(one.path).recipe().at_least for one in (first, second, third)]
    assert asked == [0.6, 0.6, 0.5]
