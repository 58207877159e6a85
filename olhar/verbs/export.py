"""export: the model of a run, or a Keras file, written where the person wants it, in the form that the name's ending says."""

from collections.abc import Mapping
from pathlib import Path

from olhar.base.errors import UsageError
from olhar.base.progress import Progress, default_progress
from olhar.base.types import StrPath
from olhar.exports.forms import FORMS, ending
from olhar.exports.keras_file import export_keras_file
from olhar.exports.run_file import export_run
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
            file, or of a run that began from one and kept its head, takes and gives what that file does.
        architecture, lambdas: for a Keras file, as in ``load``.
        force: replace files that are there already.
        progress: where to tell what was compared.

    Raises:
        UsageError: neither of the two; another ending; or a file is there already, and is another.
        ExtraError: Keras is not installed, and the form needs it.
        RunError: the run is not finished, or the file cannot be written.
        ModelError: the Keras file cannot be opened or said in this form, or the written file answers otherwise.
    """
    source, target, progress = Path(run).expanduser(), Path(into).expanduser(), progress or default_progress()
    refuse_weights(source)
    of_keras = is_keras(source)
    if source.is_file() and not of_keras:
        raise UsageError("export.neither", where=source.name)
    forms = [name for name, about in FORMS.items() if about.of_keras or not of_keras]
    if ending(target) not in forms:
        raise UsageError("export.form_of_keras" if of_keras else "export.form", found=target.name, known=", ".join(forms))
    if of_keras:
        return export_keras_file(source, target, Opening.of(architecture, lambdas), force=force, progress=progress)
    return export_run(RunFolder.open(source), target, force=force, progress=progress)
