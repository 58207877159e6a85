"""What a person states of a Keras file: how it wants its pictures, and what its classes are called; no picture is looked at."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from olhar.base.errors import ModelError, UsageError, naming
from olhar.base.files import read_file
from olhar.base.scaling import FIXED_SCALINGS, Scaling
from olhar.base.signature import FITS, Fit, Signature
from olhar.base.types import StrPath
from olhar.foreign.classifier import KerasClassifier
from olhar.foreign.inspection import Inspection
from olhar.foreign.preprocessing import signature_with_scaling
from olhar.keras_files.read.labels import parse_labels

_LARGEST = 2**20
_Choice = TypeVar("_Choice", bound=str)


@dataclass(frozen=True)
class Statement:
    """What was said.

    Attributes:
        scaling: one of ``base.scaling.FIXED_SCALINGS``; None where nothing was said, here and below.
        fit: one of ``stretch``, ``crop``, ``pad``.
        classes: the names, in the order of the outputs.
        classes_from: the file that holds them; ``stated`` where they were given one by one.
    """

    scaling: Scaling | None = None
    fit: Fit | None = None
    classes: tuple[str, ...] | None = None
    classes_from: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was said."""
        return self == Statement()


def checked_statement(where: str, scaling: str | None, fit: str | None, classes: StrPath | Sequence[str] | None) -> Statement:
    """What was said of the model file called ``where``, judged as far as it can be without opening it.

    Raises:
        UsageError: no such scaling or fit, or one that only pictures can tell.
        ModelError: the file of classes cannot be read, or names one twice.
    """
    if scaling == "z-score":
        raise UsageError("inspect.z_score")
    statement = Statement(_one_of("--scaling", scaling, FIXED_SCALINGS), _one_of("--fit", fit, FITS))
    if classes is None:
        return statement
    names, classes_from = _names(where, classes)
    return replace(statement, classes=names, classes_from=classes_from)


def _one_of(flag: str, stated: str | None, choices: tuple[_Choice, ...]) -> _Choice | None:
    """What was said, as the one of the known words that it is."""
    if stated is None:
        return None
    for choice in choices:
        if choice == stated:
            return choice
    raise UsageError("inspect.no_such", flag=flag, found=stated, known=", ".join(choices))


def _names(where: str, classes: StrPath | Sequence[str]) -> tuple[tuple[str, ...], str]:
    if not isinstance(classes, (str, os.PathLike)):
        with naming(where):
            return parse_labels("\n".join(classes).encode("utf-8"), "classes"), "stated"
    path = Path(classes).expanduser()
    try:
        with naming(where):
            return parse_labels(read_file(path, _LARGEST), path.name), path.name
    except OSError as error:
        raise ModelError("inspect.no_labels_file", where=os.fspath(classes)) from error


def with_statement(inspection: Inspection, classifier: KerasClassifier, statement: Statement) -> Inspection:
    """What is known once somebody has said something; what was not said stays as it was known.

    Raises:
        ModelError: another number of classes than the model has, or a scaling that its pictures cannot have.
    """
    classes, classes_from = statement.classes, statement.classes_from
    if classes is not None and len(classes) != classifier.class_count:
        expected = classifier.class_count
        raise ModelError(
            "keras.labels_count", where=classifier.path.name, labels=classes_from, expected=expected, found=len(classes)
        )
    signature = _stated(inspection.signature, classifier, statement)
    if signature is not None and classes is not None:
        signature = replace(signature, classes=classes, names=classes)
    completed = replace(inspection, signature=signature, source="stated" if statement.scaling else inspection.source, stated=True)
    return replace(completed, classes=classes, classes_from=classes_from) if classes else completed


def _stated(known_signature: Signature | None, classifier: KerasClassifier, statement: Statement) -> Signature | None:
    """The signature with the scaling and the fit that were said."""
    signature = known_signature
    if statement.scaling is not None:
        stated = signature_with_scaling(classifier, statement.scaling)
        if stated is None:
            raise ModelError("inspect.gray", where=classifier.path.name, scaling=statement.scaling)
        signature = replace(known_signature or stated, mean=stated.mean, std=stated.std, bgr=stated.bgr)
    return replace(signature, fit=statement.fit) if signature is not None and statement.fit else signature
