"""A bundle written as a TFLite file, kept only if LiteRT then answers as the bundle does."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from olhar.base.errors import ModelError, UsageError
from olhar.base.extras import need
from olhar.base.files import write_error, write_whole
from olhar.base.images import Pixels
from olhar.base.progress import Progress
from olhar.base.signature import Signature
from olhar.base.texts import sentence
from olhar.bundle.parity import compared, golden_of
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import labels
from olhar.exports.forms import FORMS
from olhar.exports.tflite.c_array import c_array
from olhar.exports.tflite.interpreter import answers
from olhar.exports.tflite.network import planned
from olhar.exports.tflite.plan import OperatorPlan
from olhar.exports.tflite.schema import written
from olhar.exports.to_bundle import noise
from olhar.graph.graph import Floats

SIGNATURE = "olhar-signature"
"""The name in a file's metadata under which its contract stands, as JSON."""


def export_tflite(bundle: bytes, name: str, target: Path, *, as_c: bool, force: bool, progress: Progress) -> Path:
    """Write a bundle as a TFLite file of floats, with ``NAME.labels.txt`` and ``NAME.tflite.json`` beside it.

    Args:
        bundle: the file of a model.onnx.
        name: what to call it in errors.
        target: the file.
        as_c: write ``NAME.cc`` and ``NAME.h`` too, its bytes for a program in C.
        force: replace what is there.
        progress: where to tell what was compared.

    Raises:
        UsageError: something else is there already.
        ExtraError: LiteRT is not installed.
        ModelError: an operation that TFLite does not have, or it answers otherwise.
        RunError: it cannot be written.
    """
    need("tflite", "export --to tflite")
    predictor = Predictor.from_bytes(bundle, name)
    signature, pixels = plain_signature(predictor.signature), noise(predictor.signature)
    plan = planned(bundle, name)
    model = written(plan, contract(signature))
    expected = predictor.probabilities(pixels)
    difference, answered = _proved(model, pixels, expected, target.name)
    about = {"agreement": difference, "pictures_compared": len(pixels)}
    proof = golden_of(signature.classes, pixels[:3], answered[:3]) | about
    keep(model, target, signature, proof, plan=plan, as_c=as_c, force=force)
    progress.line(sentence("tflite.agrees", name=target.name, difference=difference, n=len(pixels)))
    _tell_how(predictor.signature, target, progress)
    return target


def plain_signature(signature: Signature) -> Signature:
    """The contract of the file: it has no output that tells strangers."""
    return replace(signature, false_alarms=0.0)


def contract(signature: Signature) -> dict[str, bytes]:
    """What stands in a file's metadata."""
    return {SIGNATURE: signature.to_json().encode("utf-8")}


def _proved(model: bytes, pixels: Pixels, expected: Floats, where: str) -> tuple[float, Floats]:
    """The largest difference by either kind of kernels, and the answers of those that phones run."""
    fast, plain = (told(model, pixels, where, plain=kernels) for kernels in (False, True))
    return max(compared(expected, fast, where), compared(expected, plain, where)), fast


def told(model: bytes, pixels: Iterable[Pixels], where: str, *, plain: bool = False) -> Floats:
    """What LiteRT answers.

    Raises:
        ModelError: it does not take the file.
    """
    try:
        return answers(model, pixels, plain=plain)
    except (ValueError, RuntimeError) as error:
        raise ModelError("tflite.not_opened", where=where, reason=str(error).splitlines()[0]) from error


def keep(
    model: bytes, target: Path, signature: Signature, proof: dict[str, Any], *, plan: OperatorPlan, as_c: bool, force: bool
) -> None:
    """Write a file and what goes beside it.

    Raises:
        UsageError: something else is there already.
        RunError: it cannot be written.
    """
    about = {"olhar": 1, "signature": json.loads(signature.to_json())} | proof
    (sidecar,), form = FORMS["tflite"].beside(target), FORMS["tflite"]
    contents = {
        target: model,
        sidecar: (json.dumps(about, ensure_ascii=False) + "\n").encode("utf-8"),
        form.with_shared(target)[-1]: labels(signature).encode("utf-8"),
    }
    if as_c:
        contents |= {target.with_suffix(end): text for end, text in c_array(model, target.stem, signature, plan).items()}
    for path, content in contents.items():
        if not force and path.exists() and not (path.is_file() and path.read_bytes() == content):
            raise UsageError("export.taken", where=str(path))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for path, content in contents.items():
            write_whole(path, content)
    except OSError as error:
        raise write_error(target, error, sum(map(len, contents.values()))) from error


def _tell_how(signature: Signature, target: Path, progress: Progress) -> None:
    """What the program that uses the file has to give it, and what the file cannot say."""
    about = {"width": signature.width, "height": signature.height, "channels": signature.channels, "fit": signature.fit}
    kind = "gray" if signature.channels == 1 else "rgb"
    progress.line(sentence(f"tflite.takes_{kind}", name=target.name, **about))
    if signature.threshold:
        progress.line(sentence("tflite.threshold", threshold=signature.threshold))
    if signature.false_alarms:
        progress.line(sentence("tflite.no_strangers"))
