"""Pictures that a finished model is asked about, matched by the names of their classes."""

from olhar.base.errors import DataError
from olhar.base.progress import Progress
from olhar.base.texts import sentence
from olhar.bundle.predictor import Predictor
from olhar.data.dataset import Dataset
from olhar.data.folders.spelling import spelled_as
from olhar.data.labelled import require_labelled


def with_classes_of(predictor: Predictor, data: Dataset, progress: Progress) -> Dataset:
    """The pictures with the model's own spelling of their classes; what of them is left out is told.

    Raises:
        DataError: none of their classes is known; or why they have none, where more is known than that.
    """
    dataset = spelled_as(data, predictor.classes, progress, predictor.signature.names)
    if not dataset.classes:
        if dataset.unteachable is not None or dataset.why_unlabelled is not None:
            require_labelled(dataset)
        progress.line(sentence("evaluation.unlabelled", where=dataset.origin, n=len(dataset)))
        return dataset
    unknown = [key for key in dataset.classes if key not in predictor.classes]
    if len(unknown) == len(dataset.classes):
        some_classes = ", ".join(predictor.classes[:10])
        raise DataError("evaluation.no_class", where=dataset.origin, found=", ".join(unknown[:10]), known=some_classes)
    if unknown:
        n = sum(dataset.counts()[key] for key in unknown)
        progress.line(sentence("evaluation.passed_over", n=n, classes=", ".join(unknown[:10])))
    return dataset


def labelled_for(predictor: Predictor, data: Dataset, flag: str, progress: Progress) -> Dataset:
    """The same, where they must have classes; ``flag`` asks for it.

    Raises:
        DataError: they have none, or none that the model knows.
    """
    dataset = with_classes_of(predictor, data, progress)
    if not dataset.classes:
        raise DataError("evaluation.promise_unlabelled", where=dataset.origin, flag=flag)
    return dataset
