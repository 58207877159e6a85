"""The output ``unlikeness`` of a bundle: what ``UnlikenessScore`` computes, as operations behind the network."""

from dataclasses import replace

import onnx
from onnx import TensorProto, helper

from olhar.base.signature import Signature
from olhar.bundle.class_distance import VAST, ClassDistance
from olhar.bundle.nodes import Nodes
from olhar.bundle.predictor import UNLIKENESS
from olhar.bundle.unlike_score import FALSE_ALARMS, MOST_DOUBT, TINY, Scale, Standard, UnlikenessScore
from olhar.bundle.writer import signed


def with_unlikeness(bundle: bytes, signature: Signature, found: UnlikenessScore) -> tuple[bytes, Signature]:
    """The same bundle with that output, and its contract, which says so."""
    model, told = onnx.load_from_string(bundle), replace(signature, false_alarms=FALSE_ALARMS)
    _Behind(model.graph, signature).write(found)
    return signed(model, told), told


class _Behind:
    """Operations that are added to a graph."""

    def __init__(self, graph: onnx.GraphProto, signature: Signature) -> None:
        self._nodes, self._signature = Nodes(graph, "olhar_unlike"), signature

    def write(self, found: UnlikenessScore) -> None:
        """From pictures, features and probabilities to the output."""
        scores = [self._scaled(self._by_network(found), found.network)] if found.distances else []
        scores += [self._by_picture(found)] if found.picture is not None else []
        whole = self._nodes.add("Max", *scores) if len(scores) > 1 else scores[0]
        self._scaled(whole, found.scale, output=UNLIKENESS)
        graph = self._nodes.graph
        graph.output.append(helper.make_tensor_value_info(UNLIKENESS, TensorProto.FLOAT, ["batch"]))

    def _by_network(self, found: UnlikenessScore) -> str:
        """Distances and doubt in spreads, summed."""
        terms = [self._in_spreads(self._distance(name, far), found.standards[name]) for name, far in found.distances.items()]
        return self._nodes.add("Sum", *terms, self._doubt(found.doubt))

    def _by_picture(self, found: UnlikenessScore) -> str:
        """The distance of the picture itself, scaled."""
        assert found.picture is not None
        signature, source = self._signature, self._nodes.graph.input[0].name
        shape = signature.channels, signature.height, signature.width
        return self._scaled(found.picture.distance.write(self._nodes, source, *shape), found.picture.scale)

    def _distance(self, tensor: str, far: ClassDistance) -> str:
        """Logarithm of the distance, (N,)."""
        nodes = self._nodes
        moved = nodes.add("Mul", nodes.add("Sub", tensor, nodes.array(far.mean)), nodes.array(far.factor))
        moved = nodes.add("Clip", moved, nodes.number(-float(VAST)), nodes.number(float(VAST)))
        last = nodes.axes(1)
        length = nodes.add("Max", nodes.add("ReduceL2", moved, last, keepdims=1), nodes.number(TINY))
        q = nodes.add("Mul", moved, nodes.add("Div", nodes.number(len(far.mean) ** 0.5), length))
        along, near = nodes.add("MatMul", q, nodes.wide(far.axes)), nodes.add("MatMul", q, nodes.wide(far.classes))
        nearest = nodes.add("ReduceMin", nodes.add("Add", near, nodes.array(far.offset)), last, keepdims=0)
        squares = (nodes.add("ReduceSumSquare", rows, last, keepdims=0) for rows in (q, along))
        distance = nodes.add("Add", nodes.add("Sub", *squares), nearest)
        return nodes.add("Log", nodes.add("Max", distance, nodes.number(TINY)))

    def _doubt(self, standard: Standard) -> str:
        """What the model's doubt adds, (N,)."""
        nodes = self._nodes
        highest = nodes.add("ReduceMax", "probabilities", nodes.axes(1), keepdims=0)
        doubt = nodes.add("Neg", nodes.add("Log", nodes.add("Max", highest, nodes.number(TINY))))
        return nodes.add("Min", self._in_spreads(doubt, standard), nodes.number(MOST_DOUBT))

    def _in_spreads(self, tensor: str, standard: Standard) -> str:
        nodes = self._nodes
        return nodes.add("Div", nodes.add("Sub", tensor, nodes.number(standard.usual)), nodes.number(standard.spread))

    def _scaled(self, tensor: str, scale: Scale, output: str = "") -> str:
        nodes = self._nodes
        width = nodes.number(scale.flagged - scale.usual)
        return nodes.add("Div", nodes.add("Sub", tensor, nodes.number(scale.usual)), width, output=output)
