"""Promised: what an export is asked to promise of its answers, and by which pictures it is chosen."""

from dataclasses import dataclass
from pathlib import Path

from olhar.base.errors import DataError, UsageError
from olhar.base.progress import Progress
from olhar.base.types import StrPath
from olhar.bundle.predictor import Predictor
from olhar.data.dataset import Dataset
from olhar.data.sources import read
from olhar.exports.other_contract import refuse_other_form
from olhar.foreign.opening import Opening
from olhar.jobs.at_least import refuse_share, required_threshold
from olhar.jobs.held_back import ChoosingAnswers, held_back, of_data
from olhar.jobs.pictures_asked import labelled_for
from olhar.jobs.prediction_sets import refuse_set_share, required_sets
from olhar.jobs.promises import Promises
from olhar.runs.folder import run_of
from olhar.verbs.load import load


@dataclass(frozen=True)
class Promised:
    """Shares that a person asked for.

    Attributes:
        at_least, prediction_sets, data: as of ``export``.
    """

    at_least: float = 0.0
    prediction_sets: float = 0.0
    data: StrPath | Dataset | None = None

    @property
    def asked(self) -> bool:
        """Whether anything is to be chosen."""
        return bool(self.at_least or self.prediction_sets) or self.data is not None

    def chosen(self, source: Path, target: Path, opening: Opening, *, force: bool, progress: Progress) -> Promises:
        """What is promised; what can be refused is, before anything is asked or written.

        Raises:
            UsageError: a value is no share, or the file to be is of a form without a place for it.
            DataError: there are no pictures to choose by, or they do not show what was asked for.
        """
        refuse_share(self.at_least)
        refuse_set_share(self.prediction_sets)
        if not self.at_least and not self.prediction_sets:
            raise UsageError("cli.only_with", flag="--data", other="--at-least")
        flag = "--at-least" if self.at_least else "--prediction-sets"
        refuse_other_form(target, flag, force=force)
        predictor = load(source, architecture=opening.architecture, lambdas=opening.lambdas, progress=progress)
        chosen_by = self._chosen_by(source, predictor, flag, progress)
        if chosen_by is None:
            raise DataError("export.nothing_to_choose_by", where=str(source), flag=flag)
        return Promises(
            required_threshold(self.at_least, chosen_by, str(source), progress) if self.at_least else None,
            required_sets(self.prediction_sets, chosen_by, str(source), progress) if self.prediction_sets else None,
        )

    def _chosen_by(self, source: Path, predictor: Predictor, flag: str, progress: Progress) -> ChoosingAnswers | None:
        """Answers to pictures that the model has not learnt from: a person's, or those that the run held back."""
        run = run_of(source)
        if self.data is None:
            return held_back(run, predictor, progress) if run is not None else None
        pictures = labelled_for(predictor, read(self.data, progress=progress).test_part(), flag, progress)
        return of_data(predictor, pictures, run, flag, progress)
