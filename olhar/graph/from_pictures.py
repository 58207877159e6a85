"""A graph that takes scaled pictures -> one that takes pictures of 0..255, the scaling inside."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from olhar.graph import graph as g
from olhar.graph.graph import Graph, Node, Op, Shape, Weight
from olhar.graph.shapes import infer_shape

_PICTURES = "pictures"


def from_pictures(
    graph: Graph,
    shape: tuple[int, int, int],
    mean: tuple[float, ...],
    std: tuple[float, ...],
    *,
    bgr: bool = False,
    channels_first: bool = False,
) -> Graph:
    """The same with what scales its pictures before it.

    Args:
        graph: one input: scaled pictures.
        shape: of a picture: height, width, channels.
        mean, std: one number a channel, on pictures scaled to 0..1.
        bgr: ``graph`` takes blue first.
        channels_first: it takes (N, C, H, W).

    Returns:
        A graph that takes pictures of 0..255, float32 (N, H, W, C), red first.
    """
    ops = list(_ops(mean, std, bgr=bgr, channels_first=channels_first))
    names = [_PICTURES, *(f"{_PICTURES}_{number}" for number in range(1, len(ops))), graph.inputs[0]]
    shapes: dict[str, Shape] = {**graph.shapes, _PICTURES: (None, *shape)}
    before: list[Node] = []
    for op, source, output in zip(ops, names, names[1:], strict=False):
        shapes[output] = infer_shape(op, [shapes[source]], output)
        before.append(Node(op, (source,), output, f"{_PICTURES}_scaled" if source == _PICTURES else output))
    return replace(graph, inputs=(_PICTURES,), nodes=(*before, *graph.nodes), shapes=shapes)


def _ops(mean: tuple[float, ...], std: tuple[float, ...], *, bgr: bool, channels_first: bool) -> list[Op]:
    ops: list[Op] = [scaling(mean, std)]
    if bgr:
        turned = np.eye(3, dtype=np.float32)[::-1].reshape(1, 1, 3, 3)
        kernel = Weight(np.ascontiguousarray(turned), learns=False)
        ops.append(g.Conv(kernel, None, (1, 1), "valid", (1, 1), 1, depthwise=False, channels_first=False))
    if channels_first:
        ops.append(g.Transpose((0, 3, 1, 2)))
    return ops


def scaling(mean: tuple[float, ...], std: tuple[float, ...]) -> g.Affine:
    """Pictures of 0..255 (N, H, W, C) to scaled ones."""
    deviation = np.array(std, np.float64)
    return g.Affine(_a_channel(1 / (255 * deviation)), _a_channel(-np.array(mean, np.float64) / deviation))


def _a_channel(values: NDArray[np.float64]) -> Weight:
    numbers = values.astype(np.float32)
    same = bool((numbers == numbers[0]).all())
    return Weight(numbers[0].reshape(()) if same else numbers.reshape(1, 1, -1), learns=False)
