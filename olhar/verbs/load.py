"""load: a run folder, a model.onnx or a Keras file -> a Predictor; no torch, no Keras."""

from collections.abc import Mapping
from pathlib import Path

from olhar.base.errors import RunError
from olhar.base.path_errors import tells_paths
from olhar.base.progress import Progress, default_progress
from olhar.base.types import StrPath
from olhar.bundle.predictor import Predictor
from olhar.foreign.kinds import is_keras
from olhar.foreign.opening import Opening
from olhar.foreign.weights import refuse_weights
from olhar.runs.folder import RunFolder


@tells_paths
def load(
    model: StrPath,
    threads: int | None = None,
    *,
    architecture: StrPath | None = None,
    lambdas: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Predictor:
    """Open a trained model to ask it.

    Args:
        model: a run folder, a ``model.onnx`` that Olhar wrote, or a Keras file of any age.
        threads: how many threads one question may take; by default as many as there are cores.
        architecture: a JSON file, for a Keras file that holds weights only.
        lambdas: a formula of ``x`` for each Lambda layer of a Keras file.
        progress: where to say what is assumed of a Keras file; the Predictor keeps it as ``notices`` too.

    Raises:
        ModelError: no such file, not a model of ours, or a Keras file that does not say how it wants its pictures.
        RunError: a run that is not finished.
        UsageError: a path that cannot be.
    """
    path = Path(model).expanduser()
    refuse_weights(path)
    if is_keras(path):
        return _keras(path, threads, Opening.of(architecture, lambdas), progress or default_progress())
    if not path.is_dir():
        return Predictor.open(path, threads)
    run = RunFolder.open(path)
    if not run.model.is_file():
        raise RunError("run.unfinished", where=str(path), name="model.onnx")
    return Predictor.open(run.model, threads)


def _keras(path: Path, threads: int | None, opening: Opening, progress: Progress) -> Predictor:
    """The reader of Keras files is imported only where there is one."""
    from olhar.foreign.preprocessing import open_predictor

    predictor = open_predictor(path, threads, opening)
    for notice in predictor.notices:
        progress.line(notice)
    return predictor
