"""What ``inspect`` found, as data: the file, its layers, its classes, how it wants its pictures; and the form of ``--json``."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from olhar.base.html import paragraph, table
from olhar.base.layer import Layer
from olhar.base.signature import Signature
from olhar.base.texts import Sentence, number, say
from olhar.foreign.tryout import Tryout

ModelKind = Literal["keras", "run", "bundle", "weights"]
_HEAD, _TAIL = 8, 6
_LAYERS, _TENSORS = ("layer", "kind", "shape", "parameters"), ("tensor", "type", "sides", "parameters")


@dataclass(frozen=True, repr=False)
class Inspection:
    """What a model file was found to be.

    Attributes:
        path: the file or folder.
        kind: a Keras file, a run of ours, a ``model.onnx`` of ours, or a file of weights.
        written_by: the version of the Keras that wrote it, ``""`` where the file does not say.
        teachable_machine: whether Teachable Machine made it.
        task: what its output looks like: ``classes``, ``one_of_two``, ``labels``, ``logits``, ``number``, ``pictures``,
            ``series`` or ``several``.
        layers: every layer; of an ONNX model, and of a run older than the table of its layers, every operation that holds
            weights; of weights, every tensor, its type as the kind.
        shape: of a picture: height, width, channels; None where it takes none.
        classes: their names in the order of the outputs; None where nobody knows them.
        classes_from: whence the names: a file's name, ``data``, ``signature``, ``stated``; ``""`` where there are none.
        signature: how it wants its pictures; None where that is not known.
        source: whence the signature: ``beside``, ``teachable_machine``, ``own_layers``, ``inside``, ``data``,
            ``stated`` or ``nothing``.
        notices: what else a person should know, a sentence each.
        trial: what trying it on labelled pictures showed.
        stated: something of this was said by a person just now.
        saved: where the signature was written.
    """

    path: Path
    kind: ModelKind
    written_by: str
    teachable_machine: bool
    task: str
    layers: tuple[Layer, ...]
    shape: tuple[int, int, int] | None
    classes: tuple[str, ...] | None
    classes_from: str
    signature: Signature | None
    source: str
    notices: tuple[Sentence, ...]
    trial: Tryout | None = None
    stated: bool = False
    saved: Path | None = None

    @property
    def parameters(self) -> int:
        """The number of parameters of all layers."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def title(self) -> str:
        """What it is, in a line for a person."""
        if self.kind != "keras":
            return say(f"inspect.is_{self.kind}", where=self.path.name)
        version = self.written_by or say("inspect.unknown_version")
        key = "inspect.is_teachable" if self.teachable_machine else "inspect.is_keras"
        return say(key, where=self.path.name, version=version)

    @property
    def total(self) -> str:
        """How many parameters it has, in a line for a person."""
        key = "inspect.total_tensors" if self.kind == "weights" else "inspect.total"
        return say(key, parameters=self.parameters, n=len(self.layers))

    def layer_table(self) -> tuple[list[str], list[list[str]]]:
        """Heads and rows of the table of layers for a person: the first and the last of them, where they are many."""
        columns = _TENSORS if self.kind == "weights" else _LAYERS
        short = len(self.layers) <= _HEAD + _TAIL + 1
        shown = self.layers if short else (*self.layers[:_HEAD], *self.layers[-_TAIL:])
        rows = [[layer.name, layer.kind, layer.sides, number(layer.parameters)] for layer in shown]
        if not short:
            rows.insert(_HEAD, [say("inspect.more_layers", n=len(self.layers) - len(shown)), "", "", ""])
        return [say(f"inspect.column_{column}") for column in columns], rows

    def __repr__(self) -> str:
        return f"{self.title}\n{self.total}"

    def _repr_html_(self) -> str:
        return paragraph(self.title) + table(*self.layer_table(), numbers=(3,)) + paragraph(self.total)


def to_dict(inspection: Inspection) -> dict[str, Any]:
    """The form of ``--json``: everything but the pictures themselves."""
    trial = inspection.trial
    return {
        "model": str(inspection.path),
        "kind": inspection.kind,
        "keras": inspection.written_by,
        "teachable_machine": inspection.teachable_machine,
        "task": inspection.task,
        "parameters": inspection.parameters,
        "layers": [vars(layer) for layer in inspection.layers],
        "shape": inspection.shape,
        "classes": inspection.classes,
        "classes_from": inspection.classes_from,
        "signature": asdict(inspection.signature) if inspection.signature else None,
        "signature_from": inspection.source,
        "notices": [str(notice) for notice in inspection.notices],
        "trial": _tryout_to_dict(trial) if trial else None,
        "saved": str(inspection.saved) if inspection.saved else None,
    }


def _tryout_to_dict(trial: Tryout) -> dict[str, Any]:
    return {
        "candidates": [
            {
                "scaling": score.candidate.scaling,
                "colour": score.candidate.colour,
                "fit": score.candidate.fit,
                "accuracy": vars(score.accuracy),
                "log_loss": score.log_loss,
                "tied": score.tied,
                "chosen": score.candidate == trial.chosen,
            }
            for score in trial.scores
        ],
        "accuracy": vars(trial.accuracy),
        "as_it_comes": vars(trial.as_it_comes) if trial.as_it_comes else None,
        "guessing": trial.guessing,
        "useful": trial.useful,
        "cannot_tell": trial.unsure,
        "doubtful_classes": trial.doubtful,
        "unreadable": trial.unreadable,
    }
