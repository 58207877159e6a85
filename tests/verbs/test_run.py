import json
import shutil

import onnxruntime
import pytest

import olhar
from olhar.base.errors import DataError, RunError, UsageError
from olhar.base.texts import speaking
from tests.conftest import assert_says, encoded, noisy, write_pictures


@pytest.fixture(autouse=True)
def _plain_figures():
    """Here they are drawn."""


def test_a_run_shows_itself(run):
    assert repr(run).startswith("colours: ")
    assert "95% interval" in repr(run)
    assert ">green</td>" in run._repr_html_()
    with speaking("pt"):
        assert "acurácia de" in repr(run)
        assert "imagens; perda " in repr(run.metrics)
        assert ">precisão</th>" in run.metrics._repr_html_()
    assert repr(run.metrics.accuracy) == str(run.metrics.accuracy)
    assert str(run.metrics.accuracy) in repr(run.metrics)


def test_a_run_that_was_moved_still_opens(run, tmp_path):
    moved = olhar.Run(shutil.copytree(run.path, tmp_path / "elsewhere"))
    assert moved.metrics.accuracy == run.metrics.accuracy
    assert moved.predictor().classes == run.predictor().classes
    assert moved.report(tmp_path / "again.html").stat().st_size > 10_000


def test_the_report_speaks_both_languages_and_needs_no_network(run, tmp_path):
    english = run.report(tmp_path / "en.html").read_text(encoding="utf-8")
    portuguese = run.report(tmp_path / "pt.html", language="pt-BR").read_text(encoding="utf-8")
    assert 'lang="en"' in english
    assert 'lang="pt-BR"' in portuguese
    for page in (english, portuguese):
        assert "http://" not in page.replace("http://www.w3.org", "")
        assert "https://" not in page
    with pytest.raises(RunError) as error:
        run.report(tmp_path / "none" / "x.html")
    assert_says(error, "x.html")


def test_other_data_of_the_same_classes_is_measured_by_name(run, tmp_path):
    root = write_pictures(tmp_path / "more", per_class=5, start=700)
    shutil.rmtree(root / "blue")
    (root / "yellow").mkdir()
    (root / "yellow" / "1.png").write_bytes(encoded(noisy((250, 240, 20), 0)))
    found = run.evaluate(root)
    assert found.accuracy.n == 10
    assert found.accuracy.value == 1.0
    assert run.evaluate() == run.metrics


def test_data_of_other_classes_is_refused(run):
    with pytest.raises(DataError) as error:
        run.evaluate("digits")
    assert_says(error, "digits", "blue")


def test_the_model_leaves_the_run_with_its_contract(run, tmp_path):
    path = run.export(tmp_path / "out" / "colours.onnx")
    meta = onnxruntime.InferenceSession(str(path)).get_modelmeta().custom_metadata_map
    assert json.loads(meta["olhar"])["classes"] == ["blue", "green", "red"]
    assert (tmp_path / "out" / "colours.golden.json").is_file()
    run.export(tmp_path / "out" / "colours.safetensors")
    assert json.loads((tmp_path / "out" / "colours.signature.json").read_text())["height"] == 16
    with pytest.raises(UsageError) as error:
        run.export(tmp_path / "colours.pt")
    assert_says(error, "colours.pt", "onnx")


def test_the_bundle_checks_itself_against_its_golden_pictures(run):
    import base64

    import numpy as np

    kept = json.loads((run.path / "golden.json").read_text())
    pictures = [np.frombuffer(base64.b64decode(text), np.uint8).reshape(kept["shape"]) for text in kept["pictures"]]
    answers = run.predictor().probabilities(np.stack(pictures))
    assert np.allclose(answers, kept["probabilities"], atol=kept["tolerance"])
    assert kept["agreement"] <= 1e-4


def test_the_licence_of_the_data_travels_with_the_model(tmp_path):
    run = olhar.train("digits", into=tmp_path / "run", model="cnn", width=4, epochs=1)
    assert run.predictor().signature.licence == "CC BY 4.0"
