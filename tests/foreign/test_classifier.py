"""Keras files as models for load, predict, evaluate, serve and export."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import olhar
from olhar.base.errors import ModelError, UsageError
from olhar.bundle.predictor import Predictor
from olhar.cli.app import main
from olhar.verbs.inspect import inspect
from olhar.verbs.load import load
from olhar.verbs.serve import predictors
from tests.conftest import COLOURS, assert_says, encoded, noisy
from tests.keras_files.keras_crafting import conv, dense, h5, layer, numbers, sequential, tfjs
from tests.keras_files.keras_eyes import EYES, ORDER, colours, indifferent, one_sigmoid, teachable, write_eyes
from tests.serving.kit import running

RESCALING = layer("Rescaling", "rescaling", scale=1 / 127.5, offset=-1.0)


class Lines:
    """Keeps what a verb says."""

    def __init__(self):
        self.said = []

    def line(self, text):

        text = str(text)
        self.said.append(text)


@pytest.fixture
def eyes(tmp_path):
    return write_eyes(tmp_path / "eyes", 8)


def signed(path: Path, **change) -> Path:
    """The signature for ``colours``, written by hand, without a checksum."""
    about = {
        "classes": list(ORDER),
        "names": ["Vermelho", "Azul", "Verde"],
        "height": 16,
        "width": 16,
        "mean": [0.5] * 3,
        "std": [0.5] * 3,
        **change,
    }
    path.with_name(f"{path.stem}.olhar.json").write_text(json.dumps(about), encoding="utf-8")
    return path


def test_a_file_that_does_not_say_its_scaling_is_not_guessed_at(tmp_path, eyes):
    path = colours(tmp_path / "my model.h5")
    with pytest.raises(ModelError) as error:
        olhar.load(path)
    assert_says(error, "my model.h5", f"olhar inspect '{path}' --data FOLDER --save")
    with pytest.raises(ModelError, match="does not say"):
        olhar.predict(path, eyes)


def test_a_signature_beside_the_file_makes_it_answer(tmp_path, eyes):
    eye = olhar.load(signed(colours(tmp_path / "m.h5")))
    assert eye(noisy(EYES["blue"], 3, 40)).name == "Azul"
    assert eye.notices == ()
    assert olhar.evaluate(tmp_path / "m.h5", eyes).accuracy.value == 1.0
    assert [*predictors(tmp_path / "m.h5")] == ["m"]
    assert {"probabilities", "logits", "features"} == {output.name for output in eye._session.get_outputs()}


def test_it_is_served_like_any_other(tmp_path):
    with running(predictors(signed(colours(tmp_path / "m.h5")))["m"]) as server:
        answer = server.post(files={"file": ("x.png", encoded(noisy(EYES["blue"], 3, 40)))}).json()
    assert (answer["class"], answer["name"], answer["model"]) == ("blue", "Azul", "m")


def test_blue_first_is_a_matter_of_the_signature(tmp_path):
    path = signed(colours(tmp_path / "m.h5"), bgr=True)
    turned = noisy(EYES["blue"], 3)[:, :, ::-1]
    assert olhar.load(path)(turned).label == "blue"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"classes": ["a", "b"], "names": ["a", "b"]}, "inspect.signature_misfit"),
        ({"height": 17}, "inspect.signature_misfit"),
        ({"std": [0.0, 1.0, 1.0]}, "bundle.signature_unreadable"),
        ({"classes": "ab"}, "bundle.signature_unreadable"),
    ],
)
def test_a_signature_that_does_not_go_with_the_model_is_told(tmp_path, change, key):
    path = signed(colours(tmp_path / "m.h5"), **change)
    with pytest.raises(ModelError) as error:
        olhar.load(path)
    assert error.value.key == key
    assert_says(error, "m.olhar.json")


@pytest.mark.parametrize("text", [b"", b"[]", b"{" * 50, b"\xff\xfe"])
def test_a_signature_that_is_none_is_told(tmp_path, text):
    path = colours(tmp_path / "m.h5")
    (tmp_path / "m.olhar.json").write_bytes(text)
    with pytest.raises(ModelError) as error:
        olhar.load(path)
    assert_says(error, "m.olhar.json", "olhar inspect")


def test_the_signature_of_another_model_is_passed_over_with_a_word(tmp_path):
    path = signed(colours(tmp_path / "m.h5"), sha256="0" * 64)
    with pytest.raises(ModelError) as error:
        olhar.load(path)
    assert_says(error, "m.h5", "m.olhar.json: belongs to another model", "--save")


def test_a_model_that_scales_its_pictures_itself_needs_no_signature(tmp_path):
    path, lines = colours(tmp_path / "m.h5", first=RESCALING), Lines()
    (tmp_path / "labels.txt").write_text("\n".join(ORDER))
    eye = load(path, progress=lines)
    assert [eye(noisy(EYES[name], 5)).label for name in ORDER] == list(ORDER)
    assert "scale the pictures themselves" in lines.said[0]
    assert len(lines.said) == 1


def test_a_teachable_machine_model_is_known_by_its_layers_and_says_what_is_assumed(tmp_path):
    path, lines = teachable(tmp_path / "renamed.h5"), Lines()
    (tmp_path / "labels.txt").write_bytes(b"\xef\xbb\xbf0 red\r\n1 blue\r\n2 green\r\n")
    eye = load(path, progress=lines)
    assert (eye.signature.fit, eye.signature.mean, eye.signature.std) == ("crop", (0.5,) * 3, (0.5,) * 3)
    assert [eye(noisy(EYES[name], 5)).label for name in ORDER] == list(ORDER)
    assert "Teachable Machine" in lines.said[0]
    assert inspect(path, save=True).source == "teachable_machine"
    assert load(path).notices == ()


def test_a_tensorflow_js_folder_and_its_json_share_a_signature(tmp_path):
    layers = [layer("Flatten", "f", data_format="channels_last"), dense("d", 2, "softmax")]
    arrays = {"d/kernel": numbers(192, 2), "d/bias": numbers(2)}
    folder = tfjs(tmp_path / "net", sequential((8, 8, 3), *layers), arrays)
    about = {"classes": ["a", "b"], "names": ["a", "b"], "height": 8, "width": 8}
    (folder / "model.olhar.json").write_text(json.dumps(about))
    pixels = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), dtype=np.uint8)
    one, two = (olhar.load(path).probabilities(pixels) for path in (folder, folder / "model.json"))
    assert np.array_equal(one, two)


def test_without_names_classes_are_counted_and_the_way_out_is_told(tmp_path, capsys):
    path = colours(tmp_path / "m.h5", first=RESCALING)
    (tmp_path / "x.png").write_bytes(encoded(noisy(EYES["blue"], 5)))
    assert main(["predict", str(path), str(tmp_path / "x.png"), "--csv"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[1].startswith("x.png,class_1,")
    assert f"olhar inspect {path} --data FOLDER --save" in err
    main(["predict", str(path), str(tmp_path / "x.png"), "--lang", "pt"])
    assert "não diz o nome das classes" in capsys.readouterr().err


@pytest.mark.parametrize(("activation", "total"), [("softmax", 1.0), ("linear", 1.0), ("sigmoid", None)])
def test_probabilities_add_up_where_they_should(tmp_path, activation, total):
    eye = olhar.load(signed(colours(tmp_path / "m.h5", activation=activation)))
    answer = eye(noisy(EYES["green"], 1))
    assert answer.label == "green"
    if total is None:
        assert answer.probabilities.sum() > 1.5  # independent labels: one half each for what is not there
    else:
        assert np.isclose(answer.probabilities.sum(), total, atol=1e-6)


def test_one_sigmoid_becomes_two_classes(tmp_path):
    path = one_sigmoid(tmp_path / "m.h5")
    unit = {"classes": ["green", "red"], "names": ["green", "red"], "mean": [0.0] * 3, "std": [1.0] * 3}
    eye = olhar.load(signed(path, **unit))
    red, green = eye(noisy(COLOURS["red"], 1)), eye(noisy(COLOURS["green"], 1))
    assert (red.label, green.label) == ("red", "green")
    assert np.allclose(red.probabilities.sum(), 1)
    assert red.probabilities[1] > 0.99


@pytest.mark.parametrize(
    ("shape", "layers", "key"),
    [
        ((8, 8, 3), [layer("Flatten", "f", data_format="channels_last"), dense("d", 1)], "keras.not_classes_number"),
        ((8, 8, 3), [conv("d", 2, (1, 1))], "keras.not_classes_pictures"),
        ((8, 8, 5), [layer("Flatten", "f", data_format="channels_last"), dense("d", 2, "softmax")], "keras.not_pictures"),
        ((13,), [dense("d", 2, "softmax")], "keras.not_pictures"),
    ],
)
def test_what_is_no_classifier_of_pictures_is_named(tmp_path, shape, layers, key):
    units = int(np.prod(shape)) if layers[-1]["class_name"] == "Dense" else shape[-1]
    kernel = (1, 1, units, 2) if layers[-1]["class_name"] != "Dense" else (units, layers[-1]["config"]["units"])
    weights = {one["config"]["name"]: {} for one in layers} | {"d": {"kernel": numbers(*kernel), "bias": numbers(kernel[-1])}}
    path = h5(tmp_path / "m.h5", sequential(shape, *layers), weights)
    with pytest.raises(ModelError) as error:
        olhar.load(path)
    assert error.value.key == key
    assert_says(error, "m.h5")
    assert inspect(path).notices  # which can still be looked at


@pytest.mark.parametrize(
    ("shape", "form"), [((64,), (8, 8, 1)), ((192,), (8, 8, 3)), ((8, 9), (8, 9, 1)), ((3, 8, 9), (8, 9, 3))]
)
def test_pictures_laid_out_otherwise_go_in_as_the_model_takes_them(tmp_path, shape, form):
    count = int(np.prod(shape))
    layers = [layer("Flatten", "f", data_format="channels_last"), dense("d", 2, "softmax")]
    weights = {"f": {}, "d": {"kernel": numbers(count, 2), "bias": numbers(2)}}
    path = h5(tmp_path / "m.h5", sequential(shape, *layers), weights)
    channels = form[2]
    about = {"height": form[0], "width": form[1], "channels": channels, "mean": [0.0] * channels, "std": [1.0] * channels}
    signed(path, classes=["a", "b"], names=["a", "b"], **about)
    pixels = np.random.default_rng(0).integers(0, 256, (4, *form), dtype=np.uint8)
    laid = pixels.transpose(0, 3, 1, 2) if len(shape) == 3 else pixels
    expected = olhar.open_keras(path).predict((laid / np.float32(255)).reshape(4, *shape).astype(np.float32))
    assert np.abs(olhar.load(path).probabilities(pixels) - expected).max() < 1e-5


def test_weights_and_their_architecture_are_given_together(tmp_path, eyes, capsys):
    whole = colours(tmp_path / "whole.h5", first=RESCALING)
    import h5py

    with h5py.File(whole) as source, h5py.File(tmp_path / "weights.h5", "w") as target:
        (tmp_path / "else").mkdir()
        (tmp_path / "else" / "net.json").write_text(source.attrs["model_config"])
        for name, value in source["model_weights"].attrs.items():
            target.attrs[name] = value
        for name in source["model_weights"]:
            source.copy(f"model_weights/{name}", target)
    words = [str(tmp_path / "weights.h5"), "--architecture", str(tmp_path / "else" / "net.json")]
    assert main(["predict", str(tmp_path / "weights.h5"), str(eyes)]) == 2
    assert "--architecture" in capsys.readouterr().err
    assert main(["predict", words[0], str(eyes), *words[1:]]) == 0
    assert main(["export", *words, "--into", str(tmp_path / "m.onnx")]) == 0
    assert main(["inspect", *words]) == 0


def test_a_lambda_is_said_and_never_run(tmp_path, capsys):
    first = layer("Lambda", "scale", function=["", None, None], function_type="lambda")
    path = colours(tmp_path / "m.h5", first=first)
    assert main(["inspect", str(path)]) == 2
    assert "--lambda scale=" in capsys.readouterr().err
    assert main(["inspect", str(path), "--lambda", "scale=x/127.5-1"]) == 0
    assert "raw pictures" in capsys.readouterr().out
    assert main(["inspect", str(path), "--lambda", "scale"]) == 2
    assert "NAME=FORMULA" in capsys.readouterr().err


def test_an_export_carries_the_signature_and_answers_alike(tmp_path, eyes):
    path = signed(colours(tmp_path / "m.h5", activation="linear"))
    bundle = olhar.export(path, tmp_path / "out" / "m.onnx")
    one, two = olhar.load(path), Predictor.open(bundle)
    pixels = np.stack([noisy(colour, 9) for colour in EYES.values()])
    assert np.array_equal(one.probabilities(pixels), two.probabilities(pixels))
    assert two.signature.names == ("Vermelho", "Azul", "Verde")
    golden = json.loads((tmp_path / "out" / "m.golden.json").read_text())
    assert golden["agreement"] < 1e-5
    assert olhar.evaluate(bundle, eyes).accuracy.value == 1.0
    with pytest.raises(UsageError) as error:
        olhar.export(path, tmp_path / "m.safetensors")
    assert_says(error, "m.safetensors", "onnx, keras")
    with pytest.raises(ModelError, match="does not say"):
        olhar.export(indifferent(tmp_path / "i.h5"), tmp_path / "i.onnx")
    with pytest.raises(UsageError) as error:
        olhar.export(path, bundle)
    assert_says(error, "m.onnx", "--force")
    assert olhar.export(path, bundle, force=True) == bundle


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        (b"<!DOCTYPE html>", "web page"),
        (b"abc", ""),
    ],
)
def test_what_people_save_as_a_model_by_mistake_is_named(tmp_path, content, words):
    (tmp_path / "m.h5").write_bytes(content)
    with pytest.raises(ModelError) as error:
        olhar.load(tmp_path / "m.h5")
    assert_says(error, "m.h5", words)


def test_a_model_file_keeps_no_pictures_to_evaluate_it_by(tmp_path, capsys):
    path = colours(tmp_path / "m.h5")
    assert main(["evaluate", str(path)]) == 2
    assert f"olhar evaluate {path} FOLDER" in capsys.readouterr().err


def test_neither_torch_nor_keras_nor_scikit_learn_is_imported(tmp_path):
    path = signed(colours(tmp_path / "m.h5"))
    (tmp_path / "x.png").write_bytes(encoded(noisy(EYES["red"], 1)))
    code = f"""
