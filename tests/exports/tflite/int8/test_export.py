"""A model as a TFLite file of eight bits: its cost is told, what costs too much is not written, boards get what they need."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import olhar
from olhar.base.errors import DataError, ModelError, UsageError
from olhar.bundle.writer import with_signature
from olhar.cli.app import main
from olhar.exports.tflite.int8 import export
from tests.conftest import COLOURS, assert_says, noisy, write_pictures
from tests.keras_files.keras_eyes import ORDER, teachable
from tests.serving.kit import write_bundle
from tests.trained import Said

pytest.importorskip("ai_edge_litert", reason="the extra [tflite] is not installed")

WITHOUT_OLHAR = """
import base64, json, sys
import numpy as np
from ai_edge_litert.interpreter import Interpreter
network = Interpreter(sys.argv[1])
ask = network.get_signature_runner()
proof = json.load(open(sys.argv[2], encoding="utf-8"))
about = proof["int8"]
for picture, expected in zip(proof["pictures"], proof["probabilities"]):
    levels = np.frombuffer(base64.b64decode(picture), np.uint8).reshape(1, *proof["shape"])
    given = (levels.astype(np.int16) - 128).astype(np.int8)
    answer = ask(pictures=given)["probabilities"][0].astype(np.float32)
    shares = about["output"]["scale"] * (answer - about["output"]["zero"])
    assert np.abs(shares - expected).max() <= proof["tolerance"]
