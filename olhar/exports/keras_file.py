"""A Keras file of any age, written in another form, as the name's ending says."""

from pathlib import Path

from olhar.base.errors import UsageError
from olhar.base.progress import Progress
from olhar.exports.forms import ending
from olhar.exports.run_file import refuse_taken, written
from olhar.foreign.opening import Opening


def export_keras_file(source: Path, target: Path, opening: Opening, *, force: bool, progress: Progress) -> Path:
    """Write a Keras file as a bundle, or as a file that today's Keras opens.

    Args:
        source: the Keras file.
        target: its ending is one of those of ``FORMS`` in which a Keras file can be written.
        opening: what the file does not say of itself.
        force: replace files that are there already.
        progress: where to tell what was compared.

    Raises:
        UsageError: the target is the source, or a file is there already.
        ExtraError: Keras is not installed, and the form needs it.
        RunError: the file cannot be written.
        ModelError: the Keras file cannot be opened or said in this form, or the written file answers otherwise.
    """
    from olhar.exports.to_bundle import export_keras
    from olhar.exports.to_keras import file_to_keras

    if target.exists() and source.exists() and target.samefile(source):
        raise UsageError("export.onto_itself", where=str(target))
    refuse_taken(target, force)
    if ending(target) == "onnx":
        return export_keras(source, target, opening)
    return written(target, lambda: file_to_keras(source, target, opening, force, progress))
