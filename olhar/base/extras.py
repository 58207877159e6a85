"""What a verb needs beyond the base install, and the sentence when it is not there."""

from importlib.util import find_spec

from olhar.base.errors import ExtraError

_NEEDS = {
    "train": ("torch", "onnxscript"),
    "tune": ("torch", "optuna"),
    "tensorboard": ("torch", "tensorboard"),
    "mlflow": ("torch", "mlflow"),
    "keras": ("torch", "keras"),
    "tflite": ("ai_edge_litert",),
    "lan": ("cryptography", "segno"),
    "ray": ("ray", "grpc"),
    "serve": ("fastapi", "uvicorn", "python_multipart"),
}


def need(extra: str, verb: str) -> None:
    """Make sure that the libraries of an extra are installed.

    Raises:
        ExtraError: one is not; the sentence names the command that installs it.
    """
    missing = _missing(extra)
    if missing:
        raise ExtraError("extra.missing", verb=verb, library=missing[0], extra=extra)


def is_there(extra: str) -> bool:
    """Whether the libraries of an extra are installed; none is imported."""
    return not _missing(extra)


def _missing(extra: str) -> list[str]:
    return [name for name in _NEEDS[extra] if find_spec(name) is None]
