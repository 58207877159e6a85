"""Olhar: from a folder of pictures to an image classifier that a person can trust and serve.

The front door: every public name stands here, and each is imported when it is first used. Editors and type checkers go by the
imports, which never run, and Python by the table; a test holds them the same.
"""
# ruff: noqa: I001 (``X as X`` says that a name is public; two of one module stand in one line)

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from olhar.base.errors import (
        DataError as DataError,
        ExtraError as ExtraError,
        ModelError as ModelError,
        OlharError as OlharError,
        PictureError as PictureError,
        RecipeError as RecipeError,
        RunError as RunError,
        ServingError as ServingError,
        Stopped as Stopped,
        TrainingError as TrainingError,
        UsageError as UsageError,
    )
    from olhar.base.levels import Levels as Levels
    from olhar.base.progress import Advance as Advance, Progress as Progress
    from olhar.base.reading import Reading as Reading
    from olhar.base.signature import Signature as Signature
    from olhar.base.texts import Sentence as Sentence, set_language as set_language
    from olhar.bundle.answers import Answers as Answers
    from olhar.bundle.heat.heat_map import HeatMap as HeatMap
    from olhar.bundle.prediction import Prediction as Prediction
    from olhar.bundle.predictor import Predictor as Predictor
    from olhar.data.cache.store import BadPicture as BadPicture
    from olhar.data.checks.audit import Audit as Audit
    from olhar.data.checks.findings import Case as Case, Finding as Finding
    from olhar.data.dataset import Dataset as Dataset
    from olhar.data.keep_list import KeepList as KeepList
    from olhar.data.read_as import PassedOver as PassedOver, ReadAs as ReadAs
    from olhar.data.read_options import LayoutKeywords as LayoutKeywords, ReadKeywords as ReadKeywords
    from olhar.data.sources import read as read
    from olhar.evaluation.averages import ClassAverage as ClassAverage
    from olhar.evaluation.calibration import Bin as Bin, Calibration as Calibration
    from olhar.evaluation.abstention import SelectiveAccuracy as SelectiveAccuracy, Threshold as Threshold
    from olhar.evaluation.compare.comparison import Comparison as Comparison
    from olhar.evaluation.drift.drift import Drift as Drift, Shift as Shift
    from olhar.evaluation.evaluation import Evaluation as Evaluation
    from olhar.evaluation.folds import Folds as Folds, MeanAndSpread as MeanAndSpread
    from olhar.evaluation.learning_curve import CurvePoint as CurvePoint, LearningCurve as LearningCurve, Promise as Promise
    from olhar.evaluation.intervals import Interval as Interval
    from olhar.evaluation.metrics import ClassMetrics as ClassMetrics, Metrics as Metrics
    from olhar.evaluation.compare.pair_comparison import (
        ClassDifference as ClassDifference,
        Contender as Contender,
        PairComparison as PairComparison,
    )
    from olhar.evaluation.compare.paired import Difference as Difference
    from olhar.evaluation.compare.power import Needed as Needed
    from olhar.evaluation.prediction_sets import MeanSize as MeanSize, SetCoverage as SetCoverage, SetThreshold as SetThreshold
    from olhar.evaluation.predictions import Predictions as Predictions
    from olhar.evaluation.ranking import TopK as TopK
    from olhar.foreign.candidates import Candidate as Candidate
    from olhar.foreign.inspection import Inspection as Inspection, Layer as Layer
    from olhar.foreign.tryout import Score as Score, Tryout as Tryout
    from olhar.graph.graph import LayerRow as LayerRow
    from olhar.keras_files.model import KerasModel as KerasModel, open_keras as open_keras
    from olhar.runs.head_record import HeadRecord as HeadRecord, LastBlocks as LastBlocks, TriedHead as TriedHead
    from olhar.runs.left_out import LeftOut as LeftOut
    from olhar.serving.client import Client as Client, ServerAnswer as ServerAnswer
    from olhar.serving.options import AppFields as AppFields, ServeFields as ServeFields
    from olhar.studies.trial import Trial as Trial
    from olhar.studies.tuning_result import Search as Search
    from olhar.training.recipe import Recipe as Recipe
    from olhar.training.recipe_fields import (
        PictureFields as PictureFields,
        RecipeFields as RecipeFields,
        TrainFields as TrainFields,
        TrialFields as TrialFields,
        TuneFields as TuneFields,
    )
    from olhar.verbs.app import app as app
    from olhar.verbs.check import check as check
    from olhar.verbs.compare import compare as compare
    from olhar.verbs.datasets import DatasetRow as DatasetRow, datasets as datasets
    from olhar.verbs.evaluate import evaluate as evaluate
    from olhar.verbs.export import export as export
    from olhar.verbs.heat_map import heat_map as heat_map
    from olhar.verbs.inspect import inspect as inspect
    from olhar.verbs.join import join as join
    from olhar.verbs.load import load as load
    from olhar.verbs.pack import PackedFile as PackedFile, PackFields as PackFields, pack as pack
    from olhar.verbs.predict import predict as predict
    from olhar.verbs.report import report as report
    from olhar.verbs.run import Run as Run
    from olhar.verbs.serve import serve as serve
    from olhar.verbs.several import Several as Several
    from olhar.verbs.train import train as train
    from olhar.verbs.tune import tune as tune

