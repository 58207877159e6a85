"""``--at-least``: a finished model that answers only where it is surely right as often as was asked."""

import json
from dataclasses import replace

import numpy as np
import pytest

import olhar
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import with_signature
from olhar.cli.app import main
from olhar.runs.folder import RunFolder
from olhar.runs.results import results
from tests.trained import QUICK, Said, rows_of


@pytest.fixture
def cautious(run, tmp_path):
    """The file of a model that answers about half of the test pictures."""
    path = tmp_path / "cautious.onnx"
    usual = float(np.median([float(row["confidence"]) for row in rows_of(run.path / "predictions-test.csv")]))
    signature = replace(run.signature, at_least=0.99, threshold=usual + 2e-6)
    path.write_bytes(with_signature((run.path / "model.onnx").read_bytes(), signature))
    return path


def test_a_network_answers_from_a_confidence_on_that_validation_pictures_chose(coloured, tmp_path):
    said = Said()
    trained = olhar.train(coloured, into=tmp_path / "run", progress=said, at_least=0.5, **QUICK)
    (line,) = [line for line in said.lines if "To be right on 50.0%" in line]
    assert "of 11 pictures, 11 got such an answer, 11 of them a right one" in line
    answered = results(RunFolder.open(trained.path)).answered
    assert answered is not None
    assert answered.threshold.asked == 0.5
    assert answered.coverage.n == 36
    signature = olhar.load(trained.path).signature
    assert (signature.at_least, signature.threshold) == (0.5, answered.threshold.confidence)
    rows = rows_of(trained.path / "predictions-test.csv")
    assert list(rows[0])[-2:] == ["answer", "why"]
    for row in rows:
        sure = float(row["confidence"]) >= signature.threshold - 1e-6
        assert (row["answer"], row["why"]) == ((row["predicted"], "") if sure else ("", "unsure"))


def test_with_too_few_pictures_it_says_how_many_are_missing_and_answers_everything(coloured, tmp_path):
    said = Said()
    trained = olhar.train(coloured, into=tmp_path / "run", progress=said, at_least=0.99, **QUICK)
    assert any("299 are needed" in line and "answers every picture" in line for line in said.lines)
    assert olhar.load(trained.path).signature.threshold == 0
    assert results(RunFolder.open(trained.path)).answered is None


def test_a_head_s_threshold_is_chosen_by_answers_out_of_fold(scenes, tmp_path, capsys):
    assert main(["train", str(scenes), "--into", str(tmp_path / "run"), "--at-least", "0.6"]) == 0
    told = capsys.readouterr()
    assert "of 36 pictures" in told.err
    assert "These pictures chose that confidence as well" in told.out
    assert json.loads((tmp_path / "run" / "signature.json").read_text())["at_least"] == 0.6


@pytest.mark.parametrize("share", [1.0, 1.5, -0.5])
def test_more_than_nearly_all_cannot_be_asked(coloured, tmp_path, share):
    with pytest.raises(olhar.RecipeError, match="at_least"):
        olhar.train(coloured, into=tmp_path / "run", at_least=share, **QUICK)


def test_what_is_not_sure_enough_has_no_answer_in_any_form(cautious, coloured, capsys):
    pictures = olhar.predict(cautious, coloured / "test")
    unsure = [one for one in pictures if one.confidence < pictures.predictor.signature.threshold]
    assert len(unsure) > 0
    assert all((one.answer, one.why) == ("", "unsure") and one.label for one in unsure)
    assert str(unsure[0]).startswith("I don’t know (")
    frame = pictures.to_polars()
    assert frame.columns[-2:] == ["answer", "why"]
    assert frame["why"].to_list() == [one.why for one in pictures]
    assert main(["predict", str(cautious), str(coloured / "test")]) == 0
    assert "I don’t know" in capsys.readouterr().out
    assert main(["predict", str(cautious), str(coloured / "test"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["predictions"]
    assert [one["why"] for one in told] == [one.why for one in pictures]
    assert all(one["class"] for one in told)


def test_a_contract_with_a_threshold_that_is_none_is_refused(cautious):
    signature = replace(Predictor.open(cautious).signature, threshold=0.999)
    for text in ('"threshold": 1.5', '"threshold": true', '"threshold": "much"'):
        damaged = signature.to_json().replace('"threshold": 0.999', text)
        with pytest.raises(olhar.ModelError):
            type(signature).from_json(damaged, "model.onnx")


@pytest.mark.parametrize("called_so", [False, True])
def test_what_has_no_answer_is_sorted_into_a_folder_of_its_own(cautious, run, coloured, tmp_path, called_so):
    if called_so:
        signature = Predictor.open(cautious).signature
        renamed = replace(signature, classes=("unknown", *signature.classes[1:]))
        cautious.write_bytes(with_signature((run.path / "model.onnx").read_bytes(), renamed))
    unsure = sum(bool(one.why) for one in olhar.predict(cautious, coloured / "test"))
    assert main(["predict", str(cautious), str(coloured / "test"), "--sort-into", str(tmp_path / "sorted")]) == 0
    folder = tmp_path / "sorted" / ("unknown-3" if called_so else "unknown")
    assert len(list(folder.iterdir())) == unsure > 0
