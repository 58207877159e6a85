"""A model as a TFLite file: what it takes, what goes with it, that it is proved, and that nothing is written over."""

import base64
import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import olhar
from olhar.base.errors import ExtraError, ModelError, UsageError
from olhar.base.progress import Quiet
from olhar.bundle.writer import with_signature
from olhar.cli.app import main
from olhar.exports.tflite import export
from olhar.exports.tflite.export import SIGNATURE, export_tflite
from tests.conftest import COLOURS, assert_says, noisy
from tests.keras_files.keras_eyes import teachable
from tests.serving.kit import NAMES, write_bundle

pytest.importorskip("ai_edge_litert", reason="the extra [tflite] is not installed")

WITHOUT_OLHAR = """
import json, sys
import numpy as np
from ai_edge_litert.interpreter import Interpreter
network = Interpreter(sys.argv[1])
ask = network.get_signature_runner()
proof = json.load(open(sys.argv[2], encoding="utf-8"))
import base64
for picture, expected in zip(proof["pictures"], proof["probabilities"]):
    pixels = np.frombuffer(base64.b64decode(picture), np.uint8).reshape(1, *proof["shape"])
    assert np.abs(ask(pictures=pixels)["probabilities"][0] - expected).max() < proof["tolerance"]
print("the same")
"""


@pytest.fixture
def model(tmp_path):
    return write_bundle(tmp_path / "colours.onnx")


def test_a_run_becomes_a_file_for_phones(run, tmp_path, capsys):
    target = tmp_path / "m.tflite"
    assert main(["export", str(run.path), "--to", "tflite", "--into", str(target)]) == 0
    said = capsys.readouterr().err
    assert "LiteRT answers as the model does" in said
    assert "uint8 (1, " in said
    assert "XNNPACK" not in said
    proof = json.loads((tmp_path / "m.tflite.json").read_text(encoding="utf-8"))
    assert proof["agreement"] < 1e-5
    assert (tmp_path / "m.labels.txt").read_text(encoding="utf-8").splitlines() == list(run.predictor().signature.names)
    from ai_edge_litert.interpreter import Interpreter

    ask = Interpreter(str(target)).get_signature_runner()
    picture = run.predictor().prepare(noisy(COLOURS["red"], 3))
    answer = ask(pictures=picture[None])["probabilities"][0]
    np.testing.assert_allclose(answer, run.predictor()(noisy(COLOURS["red"], 3)).probabilities, atol=1e-5)


def test_a_program_without_olhar_checks_itself_by_what_lies_beside(model, tmp_path):
    olhar.export(model, tmp_path / "m.tflite")
    asked = [sys.executable, "-c", WITHOUT_OLHAR, str(tmp_path / "m.tflite"), str(tmp_path / "m.tflite.json")]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout == "the same\n"


def test_the_contract_is_in_the_file(model, tmp_path):
    from ai_edge_litert import schema_py_generated as schema

    olhar.export(model, tmp_path / "m.tflite")
    content = (tmp_path / "m.tflite").read_bytes()
    read = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content))
    (entry,) = read.metadata
    assert entry.name.decode() == SIGNATURE
    signature = json.loads(bytes(read.buffers[entry.buffer].data))
    assert signature["names"] == list(NAMES)
    assert content[4:8] == b"TFL3"
    starts = [content.find(bytes(buffer.data)) for buffer in read.buffers if buffer.data is not None and len(buffer.data) > 64]
    assert starts
    assert {start % 16 for start in starts} == {0}


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_a_model_that_may_not_know_says_who_compares(run, tmp_path, capsys, language):
    target = tmp_path / "m.tflite"
    olhar.export(run.path, tmp_path / "plain.onnx")
    signature = replace(run.predictor().signature, at_least=0.9, threshold=0.75)
    cautious = with_signature((tmp_path / "plain.onnx").read_bytes(), signature)
    (tmp_path / "cautious.onnx").write_bytes(cautious)
    assert main(["export", str(tmp_path / "cautious.onnx"), "--into", str(target), "--language", language]) == 0
    assert ("75.0%" if language == "en" else "75,0%") in capsys.readouterr().err
    assert json.loads((tmp_path / "m.tflite.json").read_text())["signature"]["threshold"] == 0.75


def test_as_c(model, tmp_path):
    olhar.export(model, tmp_path / "m.tflite", c_array=True)
    source, header = ((tmp_path / f"m.{end}").read_text(encoding="utf-8") for end in ("cc", "h"))
    numbers = source[source.index("_data[] = {") + 11 : source.index("};\nconst unsigned int")]
    assert bytes(int(number) for number in numbers.replace(",", " ").split()) == (tmp_path / "m.tflite").read_bytes()
    assert "m_height = 16, m_width = 16, m_channels = 3" in header


def test_the_same_again_is_no_harm_and_another_file_is_not_replaced(model, tmp_path):
    olhar.export(model, tmp_path / "m.tflite")
    olhar.export(model, tmp_path / "m.tflite")
    for name in ("m.labels.txt", "m.tflite.json", "m.tflite"):
        kept = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(b"mine")
        with pytest.raises(UsageError) as error:
            olhar.export(model, tmp_path / "m.tflite")
        assert_says(error, name, "--force")
        assert (tmp_path / name).read_bytes() == b"mine"
        (tmp_path / name).write_bytes(kept)
    (tmp_path / "m.tflite").write_bytes(b"mine")
    olhar.export(model, tmp_path / "m.tflite", force=True)
    assert (tmp_path / "m.tflite").read_bytes() != b"mine"


def test_what_answers_otherwise_is_not_kept(model, tmp_path, monkeypatch):
    monkeypatch.setattr(export, "answers", lambda *asked, **_: np.full((len(asked[1]), 3), 1 / 3, np.float32))
    with pytest.raises(ModelError) as error:
        olhar.export(model, tmp_path / "m.tflite")
    assert_says(error, "m.tflite")
    assert {path.name for path in tmp_path.iterdir()} == {"colours.onnx"}


def test_a_file_that_litert_does_not_take_is_not_kept(model, tmp_path, monkeypatch):
    monkeypatch.setattr(export, "written", lambda *_: b"nothing")
    with pytest.raises(ModelError) as error:
        export_tflite(model.read_bytes(), "colours", tmp_path / "m.tflite", as_c=False, force=False, progress=Quiet())
    assert_says(error, "m.tflite", "LiteRT")
    assert not (tmp_path / "m.tflite").exists()


def test_where_litert_is_missing_it_says_what_to_install(model, tmp_path, monkeypatch):
    monkeypatch.setattr("olhar.base.extras.find_spec", lambda _: None)
    with pytest.raises(ExtraError) as error:
        olhar.export(model, tmp_path / "m.tflite")
    assert_says(error, "olhar[tflite]")


@pytest.mark.parametrize("flag", ["--c-array"])
def test_what_goes_with_tflite_goes_with_nothing_else(model, tmp_path, capsys, flag):
    assert main(["export", str(model), "--into", str(tmp_path / "m.html"), flag]) == 2
    assert flag in (said := capsys.readouterr().err)
    assert "tflite" in said


def test_a_keras_file_becomes_one(tmp_path):
    source = teachable(tmp_path / "keras_model.h5")
    olhar.export(source, tmp_path / "m.tflite")
    proof = json.loads((tmp_path / "m.tflite.json").read_text(encoding="utf-8"))
    picture = np.frombuffer(base64.b64decode(proof["pictures"][0]), np.uint8).reshape(proof["shape"])
    expected = olhar.load(source).probabilities(picture[None])[0]
    np.testing.assert_allclose(proof["probabilities"][0], expected, atol=1e-4)
