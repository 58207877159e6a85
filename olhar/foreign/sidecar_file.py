"""``NAME.olhar.json`` beside a foreign model, as it stands there: where it lies, what it holds, and of which file it is."""

import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Any

from olhar.base.errors import ModelError

_LARGEST = 2**22


def place(model: Path) -> Path:
    """Where the signature of a model lies: ``keras_model.olhar.json`` beside ``keras_model.h5``."""
    if model.is_dir():
        return model / "model.olhar.json"
    return model.with_name(f"{model.stem}.olhar.json")


class Sidecar:
    """What stands beside a model: read once, when it is first wanted, as the model is hashed once.

    Attributes:
        path: where it lies, or would lie.
    """

    def __init__(self, model: Path) -> None:
        self.path = place(model)
        self._model = model

    @cached_property
    def content(self) -> dict[str, Any] | None:
        """What it holds; None where nothing stands there.

        Raises:
            ModelError: it cannot be read.
        """
        return _read(self.path)

    @cached_property
    def model_checksum(self) -> str:
        """The sha256 of the model as it is now; of ``model.json`` and the weights beside it for TensorFlow.js."""
        return _checksum(self._model)

    @property
    def checksums(self) -> list[str]:
        """The files that it is of: one model may lie there in several forms."""
        noted = (self.content or {}).get("sha256") or []
        return [str(each) for each in (noted if isinstance(noted, list) else [noted])]

    @property
    def assumed(self) -> tuple[str, ...]:
        """What of the signature was saved though it could not be told: ``scaling``, ``classes``."""
        noted = (self.content or {}).get("assumed")
        return tuple(each for each in ("scaling", "classes") if isinstance(noted, list) and each in noted)


def _checksum(model: Path) -> str:
    folder = model if model.is_dir() else model.parent if model.name == "model.json" else None
    files = [model] if folder is None else [folder / "model.json", *sorted(folder.glob("*.bin"))]
    digest = hashlib.sha256()
    for each in files:
        with each.open("rb") as file:
            while block := file.read(2**20):
                digest.update(block)
    return digest.hexdigest()


def _read(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(_LARGEST).decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError("inspect.signature_unreadable", where=path.name) from error
    if not isinstance(content, dict):
        raise ModelError("inspect.signature_unreadable", where=path.name)
    return content
