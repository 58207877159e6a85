"""A bundle with another contract: what it promises of its answers, and how it decodes large pictures; else it is the same."""

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from olhar.base.errors import UsageError
from olhar.base.files import write_whole
from olhar.base.signature import Signature
from olhar.bundle.parity import golden
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import with_signature
from olhar.exports.forms import FORMS, ending
from olhar.exports.run_file import refuse_taken, written
from olhar.exports.to_bundle import noise


def refuse_other_form(target: Path, flag: str, *, force: bool) -> None:
    """See to it that a promise has a place in the file to be, and that the file replaces none; ``flag`` asks for it.

    Raises:
        UsageError: another form than ``.onnx`` or ``.tflite``, or a file is there already.
    """
    if ending(target) not in ("onnx", "tflite"):
        raise UsageError("export.promise_form", found=target.name, flag=flag)
    refuse_taken(target, force)


def with_contract(bundle: bytes, name: str, signed: Callable[[Signature], Signature]) -> bytes:
    """The same bundle with another contract; ``signed``: the contract -> the other."""
    return with_signature(bundle, signed(Predictor.from_bytes(bundle, name).signature))


def write_other_contract(
    plain: Callable[[Path], object], target: Path, signed: Callable[[Signature], Signature], *, force: bool
) -> Path:
    """Write a bundle with another contract.

    Args:
        plain: writes the bundle as it is, and its proof beside it.
        target: the file to be.
        signed: its contract -> the other.
        force: replace what is there.

    Raises:
        UsageError: a file is there already.
        RunError: it cannot be written.
    """
    refuse_taken(target, force)
    (beside,) = FORMS["onnx"].beside(target)
    with TemporaryDirectory(prefix="olhar-") as folder:
        draft = Path(folder) / target.name
        plain(draft)
        bundle = with_contract(draft.read_bytes(), draft.name, signed)
        (proof,) = FORMS["onnx"].beside(draft)
        text = proof.read_bytes()
    return written(target, lambda: [write_whole(target, bundle), write_whole(beside, text)])


def write_bundle(source: Path, target: Path) -> Path:
    """A bundle as it is, with a proof of its answers on noise beside it.

    Raises:
        ModelError: it is none, or was changed since it was written.
    """
    predictor = Predictor.open(source)
    proof = {"olhar": 1} | golden(predictor, noise(predictor.signature)[:3])
    target.write_bytes(predictor.serialised())
    target.with_suffix(".golden.json").write_text(json.dumps(proof, ensure_ascii=False) + "\n", encoding="utf-8")
    return target
