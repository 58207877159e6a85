"""What a file is, is told by its content; what is no model is named; labels are found and checked."""

import importlib.util
import json
import os
import pickle
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from olhar.base import texts
from olhar.base.errors import ModelError
from olhar.keras_files.model import open_keras
from tests.keras_files.keras_crafting import conv, dense, h5, layer, numbers, sequential, small, tfjs, zipped

X = np.random.default_rng(2).uniform(-1, 1, (2, 6, 5, 3)).astype(np.float32)


def refusal(path, **more):
    """The one sentence with which a file is refused: it names the file, in both languages, and has a code."""
    with pytest.raises(ModelError) as caught:
        open_keras(path, **more)
    error = caught.value
    for language in texts.LANGUAGES:
        with texts.speaking(language):
            assert "\n" not in str(error)
            assert os.path.basename(path) in str(error)  # noqa: PTH119
    assert error.code.startswith("OLH5")
    return error.key


@pytest.mark.parametrize("name", ["m.h5", "m.hdf5", "m.model", "m", "m.keras", "um modelo não.JSON", "a'b\"c\n.txt"])
def test_the_name_of_a_file_says_nothing(tmp_path, name):
    expected = open_keras(small(tmp_path / "reference.h5")).predict(X)
    os.rename(tmp_path / "reference.h5", tmp_path / name)  # noqa: PTH104
    assert np.array_equal(open_keras(tmp_path / name).predict(X), expected)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "keras.empty"),
        (b"\n  \n", "keras.empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "keras.lfs"),
        (b"\n<!DOCTYPE html><html></html>", "keras.web_page"),
        (b"\xef\xbb\xbf<html>", "keras.web_page"),
        (pickle.dumps({"a": [1, 2, 3]}, protocol=2), "keras.pickle"),
        (pickle.dumps({"a": [1, 2, 3]}, protocol=5), "keras.pickle"),
        (b"\x1c\0\0\0TFL3aaaaaaaa", "keras.tflite"),
        (b"\x89PNG\r\n\x1a\n", "keras.not_keras"),
        (b"{}", "keras.no_architecture"),
        (b"[1, 2]", "keras.no_architecture"),
        (b'{"class_name": "Sequential"', "keras.config_damaged"),
        (b'{"class_name": "Sequential", "config": []}', "keras.architecture_alone"),
        (b"\x89HDF\r\n\x1a\n" + b"\0" * 400, "keras.hdf5_damaged"),
        (b"PK\x03\x04" + b"\0" * 400, "keras.zip_damaged"),
    ],
)
def test_what_is_no_model_is_named(tmp_path, content, key):
    (tmp_path / "m.h5").write_bytes(content)
    assert refusal(tmp_path / "m.h5") == key


def test_places_that_are_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.h5")
    (tmp_path / "folder.h5").mkdir()
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "saved_model.pb").write_bytes(b"x")
    assert refusal(tmp_path / "missing.h5") == "keras.not_found"
    assert refusal(tmp_path / "pipe.h5") == "keras.not_a_file"
    assert refusal(tmp_path / "folder.h5") == "keras.folder"
    assert refusal(tmp_path / "saved") == "keras.saved_model"


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_half_a_file_is_refused(tmp_path, part):
    data = small(tmp_path / "m.h5").read_bytes()
    (tmp_path / "m.h5").write_bytes(data[: int(len(data) * part)])
    assert refusal(tmp_path / "m.h5").startswith("keras.hdf5")


def _weights_only(folder):
    config = sequential((4, 4, 1), conv("c", 2, (3, 3)), layer("Flatten", "f"), dense("d", 2))
    arrays = {
        "c": {"kernel": numbers(3, 3, 1, 2), "bias": numbers(2)},
        "f": {},
        "d": {"kernel": numbers(8, 2), "bias": numbers(2)},
    }
    return config, h5(folder / "weights.h5", None, arrays)


