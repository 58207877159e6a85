"""``open_keras``: a model file of any age, opened without Keras; and what one can ask of it."""

import os
import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from olhar.base import runtime
from olhar.base.errors import ModelError, naming
from olhar.base.path_errors import path_error
from olhar.base.texts import Sentence, sentence
from olhar.base.types import StrPath
from olhar.graph.graph import Floats, Graph, LayerRow, Shape
from olhar.graph.shapes import shapes_text
from olhar.graph.task import Task, class_count, task_notices, task_of
from olhar.keras_files.architecture import ModelSpec, model_spec
from olhar.keras_files.builder import build
from olhar.keras_files.layers.call import FileFacts
from olhar.keras_files.layers.table import refuse_unreadable, variables
from olhar.keras_files.read.reader import Parts, architecture_in, architectures_beside, read_parts, weights_only
from olhar.keras_files.teachable import is_teachable, refuse_others
from olhar.keras_files.weights import bind

if TYPE_CHECKING:
    import onnx

    from olhar.graph.to_torch import KerasModule

Predicted: TypeAlias = Floats | list[Floats]
_BATCH = 32


@dataclass(frozen=True)
class KerasModel:
    """A Keras model as data: its graph, and two ways to compute it.

    Attributes:
        graph: operations and weights.
        where: the file's name.
        keras_version: of the Keras that wrote the file, ``""`` where it does not say.
        classes: from a labels file or from Teachable Machine's metadata; None where there is none.
        classes_from: the name of the file that the classes stand in, ``""`` where there is none.
        teachable_machine: whether Teachable Machine made it, known by its graph.
        image_size: the side of the picture that Teachable Machine's metadata states; None where there is none.
        task: what its output looks like, see ``graph.task``.
    """

    graph: Graph
    where: str
    keras_version: str
    classes: tuple[str, ...] | None
    classes_from: str
    teachable_machine: bool
    image_size: int | None
    task: Task
    _notices: Mapping[str, Mapping[str, object]] = field(repr=False, default_factory=dict[str, Mapping[str, object]])

    @classmethod
    def of(cls, graph: Graph, where: str) -> "KerasModel":
        """A graph that came from elsewhere; ``where`` stands for it in errors."""
        return cls(graph, where, "", None, "", False, None, task_of(graph))

    @property
    def layers(self) -> tuple[LayerRow, ...]:
        """The leaf layers in Keras's order, with the shapes of their outputs and their numbers of parameters."""
        return self.graph.layers

    @property
    def input_shape(self) -> Shape:
        """The first input's shape, the batch (None) first."""
        return self.graph.shapes[self.graph.inputs[0]]

    @property
    def output_shape(self) -> Shape:
        """The first output's shape, the batch (None) first."""
        return self.graph.shapes[self.graph.outputs[0]]

    @property
    def architecture_beside(self) -> str:
        """The name of the file beside it that its architecture came from, ``""`` where it has its own or was given one."""
        return str(self._notices.get("keras.notice_beside", {}).get("name", ""))

    @property
    def notices(self) -> tuple[Sentence, ...]:
        """What a person should know of this file, a sentence each, in the language in use."""
        return tuple(sentence(key, where=self.where, **values) for key, values in self._notices.items())

    def onnx(self) -> "onnx.ModelProto":
        """The model as ONNX; inputs ``input_0...`` as Keras takes them, outputs ``output_0...``.

        Raises:
            ModelError: the model cannot be said in ONNX.
        """
        from olhar.graph.to_onnx import to_onnx

        with _sensible(self.where):
            return to_onnx(self.graph)

    @cached_property
    def module(self) -> "KerasModule":
        """The model as a torch module with its own parameters, made once; takes what ``predict`` takes, as a tensor."""
        from olhar.graph.to_torch import KerasModule

        return KerasModule(self.graph)

    @cached_property
    def _session(self) -> Any:
        data = self.onnx().SerializeToString()
        with _sensible(self.where):
            return runtime.session(data)

    def predict(self, x: Floats | Sequence[Floats]) -> Predicted:
        """What Keras's ``model.predict`` answers.

        Args:
            x: (N, ...) numbers in the file's own layout, channels last in most; a list of arrays for several inputs.

        Returns:
            float32 (N, ...); a list of arrays where the model has several outputs.

        Raises:
            ModelError: an array of another shape than the model takes.
        """
        many = len(self.graph.inputs) > 1
        inputs = [np.asarray(array, np.float32) for array in (x if many else [x])]
        self._check(inputs)
        count = len(inputs[0])
        starts = range(0, max(count, 1), _BATCH)
        feeds = [{f"input_{i}": array[start : start + _BATCH] for i, array in enumerate(inputs)} for start in starts]
        session = self._session
        with _sensible(self.where):
            answers: list[list[Floats]] = [session.run(None, feed) for feed in feeds]
        outputs = [np.concatenate(parts) for parts in zip(*answers, strict=True)]
        return outputs if len(outputs) > 1 else outputs[0]

    def _check(self, inputs: Sequence[Floats]) -> None:
        shapes = [self.graph.shapes[name] for name in self.graph.inputs]
        pairs = list(zip(inputs, shapes, strict=False))
        same = len(inputs) == len(shapes) and all(_takes(shape, array.shape) for array, shape in pairs)
        if not same or len({len(array) for array in inputs}) != 1:
            received = shapes_text([(None, *array.shape[1:]) for array in inputs])
            raise ModelError("keras.wrong_input", where=self.where, expected=shapes_text(shapes), found=received)


