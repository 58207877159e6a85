"""What goes beside a Keras file that ``export`` writes: its classes, and how it wants its pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from olhar.base.errors import ModelError, UsageError
from olhar.base.files import write_whole
from olhar.base.signature import Signature
from olhar.bundle.writer import lines
from olhar.foreign.classifier import open_classifier
from olhar.foreign.opening import Opening
from olhar.foreign.sidecar import other_beside, write_beside
from olhar.foreign.sidecar_file import place
from olhar.keras_files import keras_itself
from olhar.keras_files.read.labels import parse_labels


@dataclass(frozen=True)
class About:
    """``NAME.labels.txt`` and ``NAME.olhar.json`` of a Keras file that is written.

    Attributes:
        target: the file.
        names: of the classes, to show; empty where nobody knows them.
        signature: how it wants its pictures; None where nobody knows it.
        assumed: what of the signature could not be told.
        lambdas: a formula for each Lambda layer that the file may have.
    """

    target: Path
    names: Sequence[str]
    signature: Signature | None = None
    assumed: Sequence[str] = ()
    lambdas: Mapping[str, str] = field(default_factory=dict[str, str])

    def refuse_other(self) -> None:
        """See to it that nothing is replaced that says something else: it may be another model's.

        Raises:
            UsageError: it would be.
        """
        if self._labels.exists() and not self._named:
            raise UsageError("export.taken", where=str(self._labels))
        opening = Opening(self._architecture, self.lambdas)
        if self.signature is not None and other_beside(self._model, self.signature, self.assumed, opening):
            raise UsageError("export.taken", where=str(place(self._model)))

    def write(self) -> None:
        """Write them; labels of these very classes stay as they are."""
        if not self._named:
            write_whole(self._labels, lines(self.names).encode("utf-8"))
        if self.signature is not None:
            write_beside(open_classifier(self._model, Opening(self._architecture, self.lambdas)), self.signature, self.assumed)

    @property
    def _architecture(self) -> Path | None:
        return self.target if self.target.suffix == ".json" else None

    @property
    def _model(self) -> Path:
        return self.target if self._architecture is None else keras_itself.weights_beside(self.target)

    @property
    def _labels(self) -> Path:
        return self.target.with_suffix(".labels.txt")

    @property
    def _named(self) -> bool:
        """Whether the labels there are of these classes, by their names or keys; also where there are none to write."""
        if not self.names:
            return True
        try:
            names_there = parse_labels(self._labels.read_bytes(), self._labels.name)
            names = parse_labels(lines(self.names).encode("utf-8"), self._labels.name)
        except (FileNotFoundError, ModelError):
            return False
        keys = self.signature.classes if self.signature is not None else ()
        return names_there in (names, keys)
