"""export: the model of a run, or a Keras file as a bundle, written where the person wants it."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from olhar.base.errors import RunError, UsageError
from olhar.runs.folder import RunFolder
from olhar.verbs.model_kinds import is_keras

FORMATS = ("onnx", "safetensors")
_FILES = {"onnx": ("model.onnx", "golden.json"), "safetensors": ("best.safetensors", "signature.json")}


def export(
    run: str | os.PathLike[str],
    into: str | os.PathLike[str],
    *,
    architecture: str | os.PathLike[str] | None = None,
    lambdas: Mapping[str, str] | None = None,
) -> Path:
    """Copy the model of a run out of it, with what goes with it beside it; or turn a Keras file into a bundle.

    Args:
        run: a finished run, or a Keras file of which it is known how it wants its pictures.
        into: a file that ends in ``.onnx`` (one file with its whole contract, and ``NAME.golden.json``) or, for a run, in
            ``.safetensors`` (weights alone, and ``NAME.signature.json``).
        architecture, lambdas: for a Keras file, as in ``load``.

    Raises:
        UsageError: another ending.
        RunError: the run is not finished, or the file cannot be written.
        ModelError: the Keras file cannot be opened, does not say how it wants its pictures, or the bundle answers otherwise.
    """
    target = Path(into)
    if is_keras(Path(run).expanduser()):
        from olhar.verbs.export_keras import export_keras

        return export_keras(Path(run).expanduser(), target, architecture, lambdas)
    folder = RunFolder.open(run)
    form = target.suffix.removeprefix(".")
    if form not in FORMATS:
        raise UsageError("export.form", found=target.name, known=", ".join(FORMATS))
    model, companion = _FILES[form]
    beside = target.with_suffix(f".{companion}")
    for source, copy in ((folder.path / model, target), (folder.path / companion, beside)):
        if not source.is_file():
            raise RunError("run.unfinished", where=str(folder.path), name=source.name)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
        except OSError as error:
            megabytes = source.stat().st_size / 2**20
            raise RunError("run.full", where=str(copy), megabytes=megabytes, reason=error.strerror or str(error)) from error
    return target
