"""The pictures that a run was judged by: what its model said of them, and which pictures it has learnt from."""

from dataclasses import dataclass
from typing import Any, Literal

from olhar.base.errors import DataError, RunError
from olhar.base.parsing import parsing
from olhar.evaluation.folds import FOLDS
from olhar.evaluation.metrics import measured_on
from olhar.evaluation.predictions import Predictions
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder
from olhar.runs.split import SplitRow, split_rows


@dataclass(frozen=True)
class JudgedPictures:
    """What judged a run.

    Attributes:
        run: its folder.
        by: ``test``, or ``folds``, where each picture was answered by a model that had not learnt from it.
        rows: each picture, as the split has it.
        predictions: of the same pictures, in the same order.
        taught: the contents that its model has learnt from or chosen its weights by; by folds those alone that no fold judges.
        names: picture -> content, of all that it has.
    """

    run: RunFolder
    by: Literal["test", "folds"]
    rows: tuple[SplitRow, ...]
    predictions: Predictions
    taught: frozenset[bytes]
    names: dict[str, bytes]

    @classmethod
    def of(cls, run: RunFolder) -> "JudgedPictures":
        """Of a finished run.

        Raises:
            RunError: it is not finished, was judged by validation pictures alone, or a file of it is damaged.
        """
        stored: dict[str, Any] = run.read_json("metrics.json")
        by = measured_on(stored)
        if by == "validation":
            raise RunError("compare.no_test", where=str(run.path))
        name = FOLDS if by == "folds" else run.predictions.name
        text, everything = run.read(name), split_rows(run)
        with parsing(damaged(run.path, name)):
            predictions = _predictions(run, name, text)
            rows = _matched(predictions, everything)
        judged = {row.content for row in rows} if by == "folds" else set[bytes]()
        taught = frozenset(row.content for row in everything if row.part != "test" and row.content not in judged)
        return cls(run, by, rows, predictions, taught, {row.picture: row.content for row in everything})


def taught_by(run: RunFolder) -> frozenset[bytes]:
    """The contents that the model of a run has learnt from or chosen its weights by.

    Raises:
        RunError: its ``split.csv`` is missing or damaged.
    """
    return frozenset(row.content for row in split_rows(run) if row.part != "test")


def _predictions(run: RunFolder, name: str, text: str) -> Predictions:
    """What the file says.

    Raises:
        ValueError: it is no such file, or a picture's class is not known.
    """
    try:
        predictions = Predictions.from_csv(text, str(run.path / name))
    except DataError as error:
        raise ValueError(name) from error
    if (predictions.labels < 0).any():
        raise ValueError(name)
    return predictions


def _matched(predictions: Predictions, everything: list[SplitRow]) -> tuple[SplitRow, ...]:
    """The row of the split for each prediction; names that stand there twice are taken in their order.

    Raises:
        LookupError: a prediction of a picture that the split does not have.
    """
    waiting: dict[str, list[SplitRow]] = {}
    for row in reversed(everything):
        waiting.setdefault(row.picture, []).append(row)
    return tuple(waiting[name].pop() for name in predictions.pictures)
