"""Story: everything that a report shows, as data before it is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from olhar.base.layer import Layer
from olhar.base.signature import Signature
from olhar.base.texts import Sentence
from olhar.data.dataset import Part
from olhar.evaluation.abstention import SelectiveAccuracy
from olhar.evaluation.baselines import Baseline
from olhar.evaluation.false_alarms import FalseAlarms
from olhar.evaluation.folds import Folds
from olhar.evaluation.learning_curve import LearningCurve
from olhar.evaluation.metrics import Metrics
from olhar.evaluation.prediction_sets import SetCoverage
from olhar.evaluation.predictions import Predictions
from olhar.runs.behind import Behind
from olhar.runs.head_record import HeadRecord
from olhar.runs.results import PictureCost
from olhar.runs.samples import Sample


@dataclass(frozen=True)
class Story:
    """What is known of a run.

    Attributes:
        name: the run's name.
        signature: classes, names to show, size, scaling, origin.
        recipe: every field of the recipe and its value.
        environment: versions, machine, device and precision with their reason, seconds taken.
        history: a mapping an epoch, as in ``history.jsonl``: ``epoch, step, seconds, learning_rate, pictures_per_second,
            loss, accuracy, val_loss, val_accuracy, val_f1, val_precision, val_recall`` and ``by_class`` (a mapping from class
            key to ``precision, recall, f1``).
        kept: the epoch whose weights were kept, counted from 1; 0: those that the training began from.
        counts: part -> class key -> number of pictures.
        metrics: of the part ``measured``; None where nothing was measured.
        measured: ``test``; ``folds``, each picture judged by a model that did not see it; or ``validation`` where there is no
            test part: then the number is flattering, and said so.
        samples: some pictures of each class, from training.
        mistakes: wrong answers, most confident first.
        variations: rows of a training picture and what augmentation makes of it, the picture itself first.
        findings: sentences about the run's files and its data (bad pictures, copies), most important first.
        lost: of them, which files of the run are damaged and left out.
        left_out: of each picture that could not be read, a sentence that names it and says why.
        agreement: largest difference of a probability between the exported file and the trained weights; None if not measured.
        made: when, ISO 8601.
        where: what a person types to name the run (``runs/flowers``); the name where it is empty.
        command: the command that trained it; where it is empty, one is made of the run's recipe, and the
            data is left for the person to name.
        began_from: the name of the Keras file that the training began from; empty where there was none.
        folds: what the models of the folds came to, where there were folds.
        before: what that file said of the same pictures; None where it did not know their classes.
        brought: whether the data brings parts of its own, which no other split takes the place of.
        head: of a head that learnt from a body's features; None of a network that learnt by gradients.
        learning_curve: how right it is by its pictures; None where that was not measured.
        earlier: the name of the run that this one went on from, and its numbers; None where there was none.
        behind: pictures behind the numbers, and where the model looks in some.
        answered: what the threshold comes to, below which the model says that it does not know; None: it always answers.
        sets: what prediction sets come to; None: the model makes none.
        unlike: how often pictures of its classes are taken for unlike them all; None: the model does not tell.
        predictions: the answers that ``metrics`` are of; None where the run does not keep them.
        layers: the table of the network's layers; empty where the run does not keep it.
        asked: the fields of the recipe that a person chose.
        check: the command that shows suspect labels, where each can be mended; empty where it is not known.
        baselines: what plain models come to on the same pictures.
        speed: what a picture and the file cost on the machine that trained; None where that was not measured.
    """

    name: str
    signature: Signature
    recipe: Mapping[str, Any]
    environment: Mapping[str, str]
    history: Sequence[Mapping[str, Any]]
    kept: int
    counts: Mapping[Part, Mapping[str, int]]
    metrics: Metrics | None
    measured: Part | Literal["folds"]
    samples: Sequence[Sample] = field(default=())
    mistakes: Sequence[Sample] = field(default=())
    variations: Sequence[Sequence[Sample]] = field(default=())
    findings: Sequence[str] = field(default=())
    left_out: Sequence[str] = field(default=())
    lost: Sequence[Sentence] = ()
    agreement: float | None = None
    made: str = ""
    where: str = ""
    command: str = ""
    began_from: str = ""
    before: Metrics | None = None
    folds: Folds | None = None
    brought: bool = False
    head: HeadRecord | None = None
    learning_curve: LearningCurve | None = None
    earlier: tuple[str, Metrics] | None = None
    behind: Behind = field(default_factory=Behind)
    speed: PictureCost | None = None
    answered: SelectiveAccuracy | None = None
    sets: SetCoverage | None = None
    unlike: FalseAlarms | None = None
    baselines: Sequence[Baseline] = ()
    predictions: Predictions | None = None
    layers: Sequence[Layer] = ()
    asked: Sequence[str] = ()
    check: str = ""
