"""evaluate: the numbers of a model on labelled pictures, matched by the names of their classes."""

from typing import Unpack

from olhar.base.errors import DataError
from olhar.base.progress import Progress, default_progress
from olhar.base.texts import sentence
from olhar.base.types import StrPath
from olhar.bundle.answers import ask
from olhar.bundle.predictor import Predictor
from olhar.data.copies.groups import numbered
from olhar.data.dataset import Dataset
from olhar.data.folders.spelling import spelled_as
from olhar.data.labelled import require_labelled
from olhar.data.read_options import ReadKeywords
from olhar.data.sources import read
from olhar.evaluation.measuring import measure
from olhar.evaluation.metrics import Metrics
from olhar.verbs.load import load


def evaluate(
    model: StrPath | Predictor, data: StrPath | Dataset, progress: Progress | None = None, **reading: Unpack[ReadKeywords]
) -> Metrics:
    """Measure a model on labelled pictures; where the data says which belong together, intervals count groups.

    Args:
        model: a run folder, a ``model.onnx``, a Keras file, or what ``olhar.load`` gave.
        data: as for ``train``; where it brings a test part, that part alone is measured.
        progress: where to tell how far it is.
        reading: how the data is to be read, as ``olhar.read`` takes it (``layout`` ...).

    Raises:
        DataError: the data cannot be read, or has no class of this model.
    """
    predictor = model if isinstance(model, Predictor) else load(model, progress=progress)
    progress = progress or default_progress()
    dataset = spelled_as(read(data, progress=progress, **reading).test_part(), predictor.classes, progress)
    if not dataset.classes:
        require_labelled(dataset)
    unknown = [key for key in dataset.classes if key not in predictor.classes]
    if not dataset.classes or len(unknown) == len(dataset.classes):
        some_classes = ", ".join(predictor.classes[:10])
        raise DataError("evaluation.no_class", where=dataset.origin, found=", ".join(unknown[:10]), known=some_classes)
    if unknown:
        n = sum(dataset.counts()[key] for key in unknown)
        progress.line(sentence("evaluation.passed_over", n=n, classes=", ".join(unknown[:10])))
    answers = ask(predictor, dataset, progress)
    groups = numbered([dataset.groups[row] for row in answers.rows]) if dataset.groups else None
    return measure(answers.predictions, groups)
