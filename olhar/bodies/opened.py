"""A name -> a Body: its weights found, checked, built as a graph and written as ONNX; the ONNX is kept in the cache.

Where it lies there, nothing of graphs is imported.
"""

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import onnx

from olhar.base.errors import RecipeError
from olhar.base.files import write_whole
from olhar.base.scaling import mean_and_std
from olhar.bodies.body import POOLED, Body
from olhar.bodies.heads.candidates import LAYOUT
from olhar.bodies.published import PUBLISHED, PublishedBody
from olhar.data.cache.folder import cache_folder

if TYPE_CHECKING:
    from olhar.graph.graph import Graph

RULE = 2
"""Raised whenever a body would be built otherwise, so that no file in the cache and no features outlive their rule."""

EARLIER = (13, 9, 5, 1)
"""Blocks, counted from the end, that a head may look at beside the features, where all is lost that ImageNet does not need."""
LAID_OUT = 5
"""The block, counted in the same way, of which it is told too where in the picture: see ``heads.candidates``."""
NAMES = (*(f"block_{place}" for place in EARLIER), LAYOUT, POOLED)
"""Of the outputs of a published body, the features last."""
_FORM = 2
"""Of the files that are kept: another number where their names or operations become others, so that older ones are not taken."""
STEP, SMALLEST, LARGEST = 32, 32, 640
"""Sides that a published body takes: it halves its maps five times."""


def published_body(name: str, side: int = 0) -> Body:
    """A body by its name.

    Args:
        name: of ``PUBLISHED``.
        side: of its pictures, in pixels; 0: the side that it was taught with.

    Raises:
        ExtraError: its package is not installed.
        ModelError: its file is not the published one.
        RecipeError: it does not take pictures of that side.
    """
    published = PUBLISHED[name]
    side = side or published.side
    if side != published.side and (side % STEP or not SMALLEST <= side <= LARGEST):
        raise RecipeError("bodies.side", name=name, found=side, step=STEP, least=SMALLEST, most=LARGEST, usual=published.side)
    key = f"{name}-{side}-{published.sha256[:12]}-{RULE}"
    network = _kept(key) or _built(published, side, key)
    scaling = mean_and_std("lite", 3)
    assert scaling is not None
    return Body(
        name=name,
        key=key,
        network=network,
        blocks=_blocks(network),
        height=side,
        width=side,
        channels=3,
        scaling=scaling,
        licence=published.licence,
        origin=published.origin,
    )


def published_graph(name: str, side: int) -> "Graph":
    """The same as data: pictures, float32 (N, side, side, 3), to its pooled outputs.

    Raises:
        ExtraError, ModelError: as ``published_body``.
    """
    from olhar.bodies.efficientnet_lite import body_graph
    from olhar.bodies.weights import read_body_weights

    published = PUBLISHED[name]
    return body_graph(read_body_weights(published), published.depth, side, EARLIER, LAID_OUT)


def names_of(graph: "Graph") -> tuple[str, ...]:
    """What the outputs of a published body are called, in their order: the smallest pictures have no layout."""
    return NAMES if len(graph.outputs) == len(NAMES) else tuple(name for name in NAMES if name != LAYOUT)


def _built(published: PublishedBody, side: int, key: str) -> bytes:
    """The ONNX, written into the cache too; a cache that may only be read is no fault."""
    network = network_of(published_graph(published.name, side))
    path = _path(key)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, network)
        write_whole(path.with_suffix(".sha256"), _checksum(network).encode())
    return network


def network_of(graph: "Graph") -> bytes:
    """The ONNX of a published body's graph, whatever weights are in it: outputs and arrays by their names."""
    from olhar.graph.to_onnx import to_onnx

    model = to_onnx(graph)
    makers = {name: node for node in model.graph.node for name in node.output}
    for output, name in zip(model.graph.output, names_of(graph), strict=True):
        makers[output.name].output[0] = output.name = name
    _name_arrays(model)
    return model.SerializeToString()


def _name_arrays(model: onnx.ModelProto) -> None:
    """Call each convolution's arrays after its layer, so that a file of weights says what they are."""
    names = {
        array: f"{node.output[0].removesuffix('_norm')}.{kind}"
        for node in model.graph.node
        if node.op_type == "Conv"
        for array, kind in zip(node.input[1:], ("weight", "bias"), strict=False)
    }
    for array in model.graph.initializer:
        array.name = names.get(array.name, array.name)
    for node in model.graph.node:
        for place, name in enumerate(node.input):
            node.input[place] = names.get(name, name)


def _kept(key: str) -> bytes | None:
    """The ONNX as an earlier call wrote it; None where it did not, or something else lies there."""
    path = _path(key)
    try:
        network = path.read_bytes()
        whole = path.with_suffix(".sha256").read_text(encoding="ascii") == _checksum(network)
    except (OSError, ValueError):
        return None
    return network if whole else None


def _path(key: str) -> Path:
    return cache_folder() / "bodies" / f"{key}-{_FORM}.onnx"


def _checksum(network: bytes) -> str:
    return hashlib.sha256(network).hexdigest()


def _blocks(network: bytes) -> dict[str, int]:
    """The outputs of an ONNX and their widths."""
    outputs = onnx.load_from_string(network).graph.output
    return {output.name: output.type.tensor_type.shape.dim[1].dim_value for output in outputs}
