"""A training that begins from a Keras file: how the file wants its pictures, whether its head fits, and which layers learn."""

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from olhar.base.errors import ModelError, RecipeError
from olhar.base.scaling import Scaling
from olhar.base.signature import FITS, Signature
from olhar.base.texts import Sentence, sentence
from olhar.bundle.contract import Ending
from olhar.data.dataset import Dataset
from olhar.data.folders.spelling import spelled_alike
from olhar.foreign.classifier import KerasClassifier, open_classifier
from olhar.foreign.kinds import is_keras
from olhar.foreign.opening import NOTHING_SAID, Opening
from olhar.foreign.preprocessing import inspect_command, required_preprocessing, signature_of, signature_with_scaling
from olhar.foreign.weights import refuse_weights
from olhar.graph import heads
from olhar.graph.graph import Graph
from olhar.models.network_shape import NETWORKS, is_own
from olhar.training.recipe import AUTO, Recipe

_SUFFIXES = (".h5", ".hdf5", ".keras", ".model", ".json", ".zip", ".onnx", ".pth", ".pt", ".safetensors")


@dataclass(frozen=True)
class BaseModel:
    """A Keras file that a training begins from.

    Attributes:
        classifier: the file, opened.
        signature: how it wants its pictures; its classes are the file's, and the pictures' once it is ``fitted``.
        new_head: it gets outputs of its own for the pictures' classes.
        dropout: share of the features that a new head is not shown while it learns.
        told: what a person should know of it, a sentence each.
        known: where it gets a new head: for each class the file's output that means it, -1 where none does.
        last_only: a new head takes the place of the last layer of the old one alone, else of all of it; None: to be settled.
    """

    classifier: KerasClassifier
    signature: Signature
    new_head: bool = False
    dropout: float = 0.0
    told: tuple[Sentence, ...] = ()
    known: tuple[int, ...] = ()
    last_only: bool | None = None

    @property
    def opening(self) -> Opening:
        """What had to be said to open the file."""
        return self.classifier.opening

    @property
    def ending(self) -> Ending:
        """What the outputs of the tuned model mean."""
        return "softmax" if self.new_head else self.classifier.ending

    def fitted(self, dataset: Dataset) -> "tuple[BaseModel, Dataset]":
        """The same for these pictures, whose classes come into the file's order where the file knows them; else a new head."""
        spelling = spelled_alike(dataset.classes, self.signature.classes)
        keys = {spelling.get(key, key).casefold(): key for key in dataset.classes}
        order = tuple(keys.get(name.casefold(), "") for name in self.signature.classes)
        same = set(order) == set(dataset.classes) and len(order) == len(dataset.classes) and self.ending != "labels"
        if same and not self.new_head:
            return replace(self, signature=replace(self.signature, classes=order)), dataset.ordered(order)
        if self._knows_more(keys) and not self.new_head:
            return self._with_all_of_its_classes(dataset, keys)
        reasons = () if self.new_head else (self._why_new(dataset),)
        outputs = {} if self.new_head else {name.casefold(): place for place, name in enumerate(self.signature.classes)}
        known = self.known or tuple(outputs.get(spelling.get(key, key).casefold(), -1) for key in dataset.classes)
        signature = replace(self.signature, classes=dataset.classes)
        return replace(self, signature=signature, new_head=True, told=self.told + reasons, known=known), dataset

    def _knows_more(self, keys: Mapping[str, str]) -> bool:
        """Whether the file knows all classes of the pictures, as it spells them, each once, and others."""
        known = Counter(name.casefold() for name in self.signature.classes)
        return self.ending != "labels" and all(known[name] == 1 for name in keys)

    def _with_all_of_its_classes(self, dataset: Dataset, keys: Mapping[str, str]) -> "tuple[BaseModel, Dataset]":
        """It keeps its head; of what the pictures do not show, none can be judged."""
        order = tuple(keys.get(name.casefold(), name) for name in self.signature.classes)
        missing = tuple(name for name in order if name not in dataset.classes)
        kept = sentence("train.keeps_head", where=self.classifier.path.name, known=_listed(order), missing=_listed(missing))
        return replace(self, signature=replace(self.signature, classes=order), told=(*self.told, kept)), dataset.ordered(order)

    def _why_new(self, dataset: Dataset) -> Sentence:
        file_classes = self.signature.classes
        unnamed = all(name == f"class_{i}" for i, name in enumerate(file_classes))
        key = "train.new_head_unnamed" if unnamed else "train.new_head"
        classes = _listed(dataset.classes)
        values = {"known": _listed(file_classes), "classes": classes, "outputs": len(file_classes)}
        command = inspect_command(self.classifier.path, self.opening)
        return sentence(key, where=self.classifier.path.name, command=command, **values)

    @cached_property
    def graph(self) -> Graph:
        """The whole model, with the head that it will have and the weights of the file."""
        graph = self.classifier.model.graph
        classes = len(self.signature.classes)
        if not self.new_head:
            return graph
        return heads.with_new_head(graph, classes, self.dropout, self.known, last_only=bool(self.last_only))

    @property
    def logits(self) -> Graph:
        """The same up to its logits.

        Raises:
            ModelError: it ends in an activation that cannot be taken off; a new head can be put on it.
        """
        graph = heads.to_logits(self.graph)
        if graph is None:
            raise ModelError("keras.no_logits", where=self.classifier.path.name)
        return graph

    def learning(self, which: str) -> tuple[str, ...]:
        """Paths of the layers that learn: ``head``, ``last:N`` (leaf layers) or ``all``; ``auto`` is ``head``.

        Raises:
            RecipeError: nothing in them learns.
        """
        graph = self.graph
        if which in ("head", AUTO):
            layers = heads.head_layers(graph)
        else:
            layers = heads.last_layers(graph, len(graph.layers) if which == "all" else last_count(which))
        paths = heads.learning_layers(graph, layers)
        if not paths:
            raise RecipeError("recipe.nothing_learns", found=which, where=self.classifier.path.name)
        return paths

    def covers_all(self, which: str) -> bool:
        """Whether ``last:N`` means every layer."""
        return which.startswith("last:") and last_count(which) >= len(self.graph.layers)


