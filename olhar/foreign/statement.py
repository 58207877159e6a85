"""What a person states of a Keras file: how it wants its pictures, and what its classes are called; no picture is looked at."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from olhar.base.errors import ModelError, UsageError, naming
from olhar.base.scaling import STATED, Scaling
from olhar.base.signature import FITS, Fit, Signature
from olhar.base.types import StrPath
from olhar.foreign.classifier import KerasClassifier
from olhar.foreign.inspection import Inspection
from olhar.foreign.preprocessing import as_stated
from olhar.keras_files.read.labels import parse

Choice = TypeVar("Choice", bound=str)


@dataclass(frozen=True)
class Statement:
    """What was said.

    Attributes:
        scaling: one of ``base.scaling.STATED``; None where nothing was said, here and below.
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


def statement(where: str, scaling: str | None, fit: str | None, classes: StrPath | Sequence[str] | None) -> Statement:
    """What was said of the model file called ``where``, judged as far as it can be without opening it.

    Raises:
        UsageError: no such scaling or fit, or one that only pictures can tell.
        ModelError: the file of classes cannot be read, or names one twice.
    """
    if scaling == "z-score":
        raise UsageError("inspect.z_score")
    said = Statement(_one_of("--scaling", scaling, STATED), _one_of("--fit", fit, FITS))
    if classes is None:
        return said
    names, whence = _names(where, classes)
    return replace(said, classes=names, classes_from=whence)


def _one_of(flag: str, found: str | None, known: tuple[Choice, ...]) -> Choice | None:
    """What was said, as the one of the known words that it is."""
    choice = next((each for each in known if each == found), None)
    if found is not None and choice is None:
        raise UsageError("inspect.no_such", flag=flag, found=found, known=", ".join(known))
    return choice


def _names(where: str, classes: StrPath | Sequence[str]) -> tuple[tuple[str, ...], str]:
    if not isinstance(classes, (str, os.PathLike)):
        with naming(where):
            return parse("\n".join(classes).encode("utf-8"), "classes"), "stated"
    path = Path(classes).expanduser()
    try:
        with naming(where):
            return parse(path.read_bytes(), path.name), path.name
    except OSError as error:
        raise ModelError("inspect.no_labels_file", where=os.fspath(classes)) from error


def with_stated(before: Inspection, found: KerasClassifier, said: Statement) -> Inspection:
    """What is known once somebody has said something; what was not said stays as it was known.

    Raises:
        ModelError: another number of classes than the model has, or a scaling that its pictures cannot have.
    """
    classes, whence = said.classes, said.classes_from
    if classes is not None and len(classes) != found.count:
        raise ModelError("keras.labels_count", where=found.path.name, labels=whence, expected=found.count, found=len(classes))
    signature = _stated(before.signature, found, said)
    if signature is not None and classes is not None:
        signature = replace(signature, classes=classes, names=classes)
    after = replace(before, signature=signature, source="stated" if said.scaling else before.source, stated=True)
    return replace(after, classes=classes, classes_from=whence) if classes else after


def _stated(known: Signature | None, found: KerasClassifier, said: Statement) -> Signature | None:
    """The signature with the scaling and the fit that were said."""
    signature = known
    if said.scaling is not None:
        stated = as_stated(found, said.scaling)
        if stated is None:
            raise ModelError("inspect.gray", where=found.path.name, scaling=said.scaling)
        signature = replace(known or stated, mean=stated.mean, std=stated.std, bgr=stated.bgr)
    return replace(signature, fit=said.fit) if signature is not None and said.fit else signature
