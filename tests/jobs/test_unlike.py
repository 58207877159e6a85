"""A picture unlike anything seen: a trained model says so, in every form of its answers."""

import json

import numpy as np
import onnx
import onnxruntime
import pytest
from PIL import Image

import olhar
from olhar.base.texts import percent, speaking
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import with_signature
from olhar.cli.app import main
from olhar.runs.folder import RunFolder
from olhar.runs.results import results
from tests.conftest import noisy, write_pictures
from tests.scenes import scene, write_scenes
from tests.trained import QUICK, Said, rows_of


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A head start on 120 scenes, three kinds of 40, and what it said."""
    folder = tmp_path_factory.mktemp("unlike")
    said = Said()
    return olhar.train(write_scenes(folder / "scenes", 40), into=folder / "run", progress=said), said


@pytest.fixture(scope="module")
def strange(tmp_path_factory):
    """Two scenes as they taught, and two pictures of noise."""
    folder = tmp_path_factory.mktemp("strange")
    for i in range(2):
        Image.fromarray(scene("dots", 900 + i)).save(folder / f"dots-{i}.png")
        Image.fromarray(np.random.default_rng(i).integers(0, 256, (80, 80, 3), dtype=np.uint8)).save(folder / f"noise-{i}.png")
    return folder


@pytest.fixture
def cautious(trained, tmp_path):
    """The file of the same model, with a threshold that every picture here passes."""
    run, _ = trained
    model = Predictor.open(run.path / "model.onnx")
    path = tmp_path / "cautious.onnx"
    path.write_bytes(with_signature(model.serialised(), olhar_signature(model, at_least=0.5, threshold=0.01)))
    return path


def olhar_signature(model, **changes):
    return type(model.signature)(**{**vars(model.signature), **changes})


def test_noise_is_unlike_photographs_and_the_answer_stays_the_best_class(trained, strange):
    run, said = trained
    answers = olhar.predict(run.path, strange)
    assert [one.why for one in answers] == ["", "", "unlike", "unlike"]
    assert all(one.answer == one.label for one in answers)
    assert all(one.unlikeness < 1 for one in answers[:2])
    assert all(one.unlikeness > 1 for one in answers[2:])
    assert str(answers[3]).endswith("; unlike anything seen")
    assert answers.to_polars()["why"].to_list() == ["", "", "unlike", "unlike"]
    assert olhar.load(run.path)(strange / "noise-0.png").why == "unlike"
    assert not [line for line in said.lines if "unlike" in line]


def test_the_terminal_csv_and_json_tell_it(trained, strange, capsys):
    run, _ = trained
    assert main(["predict", str(run.path), str(strange)]) == 0
    told = capsys.readouterr().out
    assert told.count("(unlike anything seen)") == 2
    assert "2 pictures are unlike anything that the model has seen." in told
    assert main(["predict", str(run.path), str(strange), "--csv"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[0].endswith("answer,why")
    assert [row.rpartition(",")[2] for row in rows[1:]] == ["", "", "unlike", "unlike"]
    assert main(["predict", str(run.path), str(strange), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["predictions"]
    assert [(one["why"], one["answer"] == one["class"]) for one in told] == [("", True)] * 2 + [("unlike", True)] * 2


def test_portuguese_tells_it_too(trained, strange, capsys):
    run, _ = trained
    with speaking("pt-BR"):
        assert main(["predict", str(run.path), str(strange), "--language", "pt-BR"]) == 0
    assert capsys.readouterr().out.count("(diferente de tudo o que já viu)") == 2


def test_where_answers_are_withheld_an_unlike_picture_has_none(cautious, strange, tmp_path, capsys):
    answers = olhar.predict(cautious, strange)
    assert [(one.answer, one.why) for one in answers] == [("dots", "")] * 2 + [("", "unlike")] * 2
    assert str(answers[2]).startswith("I don’t know (")
    assert main(["predict", str(cautious), str(strange), "--sort-into", str(tmp_path / "sorted")]) == 0
    assert sorted(file.name for file in (tmp_path / "sorted" / "unknown").iterdir()) == ["noise-0.png", "noise-1.png"]
    assert "I don’t know (unlike anything seen)" in capsys.readouterr().out


def test_without_a_threshold_copies_lie_with_the_best_class(trained, strange, tmp_path):
    run, _ = trained
    assert main(["predict", str(run.path), str(strange), "--sort-into", str(tmp_path / "sorted")]) == 0
    assert not (tmp_path / "sorted" / "unknown").exists()
    assert len(list((tmp_path / "sorted").rglob("*.png"))) == 4


def test_the_output_is_in_the_file_for_other_programs_and_small(trained, strange):
    run, _ = trained
    session = onnxruntime.InferenceSession(run.path / "model.onnx")
    predictor = olhar.load(run.path)
    pixels = np.stack([predictor.prepare(file) for file in sorted(strange.iterdir())])
    (unlikeness,) = session.run(["unlikeness"], {"pictures": pixels})
    assert [one > 1 for one in unlikeness.tolist()] == [False, False, True, True]
    model = onnx.load(run.path / "model.onnx")
    size = sum(len(array.raw_data) for array in model.graph.initializer if array.name.startswith("olhar_unlike"))
    assert 0 < size < 500_000
    assert json.loads(session.get_modelmeta().custom_metadata_map["olhar"])["false_alarms"] == 0.01


def test_other_forms_of_the_model_are_not_said_to_have_it(trained, strange, tmp_path):
    run, _ = trained
    run.export(tmp_path / "model.onnx")
    assert olhar.load(tmp_path / "model.onnx")(strange / "noise-0.png").why == "unlike"
    run.export(tmp_path / "model.safetensors")
    assert json.loads((tmp_path / "model.signature.json").read_text())["false_alarms"] == 0


def test_false_alarms_are_in_the_numbers_and_in_the_report(trained):
    run, _ = trained
    found = results(RunFolder.open(run.path)).unlike
    assert found is not None
    assert (found.chosen_on, found.share.n) == (120, 120)
    rows = rows_of(run.path / "predictions-folds.csv")
    assert found.share.value == pytest.approx(sum(row["why"] == "unlike" for row in rows) / 120)
    assert found.caught is not None
    assert found.caught.n == 32
    assert found.caught.value > 0.5
    page = (run.path / "report.html").read_text(encoding="utf-8")
    assert f"{percent(found.caught.value)} were told to be unlike anything seen" in page
    assert 'id="unlike"' in page
    assert "Unlike anything seen" in page
    assert "These pictures also chose from where on that is said" in page


def test_a_network_tells_by_its_own_features_and_validation_pictures(coloured, tmp_path):
    said = Said()
    run = olhar.train(coloured, into=tmp_path / "few", progress=said, **QUICK)
    assert any("the model cannot tell" in line for line in said.lines)
    assert olhar.load(run.path)(noisy((128, 128, 128), 1)).unlikeness is None
    assert results(RunFolder.open(run.path)).unlike is None
    more = write_pictures(tmp_path / "more", 40)
    run = olhar.train(more, into=tmp_path / "run", progress=said, **QUICK, split="50/30/20")
    predictor = olhar.load(run.path)
    names = {node.op_type for node in onnx.load(run.path / "model.onnx").graph.node if "olhar_unlike" in node.output[0]}
    assert "AveragePool" in names  # the picture's own statistics are in the file
    assert predictor(np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)).unlikeness is not None
    assert any("pictures are few to tell" in line for line in said.lines)


def test_a_model_from_before_tells_nothing(trained, strange, tmp_path):
    run, _ = trained
    model = Predictor.open(run.path / "model.onnx")
    (tmp_path / "old.onnx").write_bytes(with_signature(model.serialised(), olhar_signature(model, false_alarms=0.0)))
    answers = olhar.predict(tmp_path / "old.onnx", strange)
    assert [(one.why, one.unlikeness) for one in answers] == [("", None)] * 4


def test_a_contract_that_promises_an_output_which_is_not_there_is_one_sentence(run, tmp_path):
    model = Predictor.open(run.path / "model.onnx")
    (tmp_path / "odd.onnx").write_bytes(with_signature(model.serialised(), olhar_signature(model, false_alarms=0.01)))
    with pytest.raises(olhar.ModelError):
        olhar.load(tmp_path / "odd.onnx")(noisy((9, 9, 9), 1))
