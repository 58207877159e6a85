"""Which reader a model is for, told by its content: a run of ours, an ONNX file, or Keras."""

from pathlib import Path

from olhar.base.errors import ModelError, naming


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
