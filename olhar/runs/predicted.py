"""What a run's model said of the pictures that judge it, as its CSV keeps it."""

from olhar.base.errors import DataError
from olhar.base.parsing import parsing
from olhar.evaluation.folds import FOLDS
from olhar.evaluation.metrics import Measured
from olhar.evaluation.predictions import Predictions
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder


def predictions_name(measured: Measured) -> str:
    """The file of the answers that a run is judged by."""
    return FOLDS if measured == "folds" else f"predictions-{measured}.csv"


def read_predictions(run: RunFolder, measured: Measured, classes: tuple[str, ...]) -> Predictions | None:
    """The answers that a run is judged by, truth known; None where the file is not there.

    Raises:
        RunError: it is damaged, or of other classes.
    """
    name = predictions_name(measured)
    if not (run.path / name).is_file():
        return None
    text = run.read(name)
    with parsing(damaged(run.path, name)):
        predictions = _predictions(text, name)
        if predictions.classes != classes or not len(predictions) or (predictions.labels < 0).any():
            raise ValueError(name)
        if predictions.probabilities.min() < 0 or predictions.probabilities.max() > 1:
            raise ValueError(name)
        return predictions


def _predictions(text: str, name: str) -> Predictions:
    """What the file says.

    Raises:
        ValueError: it is no such file.
    """
    try:
        return Predictions.from_csv(text, name)
    except DataError as error:
        raise ValueError(name) from error
