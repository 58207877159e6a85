"""A run, or a Keras file of any age -> a model that today's Keras opens, kept only if Keras itself then answers the same."""

import base64
import shutil
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from safetensors import SafetensorError

from olhar.base.errors import ModelError, RunError, naming
from olhar.base.extras import need
from olhar.base.images import Pixels
from olhar.base.parsing import parsing
from olhar.base.progress import Progress
from olhar.base.signature import Signature
from olhar.base.texts import sentence
from olhar.bodies.headed_graph import headed_graph
from olhar.bodies.heads.head import Head
from olhar.bodies.keras_file import body_graph_of
from olhar.bodies.published import PUBLISHED
from olhar.bodies.reopened import kept_graph, kept_head
from olhar.bundle.parity import TOLERANCE, compared
from olhar.bundle.predictor import Predictor
from olhar.exports.about import About
from olhar.foreign.classifier import KerasFile, as_classifier, open_classifier, open_model
from olhar.foreign.opening import Opening
from olhar.foreign.preprocessing import known_preprocessing
from olhar.graph.from_pictures import from_pictures
from olhar.graph.graph import Floats, Graph, Shape
from olhar.graph.to_keras import to_keras
from olhar.keras_files import keras_itself
from olhar.keras_files.model import KerasModel, open_keras
from olhar.keras_files.read.content import file_kind
from olhar.keras_files.writer import write_back
from olhar.models.network_shape import NETWORKS
from olhar.networks.base_model import BaseModel
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder
from olhar.runs.head_record import HeadRecord
from olhar.runs.results import results
from olhar.runs.samples import read_samples
from olhar.runs.weights import WEIGHTS, sound_weights

if TYPE_CHECKING:
    from torch import nn

    from olhar.models.fine_tuned import FineTuned
    from olhar.networks.maker import Maker

_SAMPLES, _NOISE, _USUAL_SIDE = 32, 4, 64
_KINDS = {"hdf5": "h5", "zip": "keras"}


def run_to_keras(run: RunFolder, target: Path, force: bool, progress: Progress) -> None:
    """Write the network of a run; of one that began from a Keras file, that very file with what was learnt in it, if it can be.

    Raises:
        UsageError: what stands beside it already says something else, and is not replaced without ``force``.
        ExtraError: Keras or torch is not installed.
        RunError: the run is not finished, or the file cannot be written.
        ModelError: no Keras layer does what the network does, or Keras answers otherwise.
    """
    if not run.model.is_file():
        raise RunError("run.unfinished", where=str(run.path), name=run.model.name)
    signature = run.signature()
    if (record := results(run).head) is not None:
        need("keras", "export")
        _proved(_head_start(run, record, signature), run, signature, target, force, progress)
        return
    need("train", "export")
    from olhar.networks.reopened import reopened, write_tuned

    fine_tuned = reopened(run)
    if fine_tuned is None:
        need("keras", "export")
        _proved(_own(run, signature), run, signature, target, force, progress)
        return
    base, network = fine_tuned
    about = About(target, signature.names, signature, lambdas=base.opening.lambdas)
    if not base.new_head and _form_of(base) == target.suffix.removeprefix("."):
        with _beside(about, force):
            write_tuned(run, target)
        progress.line(sentence("export.written_back", name=base.classifier.path.name))
        return
    from olhar.models.fine_tuned import with_learnt_weights

    need("keras", "export")
    learnt = with_learnt_weights(base.graph, network.keras)
    if base.new_head:
        first = base.classifier.picture_shape.channels_first
        inside = from_pictures(learnt, signature.shape, signature.mean, signature.std, bgr=signature.bgr, channels_first=first)
        _proved(inside, run, signature, target, force, progress)
        return
    with _beside(about, force):
        _converted(learnt, target, progress)


def write_keras(maker: "Maker", network: "nn.Module", target: Path) -> None:
    """Write a network as a Keras file that is not yet proved: into a copy of the file that it came from, where that can be.

    Raises:
        ModelError: no Keras layer does what the network does, or Keras fails.
        OSError: the file cannot be written.
    """
    from olhar.networks.fine_tuning import FineTuningMaker

    if writes_back(maker, target):
        write_back(cast(FineTuningMaker, maker).base.classifier.path, target, cast("FineTuned", network).keras.weights())
        return
    with _draft(target) as draft:
        keras_itself.save(to_keras(maker.graph(network)), draft)


