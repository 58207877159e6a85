"""Run: a finished training, as a person holds it: its numbers, its report, its model."""

import os
from functools import cached_property
from pathlib import Path
from typing import Any

from olhar.base.errors import UsageError
from olhar.base.html import paragraph
from olhar.base.path_errors import tells_paths
from olhar.base.signature import Signature
from olhar.base.texts import percent, say
from olhar.base.types import StrPath
from olhar.bundle.predictor import Predictor
from olhar.data.dataset import Dataset
from olhar.data.read_as import ReadAs
from olhar.evaluation.evaluation import Evaluation
from olhar.evaluation.folds import Folds
from olhar.evaluation.learning_curve import LearningCurve
from olhar.evaluation.metrics import Measured, Metrics
from olhar.runs import history
from olhar.runs.folder import RunFolder
from olhar.runs.head_record import HeadRecord
from olhar.runs.left_out import LeftOut, read_left_out
from olhar.runs.results import Results, refuse_unlike, results


class Run:
    """A finished training.

    Attributes:
        path: its folder.
        name: its name.
    """

    @tells_paths
    def __init__(self, folder: RunFolder | StrPath) -> None:
        self._folder = folder if isinstance(folder, RunFolder) else RunFolder.open(folder)
        self.path = self._folder.path
        self.name = self._folder.name

    @cached_property
    def signature(self) -> Signature:
        """The model's contract."""
        return self._folder.signature()

    @cached_property
    def _results(self) -> Results:
        found = results(self._folder)
        refuse_unlike(self._folder, found, self.signature)
        return found

    @property
    def metrics(self) -> Metrics:
        """Numbers of the test pictures; where there is no test part, of folds or of validation (``measured`` says which)."""
        return self._results.metrics

    @property
    def before(self) -> Metrics | None:
        """What the Keras file that it began from said of the same pictures; None where it did not know their classes."""
        return self._results.before

    @property
    def measured(self) -> Measured:
        """``test``; where there was no test part ``folds``, if there were any, or ``validation``."""
        return self._results.measured

    @property
    def judged(self) -> bool:
        """Whether its numbers say anything: not where there was one picture of each class, so that none could be held back."""
        return self._results.judged

    @property
    def folds(self) -> Folds | None:
        """What the models of the folds came to; None where there were none."""
        return self._results.folds

    @property
    def earlier(self) -> tuple[str, Metrics] | None:
        """The run that it went on from, by its name, and the numbers that it had; None where there was none."""
        return self._results.earlier

    @property
    def head(self) -> HeadRecord | None:
        """Of a head start: its body, what was tried, what was taken; None of a network that learnt by gradients."""
        return self._results.head

    @property
    def curve(self) -> LearningCurve | None:
        """How right it is by its pictures, and what more of them would bring; None where that was not measured."""
        return self._results.curve

    @property
    def left_out(self) -> list[LeftOut]:
        """The pictures that could not be read, with the reason each."""
        return read_left_out(self._folder)

    @property
    def read_as(self) -> ReadAs:
        """What the data was read as when it began, and what was passed over."""
        return ReadAs.from_record(self._folder.request().read_as)

    @property
    def history(self) -> list[dict[str, Any]]:
        """A mapping an epoch, as in ``history.jsonl``."""
        return history.read(self._folder)

    def predictor(self) -> Predictor:
        """The model, ready to be asked."""
        return Predictor.open(self._folder.model)

    def evaluate(self, data: StrPath | Dataset = "test") -> Metrics | Evaluation:
        """Numbers of the test pictures (``"test"``), measured once after training, or of other data, as of ``olhar.evaluate``.

        Without a test part but with folds, ``"test"`` gives theirs: each picture judged by a model that did not see it.

        Raises:
            DataError: the data cannot be read, or has no class of this model.
        """
        if data == self.measured or (data, self.measured) == ("test", "folds"):
            return self.metrics
        from olhar.verbs.evaluate import evaluate

        return evaluate(self.path, data)

    def report(self, into: StrPath | None = None, language: str | None = None) -> Path:
        """Write the report; by default into the run."""
        from olhar.verbs.report import report

        return report(self.path, into, language)

    def export(  # noqa: PLR0913 (each a choice of its own)
        self,
        into: StrPath,
        *,
        form: str | None = None,
        whole: bool = False,
        any_size: bool = False,
        half: bool = False,
        c_array: bool = False,
        int8: bool = False,
        force: bool = False,
        at_least: float = 0.0,
        prediction_sets: float = 0.0,
        data: StrPath | Dataset | None = None,
    ) -> Path:
        """Write the model where you want it, as ``olhar.export`` does: the name's ending says the form."""
        from olhar.verbs.export import export

        return export(
            self.path,
            into,
            form=form,
            whole=whole,
            any_size=any_size,
            half=half,
            c_array=c_array,
            int8=int8,
            force=force,
            at_least=at_least,
            prediction_sets=prediction_sets,
            data=data,
        )

    def __repr__(self) -> str:
        if not self.judged:
            return say("run.unjudged", name=self.name)
        accuracy = self.metrics.accuracy
        part = {} if self.measured == "folds" else {"part": say(f"train.part_{self.measured}")}
        return say(
            "run.summary" if part else "run.summary_of_folds",
            name=self.name,
            accuracy=percent(accuracy.value),
            low=percent(accuracy.low),
            high=percent(accuracy.high),
            n=accuracy.n,
            **part,
        )

    def _repr_html_(self) -> str:
        return paragraph(repr(self)) + (self.metrics.class_table(self.signature.names) if self.judged else "")


def own_run(model: StrPath) -> Run:
    """The run whose own test pictures were measured.

    Raises:
        UsageError: a model file, which keeps no pictures.
        RunError: no such run.
    """
    if Path(model).is_file():
        raise UsageError("evaluation.needs_data", where=os.fspath(model))
    return Run(model)
