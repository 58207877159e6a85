"""Olhar: from a folder of pictures to an image classifier that a person can trust and serve.

The front door: every public name stands here, and each is imported when it is first used.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from olhar.base.errors import (
        DataError,
        ExtraError,
        ModelError,
        OlharError,
        PictureError,
        RecipeError,
        RunError,
        ServingError,
        Stopped,
        TrainingError,
        UsageError,
    )
    from olhar.base.signature import Signature
    from olhar.base.texts import set_language
    from olhar.bundle.prediction import Prediction
    from olhar.bundle.predictor import Predictor
    from olhar.data.checks.audit import Audit
    from olhar.data.dataset import Dataset
    from olhar.data.sources import read
    from olhar.evaluation.metrics import Metrics
    from olhar.foreign.inspection import Inspection
    from olhar.keras_files.model import KerasModel, open_keras
    from olhar.training.recipe import Recipe
    from olhar.verbs.check import check
    from olhar.verbs.datasets import datasets
    from olhar.verbs.evaluate import evaluate
    from olhar.verbs.export import export
    from olhar.verbs.inspect import inspect
    from olhar.verbs.load import load
    from olhar.verbs.pack import pack
    from olhar.verbs.predict import predict
    from olhar.verbs.report import report
    from olhar.verbs.run import Run
    from olhar.verbs.serve import serve
    from olhar.verbs.train import train
    from olhar.verbs.tune import tune

_WHERE = {
    "read": "olhar.data.sources",
    "check": "olhar.verbs.check",
    "train": "olhar.verbs.train",
    "tune": "olhar.verbs.tune",
    "evaluate": "olhar.verbs.evaluate",
    "report": "olhar.verbs.report",
    "inspect": "olhar.verbs.inspect",
    "predict": "olhar.verbs.predict",
    "export": "olhar.verbs.export",
    "load": "olhar.verbs.load",
    "serve": "olhar.verbs.serve",
    "open_keras": "olhar.keras_files.model",
    "datasets": "olhar.verbs.datasets",
    "pack": "olhar.verbs.pack",
    "set_language": "olhar.base.texts",
    "Audit": "olhar.data.checks.audit",
    "Inspection": "olhar.foreign.inspection",
    "KerasModel": "olhar.keras_files.model",
    "Dataset": "olhar.data.dataset",
    "Metrics": "olhar.evaluation.metrics",
    "Prediction": "olhar.bundle.prediction",
    "Predictor": "olhar.bundle.predictor",
    "Recipe": "olhar.training.recipe",
    "Run": "olhar.verbs.run",
    "Signature": "olhar.base.signature",
    "OlharError": "olhar.base.errors",
    "UsageError": "olhar.base.errors",
    "RecipeError": "olhar.base.errors",
    "ExtraError": "olhar.base.errors",
    "DataError": "olhar.base.errors",
    "PictureError": "olhar.base.errors",
    "ModelError": "olhar.base.errors",
    "RunError": "olhar.base.errors",
    "TrainingError": "olhar.base.errors",
    "ServingError": "olhar.base.errors",
    "Stopped": "olhar.base.errors",
}

__all__ = [  # noqa: RUF022 (in the order of the work)
    "read",
    "check",
    "train",
    "tune",
    "evaluate",
    "report",
    "inspect",
    "predict",
    "export",
    "load",
    "serve",
    "open_keras",
    "datasets",
    "pack",
    "set_language",
    "Audit",
    "Dataset",
    "Inspection",
    "KerasModel",
    "Metrics",
    "Prediction",
    "Predictor",
    "Recipe",
    "Run",
    "Signature",
    "OlharError",
    "UsageError",
    "RecipeError",
    "ExtraError",
    "DataError",
    "PictureError",
    "ModelError",
    "RunError",
    "TrainingError",
    "ServingError",
    "Stopped",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return version("olhar")
    if name not in _WHERE:
        raise AttributeError(f"module 'olhar' has no attribute {name!r}")
    found = getattr(import_module(_WHERE[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
