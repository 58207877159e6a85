"""Cutting an ONNX network where its pooled features are: what stood behind them is taken away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper

from olhar.base import runtime
from olhar.base.errors import ModelError
from olhar.bodies.body import POOLED
from olhar.bundle.contract import features_before

PREFIX = "body_"
"""Before all names of the file, so that none of them is one of ours."""
_FLATTENING = ("Reshape", "Flatten", "Squeeze")


@dataclass(frozen=True)
class Input:
    """What a file takes: its name, the place of the channels, and the sides of its pictures (0: free)."""

    name: str
    channels: int
    channels_first: bool
    height: int
    width: int

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of a picture, in the file's order."""
        sides = self.height, self.width
        return (self.channels, *sides) if self.channels_first else (*sides, self.channels)


def cut(model: onnx.ModelProto, where: str, taken: Input) -> onnx.ModelProto:
    """The file up to its features, as one row of numbers a picture, and nothing that they do not hang on."""
    graph = model.graph
    blocks = _blocks_of_a_head_start(graph)
    graph.node.extend(helper.make_node("Identity", [PREFIX + name], [name]) for name in blocks)
    if not blocks:
        graph.node.extend(_features(model, where, taken))
    del graph.output[:]
    graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", None]) for name in blocks or (POOLED,))
    _prune(graph)
    del graph.input[:]
    graph.input.append(helper.make_tensor_value_info(taken.name, TensorProto.FLOAT, ["batch", *taken.shape]))
    return model


def _blocks_of_a_head_start(graph: onnx.GraphProto) -> tuple[str, ...]:
    """The pooled outputs that the head of a bundle of Olhar's looks at; of any other file none."""
    head = next((node for node in graph.node if PREFIX + "olhar_columns" in node.output), None)
    return tuple(name.removeprefix(PREFIX) for name in head.input) if head is not None else ()


def _features(model: onnx.ModelProto, where: str, taken: Input) -> Sequence[onnx.NodeProto]:
    """The nodes that make one row of numbers a picture of the file's features."""
    graph = model.graph
    features = features_before(graph, graph.output[0].name) or graph.output[0].name
    features = _unflattened(model, where, features, taken)
    rank = len(_answer(model, where, features, taken).shape)
    if rank not in (2, 4):
        raise ModelError("bodies.no_features", where=where)
    if rank == 2:
        return [helper.make_node("Identity", [features], [POOLED])]
    return list(_pooling(features, taken.channels_first))


def _unflattened(model: onnx.ModelProto, where: str, features: str, taken: Input) -> str:
    """Maps of one cell in the place of the row that they become: an export for one picture writes its batch into that step."""
    makers = {name: node for node in model.graph.node for name in node.output}
    node = makers.get(features)
    if node is None or node.op_type not in _FLATTENING:
        return features
    shape = _answer(model, where, node.input[0], taken).shape
    cells = shape[2:] if taken.channels_first else shape[1:3]
    return node.input[0] if len(shape) == 4 and cells == (1, 1) else features


def _pooling(features: str, channels_first: bool) -> Iterator[onnx.NodeProto]:
    """The mean over height and width."""
    maps = features
    if not channels_first:
        maps = f"{POOLED}_maps"
        yield helper.make_node("Transpose", [features], [maps], perm=[0, 3, 1, 2])
    yield helper.make_node("GlobalAveragePool", [maps], [f"{POOLED}_cells"])
    yield helper.make_node("Flatten", [f"{POOLED}_cells"], [POOLED], axis=1)


def _prune(graph: onnx.GraphProto) -> None:
    """Take away what no output hangs on."""
    wanted = {value.name for value in graph.output}
    nodes: list[onnx.NodeProto] = []
    for node in reversed(graph.node):
        if wanted & set(node.output):
            nodes.append(node)
            wanted.update(_taken_by(node))
    arrays = [array for array in graph.initializer if array.name in wanted]
    del graph.node[:], graph.initializer[:], graph.value_info[:]
    graph.node.extend(reversed(nodes))
    graph.initializer.extend(arrays)


def _taken_by(node: onnx.NodeProto) -> set[str]:
    """What a node takes, those within its branches and loops included."""
    inner = {name for attribute in node.attribute for inside in attribute.g.node for name in _taken_by(inside)}
    return {*node.input} | inner


def widths(network: onnx.ModelProto, where: str, taken: Input) -> dict[str, int]:
    """How many numbers each output says of a picture.

    Raises:
        ModelError: it was exported for one picture at a time, or gives no finite numbers.
    """
    answers = {value.name: _answer(network, where, value.name, taken, pictures=2) for value in network.graph.output}
    if any(answer.shape[0] != 2 or not np.isfinite(answer).all() for answer in answers.values()):
        raise ModelError("bodies.one_at_a_time", where=where)
    return {name: int(answer.shape[1]) for name, answer in answers.items()}


def _answer(
    model: onnx.ModelProto, where: str, output: str, taken: Input, pictures: int = 1
) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    """What a tensor within it is for gray pictures."""
    shown = onnx.ModelProto()
    shown.CopyFrom(model)
    if output not in {value.name for value in shown.graph.output}:
        shown.graph.output.append(onnx.ValueInfoProto(name=output))
    try:
        session = runtime.session(shown.SerializeToString())
        (answer,) = session.run([output], {taken.name: np.zeros((pictures, *taken.shape), np.float32)})
    except ImportError:
        raise
    except Exception as error:
        raise ModelError("bodies.does_not_run", where=where) from error
    return np.asarray(answer)