def test_weights_without_an_architecture_list_what_they_hold(tmp_path):
    config, weights = _weights_only(tmp_path)
    assert refusal(weights) == "keras.weights_only"
    (tmp_path / "My Model (FINAL)").write_text(json.dumps(json.dumps(config)))
    assert str(open_keras(weights).notices[0]).find("My Model (FINAL)") > 0
    (tmp_path / "other.json").write_text(json.dumps(config))
    assert refusal(weights) == "keras.several_architectures"
    assert open_keras(weights, architecture=tmp_path / "other.json").layers[0].name == "c"
    with pytest.raises(ModelError, match=r"whole\.h5"):
        open_keras(weights, architecture=small(tmp_path / "whole.h5"))


def test_the_wrong_weights_name_the_layer(tmp_path):
    config, weights = _weights_only(tmp_path)
    for change, key in (({"filters": 3}, "keras.weight_shape"), ({"use_bias": False}, "keras.weight_count")):
        other = json.loads(json.dumps(config))
        other["config"]["layers"][1]["config"] |= change
        (tmp_path / "a.json").write_text(json.dumps(other))
        with pytest.raises(ModelError, match=r"weights\.h5.* c ") as caught:
            open_keras(weights, architecture=tmp_path / "a.json")
        assert caught.value.key == key


@pytest.mark.parametrize(
    "text",
    [
        b"0 gato\n1 c\xc3\xa3o\n2 peixe",
        b"\xef\xbb\xbf0 gato\r\n1 c\xc3\xa3o\r\n2 peixe\r\n\r\n",
        b"gato\nc\xc3\xa3o\npeixe\n",
        b"gato\r\nc\xe3o\r\npeixe",
        "gato\ncão\npeixe\n".encode("utf-16"),
    ],
)
def test_labels_in_every_form(tmp_path, text):
    path = small(tmp_path / "keras_model.h5")
    (tmp_path / "labels.txt").write_bytes(text)
    model = open_keras(path)
    assert (model.classes, model.classes_from) == (("gato", "cão", "peixe"), "labels.txt")


@pytest.mark.parametrize(("text", "key"), [("a\nb\n", "count"), ("a\nb\nc\nd", "count"), ("a\nb\na\n", "twice")])
def test_labels_that_do_not_fit(tmp_path, text, key):
    path = small(tmp_path / "keras_model.h5")
    (tmp_path / "labels.txt").write_text(text)
    assert refusal(path) == f"keras.labels_{key}"


def test_an_architecture_in_yaml_opens_or_says_what_it_needs(tmp_path):
    weights = _weights_only(tmp_path)[1]
    given = "kernel_size: !!python/tuple [3, 3], filters: 2, padding: valid, activation: linear, use_bias: true"
    layers = [
        "{class_name: InputLayer, config: {name: i, batch_input_shape: !!python/tuple [null, 4, 4, 1]}}",
        "{class_name: Conv2D, config: {name: c, " + given + "}}",
        "{class_name: Flatten, config: {name: f}}",
        "{class_name: Dense, config: {name: d, units: 2, activation: softmax, use_bias: true}}",
    ]
    text = "backend: tensorflow\nclass_name: Sequential\nconfig:\n  name: s\n  layers:\n" + "".join(
        f"  - {each}\n" for each in layers
    )
    (tmp_path / "a.yaml").write_text(text)
    if importlib.util.find_spec("yaml") is None:
        with pytest.raises(ModelError, match="PyYAML"):
            open_keras(weights, architecture=tmp_path / "a.yaml")
        return
    assert open_keras(weights, architecture=tmp_path / "a.yaml").predict(numbers(1, 4, 4, 1)).shape == (1, 2)
    (tmp_path / "a.yaml").write_text("class_name: !!python/object/apply:os.system ['touch marker']")
    with pytest.raises(ModelError, match=r"a\.yaml") as caught:
        open_keras(weights, architecture=tmp_path / "a.yaml")
    assert caught.value.key in ("keras.config_damaged", "keras.not_keras")
    assert not Path("marker").exists()


