"""The signature beside a foreign model: ``NAME.olhar.json``, with the model's checksum; passed over where that differs."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from olhar.base.errors import ModelError
from olhar.base.files import write_error, write_whole
from olhar.base.levels import FULL
from olhar.base.signature import RESAMPLINGS, Signature
from olhar.base.texts import Sentence, sentence
from olhar.foreign.classifier import KerasClassifier
from olhar.foreign.opening import Opening
from olhar.foreign.sidecar_file import Sidecar


def read_beside(classifier: KerasClassifier) -> tuple[Signature | None, tuple[Sentence, ...]]:
    """The signature beside a model, where there is one of this very model, and what to say of it.

    Raises:
        ModelError: it cannot be read, or does not go with the model.
    """
    sidecar, name = classifier.sidecar, classifier.sidecar.path.name
    if sidecar.content is None:
        return None, ()
    if sidecar.checksums and sidecar.model_checksum not in sidecar.checksums:
        return None, (sentence("inspect.notice_other_model", name=name, where=classifier.path.name),)
    if "classes" not in sidecar.content:
        return None, ()
    signature = Signature.from_json(json.dumps(sidecar.content), name)
    if not _goes_with(signature, classifier):
        raise ModelError("inspect.signature_misfit", where=name, model=classifier.path.name)
    return signature, tuple(sentence(f"inspect.notice_assumed_{facet}", name=name) for facet in sidecar.assumed)


def write_beside(classifier: KerasClassifier, signature: Signature, doubtful: Sequence[str] = ()) -> Path:
    """Write the signature beside the model; ``doubtful`` names what could not be told.

    Raises:
        RunError: the folder cannot be written.
    """
    sidecar, sums = classifier.sidecar, [classifier.sidecar.model_checksum]
    plain = _content(classifier.path, signature, doubtful, classifier.opening)
    if _unsigned(sidecar) == plain:
        sums = list(dict.fromkeys([*sidecar.checksums, *sums]))
    content = plain | {"sha256": sums if len(sums) > 1 else sums[0]}
    try:
        write_whole(sidecar.path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
    except OSError as error:
        raise write_error(sidecar.path, error) from error
    return sidecar.path


def other_beside(model: Path, signature: Signature, doubtful: Sequence[str], opening: Opening) -> bool:
    """Whether what stands beside a model says something else than this; of which files it says it does not matter."""
    sidecar = Sidecar(model)
    return sidecar.path.exists() and _unsigned(sidecar) != _content(model, signature, doubtful, opening)


def _content(model: Path, signature: Signature, doubtful: Sequence[str], opening: Opening) -> dict[str, Any]:
    """What is written beside a model, but for the checksums."""
    return json.loads(signature.to_json()) | {"assumed": list(doubtful)} | _opening_content(model, opening)


def _unsigned(sidecar: Sidecar) -> dict[str, Any] | None:
    """What stands beside a model, but for the checksums, and with the rule that it means; None where nothing can be read."""
    try:
        content = sidecar.content
    except ModelError:  # it is written anew
        return None
    if content is None:
        return None
    shares = dict.fromkeys(("at_least", "threshold", "false_alarms", "prediction_sets", "set_threshold"), 0.0)
    later = {"levels": json.loads(json.dumps(asdict(FULL)))} | shares
    return {"resampling": RESAMPLINGS[0]} | later | {key: value for key, value in content.items() if key != "sha256"}


def _opening_content(model: Path, opening: Opening) -> dict[str, Any]:
    """What had to be said to open the file; an architecture only where it lies beside it."""
    near = opening.architecture is not None and opening.architecture.resolve().parent == model.resolve().parent
    architecture = {"architecture": opening.architecture.name} if opening.architecture is not None and near else {}
    return architecture | ({"lambdas": dict(opening.lambdas)} if opening.lambdas else {})


def _goes_with(signature: Signature, classifier: KerasClassifier) -> bool:
    """Whether a signature has as many classes as the model and pictures that it takes."""
    shape = classifier.picture_shape
    size = shape.any_size or (signature.height, signature.width) == (shape.height, shape.width)
    numbers = all(math.isfinite(mean) and 0 < std < math.inf for mean, std in zip(signature.mean, signature.std, strict=True))
    return size and numbers and signature.channels == shape.channels and len(signature.classes) == classifier.class_count
