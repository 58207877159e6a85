"""What people give in a model's place and is none: named as what it is, with the way out, wherever a model is wanted."""

import io
import json
import pickle
import struct
import zipfile
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from olhar.base.errors import ModelError
from olhar.cli.app import main
from olhar.foreign.kinds import is_keras
from olhar.foreign.not_models import refuse_not_a_model
from olhar.verbs.inspect import inspect
from tests.conftest import assert_says

NUMBERS = np.arange(64, dtype="<f4").tobytes()
CHECKPOINT = {
    "ck/checkpoint": b'model_checkpoint_path: "cp.ckpt"\n',
    "ck/cp.ckpt.index": bytes(48),
    "ck/cp.ckpt.data-00000-of-00001": NUMBERS,
}
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 12\n"
PAGE = b"\n\n<!DOCTYPE html>\n<html><head><title>Google Drive - Virus scan warning</title></head></html>"


def picture(form="PNG"):
    file = io.BytesIO()
    Image.new("RGB", (20, 16), "red").save(file, form)
    return file.getvalue()


def packed(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return file.getvalue()


def whole_object():
    """A network saved with torch.save as an object: its pickle asks for the class of a program."""
    return packed(m__data_dot_pkl=b"\x80\x02cnets\nNet\n)\x81.", m__version="3")


KINDS = {
    "a SavedModel's file": ({"sm/saved_model.pb": b"\x08\x01\x12\x00"}, "sm/saved_model.pb", "SavedModel", "model.h5"),
    "a SavedModel": (
        {"sm/saved_model.pb": b"\x08\x01\x12\x00", "sm/variables/variables.index": b""},
        "sm",
        "SavedModel",
        "Keras",
    ),
    "a checkpoint": (CHECKPOINT, "ck", "checkpoint of TensorFlow", 'ck/cp.ckpt"'),
    "a checkpoint's index": (CHECKPOINT, "ck/cp.ckpt.index", "checkpoint of TensorFlow", 'ck/cp.ckpt"'),
    "a checkpoint's numbers": (CHECKPOINT, "ck/cp.ckpt.data-00000-of-00001", "checkpoint of TensorFlow", 'ck/cp.ckpt"'),
    "a checkpoint's state": (CHECKPOINT, "ck/checkpoint", "checkpoint of TensorFlow", 'ck/cp.ckpt"'),
    "a checkpoint by its prefix": (CHECKPOINT, "ck/cp.ckpt", "checkpoint of TensorFlow", "load_weights"),
    "weights beside their network": (
        {"js/weights.bin": NUMBERS, "js/model.json": b"{}"},
        "js/weights.bin",
        "TensorFlow.js",
        "js/model.json",
    ),
    "weights alone": ({"weights.bin": NUMBERS}, "weights.bin", "TensorFlow.js", "model.json"),
    "a folder of weights alone": ({"js/weights.bin": NUMBERS}, "js", "TensorFlow.js", "model.json"),
    "a torch object": ({"best_model.pth": whole_object()}, "best_model.pth", "refused by design", "safetensors"),
    "TorchScript": (
        {"m.pt": packed(m__data_dot_pkl=b"\x80\x02}.", m__code__a_dot_py="1")},
        "m.pt",
        "TorchScript",
        "torch.onnx.export",
    ),
    "TensorFlow Lite": ({"m.tflite": b"\x1c\0\0\0TFL3" + bytes(99)}, "m.tflite", "TensorFlow Lite", "Keras"),
    "a pickle": ({"m.pkl": pickle.dumps({"a": 1})}, "m.pkl", "pickle", ".keras"),
    "a pickle of the first protocol": ({"m.pkl": pickle.dumps({"a": 1}, protocol=0)}, "m.pkl", "pickle", ".keras"),
    "a packed joblib": ({"m.joblib": zlib.compress(pickle.dumps([1]))}, "m.joblib", "pickle", ".keras"),
    "a picture": ({"a photo.png": picture()}, "a photo.png", "a picture", "predict MODEL 'a photo.png'"),
    "a picture without its name": ({"m.h5": picture("JPEG")}, "m.h5", "a picture", "olhar predict"),
    "a folder of pictures": ({"d/a/1.png": picture()}, "d", "folder of pictures", "olhar train d"),
    "a zip of pictures": ({"d.zip": packed(a__1_dot_png=picture())}, "d.zip", "zip of pictures", "olhar train d.zip"),
    "a pointer of LFS": ({"m.h5": POINTER}, "m.h5", "Git LFS", "git lfs pull"),
    "a pointer of LFS, named as another form": ({"m.pb": POINTER}, "m.pb", "Git LFS", "git lfs pull"),
    "a page": ({"m.h5": PAGE}, "m.h5", "web page", "raw file"),
    "what says that there is nothing": ({"m.h5": b"404: Not Found"}, "m.h5", "web page", "raw file"),
    "an empty file": ({"m.h5": b""}, "m.h5", "empty", "download it again"),
    "an empty ONNX": ({"m.onnx": b""}, "m.onnx", "empty", "download it again"),
    "a Keras file cut off": ({"m.keras": packed(config_dot_json="{}" * 99)[:150]}, "m.keras", "not a whole zip", "again"),
    "Core ML": ({"m.mlmodel": b"\x08\x01\x12\x1a\n\x05image"}, "m.mlmodel", "Core ML", ".h5"),
    "a package of Core ML": ({"m.mlpackage/Manifest.json": b"{}"}, "m.mlpackage", "Core ML", ".h5"),
    "a frozen graph": ({"frozen.pb": b"\n\x1e\n\x0cPlaceholder"}, "frozen.pb", "frozen graph", "model.h5"),
    "TensorRT": ({"m.engine": b"ftrt" + bytes(60)}, "m.engine", "TensorRT", ".h5"),
    "OpenVINO": ({"m.xml": b'<?xml version="1.0"?>\n<net name="m">'}, "m.xml", "OpenVINO", ".h5"),
    "Darknet": ({"m.cfg": b"[net]\nbatch=1\n"}, "m.cfg", "Darknet", ".h5"),
    "Teachable Machine's TensorFlow Lite": (
        {"m.zip": packed(model_dot_tflite=b"\x1c\0\0\0TFL3", labels_dot_txt="0 a\n")},
        "m.zip",
        "TensorFlow Lite",
        "Tensorflow, Keras",
    ),
    "Teachable Machine's SavedModel": ({"m.zip": packed(sm__saved_model_dot_pb=b"\x08\x01")}, "m.zip", "SavedModel", "Keras"),
    "a notebook": ({"m.ipynb": json.dumps({"cells": []}).encode()}, "m.ipynb", "notebook", "model.save"),
    "a program": ({"net.py": b"x = 1\n"}, "net.py", "program", "net.py:FUNCTION"),
    "a table": ({"d.csv": b"path,label\n"}, "d.csv", "table", "olhar train d.csv"),
    "an archive": ({"m.rar": b"Rar!\x1a\x07" + bytes(40)}, "m.rar", "RAR", "Unpack"),
    "a folder with a model": ({"tm/keras_model.h5": b"x", "tm/labels.txt": b"0 a\n"}, "tm", "a folder", "tm/keras_model.h5"),
}
COMMANDS = {
    "inspect": ["inspect", "MODEL"],
    "predict": ["predict", "MODEL", "seen.png"],
    "evaluate": ["evaluate", "MODEL", "pictures"],
    "export": ["export", "MODEL", "--to", "onnx"],
    "serve": ["serve", "MODEL"],
    "train": ["train", "digits", "--model", "MODEL"],
}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with a picture and labelled ones, in which commands are typed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seen.png").write_bytes(picture())
    for name in ("a", "b"):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        (tmp_path / "pictures" / name / "1.png").write_bytes(picture())
    return tmp_path


def put(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_named_as_what_it_is_with_the_way_out_wherever_a_model_is_wanted(place, capsys, kind):
    files, given_as, named, way = KINDS[kind]
    put(place, files)
    for verb, command in COMMANDS.items():
        assert main([given_as if word == "MODEL" else word for word in command]) == 2, verb
        line = capsys.readouterr().err.splitlines()[-1]
        assert named in line, (verb, line)
        assert way in line, (verb, line)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_said_in_both_languages(place, kind):
    files, given_as, named, way = KINDS[kind]
    put(place, files)
    with pytest.raises(ModelError) as error:
        inspect(given_as)
    assert_says(error, named, way, given_as.rpartition("/")[2])


def test_a_run_is_no_folder_with_a_model(place):
    put(place, {"run/recipe.toml": b"", "run/model.onnx": b"x"})
    assert not is_keras(place / "run")


def test_a_folder_of_runs_is_no_folder_of_pictures(place, capsys):
    put(place, {"runs/one/recipe.toml": b"", "runs/one/learning-curve.png": picture()})
    assert main(["predict", "runs", "seen.png"]) == 2
    assert "not a run" in capsys.readouterr().err


def test_what_nobody_knows_is_not_called_a_model(place, capsys):
    put(place, {"words.txt": b"hello there\n"})
    for verb, named in (("inspect", "not a model by its content"), ("export", "neither"), ("train", "none of them")):
        assert main(["words.txt" if word == "MODEL" else word for word in COMMANDS[verb]]) == 2
        assert named in capsys.readouterr().err


@settings(max_examples=60, deadline=None)
@given(
    content=st.binary(max_size=200),
    start=st.sampled_from([b"", b"\x89PNG\r\n", b"\x08\x01", b"PK\x03\x04", struct.pack("<Q", 8)]),
    name=st.sampled_from(["m.bin", "m.pb", "checkpoint", "m.index", "m.ckpt.index", "m.onnx", "m", "saved_model.pb"]),
)
def test_whatever_lies_there_it_is_refused_with_a_sentence_or_passed_on(tmp_path_factory, content, start, name):
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(start + content)
    try:
        refuse_not_a_model(path)
    except ModelError as error:
        assert_says(error, name)
