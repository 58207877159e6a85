"""``--prediction-sets``: a finished model that names, beside its answer, the classes among which the true one is."""

import json
from dataclasses import replace

import pytest

import olhar
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import with_signature
from olhar.cli.app import main
from olhar.runs.folder import RunFolder
from olhar.runs.results import results
from tests.conftest import write_pictures
from tests.serving.kit import picture, write_bundle
from tests.trained import QUICK, Said, rows_of


@pytest.fixture
def setting(tmp_path):
    """The file of a model that tells colours and puts a class into its sets from 0.05 on."""
    path = write_bundle(tmp_path / "sets.onnx")
    signature = replace(Predictor.open(path).signature, prediction_sets=0.95, set_threshold=0.05)
    path.write_bytes(with_signature(path.read_bytes(), signature))
    return path


def test_validation_pictures_choose_and_test_pictures_judge(coloured, tmp_path):
    said = Said()
    trained = olhar.train(coloured, into=tmp_path / "run", progress=said, prediction_sets=0.7, **QUICK)
    (line,) = [line for line in said.lines if "hold the true one in 70.0%" in line]
    assert "of 11 pictures, 11 had theirs" in line
    sets = results(RunFolder.open(trained.path)).sets
    assert sets is not None
    assert (sets.threshold.asked, sets.coverage.n, sets.size.n) == (0.7, 36, 36)
    signature = olhar.load(trained.path).signature
    assert (signature.prediction_sets, signature.set_threshold) == (0.7, pytest.approx(sets.threshold.probability))
    rows = rows_of(trained.path / "predictions-test.csv")
    for row in rows:
        shares = {name[2:]: float(share) for name, share in row.items() if name.startswith("p:")}
        assert row["set"].split("|")[0] == row["predicted"]
        assert {*row["set"].split("|")} >= {key for key, share in shares.items() if share > signature.set_threshold + 1e-6}
    page = (trained.path / "report.html").read_text(encoding="utf-8")
    assert "sets of classes that hold the true one in 70.0%" in page
    assert "Classes in a set, on the mean" in (trained.path / "model-card.md").read_text(encoding="utf-8")


def test_with_too_few_pictures_it_says_how_many_are_missing_and_names_no_sets(coloured, tmp_path):
    said = Said()
    trained = olhar.train(coloured, into=tmp_path / "run", progress=said, prediction_sets=0.95, **QUICK)
    assert any("59 would be needed, 48 more" in line and "names no sets" in line for line in said.lines)
    assert olhar.load(trained.path).signature.sets_from is None
    assert list(rows_of(trained.path / "predictions-test.csv")[0])[-1] == "why"


def test_both_promises_go_on_with_a_run(scenes, tmp_path, capsys):
    command = ["train", str(scenes), "--into", str(tmp_path / "run"), "--at-least", "0.6", "--prediction-sets", "0.8"]
    assert main(command) == 0
    assert "These pictures chose the sets as well" in capsys.readouterr().out
    going_on = olhar.train(scenes, model=str(tmp_path / "run"), into=tmp_path / "more")
    signature = olhar.load(going_on.path).signature
    assert (signature.at_least, signature.prediction_sets) == (0.6, 0.8)


def test_every_form_of_an_answer_names_the_set(setting, tmp_path, capsys):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, colour in (("1", "blue"), ("2", "gray")):
        (folder / f"{name}.png").write_bytes(picture(colour))
    answers = olhar.predict(setting, folder)
    sure, unsure = (one.prediction_set for one in answers)
    assert sure == ("blue",)
    assert len(unsure) == 3
    assert answers.to_polars()["set"].to_list() == [["blue"], list(unsure)]
    assert main(["predict", str(setting), str(folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["predictions"]
    assert [one["set"] for one in told] == [["blue"], list(unsure)]
    assert main(["predict", str(setting), str(folder), "--csv"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("|".join(unsure))
    assert main(["predict", str(setting), str(folder)]) == 0
    assert "one of" in capsys.readouterr().out


def test_a_model_without_sets_names_none(tmp_path):
    one = olhar.load(write_bundle(tmp_path / "plain.onnx"))(picture("blue"))
    assert one.prediction_set == ()
    assert "set" not in one.to_dict()


def test_they_are_chosen_afterwards_and_judged_on_other_pictures(coloured, tmp_path, capsys):
    trained = olhar.train(coloured, into=tmp_path / "run", **QUICK)
    others = write_pictures(tmp_path / "others", 40, start=500)
    assert main(["evaluate", str(trained.path), str(others), "--prediction-sets", "0.9"]) == 0
    assert "chosen on one half of these pictures and are judged on the other" in " ".join(capsys.readouterr().out.split())
    file = olhar.export(trained.path, tmp_path / "m.onnx", prediction_sets=0.9, data=others)
    found = olhar.evaluate(file, others)
    assert found.sets is not None
    assert found.sets.coverage.value >= 0.9
    assert found.to_dict()["sets"]["halved"] is False
    pixels = write_pictures(tmp_path / "more", 1)
    assert olhar.predict(file, pixels)[0].prediction_set


def test_what_cannot_be_shown_is_refused_and_nothing_is_written(coloured, tmp_path, capsys):
    run = olhar.train(coloured, into=tmp_path / "run", **QUICK)
    command = ["export", str(run.path), "--into", str(tmp_path / "m.onnx")]
    refused = {
        "OLH756": ["--prediction-sets", "0.95"],
        "OLH755": ["--prediction-sets", "1.5"],
        "OLH658": ["--prediction-sets", "0.9", "--data", str(coloured / "train")],
    }
    for told, words in refused.items():
        assert main([*command, *words]) == 2
        assert told in capsys.readouterr().err
    assert main(["export", str(run.path), "--prediction-sets", "0.9", "--into", str(tmp_path / "m.h5")]) == 2
    error = " ".join(capsys.readouterr().err.split())
    assert "OLH657" in error
    assert "--prediction-sets goes into" in error
    assert not list(tmp_path.glob("m.*"))
    assert main(["evaluate", str(run.path), "--prediction-sets", "0.9"]) == 2
    with pytest.raises(olhar.UsageError):
        olhar.evaluate(run.path, coloured, prediction_sets=-1)
