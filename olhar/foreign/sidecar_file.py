"""``NAME.olhar.json`` beside a foreign model, as it stands there: where it lies, what it holds, and of which file it is."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from olhar.base.errors import ModelError

_LARGEST = 2**22


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


def read(model: Path) -> dict[str, Any] | None:
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
