"""Runs, bundles and signatures that Olhar 0.1 wrote before its rooms were moved still open, go on and are exported.

``old/olhar-0.1.zip`` holds what that version made of 60 squares of two colours: ``run`` (finished, with a name to show),
``stopped`` (after epoch 2 of 6), ``seeds`` (two), ``tuned`` (from ``model.h5``), ``tuning``, and ``model.h5`` with the
signature saved beside it.
"""

import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

import olhar
from olhar.foreign.opening import Opening
from olhar.foreign.sidecar import other_beside
from olhar.runs.folder import RunFolder
from olhar.runs.listing import list_runs
from tests.conftest import assert_says

ARCHIVE = Path(__file__).parent / "old" / "olhar-0.1.zip"


@pytest.fixture(autouse=True)
def _old(tmp_path, monkeypatch):
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(tmp_path)
    monkeypatch.chdir(tmp_path)


def test_an_old_run_answers_and_shows_what_it_came_to():
    run = olhar.Run("run")
    assert (run.measured, run.metrics.accuracy.value, run.signature.names) == ("test", 1.0, ("blue", "vermelho"))
    assert olhar.load("run")("colours/red/0.png").name == "vermelho"
    assert olhar.evaluate("run/model.onnx", "colours").accuracy.value == 1.0
    assert "vermelho" in olhar.report("run").read_text(encoding="utf-8")
    assert olhar.inspect("run").classes == ("blue", "red")


def test_an_old_run_s_request_and_recipe_are_read():
    request, recipe = RunFolder.open("run").request(), RunFolder.open("run").recipe()
    assert (request.data, dict(request.names)) == ("colours", {"blue": "blue", "red": "vermelho"})
    assert request.counts["test"] == {"blue": 3, "red": 1}
    assert (recipe.model, recipe.stages, request.fields["epochs"]) == ("cnn", "4", 2)
    finished = dict.fromkeys(("run", "seed-0", "seed-1", "tuned"), "finished")
    assert {summary.path.name: summary.state for summary in list_runs(".")} == finished | {"stopped": "stopped"}


def test_an_old_training_that_was_stopped_goes_on():
    run = olhar.train(into="stopped", resume=True)
    assert [row["epoch"] for row in run.history] == [1, 2, 3, 4, 5, 6]
    assert olhar.train(into="stopped", resume=True).metrics.accuracy == run.metrics.accuracy


def test_a_training_whose_pixels_are_by_a_rule_of_a_later_version_does_not_go_on():
    signature = Path("stopped", "signature.json")
    signature.write_text(json.dumps(json.loads(signature.read_text("utf-8")) | {"resampling": "box"}), "utf-8")
    with pytest.raises(olhar.ModelError) as error:
        olhar.train(into="stopped", resume=True)
    assert_says(error, "signature.json", "box", "upgrade")


def test_an_old_run_is_read_judged_reported_and_exported_where_there_is_no_torch():
    code = (
        "import sys\n"
        "for name in ('torch', 'onnxscript', 'keras'): sys.modules[name] = None\n"
        "import olhar\n"
        "run = olhar.Run('run')\n"
        "assert run.evaluate('colours').accuracy.value == 1\n"
        "assert len(olhar.predict('run', 'colours').rows) == 60\n"
        "assert olhar.inspect('run').parameters and olhar.inspect('model.h5').parameters\n"
        "print(run.report('report.html'), run.export('copy.onnx'), olhar.check('colours', page='check.html'))\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
    assert {"report.html", "copy.onnx", "check.html"} <= {path.name for path in Path().iterdir()}


def test_old_seeds_are_known_to_be_done():
    several = olhar.train(into="seeds", resume=True)
    assert (several.seeds, several.accuracy.mean) == ((0, 1), 0.625)
    with pytest.raises(olhar.RunError) as error:
        olhar.train(into="seeds", resume=True, seeds=3)
    assert_says(error, "seeds", "3", "2")


def test_an_old_run_that_began_from_a_keras_file_is_written_back():
    assert olhar.export("tuned", "again.h5").is_file()
    assert olhar.open_keras("again.h5").input_shape[1:] == (16, 16, 3)
    assert RunFolder.open("tuned").request().base.name == "model.h5"


def test_a_signature_saved_beside_a_model_is_still_obeyed():
    found = olhar.inspect("model.h5")
    assert (found.source, found.classes) == ("beside", ("blue", "red"))
    assert olhar.load("model.h5").signature.std == (1.0, 1.0, 1.0)


def test_a_signature_saved_beside_a_model_names_no_rule_and_is_no_other_for_that():
    signature, opening = olhar.load("model.h5").signature, Opening()
    assert "resampling" not in json.loads(Path("model.olhar.json").read_text("utf-8"))
    assert not other_beside(Path("model.h5"), signature, (), opening)
    assert other_beside(Path("model.h5"), replace(signature, fit="crop"), (), opening)


def test_an_old_tuning_says_what_did_best():
    pytest.importorskip("optuna", reason="the extra [tune] is not installed")
    search = olhar.tune(into="tuning", resume=True)
    assert search.best.state == "complete"
    assert (search.recipe.model, search.recipe.stages) == ("cnn", "4")
    assert 1e-3 <= search.recipe.learning_rate <= 1e-2