def test_labels_of_another_model_in_the_folder_are_left_alone(tmp_path):
    path = small(tmp_path / "keras_model.h5")
    small(tmp_path / "another.h5")
    (tmp_path / "labels.txt").write_text("a\nb\n")
    model = open_keras(path)
    assert model.classes is None
    assert "labels.txt" in str(model.notices[0])


def test_a_model_without_labels_has_none(tmp_path):
    model = open_keras(small(tmp_path / "m.h5"))
    assert model.classes is None
    assert model.classes_from == ""


def test_teachable_machines_zip_unopened(tmp_path):
    expected = open_keras(small(tmp_path / "keras_model.h5")).predict(X)
    (tmp_path / "labels.txt").write_text("0 a\n1 b\n2 c\n")
    with zipfile.ZipFile(tmp_path / "converted_keras.zip", "w") as archive:
        for name in ("keras_model.h5", "labels.txt"):
            archive.write(tmp_path / name, f"converted_keras/{name}")
    model = open_keras(tmp_path / "converted_keras.zip")
    assert np.array_equal(model.predict(X), expected)
    assert model.classes == ("a", "b", "c")


def _tfjs(tmp_path, metadata=None, **more):
    config = sequential((6, 5, 3), conv("conv2d_Conv2D1", 4, (3, 3)), layer("Flatten", "f"), dense("dense_Dense1", 2, "softmax"))
    arrays = {
        "conv2d_Conv2D1/kernel": numbers(3, 3, 3, 4),
        "conv2d_Conv2D1/bias": numbers(4),
        "dense_Dense1/kernel": numbers(48, 2),
        "dense_Dense1/bias": numbers(2),
    }
    return config, arrays, tfjs(tmp_path / "my_model", config, arrays, metadata, **more)


def test_tensorflow_js_as_a_folder_a_file_and_a_zip(tmp_path):
    metadata = {"labels": ["sim", "não"], "imageSize": 6, "packageName": "@teachablemachine/image"}
    config, arrays, folder = _tfjs(tmp_path, metadata)
    by_layer = {}
    for name, array in arrays.items():
        by_layer.setdefault(name.split("/")[0], {})[name.split("/")[1]] = array
    expected = open_keras(h5(tmp_path / "m.h5", config, by_layer)).predict(X)
    for path in (folder, folder / "model.json", zipped(folder, tmp_path / "converted_tfjs.zip")):
        model = open_keras(path)
        assert np.array_equal(model.predict(X), expected)
        assert (model.classes, model.classes_from) == (("sim", "não"), "metadata.json")


@pytest.mark.parametrize(
    ("metadata", "key"),
    [
        ({"packageName": "@teachablemachine/pose", "labels": ["a", "b"]}, "keras.pose"),
        ({"tfjsSpeechCommandsVersion": "0.4.2", "wordLabels": ["a", "b"]}, "keras.sound"),
    ],
)
def test_teachable_machines_other_projects_are_refused_by_name(tmp_path, metadata, key):
    folder = _tfjs(tmp_path, metadata)[2]
    assert refusal(folder) == key
    assert refusal(zipped(folder, tmp_path / "z.zip")) == key


def test_shards_that_are_missing_short_or_elsewhere(tmp_path):
    folder = _tfjs(tmp_path)[2]
    (folder / "weights.bin").write_bytes((folder / "weights.bin").read_bytes()[:-4])
    assert refusal(folder) == "keras.hdf5_bomb"
    (folder / "weights.bin").unlink()
    assert refusal(folder) == "keras.shard_missing"
    shutil.rmtree(folder)
    assert refusal(_tfjs(tmp_path, name="../../weights.bin")[2]) == "keras.zip_climbs"


def test_sentences_are_the_same_in_both_languages():
    assert set(texts._room("en", "keras")) == set(texts._room("pt-BR", "keras"))
    errors = {key for key in texts._room("en", "keras") if not key.startswith("keras.notice")}
    assert errors == {key for key in texts._read("codes.toml") if key.startswith("keras.")}
