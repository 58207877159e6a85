"""load: a run folder or a model.onnx -> a Predictor; no torch."""

import os
from pathlib import Path

from olhar.base.errors import RunError
from olhar.bundle.predictor import Predictor
from olhar.runs.folder import RunFolder


def load(model: str | os.PathLike[str], threads: int | None = None) -> Predictor:
    """Open a trained model to ask it.

    Args:
        model: a run folder, or a ``model.onnx`` that Olhar wrote.
        threads: how many threads one question may take; by default as many as there are cores.

    Raises:
        ModelError: no such file, or not a model of ours.
        RunError: a run that is not finished.
    """
    path = Path(model)
    if not path.is_dir():
        return Predictor.open(path, threads)
    run = RunFolder.open(path)
    if not run.model.is_file():
        raise RunError("run.unfinished", where=str(path), name="model.onnx")
    return Predictor.open(run.model, threads)
