"""export: the model of a run, written where the person wants it."""

import os
import shutil
from pathlib import Path

from olhar.base.errors import RunError, UsageError
from olhar.runs.folder import RunFolder

FORMATS = ("onnx", "safetensors")
_FILES = {"onnx": ("model.onnx", "golden.json"), "safetensors": ("best.safetensors", "signature.json")}


def export(run: str | os.PathLike[str], into: str | os.PathLike[str]) -> Path:
    """Copy the model of a run out of it, with what goes with it beside it.

    Args:
        run: a finished run.
        into: a file that ends in ``.onnx`` (one file with its whole contract, and ``NAME.golden.json``) or in
            ``.safetensors`` (weights alone, and ``NAME.signature.json``).

    Raises:
        UsageError: another ending.
        RunError: the run is not finished, or the file cannot be written.
    """
    folder, target = RunFolder.open(run), Path(into)
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
