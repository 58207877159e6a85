"""A damaged file of a run, and what can still be done without it."""

from pathlib import Path

from olhar.base.errors import RunError
from olhar.base.texts import sentence

_REMEDIES = {
    "request.json": "run.remedy_request",
    "metrics.json": "run.remedy_metrics",
    "history.jsonl": "run.remedy_history",
    "split.csv": "run.remedy_split",
    "checkpoints/last.safetensors": "run.remedy_checkpoint",
}
_AS_MODEL_KNOWS = ("recipe.toml", "signature.json")
_FOR_OTHER_FORMS = ("best.safetensors", "golden.json")


def damaged(run: Path, name: str) -> RunError:
    """The error for a file of a run that is not as Olhar wrote it.

    Args:
        run: the run's folder.
        name: of the file in it.
    """
    remedy = sentence(_remedy(run, name), run=str(run), recipe=str(run / "recipe.toml"))
    return RunError("run.damaged", where=str(run / name), remedy=remedy)


def _remedy(run: Path, name: str) -> str:
    if name in _REMEDIES:
        return _REMEDIES[name]
    if (run / "model.onnx").is_file():
        if name in _AS_MODEL_KNOWS:
            return "run.remedy_model"
        if name in _FOR_OTHER_FORMS:
            return "run.remedy_onnx"
    return "run.remedy"
