"""HeadStart: a body and what it says of the pictures at hand: what a head learns from, and what becomes of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from olhar.base import runtime
from olhar.base.images import Pixels
from olhar.base.layer import Layer
from olhar.base.signature import Signature
from olhar.bodies.body import Body
from olhar.bodies.features import Features, feature_network
from olhar.bodies.heads.candidates import LAYOUT
from olhar.bodies.heads.head import Head
from olhar.bundle.contract import to_bundle

_BATCH = 8


@dataclass(frozen=True)
class HeadStart:
    """A body, and what it says of the pictures at hand."""

    body: Body
    features: Features


def bundle(body: Body, head: Head, signature: Signature) -> bytes:
    """The serialised ``model.onnx`` of a body and a head, its contract inside."""
    return to_bundle(headed(body, head), signature, "logits", body.channels_first)


def headed(body: Body, head: Head) -> onnx.ModelProto:
    """A body that ends in a head: scaled pictures in, logits (N, K) out."""
    network = onnx.load_from_string(body.network)
    graph = network.graph
    del graph.output[:]
    for name in ("scale", "offset", "kernel", "bias"):
        graph.initializer.append(
            numpy_helper.from_array(np.ascontiguousarray(getattr(head, name), np.float32), f"olhar_head.{name}")
        )
    graph.node.extend(_head_nodes(head.blocks))
    graph.output.append(helper.make_tensor_value_info("olhar_logits", TensorProto.FLOAT, ["batch", len(head.bias)]))
    return network


def _head_nodes(blocks: Sequence[str]) -> list[onnx.NodeProto]:
    """``softsign(x * scale + offset) @ kernel + bias``."""
    return [
        helper.make_node("Concat", list(blocks), ["olhar_columns"], axis=1),
        helper.make_node("Mul", ["olhar_columns", "olhar_head.scale"], ["olhar_head_scaled"]),
        helper.make_node("Add", ["olhar_head_scaled", "olhar_head.offset"], ["olhar_head_shifted"]),
        helper.make_node("Softsign", ["olhar_head_shifted"], ["olhar_squashed"]),
        helper.make_node("Gemm", ["olhar_squashed", "olhar_head.kernel", "olhar_head.bias"], ["olhar_logits"]),
    ]


def answers(body: Body, head: Head, signature: Signature, pixels: Pixels) -> NDArray[np.float32]:
    """Probabilities (N, K) of raw pictures, uint8 (N, H, W, C): the body alone in ONNX Runtime, the head in NumPy."""
    return head.probabilities(blocks_of(body, signature.channels, pixels))


def blocks_of(body: Body, channels: int, pixels: Pixels) -> dict[str, NDArray[np.float32]]:
    """Pooled outputs (N, width) by name, of raw pictures, uint8 (N, H, W, ``channels``)."""
    session = runtime.session(feature_network(body, channels))
    names, question = list(body.blocks), session.get_inputs()[0].name
    parts: list[Any] = []
    for start in range(0, len(pixels), _BATCH):
        parts.append(session.run(names, {question: np.ascontiguousarray(pixels[start : start + _BATCH])}))
    return {name: np.concatenate([outputs[i] for outputs in parts]) for i, name in enumerate(names)}


def weights(body: Body, head: Head) -> Mapping[str, NDArray[Any]]:
    """All numbers of the network by name: those of the body, and ``olhar_head.scale``, ``.offset``, ``.kernel``, ``.bias``."""
    arrays = headed(body, head).graph.initializer
    return {array.name: numpy_helper.to_array(array) for array in arrays if array.dims}


def layers(body: Body, head: Head, arrays: Mapping[str, NDArray[Any]]) -> tuple[Layer, ...]:
    """The table of layers: the body in a line, what it says of a picture, and the head; ``arrays`` are their ``weights``."""
    sizes = {name: value.size for name, value in arrays.items()}
    own = sum(size for name, size in sizes.items() if name.startswith("olhar_head."))
    kinds = {name: "AveragePooling" if name == LAYOUT else "GlobalAveragePooling" for name in head.blocks}
    pooled = [Layer(name, kind, (body.blocks[name],), 0) for name, kind in kinds.items()]
    dense = Layer("head", "Dense", (len(head.bias),), own)
    return Layer(body.name, "Body", (body.height, body.width, body.channels), sum(sizes.values()) - own), *pooled, dense
