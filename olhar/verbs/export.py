"""export: the model of a run, or a Keras file, written where the person wants it, in the form that the name's ending says."""

from collections.abc import Mapping
from pathlib import Path

from olhar.base.errors import RunError, UsageError
from olhar.base.extras import need
from olhar.base.progress import Progress, default_progress
from olhar.base.types import StrPath
from olhar.bundle.predictor import Predictor
from olhar.data.dataset import Dataset
from olhar.exports.cautious import cautious, write_bundle, write_cautious
from olhar.exports.forms import FORMS, ending
from olhar.exports.keras_file import export_keras_file
from olhar.exports.run_file import decoded_whole, export_run
from olhar.foreign.kinds import is_keras
from olhar.foreign.opening import Opening
from olhar.foreign.weights import refuse_weights
from olhar.runs.folder import RunFolder, run_of
from olhar.verbs.promised import Promised


def export(  # noqa: PLR0913 (each a choice of its own)
    run: StrPath,
    into: StrPath,
    *,
    architecture: StrPath | None = None,
    lambdas: Mapping[str, str] | None = None,
    form: str | None = None,
    whole: bool = False,
    any_size: bool = False,
    half: bool = False,
    c_array: bool = False,
    int8: bool = False,
    force: bool = False,
    at_least: float = 0.0,
    prediction_sets: float = 0.0,
    data: StrPath | Dataset | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write the model of a run, or a Keras file in another form, with what goes with it beside it.

    Args:
        run: a finished run, or a Keras file of any age; for a page or ``.tflite``, a ``model.onnx`` too.
        into: a file whose ending says the form. ``.onnx``: one file with its whole contract, and ``NAME.golden.json``.
            ``.keras``, ``.h5``: a Keras model; ``.json``: its architecture, with ``NAME.weights.h5``; each with
            ``NAME.labels.txt`` and ``NAME.olhar.json``. For a run, ``.safetensors``: weights alone, and ``NAME.signature.json``.
            The Keras model of a run takes pictures of 0..255 (N, H, W, C) and gives probabilities (N, K); that of a Keras
            file, or of a run that began from one and kept its head, takes and gives what that file does.
            ``.html``: a page with the model inside, that answers in a browser without a network.
            ``.tflite``: for phones; pixels uint8 (1, H, W, C) as they are, with ``NAME.labels.txt`` and ``NAME.tflite.json``.
        architecture, lambdas: for a Keras file, as in ``load``.
        form: ``web``: ``into`` is a folder for a static host; else as the ending says.
        whole: of a run, to ``.onnx`` or a page: the rule that decodes large JPEGs whole, as browsers do.
        any_size: to ``.onnx``: the model takes pictures uint8 (N, H, W, 3) of any size and shrinks them by its rule itself.
        half: of a page: weights at half precision, half the size.
        c_array: to ``.tflite``: the file as C too, ``NAME.h`` and ``NAME.cc``.
        int8: to ``.tflite``: whole numbers of eight bits, their ranges settled by at most 200 pictures that taught the run, what
            they cost measured on at most 500 of validation; of anything but a run, and where those are gone, by ``data``.
        force: replace files that are there already; of int8, also write what answers much worse.
        at_least: write a model that answers only where so many of the answers are right, as 0.99, and else says that it does
            not know; ``.onnx`` or ``.tflite``, and of a ``model.onnx`` too. 0: as it is.
        prediction_sets: write a model that names, beside its answer, a set of classes that holds the true one in so many of all
            pictures, as 0.95; ``.onnx`` or ``.tflite`` too. 0: as it is.
        data: labelled pictures that choose for these two, without those that taught; by default those that the run held back.
            With ``int8``: one half settles ranges, the other measures; none of a test part.
        progress: where to tell what was compared.

    Raises:
        UsageError: neither of the two; another ending; or a file is there already, and is another.
        DataError: what ``at_least`` or ``prediction_sets`` asks cannot be shown by these pictures, or there are none for
            ``int8``; nothing is written.
        ExtraError: Keras or LiteRT is not installed, and the form needs it.
        RunError: the run is not finished, or the file cannot be written.
        ModelError: the Keras file cannot be opened or said in this form, or the written file answers otherwise, in int8 much
            worse.
    """
    source, target, progress = Path(run).expanduser(), Path(into).expanduser(), progress or default_progress()
    refuse_weights(source)
    of_keras = is_keras(source)
    promised = Promised(at_least, prediction_sets, data)
    if (c_array or int8) and ending(target) != "tflite":
        raise UsageError("web.other_form", flag="--c-array" if c_array else "--int8", form="tflite")
    if ending(target) == "tflite" and form in (None, "tflite") and not (half or any_size):
        opening = Opening.of(architecture, lambdas)
        return (_int8 if int8 else _tflite)(
            source, target, promised, opening, c_array=c_array, whole=whole, force=force, progress=progress
        )
    if promised.asked:
        opening = Opening.of(architecture, lambdas)
        return _with_promises(source, target, promised, opening, whole=whole, force=force, progress=progress)
    if form == "web" or ending(target) == "html":
        if any_size:
            raise UsageError("web.other_form", flag="--any-size", form="onnx")
        bundle, name = _bundle(source, Opening.of(architecture, lambdas))
        bundle = decoded_whole(bundle, name) if whole else bundle
        return _page(bundle, name, target, half=half, force=force, progress=progress)
    if half:
        raise UsageError("web.other_form", flag="--half", form="web")
    if (whole or any_size) and ending(target) != "onnx":
        raise UsageError("web.other_form", flag="--any-size" if any_size else "--whole", form="onnx")
    if form and ending(target) != form:
        raise UsageError("export.other_ending", form=form, found=str(into))
    if source.is_file() and not of_keras:
        raise UsageError("export.neither", where=source.name)
    forms = [name for name, about in FORMS.items() if about.of_keras or not of_keras]
    if ending(target) not in forms:
        raise UsageError("export.form_of_keras" if of_keras else "export.form", found=target.name, known=", ".join(forms))
    if any_size:
        from olhar.exports.any_size_file import export_any_size

        bundle, name = _bundle(source, Opening.of(architecture, lambdas))
        bundle = decoded_whole(bundle, name) if whole else bundle
        return export_any_size(bundle, name, target, force=force, progress=progress)
    if of_keras:
        return export_keras_file(source, target, Opening.of(architecture, lambdas), force=force, progress=progress)
    return export_run(RunFolder.open(source), target, force=force, progress=progress, whole=whole)


def _with_promises(
    source: Path, target: Path, promised: Promised, opening: Opening, *, whole: bool, force: bool, progress: Progress
) -> Path:
    """A bundle that promises what was asked for."""
    promises = promised.chosen(source, target, opening, force=force, progress=progress)
    return write_cautious(lambda draft: _plain(source, draft, opening, progress, whole=whole), target, promises.signed)


def _tflite(
    source: Path,
    target: Path,
    promised: Promised,
    opening: Opening,
    *,
    c_array: bool,
    whole: bool,
    force: bool,
    progress: Progress,
) -> Path:
    """A TFLite file: what it is made with is imported only then."""
    need("tflite", "export --to tflite")
    from olhar.exports.tflite.export import export_tflite

    if promised.asked:
        promises = promised.chosen(source, target, opening, force=force, progress=progress)
        bundle, _ = cautious(lambda draft: _plain(source, draft, opening, progress, whole=whole), "model.onnx", promises.signed)
        name = source.stem if source.is_file() else source.resolve().name
    else:
        bundle, name = _bundle(source, opening)
        bundle = decoded_whole(bundle, name) if whole else bundle
    return export_tflite(bundle, name, target, as_c=c_array, force=force, progress=progress)


def _int8(
    source: Path,
    target: Path,
    promised: Promised,
    opening: Opening,
    *,
    c_array: bool,
    whole: bool,
    force: bool,
    progress: Progress,
) -> Path:
    """A TFLite file of eight bits; what is promised of answers is shown by the floats alone.

    Raises:
        UsageError: something is.
    """
    if promised.at_least or promised.prediction_sets:
        raise UsageError("tflite.int8_promise", flag="--at-least" if promised.at_least else "--prediction-sets")
    need("tflite", "export --to tflite")
    from olhar.exports.tflite.int8.export import export_int8
    from olhar.jobs.int8_pictures import int8_pictures

    bundle, name = _bundle(source, opening)
    bundle = decoded_whole(bundle, name) if whole else bundle
    pictures = int8_pictures(source, run_of(source), promised.data, Predictor.from_bytes(bundle, name), progress)
    return export_int8(bundle, name, target, pictures, as_c=c_array, force=force, progress=progress)


def _plain(source: Path, target: Path, opening: Opening, progress: Progress, *, whole: bool) -> None:
    """The bundle as it would be without a promise."""
    if is_keras(source):
        export_keras_file(source, target, opening, force=True, progress=progress)
    elif source.is_dir():
        export_run(RunFolder.open(source), target, force=True, progress=progress, whole=whole)
    else:
        write_bundle(source, target)


def _page(bundle: bytes, name: str, target: Path, *, half: bool, force: bool, progress: Progress) -> Path:
    """A page: what it is made of is imported only then."""
    from olhar.exports.web.export import export_web
    from olhar.serving.page import page_source

    return export_web(bundle, name, target, page_source(), half=half, force=force, progress=progress)


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
