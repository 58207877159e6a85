"""The pictures that judge a run, asked once through the exported file; beside them what models of folds have said."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from olhar.base.progress import Progress
from olhar.base.signature import Signature
from olhar.base.texts import sentence
from olhar.bundle.predictor import BATCH, Predictor
from olhar.data.dataset import Part
from olhar.evaluation.folds import FOLDS
from olhar.evaluation.predictions import Predictions
from olhar.jobs.fold_answers import FoldAnswers
from olhar.jobs.held_back import HELD_BACK
from olhar.jobs.learnt import Learnt
from olhar.jobs.prepare import Prepared
from olhar.runs.folder import RunFolder
from olhar.runs.results import results


@dataclass(frozen=True)
class JudgingAnswers:
    """Answers by which a run is judged.

    Attributes:
        predictions: one a picture.
        rows: int64 (N,): which of the good pictures these are.
        design: so many of the answers say as much as one (``measure``).
    """

    predictions: Predictions
    rows: NDArray[np.int64]
    design: float = 1.0


@dataclass(frozen=True)
class Judgement:
    """What judges a run.

    Attributes:
        part: whose pictures the model was asked about; None where folds alone judge.
        asked: what it said of them.
        folds: what models of folds said of pictures that they had not seen; None without folds.
    """

    part: Part | None
    asked: JudgingAnswers | None
    folds: FoldAnswers | None

    @property
    def answers(self) -> JudgingAnswers | None:
        """The model's own where it was asked, else those of folds."""
        return self.asked or self._of_folds

    @property
    def shown(self) -> JudgingAnswers | None:
        """Those whose pictures a report shows: of folds rather than of validation."""
        return self._of_folds if self.folds is not None and self.part != "test" else self.asked

    @property
    def _of_folds(self) -> JudgingAnswers | None:
        return JudgingAnswers(self.folds.predictions, self.folds.rows, self.folds.design) if self.folds is not None else None


def judge(run: RunFolder, prepared: Prepared, learnt: Learnt, predictor: Predictor, progress: Progress) -> Judgement:
    """Ask the finished model about the pictures that judge, and keep every answer in the run.

    Raises:
        ModelError: it cannot answer.
        RunError: the folder cannot be written.
    """
    folds = learnt.out_of_fold or _of_folders(run, prepared)
    _keep_held_back(run, learnt, predictor.signature)
    part = _judging_part(prepared)
    if part is None:
        return Judgement(None, None, folds)
    predictions = answers_to(prepared, predictor, part, progress)
    run.write(f"predictions-{part}.csv", predictions.to_csv())
    return Judgement(part, JudgingAnswers(predictions, prepared.rows(part)), folds)


def answers_to(prepared: Prepared, predictor: Predictor, part: Part, progress: Progress) -> Predictions:
    """What a model says of the pictures of one part."""
    rows, probabilities, unlikeness = prepared.rows(part), list[NDArray[np.float32]](), list[float]()
    with progress.stage(sentence("train.testing"), len(rows)) as advance:
        for start in range(0, len(rows), BATCH):
            pixels = prepared.packed.pixels[rows[start : start + BATCH]]
            shares, unlike = predictor.answers(pixels)
            probabilities.extend(shares)
            unlikeness.extend([] if unlike is None else unlike.tolist())
            advance(len(pixels))
    about = prepared.names(part), prepared.signature.classes, prepared.labels[rows]
    signature = predictor.signature
    strange = unlikeness if signature.false_alarms else None
    return Predictions.join(*about, probabilities, signature.threshold, strange, sets_from=signature.sets_from)


def _judging_part(prepared: Prepared) -> Part | None:
    """The part that judges: the test part; without one the validation part; None where folds alone do."""
    if len(prepared.rows("test")):
        return "test"
    return "validation" if len(prepared.rows("validation")) else None


def _keep_held_back(run: RunFolder, learnt: Learnt, signature: Signature) -> None:
    """What models said that had not seen the pictures, in a file by whose name it is known whether that judges."""
    if learnt.out_of_fold is not None:
        own = replace(learnt.out_of_fold.predictions, threshold=signature.threshold, sets_from=signature.sets_from)
        run.write(FOLDS, own.to_csv())
    elif learnt.held_back is not None:
        run.write(HELD_BACK, learnt.held_back.predictions.to_csv())


def _of_folders(run: RunFolder, prepared: Prepared) -> FoldAnswers | None:
    """What the models of a run's folds said of the pictures that they did not see, and the accuracy of each."""
    path = run.path / FOLDS
    if not path.is_file():
        return None
    folders = sorted(run.path.glob("fold-*"), key=lambda folder: int(folder.name.partition("-")[2]))
    accuracies = [results(RunFolder(folder)).metrics.accuracy for folder in folders]
    predictions = Predictions.from_csv(run.read(FOLDS), str(path))
    rows = {prepared.name(row): row for row in range(len(prepared.labels))}
    return FoldAnswers(predictions, np.array([rows[name] for name in predictions.pictures], np.int64), accuracies)
