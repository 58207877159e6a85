"""The head of a finished run, read again from its weights, and the whole network as a graph."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from olhar.base.signature import Signature
from olhar.bodies.headed_graph import headed_graph
from olhar.bodies.heads.head import Head
from olhar.bodies.opened import names_of, published_graph
from olhar.graph.folding import folded
from olhar.graph.graph import Conv, Graph, Node, Weight


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


def kept_graph(name: str, head: Head, signature: Signature, weights: Path | None = None) -> Graph:
    """A published body and a head: pictures of 0..255 in, probabilities out.

    Args:
        name: of the body.
        head: what turns its outputs into classes.
        signature: the contract of both.
        weights: ``best.safetensors`` of a run whose body has learnt too; None: the body is as it was published.

    Raises:
        ExtraError, ModelError: the weights of the body are not at hand, or not the published ones.
        KeyError: a weight is missing.
    """
    body = published_graph(name, signature.height)
    if weights is not None:
        body = _with_weights(body, load_file(weights))
    return headed_graph(body, dict(zip(names_of(body), body.outputs, strict=True)), head, signature)


def _with_weights(graph: Graph, arrays: Mapping[str, NDArray[np.float32]]) -> Graph:
    """The body, normalisation folded, with the convolutions of a file."""
    whole = folded(graph)
    return replace(whole, nodes=tuple(_of_file(node, arrays) for node in whole.nodes))


def _of_file(node: Node, arrays: Mapping[str, NDArray[np.float32]]) -> Node:
    if not isinstance(node.op, Conv):
        return node
    layer = node.output.removesuffix("_norm")
    axes = (2, 3, 0, 1) if node.op.depthwise else (2, 3, 1, 0)
    kernel, bias = np.ascontiguousarray(arrays[f"{layer}.weight"].transpose(axes)), arrays[f"{layer}.bias"]
    return replace(node, op=replace(node.op, kernel=Weight(kernel), bias=Weight(bias)))