_WHERE = {
    "read": "olhar.data.sources",
    "join": "olhar.verbs.join",
    "check": "olhar.verbs.check",
    "train": "olhar.verbs.train",
    "tune": "olhar.verbs.tune",
    "evaluate": "olhar.verbs.evaluate",
    "compare": "olhar.verbs.compare",
    "report": "olhar.verbs.report",
    "inspect": "olhar.verbs.inspect",
    "predict": "olhar.verbs.predict",
    "heat_map": "olhar.verbs.heat_map",
    "export": "olhar.verbs.export",
    "load": "olhar.verbs.load",
    "serve": "olhar.verbs.serve",
    "app": "olhar.verbs.app",
    "open_keras": "olhar.keras_files.model",
    "datasets": "olhar.verbs.datasets",
    "pack": "olhar.verbs.pack",
    "set_language": "olhar.base.texts",
    "Client": "olhar.serving.client",
    "ServerAnswer": "olhar.serving.client",
    "AppFields": "olhar.serving.options",
    "ServeFields": "olhar.serving.options",
    "Advance": "olhar.base.progress",
    "Answers": "olhar.bundle.answers",
    "Audit": "olhar.data.checks.audit",
    "BadPicture": "olhar.data.cache.store",
    "Bin": "olhar.evaluation.calibration",
    "Calibration": "olhar.evaluation.calibration",
    "Candidate": "olhar.foreign.candidates",
    "Case": "olhar.data.checks.findings",
    "ClassAverage": "olhar.evaluation.averages",
    "ClassDifference": "olhar.evaluation.compare.pair_comparison",
    "ClassMetrics": "olhar.evaluation.metrics",
    "Comparison": "olhar.evaluation.compare.comparison",
    "Contender": "olhar.evaluation.compare.pair_comparison",
    "Dataset": "olhar.data.dataset",
    "DatasetRow": "olhar.verbs.datasets",
    "Difference": "olhar.evaluation.compare.paired",
    "Drift": "olhar.evaluation.drift.drift",
    "Evaluation": "olhar.evaluation.evaluation",
    "Finding": "olhar.data.checks.findings",
    "Folds": "olhar.evaluation.folds",
    "Inspection": "olhar.foreign.inspection",
    "Interval": "olhar.evaluation.intervals",
    "KeepList": "olhar.data.keep_list",
    "KerasModel": "olhar.keras_files.model",
    "CurvePoint": "olhar.evaluation.learning_curve",
    "LearningCurve": "olhar.evaluation.learning_curve",
    "Promise": "olhar.evaluation.learning_curve",
    "HeatMap": "olhar.bundle.heat.heat_map",
    "HeadRecord": "olhar.runs.head_record",
    "LastBlocks": "olhar.runs.head_record",
    "TriedHead": "olhar.runs.head_record",
    "PackFields": "olhar.verbs.pack",
    "Layer": "olhar.foreign.inspection",
    "LayerRow": "olhar.graph.graph",
    "LeftOut": "olhar.runs.left_out",
    "Levels": "olhar.base.levels",
    "MeanAndSpread": "olhar.evaluation.folds",
    "MeanSize": "olhar.evaluation.prediction_sets",
    "Metrics": "olhar.evaluation.metrics",
    "PackedFile": "olhar.verbs.pack",
    "PairComparison": "olhar.evaluation.compare.pair_comparison",
    "PassedOver": "olhar.data.read_as",
    "PictureFields": "olhar.training.recipe_fields",
    "Prediction": "olhar.bundle.prediction",
    "Predictions": "olhar.evaluation.predictions",
    "Predictor": "olhar.bundle.predictor",
    "Progress": "olhar.base.progress",
    "ReadAs": "olhar.data.read_as",
    "LayoutKeywords": "olhar.data.read_options",
    "ReadKeywords": "olhar.data.read_options",
    "Reading": "olhar.base.reading",
    "Recipe": "olhar.training.recipe",
    "RecipeFields": "olhar.training.recipe_fields",
    "Run": "olhar.verbs.run",
    "Score": "olhar.foreign.tryout",
    "Search": "olhar.studies.tuning_result",
    "Sentence": "olhar.base.texts",
    "SelectiveAccuracy": "olhar.evaluation.abstention",
    "SetCoverage": "olhar.evaluation.prediction_sets",
    "SetThreshold": "olhar.evaluation.prediction_sets",
    "Several": "olhar.verbs.several",
    "Signature": "olhar.base.signature",
    "Shift": "olhar.evaluation.drift.drift",
    "Threshold": "olhar.evaluation.abstention",
    "TrainFields": "olhar.training.recipe_fields",
    "TopK": "olhar.evaluation.ranking",
    "Trial": "olhar.studies.trial",
    "TrialFields": "olhar.training.recipe_fields",
    "Tryout": "olhar.foreign.tryout",
    "OlharError": "olhar.base.errors",
    "TuneFields": "olhar.training.recipe_fields",
    "UsageError": "olhar.base.errors",
    "Needed": "olhar.evaluation.compare.power",
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

__all__ = [*_WHERE]  # pyright: ignore[reportUnsupportedDunderAll] # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version  # a third of the time that ``import olhar`` would take

        return version("olhar")
    if name not in _WHERE:
        raise AttributeError(f"module 'olhar' has no attribute {name!r}")
    found = getattr(import_module(_WHERE[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
