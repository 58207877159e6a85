"""Several: finished trainings that differ in their seed alone, as a person holds them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from olhar.base.html import paragraph, table
from olhar.base.texts import percent, say
from olhar.evaluation.folds import MeanAndSpread
from olhar.studies.several import Trained
from olhar.verbs.run import Run


@dataclass(frozen=True, repr=False)
class Several:
    """Runs that differ in their seed, each a whole run in ``seed-N`` of one folder."""

    trained: Trained

    @property
    def path(self) -> Path:
        """The folder in which they lie."""
        return self.trained.folder.path

    @property
    def runs(self) -> tuple[Run, ...]:
        """Each of them."""
        return tuple(map(Run, self.trained.runs))

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seed of each."""
        return self.trained.seeds

    @property
    def accuracy(self) -> MeanAndSpread:
        """Mean and spread of their accuracies. The same pictures judge all: the spread is what the seeds do."""
        return self.trained.accuracy

    def to_dict(self) -> dict[str, Any]:
        """The form of ``--json``."""
        return self.trained.to_dict()

    def __repr__(self) -> str:
        accuracy, n = self.accuracy, len(self.seeds)
        return say("several.summary", name=self.path.name, n=n, mean=percent(accuracy.mean), points=100 * accuracy.spread)

    def _repr_html_(self) -> str:
        heads = [say(f"several.{column}") for column in ("seed", "accuracy", "interval", "run")]
        measured = [(seed, run.metrics.accuracy, run) for seed, run in zip(self.seeds, self.runs, strict=True)]
        rows = [(str(seed), percent(one.value), one.bounds, str(run.path)) for seed, one, run in measured]
        return paragraph(repr(self)) + table(heads, rows, numbers=(0, 1))
