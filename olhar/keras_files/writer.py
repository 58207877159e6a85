"""New weights into a copy of the very file that they came from: architecture and all else stay as they are."""

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import h5py
import numpy as np

from olhar.base.errors import ModelError, naming
from olhar.base.types import StrPath
from olhar.graph.graph import Floats
from olhar.keras_files.read.content import file_kind, model_bytes
from olhar.keras_files.read.hdf5 import open_store
from olhar.keras_files.read.zips import Members

_WEIGHTS = ("model.weights.h5", "variables.h5", "keras_model.h5")


def write_back(source: StrPath, target: StrPath, weights: Mapping[str, Floats]) -> None:
    """Copy a model file with other weights in it.

    Args:
        source: HDF5, ``.keras`` or Teachable Machine's zip, as ``open_keras`` took it.
        target: the copy; put in place only once it is whole, so that it may be ``source`` itself.
        weights: path in the file -> float32 array, as ``KerasModule.weights()`` gives them.

    Raises:
        ModelError: a file that weights cannot be written into, or weights that are not this file's.
    """
    path, destination = Path(os.fspath(source)).expanduser(), Path(os.fspath(target)).expanduser()
    with naming(path.name):
        data = model_bytes(path)
        form = file_kind(data[:4096])
        if form == "text":
            raise ModelError("keras.not_writable")
        _write_whole(destination, _hdf5(data, weights) if form == "hdf5" else _zip(data, weights))


def _hdf5(data: bytes, weights: Mapping[str, Floats]) -> bytes:
    store, copy = open_store(data), io.BytesIO(data)
    with h5py.File(copy, "r+") as file:
        for name, value in weights.items():
            shape = store.datasets.get(name)
            if shape is None or np.size(value) != np.prod(shape):
                raise ModelError("keras.weight_missing", layer=name.rpartition("/")[0], variable=name)
            file[store.real(name)][...] = np.reshape(value, shape)  # pyright: ignore[reportIndexIssue]
    return copy.getvalue()


def _zip(data: bytes, weights: Mapping[str, Floats]) -> bytes:
    members, copy = Members(data), io.BytesIO()
    inner = members.find(*_WEIGHTS)
    if inner is None:
        raise ModelError("keras.not_writable")
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(copy, "w") as new:
        for info in old.infolist():
            same = info.filename.replace("\\", "/") != inner
            new.writestr(info, old.read(info) if same else _hdf5(members.read(inner), weights), info.compress_type)
    return copy.getvalue()


def _write_whole(destination: Path, data: bytes) -> None:
    part = destination.with_name(f".{destination.name}.part")
    try:
        part.write_bytes(data)
        part.replace(destination)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ModelError("keras.unwritable", target=destination.name, megabytes=max(1.0, len(data) / 2**20)) from error
