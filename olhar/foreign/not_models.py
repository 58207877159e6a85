"""What people give in a model's place and is none: a list of recognisers, each with what it is seen by and what to do instead.

Weights in torch's form have a reader of their own (``weights``), and so has what lies in an archive (``keras_files``). A file is
told by its first bytes; by its name only where its makers gave the form no mark.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from olhar.base.errors import ModelError
from olhar.data.layout import is_picture
from olhar.foreign.tensorflow_checkpoint import checkpoint_prefix, names_in

Seen = Mapping[str, Any]
"""What a sentence tells of it."""

_HEAD = 4096
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"P5\n", b"P6\n", b"8BPS")
_IN_BOXES = (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1")
_ARCHIVES = ((b"Rar!", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"))
_COMPILED = {".engine": "TensorRT", ".trt": "TensorRT", ".plan": "TensorRT", ".weights": "Darknet", ".cfg": "Darknet"}
_CORE_ML = (".mlmodel", ".mlpackage", ".mlmodelc")
_PICKLES = (".pkl", ".pickle", ".joblib", ".z", ".sav")
_TABLES = (".csv", ".tsv", ".parquet", ".jsonl", ".npz")
_MODELS = (".h5", ".hdf5", ".keras", ".onnx", ".tflite", ".pth", ".pt", ".safetensors")


def refuse_not_a_model(path: Path) -> None:
    """Say what stands in the place of a model, where it is known and is none.

    Raises:
        ModelError: it is such a thing; the sentence names it, and the way out.
    """
    head = _head(path)
    for key, seen in (_FOLDERS if path.is_dir() else _FILES).items():
        told = seen(path, head)
        if told is not None:
            raise ModelError(key, **{"where": path.name, **told})


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD) if path.is_file() else b""
    except OSError:
        return b""


def _named(*suffixes: str) -> Callable[[Path, bytes], Seen | None]:
    """What its name says it is."""
    return lambda path, _: {} if path.suffix.lower() in suffixes else None


def _checkpoint(path: Path, head: bytes) -> Seen | None:
    prefix = checkpoint_prefix(path, head)
    return {"prefix": prefix} if prefix else None


def _shards(path: Path, _: bytes) -> Seen | None:
    """Weights of TensorFlow.js, whose names end in ``.bin``; the network stands in the file beside them."""
    beside = path.with_name("model.json")
    return {"file": str(beside)} if path.suffix == ".bin" and beside.is_file() else None


def _shards_in(folder: Path, _: bytes) -> Seen | None:
    return {} if any(name.endswith(".bin") for name in names_in(folder)) else None


def _saved_model(path: Path, _: bytes) -> Seen | None:
    return {} if path.name == "saved_model.pb" else None


def _picture(path: Path, head: bytes) -> Seen | None:
    boxed = head[4:8] == b"ftyp" and head[8:12] in _IN_BOXES
    riff = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    return {"picture": str(path)} if boxed or riff or head.startswith(_PICTURES) else None


def _pictures_in(folder: Path, _: bytes) -> Seen | None:
    folders = [folder, *(folder / name for name in names_in(folder, 20))]
    if any((each / "recipe.toml").is_file() for each in folders):
        return None  # the figures of runs
    return {"folder": str(folder)} if any(is_picture(name) for each in folders for name in names_in(each, 50)) else None


def _model_in(folder: Path, _: bytes) -> Seen | None:
    models = [name for name in names_in(folder) if name.lower().endswith(_MODELS)]
    return {"file": str(folder / models[0])} if models else None


def _archive(_: Path, head: bytes) -> Seen | None:
    form = next((form for start, form in _ARCHIVES if head.startswith(start)), "")
    return {"form": form} if form else None


def _program(path: Path, _: bytes) -> Seen | None:
    return {"file": str(path)} if path.suffix == ".py" else None


def _compiled(path: Path, head: bytes) -> Seen | None:
    """What was made for one engine, and whose layers cannot be read back."""
    openvino = path.suffix.lower() == ".xml" and b"<net " in head[:512]
    form = "OpenVINO" if openvino else "TensorRT" if head.startswith(b"ftrt") else _COMPILED.get(path.suffix.lower())
    return {"form": form} if form else None


def _table(path: Path, head: bytes) -> Seen | None:
    return {"file": str(path)} if path.suffix.lower() in _TABLES or head.startswith(b"\x93NUMPY") else None


_FILES: dict[str, Callable[[Path, bytes], Seen | None]] = {
    "keras.saved_model": _saved_model,
    "not_model.checkpoint": _checkpoint,
    "not_model.shards": _shards,
    "not_model.shards_alone": _named(".bin"),
    "not_model.picture": _picture,
    "not_model.core_ml": _named(*_CORE_ML),
    "not_model.frozen_graph": _named(".pb", ".pbtxt"),
    "not_model.compiled": _compiled,
    "not_model.notebook": _named(".ipynb"),
    "not_model.program": _program,
    "not_model.table": _table,
    "keras.pickle": _named(*_PICKLES),
    "not_model.archive": _archive,
}
_FOLDERS: dict[str, Callable[[Path, bytes], Seen | None]] = {
    "not_model.core_ml": _named(*_CORE_ML),
    "not_model.checkpoint": _checkpoint,
    "not_model.shards_alone": _shards_in,
    "not_model.folder_of_a_model": _model_in,
    "not_model.folder_of_pictures": _pictures_in,
}
"""The key of a sentence -> whether its form is there, and what the sentence tells of it. The first that sees it speaks."""
