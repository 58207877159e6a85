"""The model of a finished run, written where the person wants it, in the form that the name's ending says."""

from collections.abc import Callable
from pathlib import Path

from olhar.base.errors import RunError, UsageError
from olhar.base.files import write_error, write_whole
from olhar.base.progress import Progress
from olhar.bundle.predictor import Predictor
from olhar.exports.forms import FORMS, ending
from olhar.runs.folder import RunFolder


def export_run(run: RunFolder, target: Path, *, force: bool, progress: Progress, whole: bool = False) -> Path:
    """Write a run's model, with what goes beside it.

    Args:
        run: finished.
        target: its ending is one of ``FORMS``.
        force: replace files that are there already.
        progress: where to tell what was compared.
        whole: of a bundle, write the rule into it by which large JPEGs are decoded whole.

    Raises:
        UsageError: a file is there already, and is another.
        ExtraError: Keras is not installed, and the form needs it.
        RunError: the run is not finished, or the file cannot be written.
        ModelError: the network cannot be said in this form, or the written file answers otherwise.
    """
    if FORMS[ending(target)].of_run:
        return _copied(run, target, force, whole)
    from olhar.exports.to_keras import run_to_keras

    refuse_taken(target, force)
    return written(target, lambda: run_to_keras(run, target, force, progress))


def refuse_taken(target: Path, force: bool) -> None:
    """A file that is there already is never replaced without a word.

    Raises:
        UsageError: one is.
    """
    taken = [path for path in (target, *FORMS[ending(target)].beside(target)) if path.exists()]
    if taken and not force:
        raise UsageError("export.taken", where=str(taken[0]))


def written(target: Path, write: Callable[[], object]) -> Path:
    """``target``, once ``write`` has written it.

    Raises:
        RunError: the disk is full, or the folder may not be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write()
    except OSError as error:
        raise write_error(target, error) from error
    return target


def _copied(run: RunFolder, target: Path, force: bool, whole: bool) -> Path:
    """Two files of the run; the same files, written once before, are no harm."""
    form = FORMS[ending(target)]
    sources = [run.path / name for name in form.of_run]
    for source in sources:
        if not source.is_file():
            raise RunError("run.unfinished", where=str(run.path), name=source.name)
    contents = [source.read_bytes() for source in sources]
    if whole:
        contents[0] = decoded_whole(contents[0], sources[0].name)
    pairs = list(zip(contents, (target, *form.beside(target)), strict=True))
    if not all(copy.is_file() and copy.read_bytes() == content for content, copy in pairs if copy.exists()):
        refuse_taken(target, force)
    return written(target, lambda: [write_whole(copy, content) for content, copy in pairs])


def decoded_whole(bundle: bytes, name: str) -> bytes:
    """The same bundle, by the rule that decodes large JPEGs whole: its network is the same, and so is the proof beside it."""
    from olhar.bundle.writer import with_signature

    return with_signature(bundle, Predictor.from_bytes(bundle, name).signature.decoded_whole())
