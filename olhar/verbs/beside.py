"""The signature beside a foreign model: ``NAME.olhar.json``, with the model's checksum; passed over where that differs."""

import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from olhar.base.errors import ModelError, RunError
from olhar.base.signature import Signature
from olhar.base.texts import say
from olhar.runs.folder import write_whole
from olhar.verbs.keras_models import KerasClassifier

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


def read_beside(found: KerasClassifier) -> tuple[Signature | None, tuple[str, ...]]:
    """The signature beside a model, where there is one of this very model, and what to say of it.

    Raises:
        ModelError: it cannot be read, or does not go with the model.
    """
    path = place(found.path)
    if not path.is_file():
        return None, ()
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError("inspect.signature_unreadable", where=path.name) from error
    kept = _parsed(text, path)
    if kept.get("sha256", "") not in ("", checksum(found.path)):
        return None, (say("inspect.notice_other_model", name=path.name, where=found.path.name),)
    signature = Signature.from_json(text, path.name)
    if not _goes_with(signature, found):
        raise ModelError("inspect.signature_misfit", where=path.name, model=found.path.name)
    assumed = kept.get("assumed")
    told = [each for each in ("scaling", "classes") if isinstance(assumed, list) and each in assumed]
    return signature, tuple(say(f"inspect.notice_assumed_{each}", name=path.name) for each in told)


def write_beside(found: KerasClassifier, signature: Signature, assumed: Sequence[str] = ()) -> Path:
    """Write the signature beside the model; ``assumed`` names what could not be told.

    Raises:
        RunError: the folder cannot be written.
    """
    path = place(found.path)
    about: dict[str, Any] = json.loads(signature.to_json()) | {"sha256": checksum(found.path), "assumed": list(assumed)}
    try:
        write_whole(path, (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
    except OSError as error:
        raise RunError("run.full", where=str(path), megabytes=0, reason=error.strerror or str(error)) from error
    return path


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelError("inspect.signature_unreadable", where=path.name) from error
    if not isinstance(found, dict):
        raise ModelError("inspect.signature_unreadable", where=path.name)
    return found


def _goes_with(signature: Signature, found: KerasClassifier) -> bool:
    """Whether a signature has as many classes as the model and pictures that it takes."""
    form = found.form
    size = form.any_size or (signature.height, signature.width) == (form.height, form.width)
    numbers = all(math.isfinite(mean) and 0 < std < math.inf for mean, std in zip(signature.mean, signature.std, strict=True))
    return size and numbers and signature.channels == form.channels and len(signature.classes) == found.count