def _takes(shape: Shape, received: tuple[int, ...]) -> bool:
    """Whether an array of this shape is what a tensor of the model's may be."""
    sides = zip(shape, received, strict=False)
    return len(received) == len(shape) > 0 and all(side in (None, size) for side, size in sides)


def open_keras(
    path: StrPath,
    architecture: StrPath | None = None,
    lambdas: Mapping[str, str] | None = None,
) -> KerasModel:
    """Open a Keras model file of any age, without Keras and without running anything that stands in it.

    Args:
        path: HDF5, ``.keras``, TensorFlow.js (``model.json``, its folder or its zip) or Teachable Machine's zip; told by content.
        architecture: a JSON (or YAML) file, for a file that holds weights only.
        lambdas: for each Lambda layer a formula of ``x``: ``{"lambda_1": "x/255 - 0.5"}``.

    Raises:
        ModelError: the file is damaged, refused, or holds something that is not known; the sentence says what and what to do.
    """
    place = Path(os.fspath(path)).expanduser()
    with _sensible(place.name or str(place)):
        return _open(place, architecture, lambdas or {})


@contextmanager
def _sensible(where: str) -> Generator[None]:
    """Whatever a file may cause, as one sentence that names it."""
    try:
        with naming(where):
            yield
    except ModelError:
        raise
    except (MemoryError, RecursionError) as error:
        raise ModelError("keras.config_deep", where=where) from error
    except Exception as error:
        if told := path_error(error):
            raise told from error
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        raise ModelError("keras.malformed", where=where, reason=reason) from error


def _open(path: Path, architecture: StrPath | None, lambdas: Mapping[str, str]) -> KerasModel:
    parts = read_parts(path)
    if architecture is not None:
        parts = replace(parts, config=_architecture(Path(os.fspath(architecture)).expanduser()))
    if parts.config is not None:
        return _model(path, parts, lambdas)
    return _with_architecture_beside(path, parts, lambdas)


def _architecture(path: Path) -> Any:
    with naming(path.name):
        return architecture_in(path)


def _with_architecture_beside(path: Path, parts: Parts, lambdas: Mapping[str, str]) -> KerasModel:
    """Weights alone: the one architecture in the folder that they fit."""
    fitting: list[KerasModel] = []
    names: list[str] = []
    for name, config in architectures_beside(path):
        try:
            fitting.append(_model(path, replace(parts, config=config, beside=name), lambdas))
            names.append(name)
        except Exception:
            continue
        if Path(name).stem == path.stem:
            return fitting[-1]
    if len(fitting) > 1:
        raise ModelError("keras.several_architectures", names=", ".join(names))
    if not fitting:
        raise weights_only(parts)
    return fitting[0]


def _model(path: Path, parts: Parts, lambdas: Mapping[str, str]) -> KerasModel:
    spec = model_spec(parts.config)
    refuse_others(spec)
    version = parts.version or str(parts.config.get("keras_version") or "")
    refuse_unreadable(spec.leaves(), lambdas)
    bound = bind(spec, parts.arrays, variables)
    facts = FileFacts(_major(version, spec), _theano(parts, spec, bound), lambdas)
    graph, notices = build(spec, parts.arrays, bound, facts)
    task = task_of(graph)
    teachable = is_teachable(spec)
    classes = _classes(replace(parts, labels_certain=parts.labels_certain or teachable), graph, task)
    if parts.labels and classes is None and class_count(graph, task):
        notices["keras.notice_other_labels"] = {"labels": parts.labels_from, "found": len(parts.labels)}
    if parts.beside:
        notices["keras.notice_beside"] = {"name": parts.beside}
    if facts.theano:
        notices["keras.notice_theano"] = {}
    notices |= task_notices(graph, task)
    return KerasModel(
        graph, path.name, version, classes, parts.labels_from if classes else "", teachable, parts.image_size, task, notices
    )


def _major(version: str, spec: ModelSpec) -> int:
    """Keras's first number, from what the file says, or from the words that it uses."""
    match = re.match(r"\d+", version)
    if match:
        return int(match[0])
    leaves = list(spec.leaves())
    if any(leaf.options.raw("dim_ordering") is not None for leaf in leaves):
        return 1
    return 3 if any(leaf.options.raw("batch_shape") is not None for leaf in leaves) else 2


def _theano(parts: Parts, spec: ModelSpec, bound: Mapping[str, Sequence[str]]) -> bool:
    """Whether kernels are stored flipped: the file names Theano, or is of Keras 1 and its names do not end in ``:0``."""
    if parts.backend:
        return parts.backend == "theano"
    first = [leaf for leaf in spec.leaves() if leaf.options.raw("dim_ordering") and bound.get(leaf.path)]
    return bool(first) and ":" not in bound[first[0].path][0]


def _classes(parts: Parts, graph: Graph, task: Task) -> tuple[str, ...] | None:
    """The classes, if they are as many as the model's outputs (two for one sigmoid).

    Raises:
        ModelError: one too many or too few, and they are this model's for certain.
    """
    expected = class_count(graph, task)
    if parts.labels is None or expected is None:
        return None
    if len(parts.labels) != expected and not parts.labels_certain:
        return None
    if len(parts.labels) != expected:
        raise ModelError("keras.labels_count", labels=parts.labels_from, expected=expected, found=len(parts.labels))
    return parts.labels
