"""Which reader a model is for, told by its content: a run of ours, an ONNX file, or Keras."""

from pathlib import Path

from olhar.base.errors import ModelError, naming
from olhar.foreign.not_models import refuse_not_a_model

_OF_KERAS = ("model.json", "saved_model.pb")
_OF_A_RUN = ("request.json", "recipe.toml", "signature.json")


def is_keras(path: Path) -> bool:
    """Whether a path is one for the reader of Keras files; what people save as a model by mistake is told here and there.

    Raises:
        ModelError: a Git LFS pointer, a web page, a pickle, an empty file, a checkpoint, a picture
            and other things that are no model.
    """
    if not path.is_file():
        if path.exists() and not path.is_dir():
            return True
        of_keras = any((path / name).is_file() for name in _OF_KERAS)
        if not any((path / name).is_file() for name in (*_OF_A_RUN, *_OF_KERAS)):
            refuse_not_a_model(path)
        return of_keras and not (path / _OF_A_RUN[0]).is_file()
    from olhar.keras_files.read.content import file_kind

    try:
        with path.open("rb") as file, naming(path.name):
            kind = file_kind(file.read(4096))
    except OSError:
        return False
    except ModelError as error:
        if error.key in ("keras.not_keras", "keras.web_page"):
            refuse_not_a_model(path)
        if error.key in ("keras.onnx", "keras.not_keras"):
            return False
        raise
    if kind != "hdf5":
        refuse_not_a_model(path)
    return True
