"""Writes a graph in Keras's words: layers as data, each with its options, its weights and what it takes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from olhar.graph.graph import Floats, Graph, Shape


@dataclass(frozen=True, eq=False)
class KerasLayer:
    """One layer of a Keras model that is to be.

    Attributes:
        class_name: of ``keras.layers``.
        options: what its constructor takes.
        weights: in Keras's order.
        inputs, output: names of tensors.
    """

    class_name: str
    options: Mapping[str, Any]
    weights: tuple[Floats, ...]
    inputs: tuple[str, ...]
    output: str


@dataclass(frozen=True)
class KerasPlan:
    """A whole model in Keras's words: ``inputs`` and ``outputs`` name tensors, ``shapes`` are the inputs', the batch left out."""

    inputs: tuple[str, ...]
    shapes: tuple[Shape, ...]
    layers: tuple[KerasLayer, ...]
    outputs: tuple[str, ...]


class KerasWriter:
    """The plan as it grows."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.layers: list[KerasLayer] = []
        self.layer = ""
        self._used_names: set[str] = set()
        self._rows = {row.path: row for row in graph.layers}

    def add(self, kind: str, inputs: Sequence[str], output: str = "", weights: Sequence[Floats] = (), **options: Any) -> str:
        """Write a layer; without ``output`` what it gives has a name of its own."""
        output = output or f"t{len(self.layers)}"
        row = self._rows.get(self.layer)
        options["name"] = self._name(kind, row is not None and row.parameters > 0 and not weights)
        if row is not None and not row.trainable:
            options["trainable"] = False
        self.layers.append(KerasLayer(kind, options, tuple(weights), tuple(inputs), output))
        return output

    def shape(self, name: str) -> Shape:
        """Of a tensor of the graph."""
        return self.graph.shapes[name]

    def _name(self, kind: str, companion: bool) -> str:
        """The Keras layer's own name for what holds its weights; a ``companion`` of that, and the rest, by its kind too."""
        stem = re.sub(r"[^\w.-]", "_", self.layer.rpartition("/")[2])
        stem = f"{stem}_{snake(kind)}" if companion and stem else stem or snake(kind)
        name, number = stem, 0
        while name in self._used_names:
            number += 1
            name = f"{stem}_{number}"
        self._used_names.add(name)
        return name


def snake(class_name: str) -> str:
    """Keras 3's name for a layer's group: ``DepthwiseConv2D`` -> ``depthwise_conv2d``, ``ReLU`` -> ``re_lu``."""
    once = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", class_name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", once).lower()