def writes_back(maker: "Maker", target: Path) -> bool:
    """Whether what is learnt goes into a copy of the Keras file that the training began from."""
    from olhar.networks.fine_tuning import FineTuningMaker

    return (
        isinstance(maker, FineTuningMaker) and not maker.base.new_head and _form_of(maker.base) == target.suffix.removeprefix(".")
    )


def _form_of(base: BaseModel) -> str:
    """The form of a Keras file that holds a whole model; empty for a zip of Teachable Machine's and for weights alone."""
    path, model = base.classifier.path, base.classifier.model
    if path.is_dir() or base.opening.architecture is not None or model.architecture_beside:
        return ""
    with path.open("rb") as file, naming(path.name):
        form = _KINDS.get(file_kind(file.read(4096)), "")
    return "" if form == "keras" and path.suffix != ".keras" else form


def _head_start(run: RunFolder, record: HeadRecord, signature: Signature) -> Graph:
    """A body and the head of the run.

    Raises:
        ModelError: the body is a file of the person's own of which there is ONNX only, or a Keras file that is gone.
    """
    weights = sound_weights(run)
    with parsing(damaged(run.path, WEIGHTS), SafetensorError):
        head = kept_head(weights, record.blocks)
        if record.body not in PUBLISHED:
            return _on_own_file(run, record, head, signature)
        learnt = weights if record.last_blocks is not None and record.last_blocks.kept else None
        return kept_graph(record.body, head, signature, learnt)


def _on_own_file(run: RunFolder, record: HeadRecord, head: Head, signature: Signature) -> Graph:
    """A head on what a Keras file sees. That it is the file of then, the proof of every export shows."""
    path = Path(run.recipe().model).expanduser()
    if path.suffix.lower() == ".onnx":
        raise ModelError("export.own_body", name=record.body, where=str(run.path))
    if not path.exists():
        raise ModelError("export.body_gone", name=str(path), where=str(run.path))
    part, outputs = body_graph_of(open_classifier(path))
    if len(part.shapes[part.inputs[0]]) != 4 or part.shapes[part.inputs[0]][3] not in (1, 3) or signature.bgr:
        raise ModelError("export.own_body", name=record.body, where=str(run.path))
    return headed_graph(part, outputs, head, signature)


def _own(run: RunFolder, signature: Signature) -> Graph:
    """One of our networks, its scaling and softmax inside."""
    from safetensors.torch import load_file

    from olhar.graph.from_torch import from_torch
    from olhar.models.zoo import build

    recipe = run.recipe()
    if recipe.model not in NETWORKS:
        raise ModelError("export.own_network", model=recipe.model, where=str(run.path))
    size = (signature.height, signature.width)
    network = build(recipe.model, signature.channels, len(signature.classes), size, recipe.shape)
    weights = sound_weights(run)
    with parsing(damaged(run.path, WEIGHTS), SafetensorError):
        network.load_state_dict(load_file(weights))
    return from_torch(network.eval(), signature.shape, signature.mean, signature.std)


def _proved(graph: Graph, run: RunFolder, signature: Signature, target: Path, force: bool, progress: Progress) -> None:
    """Write a graph that takes pictures of 0..255, and prove on pictures of the run that Keras answers as its bundle does."""
    pixels = _pictures(run, signature)
    expected = Predictor.open(run.model).probabilities(pixels)
    plain = {"mean": (0.0,) * signature.channels, "std": (1 / 255,) * signature.channels, "bgr": False}
    inside = replace(signature, **plain)
    with _beside(About(target, inside.names, inside), force), _draft(target) as draft:
        keras_itself.save(to_keras(graph), draft)
        answers = _answers(draft, [pixels.astype(np.float32)])
        difference = max(compared(expected, answer[0], target.name) for answer in answers)
    progress.line(sentence("export.agrees", name=target.name, n=len(pixels), difference=difference))


