"""export: the model of a run, or a Keras file, written where the person wants it, in the form that the name's ending says."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from olhar.base.errors import RunError, UsageError
from olhar.base.progress import Progress, shown
from olhar.runs.folder import RunFolder, unwritten, write_whole
from olhar.verbs.model_kinds import is_keras
from olhar.verbs.weights import refuse_weights

FORMS = ("onnx", "keras", "h5", "json", "safetensors")
_OF_KERAS = FORMS[:-1]
_COPIES = {"onnx": ("model.onnx", "golden.json"), "safetensors": ("best.safetensors", "signature.json")}
_BESIDE = {"onnx": ("golden.json",), "json": ("weights.h5",), "safetensors": ("signature.json",)}
"""What goes with the file and may not be there already. Labels and signature may: each form of one model has the same."""


def export(
    run: str | os.PathLike[str],
    into: str | os.PathLike[str],
    *,
    architecture: str | os.PathLike[str] | None = None,
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
    source, target, told = Path(run).expanduser(), Path(into).expanduser(), progress or shown()
    refuse_weights(source)
    of_keras = is_keras(source)
    form = target.suffix.removeprefix(".").lower()
    known = _OF_KERAS if of_keras else FORMS
    if form not in known:
        raise UsageError("export.form_of_keras" if of_keras else "export.form", found=target.name, known=", ".join(known))
    if of_keras:
        return _keras_file(source, target, form, (architecture, lambdas), force, told)
    folder = RunFolder.open(source)
    if form in _COPIES:
        return _copied(folder, target, form, force)
    from olhar.verbs.export_to_keras import run_to_keras

    _refuse_taken(target, form, force)
    return _made(target, lambda: run_to_keras(folder, target, force, told))


def place(run: str | os.PathLike[str], form: str | None, into: str | None) -> Path:
    """The file to write, where somebody has named a form, a file, both, or neither.

    Raises:
        UsageError: the file's ending says another form.
    """
    source = Path(run).resolve()
    if into is not None:
        if form and Path(into).suffix.removeprefix(".").lower() != form.lower():
            raise UsageError("export.other_ending", form=form, found=into)
        return Path(into)
    form = form.lower() if form else "onnx"
    if source.is_dir() and (source / "request.json").is_file():
        return Path(f"{source.name}.{form}")
    usual = Path(f"{source.stem}.{form}")
    return usual.with_stem(f"{usual.stem}-keras3") if usual.resolve() == source else usual


def _keras_file(
    source: Path,
    target: Path,
    form: str,
    opening: tuple[str | os.PathLike[str] | None, Mapping[str, str] | None],
    force: bool,
    told: Progress,
) -> Path:
    from olhar.verbs.export_keras import export_keras
    from olhar.verbs.export_to_keras import file_to_keras

    if target.exists() and source.exists() and target.samefile(source):
        raise UsageError("export.onto_itself", where=str(target))
    _refuse_taken(target, form, force)
    if form == "onnx":
        return export_keras(source, target, *opening)
    return _made(target, lambda: file_to_keras(source, target, *opening, force, told))


def _beside(target: Path, form: str) -> list[Path]:
    return [target, *(target.with_suffix(f".{name}") for name in _BESIDE.get(form, ()))]


def _refuse_taken(target: Path, form: str, force: bool) -> None:
    """A file that is there already is never replaced without a word."""
    taken = [path for path in _beside(target, form) if path.exists()]
    if taken and not force:
        raise UsageError("export.taken", where=str(taken[0]))


def _copied(folder: RunFolder, target: Path, form: str, force: bool) -> Path:
    """Two files of the run; the same files, written once before, are no harm."""
    pairs = list(zip((folder.path / name for name in _COPIES[form]), _beside(target, form), strict=True))
    for source, _ in pairs:
        if not source.is_file():
            raise RunError("run.unfinished", where=str(folder.path), name=source.name)
    if not all(copy.is_file() and copy.read_bytes() == source.read_bytes() for source, copy in pairs if copy.exists()):
        _refuse_taken(target, form, force)
    return _made(target, lambda: [write_whole(copy, source.read_bytes()) for source, copy in pairs])


def _made(target: Path, write: Callable[[], object]) -> Path:
    """``target``, once ``write`` has written it.

    Raises:
        RunError: the disk is full, or the folder may not be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write()
    except OSError as error:
        raise unwritten(target, error) from error
    return target
