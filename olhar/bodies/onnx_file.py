"""An ONNX file as a body: cut where its pooled features are, whatever stood behind them.

Exports of timm, torchvision and Hugging Face are such: pictures in, a row of numbers a picture out, or maps, pooled here.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnx.compose
from onnx import TensorProto, helper

from olhar.base import runtime
from olhar.base.errors import ModelError, RecipeError
from olhar.base.scaling import Scaling, mean_and_std
from olhar.bodies.body import POOLED, Body
from olhar.bundle.contract import features_before

RULE = 1
"""Raised whenever a file would be cut otherwise, so that no features outlive their rule."""

_USUAL_SIDE = 224
_LARGEST = 2**31 - 1
_FLATTENING = ("Reshape", "Flatten", "Squeeze")


@dataclass(frozen=True)
class _Input:
    """What a file takes: its name, the place of the channels, and the sides that it fixes (0: free)."""

    name: str
    channels: int
    channels_first: bool
    height: int
    width: int


def file_body(path: Path, scaling: Scaling, side: int = 0) -> Body:
    """The body in an ONNX file.

    Args:
        path: the file.
        scaling: how it wants its pixels, by name.
        side: of its pictures, in pixels, where it leaves that free; 0: 224.

    Raises:
        ModelError: no such file, no ONNX that can be opened, or no network of pictures that ends in a row of features.
        RecipeError: it does not take pictures of that side, or has no such scaling.
    """
    data = _read(path)
    model = _parsed(data, path.name)
    taken = _input(model, path.name)
    height, width = (_side(fixed, side, path.name) for fixed in (taken.height, taken.width))
    numbers = mean_and_std(scaling, taken.channels)
    if numbers is None:
        raise RecipeError("bodies.no_such_scaling", where=path.name, found=scaling)
    network = _cut(model, path.name, (taken, height, width))
    digest = hashlib.sha256(data).hexdigest()
    return Body(
        name=path.name,
        key=f"onnx-{digest[:16]}-{height}x{width}-{scaling}-{RULE}",
        network=network.SerializeToString(),
        blocks={POOLED: _width(network, path.name, (taken, height, width))},
        height=height,
        width=width,
        channels=taken.channels,
        scaling=numbers,
        channels_first=taken.channels_first,
        bgr=scaling == "caffe",
    )


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise ModelError("bodies.not_onnx", where=path.name)
        return path.read_bytes()
    except OSError as error:
        raise ModelError("bundle.unreadable", where=str(path)) from error


def _parsed(data: bytes, where: str) -> onnx.ModelProto:
    """The file as data. One that leaves its weights in another file is refused: a model may not name files to be read."""
    try:
        model = onnx.load_from_string(data)
    except Exception as error:
        raise ModelError("bodies.not_onnx", where=where) from error
    if not model.graph.node:
        raise ModelError("bodies.not_onnx", where=where)
    if any(array.data_location == TensorProto.EXTERNAL for array in model.graph.initializer):
        raise ModelError("bodies.external", where=where)
    return onnx.compose.add_prefix(model, "body_")  # none of its names is one of ours


def _input(model: onnx.ModelProto, where: str) -> _Input:
    arrays = {array.name for array in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in arrays]
    tensor = inputs[0].type.tensor_type if len(inputs) == 1 else None
    sides = [dim.dim_value for dim in tensor.shape.dim] if tensor is not None else []
    if tensor is None or tensor.elem_type != TensorProto.FLOAT or len(sides) != 4:
        raise ModelError("bodies.not_pictures", where=where)
    first = sides[1] in (1, 3) or sides[3] not in (1, 3)
    channels = sides[1 if first else 3] or 3
    height, width = sides[2:4] if first else sides[1:3]
    return _Input(inputs[0].name, channels, first, height, width)


def _side(fixed: int, asked: int, where: str) -> int:
    if fixed and asked and fixed != asked:
        raise RecipeError("bodies.fixed_side", where=where, found=asked, side=fixed)
    return fixed or asked or _USUAL_SIDE


def _cut(model: onnx.ModelProto, where: str, taken: tuple[_Input, int, int]) -> onnx.ModelProto:
    """The file up to its features, as one row of numbers a picture, and nothing that they do not hang on."""
    graph = model.graph
    features = features_before(graph, graph.output[0].name) or graph.output[0].name
    features = _unflattened(model, where, features, taken)
    rank = len(_answer(model, where, features, taken).shape)
    if rank not in (2, 4):
        raise ModelError("bodies.no_features", where=where)
    channels_first = taken[0].channels_first
    pooling = {2: [helper.make_node("Identity", [features], [POOLED])], 4: list(_pooling(features, channels_first))}[rank]
    graph.node.extend(pooling)
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info(POOLED, TensorProto.FLOAT, ["batch", None]))
    _prune(graph)
    del graph.input[:]
    graph.input.append(helper.make_tensor_value_info(taken[0].name, TensorProto.FLOAT, ["batch", *_sides(*taken)]))
    return model


def _unflattened(model: onnx.ModelProto, where: str, features: str, taken: tuple[_Input, int, int]) -> str:
    """Maps of one cell in the place of the row that they become: an export for one picture writes its batch into that step."""
    makers = {name: node for node in model.graph.node for name in node.output}
    node = makers.get(features)
    if node is None or node.op_type not in _FLATTENING:
        return features
    shape = _answer(model, where, node.input[0], taken).shape
    cells = shape[2:] if taken[0].channels_first else shape[1:3]
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


def _sides(taken: _Input, height: int, width: int) -> tuple[int, int, int]:
    """The shape of a picture, in the file's order."""
    return (taken.channels, height, width) if taken.channels_first else (height, width, taken.channels)


def _width(network: onnx.ModelProto, where: str, taken: tuple[_Input, int, int]) -> int:
    """How many numbers it says of a picture.

    Raises:
        ModelError: it was exported for one picture at a time, or gives no finite numbers.
    """
    answer = _answer(network, where, POOLED, taken, pictures=2)
    if answer.shape[0] != 2 or not np.isfinite(answer).all():
        raise ModelError("bodies.one_at_a_time", where=where)
    return int(answer.shape[1])


def _answer(
    model: onnx.ModelProto, where: str, output: str, taken: tuple[_Input, int, int], pictures: int = 1
) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    """What a tensor within it is for gray pictures."""
    shown = onnx.ModelProto()
    shown.CopyFrom(model)
    if output not in {value.name for value in shown.graph.output}:
        shown.graph.output.append(onnx.ValueInfoProto(name=output))
    try:
        session = runtime.session(shown.SerializeToString())
        (answer,) = session.run([output], {taken[0].name: np.zeros((pictures, *_sides(*taken)), np.float32)})
    except ImportError:
        raise
    except Exception as error:
        raise ModelError("bodies.does_not_run", where=where) from error
    return np.asarray(answer)
