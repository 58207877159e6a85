"""ExportRequest: what an export is asked for, what does not fit together in it, and the bundle that it is made from."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from olhar.base.errors import RunError, UsageError
from olhar.base.progress import Progress
from olhar.base.signature import Signature
from olhar.bundle.predictor import Predictor
from olhar.exports.forms import FORMS, ending
from olhar.exports.other_contract import with_contract
from olhar.foreign.kinds import is_keras
from olhar.foreign.opening import Opening
from olhar.jobs.promises import Promises
from olhar.runs.folder import RunFolder
from olhar.verbs.promised import Promised

_FORMS_WITH = {
    "c_array": ("tflite",),
    "int8": ("tflite",),
    "half": ("web",),
    "any_size": ("onnx",),
    "whole": ("onnx", "web", "tflite"),
}
"""The forms in which a flag has a meaning; the first is named where it has none."""


@dataclass(frozen=True)
class ExportRequest:
    """What a person asks for.

    Attributes:
        source, target: the model, and the file or folder to be.
        promised: what the written model is to promise of its answers.
        opening: how a Keras file is opened.
        progress: where to tell what was compared.
        form, whole, any_size, half, c_array, int8, force: as of ``export``.
    """

    source: Path
    target: Path
    promised: Promised
    opening: Opening
    progress: Progress
    form: str | None = None
    whole: bool = False
    any_size: bool = False
    half: bool = False
    c_array: bool = False
    int8: bool = False
    force: bool = False

    @property
    def written_form(self) -> str:
        """``web`` of a page or a folder with one, else what the file's ending says."""
        return "web" if self.form == "web" or ending(self.target) == "html" else ending(self.target)

    @property
    def another_contract(self) -> bool:
        """Whether a bundle is written that differs from the model's own in its contract alone."""
        return self.promised.asked or (self.whole and not self.source.is_dir())

    def refuse_misfits(self) -> None:
        """See to it that all of it can be had at once.

        Raises:
            UsageError: a flag of another form, an ending of another form, or a model that cannot be said in it.
        """
        for flag, forms in _FORMS_WITH.items():
            if getattr(self, flag) and self.written_form not in forms:
                raise UsageError("web.other_form", flag=f"--{flag.replace('_', '-')}", form=forms[0])
        if self.form not in (None, self.written_form):
            raise UsageError("export.other_ending", form=self.form, found=str(self.target))
        if self.written_form != "web" and not self.promised.asked:
            self._refuse_form()

    def bundle(self) -> tuple[bytes, str]:
        """The bundle of the model, with what it is to promise, and what to call it.

        Raises:
            RunError: the run is not finished.
            DataError: what is to be promised cannot be shown.
        """
        bundle, name = _bundle(self.source, self.opening)
        return (with_contract(bundle, name, self.signed()) if self.whole or self.promised.asked else bundle), name

    def signed(self) -> Callable[[Signature], Signature]:
        """What makes the contract of the model the one that is asked for; what is promised is chosen here.

        Raises:
            UsageError: a promise has no place in the form, or a file is there already.
            DataError: what is to be promised cannot be shown.
        """
        promise = self._promises().signed if self.promised.asked else lambda signature: signature
        return lambda signature: promise(signature.decoded_whole() if self.whole else signature)

    def _promises(self) -> Promises:
        return self.promised.chosen(self.source, self.target, self.opening, force=self.force, progress=self.progress)

    def _refuse_form(self) -> None:
        of_keras = is_keras(self.source)
        if self.source.is_file() and not of_keras and self.written_form != "tflite" and not (self.any_size or self.whole):
            raise UsageError("export.neither", where=self.source.name)
        forms = [name for name, about in FORMS.items() if about.of_keras or not of_keras]
        if self.written_form not in forms:
            name = "export.form_of_keras" if of_keras else "export.form"
            raise UsageError(name, found=self.target.name, known=", ".join(forms))


def _bundle(source: Path, opening: Opening) -> tuple[bytes, str]:
    """The bundle of a run, of a Keras file, or one that is a file already; and what to call it."""
    if is_keras(source):
        from olhar.exports.to_bundle import keras_bundle

        return keras_bundle(source, source.name, opening)[0], source.stem
    if source.is_file():
        return Predictor.open(source).serialised(), source.stem
    run = RunFolder.open(source)
    if not run.model.is_file():
        raise RunError("run.unfinished", where=str(source), name=run.model.name)
    return run.model.read_bytes(), source.resolve().name
