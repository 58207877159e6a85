"""A Keras file as a body: what its head was given, before all dense layers at its end and before the last of them.

Which of the two tells the new classes apart better, the head finds out by folds, as it does of the outputs of any body.
"""

import hashlib

import onnx
import onnx.compose
from onnx import TensorProto, helper

from olhar.base.errors import ModelError, RecipeError
from olhar.base.signature import Signature
from olhar.bodies.body import POOLED, Body
from olhar.bodies.cut import PREFIX
from olhar.foreign.classifier import KerasClassifier
from olhar.graph import heads
from olhar.graph.graph import Graph
from olhar.graph.to_onnx import to_onnx

RULE = 1
"""Raised whenever a file would be cut otherwise, so that no features outlive their rule."""
HIDDEN = "hidden"
"""The name of what the last dense layer is given, where others stand before it."""
_WIDEST = 16_384
"""What the first dense layer is given is passed over where it has more numbers, and there is something narrower."""


def keras_body(classifier: KerasClassifier, signature: Signature, side: int = 0) -> Body:
    """The body in a Keras file.

    Args:
        classifier: the file, opened.
        signature: how it wants its pictures.
        side: of its pictures, in pixels, where it leaves that free; 0: as ``signature`` says.

    Raises:
        ModelError: it takes rows of numbers, not pictures.
        RecipeError: it does not take pictures of that side.
    """
    shape, where = classifier.picture_shape, classifier.path.name
    if len(classifier.model.input_shape) != 4:
        raise ModelError("bodies.not_pictures", where=where)
    if side and not shape.any_size and {shape.height, shape.width} != {side}:
        raise RecipeError("bodies.fixed_side", where=where, found=side, side=shape.height)
    height, width = (side, side) if side else (signature.height, signature.width)
    part = heads.head_inputs(classifier.model.graph)
    blocks = _blocks(part)
    network = _network(part, list(blocks), (height, width, shape.channels), channels_first=shape.channels_first)
    about = f"{signature.mean} {signature.std} {signature.bgr} {height}x{width}"
    return Body(
        name=where,
        key=f"keras-{hashlib.sha256(network + about.encode()).hexdigest()[:24]}-{RULE}",
        network=network,
        blocks={name: size for name, (_, size) in blocks.items()},
        height=height,
        width=width,
        channels=shape.channels,
        scaling=(signature.mean, signature.std),
        channels_first=shape.channels_first,
        bgr=signature.bgr,
    )


def body_graph_of(classifier: KerasClassifier) -> tuple[Graph, dict[str, str]]:
    """The same part of the file as data: scaled pictures to its outputs, and name -> output, as ``Body.blocks`` names them."""
    part = heads.head_inputs(classifier.model.graph)
    return part, {name: output for name, (output, _) in _blocks(part).items()}


def _blocks(part: Graph) -> dict[str, tuple[str, int]]:
    """Name -> the graph's output and its width, the narrower hidden one first."""
    widths = [int(part.shapes[output][-1] or 0) for output in part.outputs]
    first, last = (part.outputs[0], widths[0]), (part.outputs[-1], widths[-1])
    if len(part.outputs) == 1:
        return {POOLED: first}
    return {POOLED: last} if widths[0] > _WIDEST else {HIDDEN: last, POOLED: first}


def _network(part: Graph, names: list[str], picture: tuple[int, int, int], *, channels_first: bool) -> bytes:
    """The ONNX: scaled pictures in, the named outputs out; none of the file's own names is one of ours."""
    model = onnx.compose.add_prefix(to_onnx(part), PREFIX)
    graph = model.graph
    outputs = dict(zip(_outputs(part, names), (value.name for value in graph.output), strict=True))
    graph.node.extend(helper.make_node("Identity", [outputs[name]], [name]) for name in names)
    del graph.output[:]
    graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", None]) for name in names)
    taken = graph.input[0].name
    height, width, channels = picture
    sides = (channels, height, width) if channels_first else picture
    del graph.input[:]
    graph.input.append(helper.make_tensor_value_info(taken, TensorProto.FLOAT, ["batch", *sides]))
    return model.SerializeToString()


def _outputs(part: Graph, names: list[str]) -> list[str]:
    """The names of the graph's outputs, in its order: before all dense layers, before the last."""
    if len(part.outputs) == 1:
        return [POOLED]
    return [POOLED, HIDDEN] if HIDDEN in names else ["", POOLED]
