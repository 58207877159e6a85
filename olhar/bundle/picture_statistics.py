"""What a few plain numbers say of a picture, whatever a network makes of it: light, colour and detail, as operations of ONNX.

Of luma and two differences of colour (ITU-R 601): the mean; the logarithm of the mean square, and of that of what differs from
the mean; and, at up to four sizes, each half of the one before, of that of steps across and down and of what stands out from its
neighbours. A network that learnt from nothing keeps only what parts its classes; these keep what makes
gray, blurred or flat pictures other than those that taught.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from olhar.base import runtime
from olhar.bundle.nodes import Nodes
from olhar.data.cache.on_demand import PixelRows

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_COLOURS = ((0.299, 0.587, 0.114), (-0.168736, -0.331264, 0.5), (0.5, -0.418688, -0.081312))
_STEPS = (
    ((0, 0, 0), (-1, 1, 0), (0, 0, 0)),
    ((0, -1, 0), (0, 1, 0), (0, 0, 0)),
    ((0, -1, 0), (-1, 4, -1), (0, -1, 0)),
)
_SIZES, _SMALLEST = 4, 4
_LEAST = (2 / 255) ** 2
"""Mean squares are told apart from here on: less is rounding, and what JPEG leaves of a gray picture."""
_BATCH, _DOTS = 64, 64 * 96 * 96
_OPSET, _IR = 18, 9


def write_statistics(nodes: Nodes, pictures: str, channels: int, height: int, width: int) -> str:
    """The name of float32 (N, S), what is said of ``pictures``, uint8 (N, height, width, channels)."""
    floats = nodes.add("Mul", nodes.add("Cast", pictures, to=TensorProto.FLOAT), nodes.number(1 / 255))
    planes = nodes.add("Transpose", floats, perm=[0, 3, 1, 2])
    told = list[str]()
    if channels == len(_COLOURS):
        planes = nodes.add("Conv", planes, nodes.array(np.array(_COLOURS, np.float32)[:, :, None, None]))
        told.append(_energy(nodes, planes))
    mean = nodes.add("ReduceMean", planes, nodes.axes(2, 3), keepdims=1)
    told += [nodes.add("Squeeze", mean, nodes.axes(2, 3)), _energy(nodes, nodes.add("Sub", planes, mean))]
    kernels = nodes.array(np.tile(np.array(_STEPS, np.float32)[:, None], (channels, 1, 1, 1)))
    for size in range(_SIZES):
        if min(height, width) < _SMALLEST:
            break
        told.append(_energy(nodes, nodes.add("Conv", planes, kernels, group=channels, kernel_shape=[3, 3])))
        if size + 1 < _SIZES:
            planes = nodes.add("AveragePool", planes, kernel_shape=[2, 2], strides=[2, 2])
            height, width = height // 2, width // 2
    return nodes.add("Concat", *told, axis=1)


def picture_statistics(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The same of pictures at hand, uint8 (N, height, width, channels) -> float32 (N, S), by the very same operations."""
    session = _session(*pixels.shape[1:])
    batches = in_batches(pixels, np.arange(len(pixels)))
    told = [np.asarray(session.run(["told"], {"pictures": np.ascontiguousarray(some)})[0], np.float32) for some in batches]
    return np.concatenate(told)


def in_batches(pixels: PixelRows, rows: NDArray[np.int64]) -> Iterator[NDArray[np.uint8]]:
    """Some of many pictures (N, height, width, channels), so few at once that little memory holds what is computed of them."""
    at_once = max(1, min(_BATCH, _DOTS // (pixels.shape[1] * pixels.shape[2])))
    return (pixels[rows[start : start + at_once]] for start in range(0, len(rows), at_once))


@lru_cache(maxsize=4)
def _session(height: int, width: int, channels: int) -> "InferenceSession":
    source = helper.make_tensor_value_info("pictures", TensorProto.UINT8, ["batch", height, width, channels])
    told = helper.make_tensor_value_info("told", TensorProto.FLOAT, ["batch", "numbers"])
    graph = onnx.GraphProto(name="statistics", input=[source], output=[told])
    nodes = Nodes(graph, "statistics")
    nodes.add("Identity", write_statistics(nodes, "pictures", channels, height, width), output="told")
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
    return runtime.session(model.SerializeToString(), 1)


def _energy(nodes: Nodes, planes: str) -> str:
    """Logarithms of mean squares, (N, C)."""
    squares = nodes.add("ReduceMean", nodes.add("Mul", planes, planes), nodes.axes(2, 3), keepdims=0)
    return nodes.add("Log", nodes.add("Add", squares, nodes.number(_LEAST)))
