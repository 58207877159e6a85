"""What a bundle's ONNX says: its nodes for one picture, every shape settled, and what their attributes mean."""

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
import onnx

from olhar.base import runtime
from olhar.exports.lying import Lying

OUTPUT = "probabilities"
LEAST, MOST = -3.4028234663852886e38, 3.4028234663852886e38


def for_one(bundle: bytes, outputs: Sequence[str] = (OUTPUT,)) -> onnx.ModelProto:
    """The model with a batch of one and these outputs alone; ONNX Runtime works out what is known beforehand."""
    model = onnx.load_from_string(bundle)
    del model.graph.value_info[:]
    others = [output for output in model.graph.output if output.name not in outputs]
    for output in others:
        model.graph.output.remove(output)
    for value in (model.graph.input[0], *model.graph.output):
        value.type.tensor_type.shape.dim[0].dim_value = 1
    return onnx.load_from_string(runtime.simplified(model.SerializeToString()))


def needed(graph: onnx.GraphProto, outputs: Sequence[str] = (OUTPUT,)) -> list[onnx.NodeProto]:
    """What the outputs hang on, in its order; what tells strangers stands behind the probabilities."""
    wanted, nodes = set(outputs), list[onnx.NodeProto]()
    for node in reversed(graph.node):
        if wanted & {*node.output}:
            nodes.append(node)
            wanted.update(node.input)
    return nodes[::-1]


def kept_between(kind: str, inputs: Sequence[Any]) -> tuple[float, float] | None:
    """Between which numbers an operation keeps what it is given; None where it does something else."""
    if kind == "Relu":
        return 0.0, MOST
    if kind != "Clip" or any(isinstance(value, Lying) for value in inputs[1:]):
        return None
    low, high = [*(None if v is None else float(np.asarray(v).ravel()[0]) for v in inputs[1:]), None, None][:2]
    return LEAST if low is None else low, MOST if high is None else high


def windows(attributes: dict[str, Any], sides: Sequence[int], window: Sequence[int]) -> tuple[list[int], ...]:
    """Strides, dilations, borders before and sides after, along height and width."""
    strides = list(attributes.get("strides", [1] * len(window)))
    dilations = list(attributes.get("dilations", [1] * len(window)))
    reach = [(w - 1) * d + 1 for w, d in zip(window, dilations, strict=True)]
    auto = attributes.get("auto_pad", b"NOTSET")
    if auto in (b"SAME_UPPER", b"SAME_LOWER"):
        after = [-(-side // stride) for side, stride in zip(sides, strides, strict=True)]
        spare = [max(0, (a - 1) * s + r - side) for a, s, r, side in zip(after, strides, reach, sides, strict=True)]
        return strides, dilations, [(x + (auto == b"SAME_LOWER")) // 2 for x in spare], after
    pads = list(attributes.get("pads", [0] * 2 * len(window)))
    up = ceil if attributes.get("ceil_mode", 0) else int
    n = len(window)
    after = [up((sides[i] + pads[i] + pads[i + n] - reach[i]) / strides[i]) + 1 for i in range(n)]
    for i in range(n):
        if up is ceil and (after[i] - 1) * strides[i] >= sides[i] + pads[i]:
            after[i] -= 1  # a window that begins behind the picture is none
    return strides, dilations, pads[:n], after