def last_count(which: str) -> int:
    """The N of ``last:N``."""
    return int(which.removeprefix("last:"))


def open_base(recipe: Recipe, opening: Opening = NOTHING_SAID) -> BaseModel | None:
    """The Keras file that ``recipe.model`` names; None where it is the name of a network.

    Raises:
        ModelError: it cannot be opened, is no classifier of pictures, or does not say how it wants them.
        RecipeError: a recipe that asks for pictures which it does not take.
    """
    path = Path(recipe.model).expanduser()
    if recipe.model in (*NETWORKS, AUTO) or is_own(recipe.model) or not _is_place(recipe.model, path):
        return None
    refuse_weights(path)
    of_keras = is_keras(path)
    if not path.exists():
        raise ModelError("keras.not_found", where=recipe.model)
    if not of_keras:
        raise ModelError("keras.only_keras_learns_on", where=path.name)
    keras_classifier = open_classifier(path, opening)
    signature, notices = _signature(keras_classifier, recipe, opening)
    return BaseModel(keras_classifier, signature, recipe.new_head, recipe.dropout, notices)


def _is_place(text: str, path: Path) -> bool:
    return path.exists() or path.suffix.lower() in _SUFFIXES or os.sep in text


def _signature(keras_classifier: KerasClassifier, recipe: Recipe, opening: Opening) -> tuple[Signature, tuple[Sentence, ...]]:
    """How the file wants its pictures: as the recipe says, else as is known."""
    if recipe.scaling == AUTO:
        sure = required_preprocessing(keras_classifier, opening)
        signature, notices = sure.signature, sure.notices
    else:
        signature, notices = _asked(keras_classifier, recipe.scaling), ()  # pyright: ignore[reportArgumentType]
    if recipe.fit in FITS:
        signature = replace(signature, fit=recipe.fit)
    colour = "gray" if signature.channels == 1 else "rgb"
    sides = {signature.height, signature.width}
    if recipe.colour not in (AUTO, colour) or (
        recipe.size and not keras_classifier.picture_shape.any_size and sides != {recipe.size}
    ):
        raise RecipeError(
            "recipe.other_pictures", where=keras_classifier.path.name, height=signature.height, width=signature.width
        )
    if recipe.size:
        signature = replace(signature, height=recipe.size, width=recipe.size)
    return signature, notices


def _asked(keras_classifier: KerasClassifier, scaling: Scaling) -> Signature:
    """The scaling that somebody states; of ``z-score`` the numbers are taken from the pictures later."""
    return signature_with_scaling(keras_classifier, scaling) or signature_of(keras_classifier, (0.0,), (1.0,), "stretch")


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names[:6]) + (" ..." if len(names) > 6 else "")
