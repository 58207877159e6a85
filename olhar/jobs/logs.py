"""Where else a training tells its numbers: event files for TensorBoard, runs in an MLflow store. A run has them anyway."""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from olhar.base.errors import Stopped, UsageError
from olhar.base.extras import need
from olhar.base.progress import Progress
from olhar.base.texts import sentence
from olhar.base.types import StrPath
from olhar.evaluation.metrics import Metrics
from olhar.runs.folder import RunFolder
from olhar.training.epoch import Epoch
from olhar.training.recipe import Recipe

MLFLOW = "sqlite:///mlruns/mlflow.db"
"""Where MLflow's runs go where nobody says: a file in the working folder, and no network."""


class Writer(Protocol):
    """One place to write to."""

    name: str

    def begin(self, recipe: Mapping[str, Any], epoch: int | None) -> None:
        """The choices of the training; it goes on after so many epochs, or is new (None)."""
        ...

    def numbers(self, values: Mapping[str, float], step: int) -> None:
        """Numbers by name, as of a step or an epoch."""
        ...

    def close(self, state: str) -> None:
        """The end: ``FINISHED``, ``KILLED`` (the person stopped it) or ``FAILED``."""
        ...


class Log:
    """What a training is told to. A place that fails once it learns is left, with a word: nothing stops for it."""

    def __init__(self, writers: list[Writer], progress: Progress) -> None:
        self.writers, self.progress = writers, progress

    def begin(self, recipe: Recipe, epoch: int | None) -> None:
        """Say what is learnt with, and after how many epochs it goes on; None: it is new.

        Raises:
            UsageError: a place cannot be written; nothing has been learnt yet.
        """
        for writer in self.writers:
            try:
                writer.begin(asdict(recipe), epoch)
            except Exception as error:
                raise UsageError("logs.unwritable", name=writer.name, reason=_reason(error)) from error

    def epoch(self, epoch: Epoch) -> None:
        """Say every number of an epoch, those of each class too."""
        self._numbers(_flat(epoch.to_dict()), epoch.epoch)

    def end(self, part: str, metrics: Metrics) -> None:
        """Say what the training came to."""
        single = {
            "loss": metrics.loss,
            "f1": metrics.macro_f1,
            "precision": metrics.macro_precision,
            "recall": metrics.macro_recall,
        }
        accuracy = metrics.accuracy
        values = {"accuracy": accuracy.value, "accuracy_low": accuracy.low, "accuracy_high": accuracy.high, **single}
        self._numbers({f"{part}/{name}": value for name, value in values.items()}, 0)

    def _numbers(self, values: Mapping[str, float], step: int) -> None:
        for writer in tuple(self.writers):
            try:
                writer.numbers(values, step)
            except Exception as error:
                self.writers.remove(writer)
                self.progress.line(sentence("logs.lost", name=writer.name, reason=_reason(error)))

    def close(self, state: str) -> None:
        """Close all places."""
        for writer in self.writers:
            try:
                writer.close(state)
            except Exception as error:
                self.progress.line(sentence("logs.lost", name=writer.name, reason=_reason(error)))


@dataclass(frozen=True)
class Logs:
    """The places that were asked for: a folder for TensorBoard, an address for MLflow; ``""`` is the usual one, None is none."""

    tensorboard: str | None = None
    mlflow: str | None = None

    @classmethod
    def to(cls, tensorboard: StrPath | None, mlflow: str | None) -> "Logs":
        """The places that were asked for.

        Raises:
            ExtraError: a library is not installed.
        """
        for name, wish in (("tensorboard", tensorboard), ("mlflow", mlflow)):
            if wish is not None:
                need(name, f"train --{name}")
        return cls(None if tensorboard is None else os.fspath(tensorboard), mlflow)

    @contextmanager
    def of(self, run: RunFolder, progress: Progress) -> Generator[Log]:
        """The log of one run, closed on the way out."""
        log = Log(self._writers(run), progress)
        try:
            yield log
        except BaseException as error:
            log.close("KILLED" if isinstance(error, (Stopped, KeyboardInterrupt)) else "FAILED")
            raise
        log.close("FINISHED")

    def _writers(self, run: RunFolder) -> list[Writer]:
        writers: list[Writer] = []
        if self.tensorboard is not None:
            from olhar.jobs.log_tensorboard import TensorBoard

            writers.append(TensorBoard(Path(self.tensorboard) / run.full_name if self.tensorboard else run.path / "tensorboard"))
        if self.mlflow is not None:
            from olhar.jobs.log_mlflow import MLflow

            writers.append(MLflow(self.mlflow or MLFLOW, run))
        return writers


NOWHERE = Logs()


def _flat(row: Mapping[str, Any]) -> dict[str, float]:
    """Every number of an epoch by a name of its own; what has none is left out."""
    numbers = {key: float(value) for key, value in row.items() if key != "by_class" and value is not None}
    for key, scores in row["by_class"].items():
        numbers |= {f"{kind}/{key}": float(value) for kind, value in scores.items()}
    return numbers


def _reason(error: Exception) -> str:
    """What went wrong, in one short line without addresses: an address may hold a password."""
    first = (str(error).strip().splitlines() or [""])[0]
    words = ["..." if "://" in word or "@" in word else word for word in first.split()]
    return f"{type(error).__name__}: {' '.join(words)[:160]}".rstrip(": ")