print("the same")
"""


@pytest.fixture
def model(tmp_path):
    return write_bundle(tmp_path / "colours.onnx")


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_a_run_becomes_one_on_its_own_pictures_and_says_what_it_costs(run, tmp_path, capsys, language):
    target = tmp_path / "m.tflite"
    assert main(["export", str(run.path), "--to", "tflite", "--int8", "--into", str(target), "--language", language]) == 0
    said = " ".join(capsys.readouterr().err.split())
    words = ("by 61 pictures", "11 validation pictures", "the same class", "less 128") if language == "en" else ()
    for word in words or ("61 imagens", "11 imagens de validação", "a mesma classe", "menos 128"):
        assert word in said
    about = json.loads((tmp_path / "m.tflite.json").read_text(encoding="utf-8"))["int8"]
    assert (about["measured_by"], about["calibrated_on"], about["measured_on"]) == ("validation", 61, 11)
    assert about["accuracy_before"] == about["accuracy_after"] == 1
    assert (about["agreement"], about["output"]) == (1, {"scale": 1 / 256, "zero": -128})
    olhar.export(run.path, tmp_path / "floats.tflite")
    assert target.stat().st_size < (tmp_path / "floats.tflite").stat().st_size


def test_a_program_without_olhar_checks_itself_by_what_lies_beside(model, tmp_path):
    olhar.export(model, tmp_path / "m.tflite", int8=True, data=write_pictures(tmp_path / "pictures", 6))
    asked = [sys.executable, "-c", WITHOUT_OLHAR, str(tmp_path / "m.tflite"), str(tmp_path / "m.tflite.json")]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout == "the same\n"


def test_a_keras_file_needs_pictures(tmp_path, capsys):
    source = teachable(tmp_path / "keras_model.h5")
    assert main(["export", str(source), "--to", "tflite", "--int8", "--into", str(tmp_path / "m.tflite")]) == 2
    said = capsys.readouterr().err
    assert "--data FOLDER" in said
    assert "keras_model.h5" in said
    assert not (tmp_path / "m.tflite").exists()
    with pytest.raises(DataError) as error:
        olhar.export(source, tmp_path / "m.tflite", int8=True)
    assert_says(error, "keras_model.h5", "--data", "--int8")


def test_a_keras_file_with_pictures(tmp_path):
    source, said = teachable(tmp_path / "keras_model.h5"), Said()
    (tmp_path / "labels.txt").write_text("".join(f"{number} {name}\n" for number, name in enumerate(ORDER)))
    data = write_pictures(tmp_path / "pictures", 8)
    olhar.export(source, tmp_path / "m.tflite", int8=True, data=data, progress=said)
    assert any("12 pictures of yours" in line for line in said.lines)
    proof = json.loads((tmp_path / "m.tflite.json").read_text(encoding="utf-8"))
    assert (proof["int8"]["measured_by"], proof["int8"]["measured_on"]) == ("given", 12)
    assert proof["int8"]["agreement"] >= 0.75


def test_classes_that_a_keras_file_does_not_name_are_no_harm(tmp_path):
    source, said = teachable(tmp_path / "keras_model.h5"), Said()
    olhar.export(source, tmp_path / "m.tflite", int8=True, data=write_pictures(tmp_path / "pictures", 4), progress=said)
    assert any("of 6 pictures get the same class" in line for line in said.lines)
    assert not any("Right on" in line for line in said.lines)


def test_pictures_without_classes_tell_what_changes_alone(model, tmp_path):
    folder, said = tmp_path / "pictures", Said()
    folder.mkdir()
    for number, path in enumerate(sorted(write_pictures(tmp_path / "colours", 4).rglob("*.png"))):
        shutil.copy(path, folder / f"{number}.png")
    olhar.export(model, tmp_path / "m.tflite", int8=True, data=folder, progress=said)
    assert any("the same class" in line for line in said.lines)
    assert not any("Right on" in line for line in said.lines)
    assert "accuracy_after" not in json.loads((tmp_path / "m.tflite.json").read_text(encoding="utf-8"))["int8"]


def test_what_answers_much_worse_is_written_with_force_only(model, tmp_path, monkeypatch):
    data = write_pictures(tmp_path / "pictures", 12)
    monkeypatch.setattr(export, "told", lambda *asked, **_: np.float32([[1, 0, 0] for _ in asked[1]]))
    with pytest.raises(ModelError) as error:
        olhar.export(model, tmp_path / "m.tflite", int8=True, data=data)
    assert_says(error, "m.tflite", "12", "18", "--force", "--int8")
    assert not (tmp_path / "m.tflite").exists()
    olhar.export(model, tmp_path / "m.tflite", int8=True, data=data, force=True)
    assert (tmp_path / "m.tflite").exists()


def test_a_threshold_stays_and_its_promise_does_not(model, tmp_path):
    from olhar.bundle.predictor import Predictor

    about = {"at_least": 0.9, "threshold": 0.75, "prediction_sets": 0.95, "set_threshold": 0.1}
    model.write_bytes(with_signature(model.read_bytes(), replace(Predictor.open(model).signature, **about)))
    said = Said()
    olhar.export(model, tmp_path / "m.tflite", int8=True, data=write_pictures(tmp_path / "pictures", 4), progress=said)
    assert any("75.0%" in line and "not shown for eight bits" in line for line in said.lines)
    assert any("sets of classes" in line for line in said.lines)
    signature = json.loads((tmp_path / "m.tflite.json").read_text())["signature"]
    assert (signature["threshold"], signature["at_least"], signature["prediction_sets"]) == (0.75, 0, 0)


@pytest.mark.parametrize("promise", ["at_least", "prediction_sets"])
def test_a_promise_is_not_asked_of_eight_bits(model, tmp_path, promise):
    with pytest.raises(UsageError) as error:
        olhar.export(model, tmp_path / "m.tflite", int8=True, data=tmp_path, **{promise: 0.9})
    assert_says(error, "--int8", f"--{promise.replace('_', '-')}")


def test_it_goes_with_tflite_alone(model, tmp_path):
    with pytest.raises(UsageError) as error:
        olhar.export(model, tmp_path / "m.html", int8=True)
    assert_says(error, "--int8", "tflite")


def test_the_same_again_is_no_harm_and_another_file_is_not_replaced(model, tmp_path):
    data = write_pictures(tmp_path / "pictures", 4)
    olhar.export(model, tmp_path / "m.tflite", int8=True, data=data)
    olhar.export(model, tmp_path / "m.tflite", int8=True, data=data)
    with pytest.raises(UsageError) as error:
        olhar.export(model, tmp_path / "m.tflite")
    assert_says(error, "m.tflite", "--force")


def test_a_board_gets_its_numbers_in_c(run, tmp_path, capsys):
    target = tmp_path / "m.tflite"
    assert main(["export", str(run.path), "--to", "tflite", "--int8", "--c-array", "--into", str(target)]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "AddConv2D" in said
    assert "arena_used_bytes()" in said
    header = (tmp_path / "m.h").read_text(encoding="utf-8")
    proof = json.loads((tmp_path / "m.tflite.json").read_text(encoding="utf-8"))["int8"]
    assert f"constexpr unsigned m_least_arena = {proof['arena_at_least']};" in header
    assert f"m_input_zero_point = {proof['input']['zero']};" in header
    assert "m_output_scale = 3.906250000e-03f;" in header
    assert f"m_operators = {len(proof['operators'])};" in header
    compiler = shutil.which("g++") or shutil.which("clang++")
    if compiler is None:
        pytest.skip("no C++ compiler here")
    program = "#include \"m.h\"\nint main() { return m_output_zero_point == -128 && m_data[4] == 'T' ? 0 : 1; }\n"
    (tmp_path / "main.cc").write_text(program)
    subprocess.run([compiler, "-std=c++17", "-Wall", "-Werror", "main.cc", "m.cc", "-o", "program"], cwd=tmp_path, check=True)
    subprocess.run([str(tmp_path / "program")], check=True)


def test_an_answer_is_that_of_the_model(run, tmp_path):
    run.export(tmp_path / "m.tflite", int8=True)
    from ai_edge_litert.interpreter import Interpreter

    ask = Interpreter(str(tmp_path / "m.tflite")).get_signature_runner()
    for colour in COLOURS.values():
        levels = run.predictor().prepare(noisy(colour, 3))
        answer = ask(pictures=(levels.astype(np.int16) - 128).astype(np.int8)[None])["probabilities"][0]
        np.testing.assert_allclose((answer.astype(int) + 128) / 256, run.predictor()(noisy(colour, 3)).probabilities, atol=0.03)