def _pictures(run: RunFolder, signature: Signature) -> Pixels:
    """Pictures that the run keeps: those of ``golden.json``, and some of those that its report shows."""
    kept = run.read_json("golden.json")
    with parsing(damaged(run.path, "golden.json")):
        proof = [base64.b64decode(picture, validate=True) for picture in kept["pictures"]]
        golden = np.stack([np.frombuffer(picture, np.uint8).reshape(signature.shape) for picture in proof])
    samples, mistakes = read_samples(run)
    spread = [*samples, *mistakes][:: max(1, (len(samples) + len(mistakes)) // _SAMPLES)]
    with parsing(damaged(run.path, "samples.npz")):
        return np.stack([*golden, *(sample.pixels.reshape(signature.shape) for sample in spread)])


def file_to_keras(path: Path, target: Path, opening: Opening, force: bool, progress: Progress) -> None:
    """Write a Keras file of any age as today's Keras does; it takes and gives what it did.

    Raises:
        UsageError: what stands beside it already says something else, and is not replaced without ``force``.
        ExtraError: Keras or torch is not installed.
        ModelError: the file cannot be opened, no Keras layer does what it does, or Keras answers otherwise.
    """
    need("keras", "export")
    file = open_model(path, opening)
    signature, assumed = _known(file)
    names = signature.names if signature is not None else file.model.classes or ()
    with _beside(About(target, names, signature, assumed, file.opening.lambdas), force):
        _converted(file.model.graph, target, progress)


def _known(file: KerasFile) -> tuple[Signature | None, Sequence[str]]:
    """How the file wants its pictures, where somebody has settled it; what Olhar assumes by itself it assumes of the copy too."""
    try:
        keras_classifier = as_classifier(file)
    except ModelError:
        return None, ()
    sure = known_preprocessing(keras_classifier)
    if sure.source == "beside":
        return sure.signature, keras_classifier.sidecar.assumed
    return (sure.signature, ("scaling",)) if sure.source == "teachable_machine" else (None, ())


def _converted(graph: Graph, target: Path, progress: Progress) -> None:
    """Write a graph, and prove on noise that Keras answers as the graph does."""
    plan = to_keras(graph)
    inputs = [_noise(graph.shapes[name], i) for i, name in enumerate(graph.inputs)]
    expected = _as_list(KerasModel.of(graph, target.name).predict(inputs if len(inputs) > 1 else inputs[0]))
    with _draft(target) as draft:
        keras_itself.save(plan, draft)
        difference = max(_share(expected, answers, target.name) for answers in _answers(draft, inputs))
    progress.line(sentence("export.agrees_on_noise", name=target.name, difference=difference))


def _noise(shape: Shape, seed: int) -> Floats:
    sides = [side or _USUAL_SIDE for side in shape[1:]]
    return np.random.default_rng(seed).uniform(-1, 1, (_NOISE, *sides)).astype(np.float32)


def _share(expected: list[Floats], answers: list[Floats], where: str) -> float:
    """The largest difference, as a share of the largest number where that is above 1."""
    pairs = zip(expected, answers, strict=True)
    difference = max(float(np.abs(e - f).max()) / max(1.0, float(np.abs(e).max())) for e, f in pairs)
    if not difference <= TOLERANCE:
        raise ModelError("bundle.disagrees", where=where, difference=difference)
    return difference


def _answers(draft: Path, inputs: list[Floats]) -> Iterator[list[Floats]]:
    """What Keras, and then Olhar, answers once it has opened what was written."""
    yield keras_itself.predictions(draft, inputs)
    json = draft.suffix == ".json"
    again = open_keras(keras_itself.weights_beside(draft) if json else draft, draft if json else None)
    yield _as_list(again.predict(inputs if len(inputs) > 1 else inputs[0]))


def _as_list(value: Floats | list[Floats]) -> list[Floats]:
    return value if isinstance(value, list) else [value]


@contextmanager
def _draft(target: Path) -> Generator[Path]:
    """A place of the same name beside the target; what was written there comes into place only if all went well."""
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", suffix=".draft", dir=target.parent) as folder:
        yield Path(folder) / target.name
        for path in Path(folder).iterdir():
            shutil.move(path, target.parent / path.name)


@contextmanager
def _beside(about: About, force: bool) -> Generator[None]:
    """Write what goes beside a file once that is written; tell before what must not be replaced."""
    if not force:
        about.refuse_other()
    yield
    about.write()
