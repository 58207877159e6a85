"""export: the model of a run, or a Keras file, written where the person wants it, in the form that the name's ending says."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from olhar.base.errors import UsageError
from olhar.base.extras import need
from olhar.base.path_errors import tells_paths
from olhar.base.progress import Progress, default_progress
from olhar.base.types import StrPath
from olhar.bundle.predictor import Predictor
from olhar.data.dataset import Dataset
from olhar.exports.keras_file import export_keras_file
from olhar.exports.other_contract import write_bundle, write_other_contract
from olhar.exports.run_file import export_run
from olhar.foreign.kinds import is_keras
from olhar.foreign.opening import Opening
from olhar.foreign.weights import refuse_weights
from olhar.runs.folder import RunFolder, run_of
from olhar.verbs.export_request import ExportRequest
from olhar.verbs.promised import Promised


@tells_paths
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
        whole: to ``.onnx``, ``.tflite`` or a page: the rule that decodes large JPEGs whole, as browsers do.
        any_size: to ``.onnx``, of a ``model.onnx`` too: the model takes pictures uint8 (N, H, W, 3) of any size and shrinks
            them by its rule itself.
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
    source = Path(run).expanduser()
    refuse_weights(source)
    asked = ExportRequest(
        source,
        Path(into).expanduser(),
        Promised(at_least, prediction_sets, data),
        Opening.of(architecture, lambdas),
        progress or default_progress(),
        form=form,
        whole=whole,
        any_size=any_size,
        half=half,
        c_array=c_array,
        int8=int8,
        force=force,
    )
    asked.refuse_misfits()
    return _writer(asked)(asked)


def _writer(asked: ExportRequest) -> Callable[[ExportRequest], Path]:
    """What writes the form that is asked for; what a form is made with is imported only by its own."""
    if asked.written_form == "tflite":
        return _int8 if asked.int8 else _tflite
    if asked.any_size:
        return _any_size
    if asked.written_form == "web" and not asked.promised.asked:
        return _page
    return _with_contract if asked.another_contract else _as_it_is


def _as_it_is(asked: ExportRequest) -> Path:
    """A run's model, or a Keras file, in a form of one network."""
    return _plain(asked, asked.target, force=asked.force)


def _with_contract(asked: ExportRequest) -> Path:
    """A bundle that promises what was asked for, or is asked by another rule."""
    return write_other_contract(lambda draft: _plain(asked, draft, force=True), asked.target, asked.signed(), force=asked.force)


def _any_size(asked: ExportRequest) -> Path:
    """A bundle that shrinks pictures itself."""
    from olhar.exports.any_size_file import export_any_size

    return export_any_size(*asked.bundle(), asked.target, force=asked.force, progress=asked.progress)


def _page(asked: ExportRequest) -> Path:
    """A page with the model inside."""
    from olhar.exports.web.export import export_web
    from olhar.serving.page import page_source

    return export_web(*asked.bundle(), asked.target, page_source(), half=asked.half, force=asked.force, progress=asked.progress)


def _tflite(asked: ExportRequest) -> Path:
    """A TFLite file."""
    need("tflite", "export --to tflite")
    from olhar.exports.tflite.export import export_tflite

    return export_tflite(*asked.bundle(), asked.target, as_c=asked.c_array, force=asked.force, progress=asked.progress)


def _int8(asked: ExportRequest) -> Path:
    """A TFLite file of eight bits; what is promised of answers is shown by the floats alone.

    Raises:
        UsageError: something is.
    """
    if asked.promised.at_least or asked.promised.prediction_sets:
        raise UsageError("tflite.int8_promise", flag="--at-least" if asked.promised.at_least else "--prediction-sets")
    need("tflite", "export --to tflite")
    from olhar.exports.tflite.int8.export import export_int8
    from olhar.jobs.int8_pictures import int8_pictures

    bundle, name = replace(asked, promised=Promised()).bundle()
    answering, of = Predictor.from_bytes(bundle, name), run_of(asked.source)
    pictures = int8_pictures(asked.source, of, asked.promised.data, answering, asked.progress)
    return export_int8(bundle, name, asked.target, pictures, as_c=asked.c_array, force=asked.force, progress=asked.progress)


def _plain(asked: ExportRequest, target: Path, *, force: bool) -> Path:
    """The model without a promise."""
    if is_keras(asked.source):
        return export_keras_file(asked.source, target, asked.opening, force=force, progress=asked.progress)
    if asked.source.is_dir():
        return export_run(RunFolder.open(asked.source), target, force=force, progress=asked.progress, whole=asked.whole)
    return write_bundle(asked.source, target)
