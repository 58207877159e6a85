"""Which reader a model is for, told by its content: a run of ours, an ONNX file, or Keras."""

from itertools import chain, islice
from pathlib import Path

from olhar.base.errors import ModelError, RunError, naming
from olhar.data.layout import is_picture

_LOOKED_AT = 500
"""So many names of a folder are enough to know what lies in it."""


def refuse_pictures(path: Path) -> None:
    """Refuse pictures where a model is needed: they were named first, or the model was forgotten.

    Raises:
        ModelError: a picture.
        RunError: a folder of pictures.
    """
    if path.is_file() and is_picture(path.name):
        raise ModelError("bundle.picture", where=str(path))
    if not path.is_dir() or any((path / name).is_file() for name in ("request.json", "model.json", "saved_model.pb")):
        return
    names = (entry.name for entry in islice(chain(path.glob("*"), path.glob("*/*")), _LOOKED_AT))
    if any(map(is_picture, names)):
        raise RunError("run.pictures", where=str(path))


def is_keras(path: Path) -> bool:
    """Whether a path is one for the reader of Keras files; what people save as a model by mistake is told there too.

    Raises:
        ModelError: a Git LFS pointer, a web page, a pickle, an empty file.
    """
    if path.is_dir():
        return not (path / "request.json").is_file() and any((path / name).is_file() for name in ("model.json", "saved_model.pb"))
    if not path.is_file():
        return path.exists()
    from olhar.keras_files.read.content import file_kind

    try:
        with path.open("rb") as file, naming(path.name):
            file_kind(file.read(4096))
    except OSError:
        return False
    except ModelError as error:
        if error.key in ("keras.onnx", "keras.not_keras"):
            return False
        raise
    return True
