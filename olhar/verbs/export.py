"""export: the model of a run, or a Keras file, written where the person wants it, in the form that the name's ending says."""

from collections.abc import Mapping
from pathlib import Path

from olhar.base.errors import UsageError
from olhar.base.progress import Progress, shown
from olhar.base.types import StrPath
from olhar.exports.forms import FORMS, ending
from olhar.exports.run_file import export_run, refuse_taken, written
from olhar.foreign.kinds import is_keras
from olhar.foreign.opening import Opening
from olhar.foreign.weights import refuse_weights
from olhar.runs.folder import RunFolder


def export(
    run: StrPath,
    into: StrPath,
    *,
    architecture: StrPath | None = None,
    lambdas: Mapping[str, str] | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Write the model of a run, or a Keras file in another form, with what goes with it beside it.

    Args:
        run: a finished run, or a Keras file of any age.
        into: a file whose ending says the form. ``.onnx``: one file with its whole contract, and ``NAME.golden.json``.
            ``.keras``, ``.h5``: a Keras model; ``.json``: its architecture, with ``NAME.weights.h5``; each with
            ``NAME.labels.txt`` and ``NAME.olhar.json``. For a run, ``.safetensors``: weights alone, and ``NAME.signature.json``.
            The Keras model of a run takes pictures of 0..255 (N, H, W, C) and gives probabilities (N, K); that of a Keras
            file, or of a run that began from one, takes and gives what that file does.
        architecture, lambdas: for a Keras file, as in ``load``.
        force: replace files that are there already.
        progress: where to tell what was compared.

    Raises:
        UsageError: another ending; or a file is there already, and is another.
        ExtraError: Keras is not installed, and the form needs it.
        RunError: the run is not finished, or the file cannot be written.
        ModelError: the Keras file cannot be opened or said in this form, or the written file answers otherwise.
    """
    source, target, progress = Path(run).expanduser(), Path(into).expanduser(), progress or shown()
    refuse_weights(source)
    of_keras = is_keras(source)
    form, forms = ending(target), [name for name, about in FORMS.items() if about.of_keras or not of_keras]
    if form not in forms:
        raise UsageError("export.form_of_keras" if of_keras else "export.form", found=target.name, known=", ".join(forms))
    if of_keras:
        return _keras_file(source, target, form, Opening.of(architecture, lambdas), force, progress)
    return export_run(RunFolder.open(source), target, force=force, progress=progress)


def place(run: StrPath, form: str | None, into: str | None) -> Path:
    """The file to write, where somebody has named a form, a file, both, or neither.

    Raises:
        UsageError: the file's ending says another form.
    """
    source = Path(run).resolve()
    if into is not None:
        if form and ending(Path(into)) != form.lower():
            raise UsageError("export.other_ending", form=form, found=into)
        return Path(into)
    form = form.lower() if form else "onnx"
    if source.is_dir() and (source / "request.json").is_file():
        return Path(f"{source.name}.{form}")
    usual = Path(f"{source.stem}.{form}")
    return usual.with_stem(f"{usual.stem}-keras3") if usual.resolve() == source else usual


def _keras_file(source: Path, target: Path, form: str, opening: Opening, force: bool, progress: Progress) -> Path:
    from olhar.exports.to_bundle import export_keras
    from olhar.exports.to_keras import file_to_keras

    if target.exists() and source.exists() and target.samefile(source):
        raise UsageError("export.onto_itself", where=str(target))
    refuse_taken(target, force)
    if form == "onnx":
        return export_keras(source, target, opening)
    return written(target, lambda: file_to_keras(source, target, opening, force, progress))