import sys
from olhar.cli.app import main
from olhar.verbs.serve import predictors
assert main(["inspect", {str(path)!r}]) == 0
assert main(["predict", {str(path)!r}, {str(tmp_path / "x.png")!r}]) == 0
predictors({str(path)!r})
heavy = {{"torch", "keras", "tf_keras", "tensorflow", "sklearn", "scipy"}} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def test_a_teachable_machine_file_answers_its_own_pictures(real_data):
    folder = real_data("keras-models/AIAnytime__Waste-Classifier-Sustainability-App")
    eye = olhar.load(folder / "keras_model.h5")
    assert (eye.signature.fit, eye.signature.mean[0], eye.signature.std[0]) == ("crop", 0.5, 0.5)
    assert eye.classes == ("cardboard", "plastic", "glass", "metal")
    assert len(eye.notices) == 1
    pixels = np.random.default_rng(1).integers(0, 256, (2, 224, 224, 3), dtype=np.uint8)
    expected = olhar.open_keras(folder / "keras_model.h5").predict(pixels / np.float32(127.5) - 1)
    assert np.abs(eye.probabilities(pixels) - expected).max() < 1e-5
    answers = olhar.predict(eye, folder / "images")
    assert len(answers.predictions) == 7
    assert answers.predictions.confidence.min() > 0.25
