"""The head of a finished run, read again from its weights, and the whole network as a graph."""

from collections.abc import Sequence
from pathlib import Path

from safetensors.numpy import load_file

from olhar.base.signature import Signature
from olhar.bodies.headed_graph import headed_graph
from olhar.bodies.heads.head import Head
from olhar.bodies.opened import NAMES, published_graph
from olhar.graph.graph import Graph


def kept_head(weights: Path, blocks: Sequence[str]) -> Head:
    """The head in a file of weights.

    Args:
        weights: ``best.safetensors`` of a run.
        blocks: the pooled outputs that it takes, in their order.

    Raises:
        OSError: the file is not there.
        SafetensorError, KeyError, ValueError: it is damaged, or holds no head.
    """
    arrays = load_file(weights)
    scale, offset, kernel, bias = (arrays[f"olhar_head.{name}"] for name in ("scale", "offset", "kernel", "bias"))
    if not scale.shape == offset.shape == kernel.shape[:1] or kernel.shape[1:] != bias.shape:
        raise ValueError(weights.name)
    return Head(tuple(blocks), scale, offset, kernel, bias)


def kept_graph(name: str, head: Head, signature: Signature) -> Graph:
    """A published body and a head: pictures of 0..255 in, probabilities out.

    Raises:
        ExtraError, ModelError: the weights of the body are not at hand, or not the published ones.
    """
    body = published_graph(name, signature.height)
    return headed_graph(body, dict(zip(NAMES, body.outputs, strict=True)), head, signature)
