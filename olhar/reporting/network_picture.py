"""The network as a picture: its layers as boxes, those of one shape together; as numbers, the page draws them."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from olhar.base.layer import Layer

MOST = 40
"""More boxes are not drawn."""

_TALL, _WIDE, _LEAST = 96, 64, 4
_POOLING = "GlobalAveragePooling"


@dataclass(frozen=True)
class Box:
    """Layers in a row that give the same shape.

    Attributes:
        height, width: of the box in pixels: by the side of what it gives, and by its channels.
        sides: what it gives, as ``32 × 32 × 16``; empty where that is not known.
        kinds: of the layers, each with its number.
        parameters: of all of them.
    """

    height: int
    width: int
    sides: str
    kinds: tuple[tuple[str, int], ...]
    parameters: int


def boxes(layers: Sequence[Layer]) -> list[Box]:
    """From the pictures to the answers; layers of one shape are one box, and of very many also those of one side."""
    first = any(layer.kind.endswith("2d") for layer in layers)
    shapes = [_Shape.of(layer, first) for layer in layers]
    both = zip(shapes, layers, strict=True)
    fine = _grouped(layers, shapes, [(shape.side, shape.channels, layer.kind == _POOLING) for shape, layer in both])
    coarse = fine if len(fine) <= MOST else _grouped(layers, shapes, [(shape.side, 0, False) for shape in shapes])
    largest = max((shape.side for _, shape in coarse), default=1)
    return [_box(some, shape, largest) for some, shape in coarse]


@dataclass(frozen=True)
class _Shape:
    """The side of maps, 0 where there are none, and how many channels or numbers."""

    side: int
    channels: int

    @classmethod
    def of(cls, layer: Layer, channels_first: bool) -> "_Shape":
        sides = [side or 0 for side in layer.shape or ()]
        if len(sides) != 3:
            return cls(0, math.prod(sides) if sides else 0)
        return cls(max(sides[1:]), sides[0]) if channels_first else cls(max(sides[:2]), sides[2])


def _grouped(
    layers: Sequence[Layer], shapes: Sequence[_Shape], by: Sequence[tuple[int, int, bool]]
) -> list[tuple[list[Layer], _Shape]]:
    """Layers in a row that are alike, and the shape of the last; poolings side by side are added up."""
    keys = [(0, 0, True) if key[2] else key for key in by]
    found: list[tuple[list[Layer], _Shape]] = []
    for key, some in groupby(range(len(layers)), key=lambda i: keys[i]):
        places = list(some)
        channels = sum(shapes[i].channels for i in places) if key[2] else shapes[places[-1]].channels
        found.append(([layers[i] for i in places], _Shape(shapes[places[-1]].side, channels)))
    return found


def _box(layers: Sequence[Layer], shape: _Shape, largest: int) -> Box:
    kinds = tuple(Counter(layer.kind for layer in layers).items())
    height = round(_TALL * math.sqrt(shape.side / largest)) if shape.side else round(_TALL / 2)
    width = min(_WIDE, round(6 * math.log2(shape.channels + 1))) if shape.side else _LEAST + 4
    sides = f"{shape.side} × {shape.side} × {shape.channels}" if shape.side else str(shape.channels) if shape.channels else ""
    return Box(max(_LEAST, height), max(_LEAST, width), sides, kinds, sum(layer.parameters for layer in layers))
