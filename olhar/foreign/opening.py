"""What stands beside a foreign model: ``NAME.olhar.json`` as it is, and what it says of opening the model."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from olhar.base.errors import ModelError
from olhar.base.types import StrPath

_LARGEST = 2**22


@dataclass(frozen=True)
class Opening:
    """What has to be said to open a Keras file.

    Attributes:
        architecture: a JSON file, for a file that holds weights only.
        lambdas: a formula of ``x`` for each Lambda layer.
    """

    architecture: Path | None = None
    lambdas: Mapping[str, str] = field(default_factory=dict[str, str])


def place(model: Path) -> Path:
    """Where the signature of a model lies: ``keras_model.olhar.json`` beside ``keras_model.h5``."""
    if model.is_dir():
        return model / "model.olhar.json"
    return model.with_name(f"{model.stem}.olhar.json")


def checksum(model: Path) -> str:
    """The sha256 of a model file; of ``model.json`` and the weights beside it for TensorFlow.js."""
    folder = model if model.is_dir() else model.parent if model.name == "model.json" else None
    files = [model] if folder is None else [folder / "model.json", *sorted(folder.glob("*.bin"))]
    digest = hashlib.sha256()
    for each in files:
        with each.open("rb") as file:
            while block := file.read(2**20):
                digest.update(block)
    return digest.hexdigest()


def kept(model: Path) -> dict[str, Any] | None:
    """What stands beside a model; None where nothing does.

    Raises:
        ModelError: it cannot be read.
    """
    path = place(model)
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_LARGEST).decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError("inspect.signature_unreadable", where=path.name) from error
    if not isinstance(found, dict):
        raise ModelError("inspect.signature_unreadable", where=path.name)
    return found


def checksums(about: Mapping[str, Any]) -> list[str]:
    """The files that a signature is of: one model may lie there in several forms."""
    found = about.get("sha256") or []
    return [str(each) for each in (found if isinstance(found, list) else [found])]


def opening(model: Path, architecture: StrPath | None = None, lambdas: Mapping[str, str] | None = None) -> Opening:
    """What was said now; else what was kept beside this very model when it was said before.

    Raises:
        ModelError: what stands beside the model cannot be read.
    """
    said = Opening(Path(architecture).expanduser() if architecture else None, lambdas or {})
    about = kept(model) if model.exists() else None
    if about is None or not {"architecture", "lambdas"} & about.keys() or checksum(model) not in checksums(about):
        return said
    name, formulas = about.get("architecture"), about.get("lambdas")
    beside = model.parent / name if isinstance(name, str) and name and Path(name).name == name else None
    known = {str(key): str(value) for key, value in formulas.items()} if isinstance(formulas, dict) else {}
    return Opening(said.architecture or beside, said.lambdas or known)
