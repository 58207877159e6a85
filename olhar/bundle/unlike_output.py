"""The output ``unlikeness`` of a bundle: what ``UnlikenessScore`` computes, as operations behind the network."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from olhar.base.signature import Signature
from olhar.bundle.class_distance import VAST, ClassDistance
from olhar.bundle.predictor import UNLIKENESS
from olhar.bundle.unlike_score import FALSE_ALARMS, MOST_DOUBT, TINY, Standard, UnlikenessScore
from olhar.bundle.writer import signed


def with_unlikeness(bundle: bytes, signature: Signature, found: UnlikenessScore) -> tuple[bytes, Signature]:
    """The same bundle with that output, and its contract, which says so."""
    model, told = onnx.load_from_string(bundle), replace(signature, false_alarms=FALSE_ALARMS)
    _Behind(model.graph).write(found)
    return signed(model, told), told


class _Behind:
    """Operations that are added to a graph, under names of their own."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self._graph = graph
        self._count = 0

    def write(self, found: UnlikenessScore) -> None:
        """From features and probabilities to the output."""
        terms = [self._in_spreads(self._distance(name, far), found.standards[name]) for name, far in found.distances.items()]
        terms.append(self._doubt(found.doubt))
        whole = self._add("Sum", *terms)
        width = found.flagged - found.usual
        self._add("Div", self._add("Sub", whole, self._number(found.usual)), self._number(width), output=UNLIKENESS)
        self._graph.output.append(helper.make_tensor_value_info(UNLIKENESS, TensorProto.FLOAT, ["batch"]))

    def _distance(self, tensor: str, far: ClassDistance) -> str:
        """Logarithm of the distance, (N,)."""
        moved = self._add("Mul", self._add("Sub", tensor, self._array(far.mean)), self._array(far.factor))
        moved = self._add("Clip", moved, self._number(-float(VAST)), self._number(float(VAST)))
        last = self._array(np.array([1], np.int64))
        length = self._add("Max", self._add("ReduceL2", moved, last, keepdims=1), self._number(TINY))
        q = self._add("Mul", moved, self._add("Div", self._number(len(far.mean) ** 0.5), length))
        along, near = self._add("MatMul", q, self._wide(far.axes)), self._add("MatMul", q, self._wide(far.classes))
        nearest = self._add("ReduceMin", self._add("Add", near, self._array(far.offset)), last, keepdims=0)
        squares = (self._add("ReduceSumSquare", rows, last, keepdims=0) for rows in (q, along))
        distance = self._add("Add", self._add("Sub", *squares), nearest)
        return self._add("Log", self._add("Max", distance, self._number(TINY)))

    def _doubt(self, standard: Standard) -> str:
        """What the model's doubt adds, (N,)."""
        highest = self._add("ReduceMax", "probabilities", self._array(np.array([1], np.int64)), keepdims=0)
        doubt = self._add("Neg", self._add("Log", self._add("Max", highest, self._number(TINY))))
        return self._add("Min", self._in_spreads(doubt, standard), self._number(MOST_DOUBT))

    def _in_spreads(self, tensor: str, standard: Standard) -> str:
        return self._add("Div", self._add("Sub", tensor, self._number(standard.usual)), self._number(standard.spread))

    def _wide(self, halves: NDArray[np.float16]) -> str:
        """A matrix that is stored in half the bytes."""
        return self._add("Cast", self._array(halves), to=TensorProto.FLOAT)

    def _number(self, value: float) -> str:
        return self._array(np.array(value, np.float32))

    def _array(self, values: NDArray[np.generic]) -> str:
        name = next(self._names("values"))
        self._graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _add(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        output = output or next(self._names(kind.lower()))
        self._graph.node.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def _names(self, kind: str) -> Iterator[str]:
        self._count += 1
        yield f"olhar_unlike_{self._count}_{kind}"
