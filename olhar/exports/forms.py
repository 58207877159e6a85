"""The forms in which a model is written, and what goes beside each file: one table."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ExportForm:
    """One form, named by the ending of its file.

    Attributes:
        of_run: the files of a run that are copied, the model's first; empty where the model is written anew.
        own: endings of what goes with the file and is this file's alone.
        shared: endings of what is the same beside every form of one model.
        of_keras: a Keras file can be written so.
    """

    of_run: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    of_keras: bool = True

    def beside(self, target: Path) -> list[Path]:
        """The files that are this one's alone."""
        return [target.with_suffix(f".{ending}") for ending in self.own]

    def with_shared(self, target: Path) -> list[Path]:
        """All that goes beside a file."""
        return [*self.beside(target), *(target.with_suffix(f".{ending}") for ending in self.shared)]


FORMS = {
    "onnx": ExportForm(of_run=("model.onnx", "golden.json"), own=("golden.json",)),
    "keras": ExportForm(shared=("labels.txt", "olhar.json")),
    "h5": ExportForm(shared=("labels.txt", "olhar.json")),
    "json": ExportForm(own=("weights.h5",), shared=("labels.txt", "weights.olhar.json")),
    "tflite": ExportForm(own=("tflite.json",), shared=("labels.txt",)),
    "safetensors": ExportForm(of_run=("best.safetensors", "signature.json"), own=("signature.json",), of_keras=False),
}


def ending(path: Path) -> str:
    """The form that a file's name says: its ending in small letters, without the dot."""
    return path.suffix.removeprefix(".").lower()
