"""Body: a network opened for what it says of pictures before it names a class, whether published or a person's own file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from olhar.base.scaling import Numbers

if TYPE_CHECKING:
    from olhar.graph.graph import Graph

POOLED = "pooled"
"""The name of the pooled output at a body's end; every body has it."""


@dataclass(frozen=True)
class Body:
    """A network that turns pictures into numbers.

    Attributes:
        name: as a person calls it.
        key: stands for its weights and all that decides its numbers, wherever they are kept.
        network: ONNX, serialised: one input, float32 pictures; the outputs of ``blocks``.
        blocks: pooled outputs, name -> width, in the order in which a picture goes through them; ``pooled``, that at the
            end, comes last.
        height, width: of its pictures, in pixels.
        channels: that it takes: 3, or 1 where it knows gray pictures only.
        scaling: mean and deviation of each channel, on pictures in 0..1.
        channels_first: it takes (N, C, H, W).
        bgr: it takes blue first.
        licence, origin: of its weights, and the pictures that they have seen; empty where nobody says.
        graph: the same as data, to be written in other forms than ONNX; None where there is only ONNX.
    """

    name: str
    key: str
    network: bytes = field(repr=False)
    blocks: Mapping[str, int]
    height: int
    width: int
    channels: int
    scaling: Numbers
    channels_first: bool = False
    bgr: bool = False
    licence: str = ""
    origin: str = ""
    graph: "Graph | None" = field(default=None, repr=False)
