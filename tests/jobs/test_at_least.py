"""``--at-least``: a finished model that answers only where it is surely right as often as was asked."""

import json
from dataclasses import replace

import pytest

import olhar
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import with_signature
from olhar.cli.app import main
from olhar.runs.folder import RunFolder
from olhar.runs.results import results
from tests.serving.kit import picture, write_bundle
from tests.trained import QUICK, Said, rows_of


@pytest.fixture
def cautious(tmp_path):
    """The file of a model that tells colours, and needs a confidence of 0.9 to do so."""
    path = write_bundle(tmp_path / "cautious.onnx")
    signature = replace(Predictor.open(path).signature, at_least=0.99, threshold=0.9)
    path.write_bytes(with_signature(path.read_bytes(), signature))
    return path


@pytest.fixture
def pictures(tmp_path):
    """Two blue ones, and two gray ones, which are of no class."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, colour in (("1", "blue"), ("2", "gray"), ("3", "blue"), ("4", "gray")):
        (folder / f"{name}.png").write_bytes(picture(colour))
    return folder


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
    assert any("299 would be needed" in line and "answers every picture" in line for line in said.lines)
    assert olhar.load(trained.path).signature.threshold == 0
    assert results(RunFolder.open(trained.path)).answered is None


def test_each_of_several_seeds_gets_its_threshold(coloured, tmp_path):
    assert main(["train", str(coloured), "--seeds", "2", "--at-least", "0.5", "--into", str(tmp_path / "two"), *_quick()]) == 0
    runs = sorted(path.parent for path in (tmp_path / "two").glob("*/signature.json"))
    assert len(runs) == 2
    assert all(json.loads((run / "signature.json").read_text())["at_least"] == 0.5 for run in runs)


def _quick():
    """The flags of a small training."""
    words = ((f"--{name.replace('_', '-')}", str(value)) for name, value in QUICK.items())
    return [word for pair in words for word in pair]


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


def test_what_is_not_sure_enough_has_no_answer_in_any_form(cautious, pictures, capsys):
    answers = olhar.predict(cautious, pictures)
    assert [(one.answer, one.why) for one in answers] == [("blue", ""), ("", "unsure")] * 2
    assert all(one.label for one in answers)
    assert str(answers[1]).startswith("I don’t know (")
    frame = answers.to_polars()
    assert frame.columns[-2:] == ["answer", "why"]
    assert frame["why"].to_list() == ["", "unsure"] * 2
    assert main(["predict", str(cautious), str(pictures)]) == 0
    assert capsys.readouterr().out.count("I don’t know") == 2
    assert main(["predict", str(cautious), str(pictures), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["predictions"]
    assert [one["why"] for one in told] == ["", "unsure"] * 2
    assert all(one["class"] for one in told)


def test_a_contract_with_a_threshold_that_is_none_is_refused(cautious):
    signature = Predictor.open(cautious).signature
    for text in ('"threshold": 1.5', '"threshold": true', '"threshold": "much"'):
        damaged = signature.to_json().replace('"threshold": 0.9', text)
        with pytest.raises(olhar.ModelError):
            type(signature).from_json(damaged, "model.onnx")


@pytest.mark.parametrize("called_so", [False, True])
def test_what_has_no_answer_is_sorted_into_a_folder_of_its_own(cautious, pictures, tmp_path, called_so):
    if called_so:
        model = Predictor.open(cautious)
        renamed = replace(model.signature, names=("unknown", *model.signature.names[1:]))
        cautious.write_bytes(with_signature(cautious.read_bytes(), renamed))
    assert main(["predict", str(cautious), str(pictures), "--sort-into", str(tmp_path / "sorted")]) == 0
    known, unknown = ("unknown", "unknown-3") if called_so else ("Blue", "unknown")
    assert sorted(file.name for file in (tmp_path / "sorted" / known).iterdir()) == ["1.png", "3.png"]
    assert sorted(file.name for file in (tmp_path / "sorted" / unknown).iterdir()) == ["2.png", "4.png"]
