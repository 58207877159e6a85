"""The signature beside a foreign model: ``NAME.olhar.json``, with the model's checksum; passed over where that differs."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from olhar.base.errors import ModelError
from olhar.base.files import write_error, write_whole
from olhar.base.signature import Signature
from olhar.base.texts import Sentence, sentence
from olhar.foreign.classifier import KerasClassifier
from olhar.foreign.opening import Opening
from olhar.foreign.sidecar_file import checksum, checksums, place, read


def read_beside(found: KerasClassifier) -> tuple[Signature | None, tuple[Sentence, ...]]:
    """The signature beside a model, where there is one of this very model, and what to say of it.

    Raises:
        ModelError: it cannot be read, or does not go with the model.
    """
    path, about = place(found.path), read(found.path)
    if about is None:
        return None, ()
    sums = checksums(about)
    if sums and checksum(found.path) not in sums:
        return None, (sentence("inspect.notice_other_model", name=path.name, where=found.path.name),)
    if "classes" not in about:
        return None, ()
    signature = Signature.from_json(json.dumps(about), path.name)
    if not _goes_with(signature, found):
        raise ModelError("inspect.signature_misfit", where=path.name, model=found.path.name)
    return signature, tuple(sentence(f"inspect.notice_assumed_{each}", name=path.name) for each in assumed(found.path))


def assumed(model: Path) -> tuple[str, ...]:
    """What of the signature beside a model was saved though it could not be told: ``scaling``, ``classes``."""
    found = (read(model) or {}).get("assumed")
    return tuple(each for each in ("scaling", "classes") if isinstance(found, list) and each in found)


def write_beside(found: KerasClassifier, signature: Signature, doubtful: Sequence[str] = ()) -> Path:
    """Write the signature beside the model; ``doubtful`` names what could not be told.

    Raises:
        RunError: the folder cannot be written.
    """
    path, sums = place(found.path), [checksum(found.path)]
    plain = _plain(found.path, signature, doubtful, found.opening)
    before = _replaced(found.path)
    if before is not None and _unsigned(before) == plain:
        sums = list(dict.fromkeys([*checksums(before), *sums]))
    about = plain | {"sha256": sums if len(sums) > 1 else sums[0]}
    try:
        write_whole(path, (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
    except OSError as error:
        raise write_error(path, error) from error
    return path


def other_beside(model: Path, signature: Signature, doubtful: Sequence[str], said: Opening) -> bool:
    """Whether what stands beside a model says something else than this; of which files it says it does not matter."""
    before = _replaced(model)
    return place(model).exists() and (before is None or _unsigned(before) != _plain(model, signature, doubtful, said))


def _plain(model: Path, signature: Signature, doubtful: Sequence[str], said: Opening) -> dict[str, Any]:
    """What is written beside a model, but for the checksums."""
    return json.loads(signature.to_json()) | {"assumed": list(doubtful)} | _opening(model, said)


def _unsigned(about: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in about.items() if key != "sha256"}


def _replaced(model: Path) -> dict[str, Any] | None:
    try:
        return read(model)
    except ModelError:  # it is written anew
        return None


def _opening(model: Path, said: Opening) -> dict[str, Any]:
    """What had to be said to open the file; an architecture only where it lies beside it."""
    near = said.architecture is not None and said.architecture.resolve().parent == model.resolve().parent
    architecture = {"architecture": said.architecture.name} if said.architecture is not None and near else {}
    return architecture | ({"lambdas": dict(said.lambdas)} if said.lambdas else {})


def _goes_with(signature: Signature, found: KerasClassifier) -> bool:
    """Whether a signature has as many classes as the model and pictures that it takes."""
    form = found.picture_shape
    size = form.any_size or (signature.height, signature.width) == (form.height, form.width)
    numbers = all(math.isfinite(mean) and 0 < std < math.inf for mean, std in zip(signature.mean, signature.std, strict=True))
    return size and numbers and signature.channels == form.channels and len(signature.classes) == found.class_count
