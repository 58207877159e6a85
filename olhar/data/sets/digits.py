"""The handwritten digits that come with scikit-learn: read from its file, as to import it takes a second."""

import gzip
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.data.dataset import Dataset
from olhar.data.formats.pixels import ArraySource

_INKED = 16
"""The value of a cell that is all ink."""


def digits() -> Dataset:
    """1,797 handwritten digits, 8x8 gray, that ship with scikit-learn (UCI, Alpaydin and Kaynak 1998; CC BY 4.0)."""
    table = _table()
    pixels = np.round(table[:, :64].reshape(-1, 8, 8) * (255 / _INKED)).astype(np.uint8)
    return Dataset(
        origin="digits",
        source=ArraySource(pixels),
        where=[f"digit-{i:04}" for i in range(len(pixels))],
        classes=tuple("0123456789"),
        labels=table[:, 64].astype(np.int64),
        brought=("",) * len(pixels),
        licence="CC BY 4.0",
        flip=False,
    )


def _table() -> "NDArray[np.uint8]":
    """uint8 (1797, 65): 64 cells and the digit of each; asked of scikit-learn where its file lies elsewhere by now."""
    spec = find_spec("sklearn")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        path = Path(folder, "datasets", "data", "digits.csv.gz")
        if path.is_file():
            with gzip.open(path) as file:
                return np.loadtxt(file, np.uint8, delimiter=",")
    from sklearn.datasets import load_digits

    bunch: Any = load_digits()
    return np.column_stack([bunch.data, bunch.target]).astype(np.uint8)
