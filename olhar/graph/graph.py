"""What a Keras file becomes: a graph of a few operations that holds its weights as NumPy arrays and nothing that runs.

Shapes open with the batch, which is always None; axes are the file's own (channels last, unless the file says otherwise).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Shape: TypeAlias = tuple[int | None, ...]
Pairs: TypeAlias = tuple[tuple[int, int], ...]
Padding: TypeAlias = Literal["valid", "same"] | Pairs


@dataclass(frozen=True, eq=False)
class Weight:
    """One variable of a layer, float32, as Keras holds it, and where it lies in the file.

    Attributes:
        value: the array. Kernels are (height, width, in, out).
        source: the dataset's path in the file; empty where the number came from the configuration.
        outer_first: the file keeps the kernel as (out, in, height, width), as Keras 1 did with channels first.
        flipped: the file keeps the kernel upside down, as Theano did.
        axis_order: the order into which the axes were turned to lie on a turned tensor; empty where they were not.
        learns: whether training changes it.
    """

    value: Floats
    source: str = ""
    outer_first: bool = False
    flipped: bool = False
    learns: bool = True
    axis_order: tuple[int, ...] = ()

    def stored(self, value: Floats) -> Floats:
        """``value``, shaped as this weight, in the order in which the file keeps it."""
        if self.axis_order:
            return value.transpose(np.argsort(self.axis_order))
        spatial = tuple(range(value.ndim - 2))
        turned = np.flip(value, spatial) if self.flipped else value
        return turned.transpose(-1, -2, *spatial) if self.outer_first else turned


@dataclass(frozen=True, eq=False)
class Conv:
    """Correlation. ``kernel`` is (spatial..., in / groups, out); of a depthwise one (spatial..., in, multiplier)."""

    kernel: Weight
    bias: Weight | None
    strides: tuple[int, ...]
    padding: Padding
    dilation: tuple[int, ...]
    groups: int
    depthwise: bool
    channels_first: bool


@dataclass(frozen=True, eq=False)
class ConvTranspose:
    """Transposed correlation. ``kernel`` is (spatial..., out, in).

    ``crops`` are cut off the full result, ``output_padding`` is added at its end.
    """

    kernel: Weight
    bias: Weight | None
    strides: tuple[int, ...]
    crops: Pairs
    output_padding: tuple[int, ...]
    dilation: tuple[int, ...]
    channels_first: bool


@dataclass(frozen=True, eq=False)
class Pool:
    """Maximum or mean over windows; padding counts for neither."""

    kind: Literal["max", "mean"]
    size: tuple[int, ...]
    strides: tuple[int, ...]
    padding: Padding
    channels_first: bool


@dataclass(frozen=True, eq=False)
class Dense:
    """Product of the last axis with ``kernel`` (in, out)."""

    kernel: Weight
    bias: Weight | None


@dataclass(frozen=True, eq=False)
class BatchNorm:
    """``(x - mean) / sqrt(variance + epsilon) * gamma + beta`` along ``axis``; ``momentum`` is Keras's."""

    gamma: Weight
    beta: Weight
    mean: Weight
    variance: Weight
    epsilon: float
    momentum: float
    axis: int


@dataclass(frozen=True, eq=False)
class Normalise:
    """Zero mean and unit variance over ``axes``; ``rms`` leaves the mean; ``unit`` divides by the length."""

    kind: Literal["moments", "rms", "unit"]
    axes: tuple[int, ...]
    epsilon: float


@dataclass(frozen=True, eq=False)
class Affine:
    """``x * scale + shift``; both are numbers, or have every axis of x but the batch."""

    scale: Weight
    shift: Weight


@dataclass(frozen=True, eq=False)
class Activate:
    """One of Keras's activation functions; the numbers mean what they mean there."""

    kind: str
    axis: int = -1
    alpha: float = 0.0
    ceiling: float | None = None
    threshold: float = 0.0


@dataclass(frozen=True, eq=False)
class PRelu:
    """``x`` where positive, ``alpha * x`` elsewhere; alpha has every axis but the batch."""

    alpha: Weight


@dataclass(frozen=True, eq=False)
class Merge:
    """Two or more tensors into one, number by number."""

    kind: Literal["add", "subtract", "multiply", "divide", "mean", "maximum", "minimum"]


@dataclass(frozen=True, eq=False)
class Constant:
    """A number or an array with every axis, the batch being 1; takes no input."""

    value: Floats


@dataclass(frozen=True, eq=False)
class Concat:
    """Tensors set beside each other along ``axis``."""

    axis: int


@dataclass(frozen=True, eq=False)
class Reshape:
    """``shape`` without the batch; one side may be -1."""

    shape: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Transpose:
    """Axes in another order, the batch included."""

    order: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Pad:
    """A border round every axis: a number, or the picture ``reflect``-ed."""

    pairs: Pairs
    mode: Literal["constant", "reflect", "edge"] = "constant"
    value: float = 0.0


@dataclass(frozen=True, eq=False)
class Slice:
    """A part of every axis. A start or stop of None is the end that the step comes from or goes to."""

    parts: tuple[tuple[int | None, int | None, int], ...]


@dataclass(frozen=True, eq=False)
class Resize:
    """A picture brought to ``size`` pixels, pixel centres at the half, or made ``times`` as large."""

    size: tuple[int, ...] | None
    times: tuple[int, ...] | None
    method: Literal["nearest", "bilinear"]
    channels_first: bool


@dataclass(frozen=True, eq=False)
class Reduce:
    """Mean, maximum and the like over ``axes``."""

    kind: Literal["mean", "max", "sum", "min"]
    axes: tuple[int, ...]
    keepdims: bool


@dataclass(frozen=True, eq=False)
class Drop:
    """Dropout: nothing when predicting. ``spatial`` drops whole channels (the last axis but for ``channels_first``)."""

    rate: float
    spatial: bool
    channels_first: bool


@dataclass(frozen=True, eq=False)
class Recurrent:
    """LSTM, GRU or a simple recurrent layer over (batch, time, features), gates in Keras's order.

    ``bias`` has one row, or two (GRU with ``reset_after``: input and recurrent).
    """

    kind: Literal["lstm", "gru", "rnn"]
    kernel: Weight
    recurrent: Weight
    bias: Weight
    activation: str
    gate: str
    reset_after: bool
    backwards: bool
    sequences: bool


Op: TypeAlias = (
    Conv
    | ConvTranspose
    | Pool
    | Dense
    | BatchNorm
    | Normalise
    | Affine
    | Activate
    | PRelu
    | Merge
    | Constant
    | Concat
    | Reshape
    | Transpose
    | Pad
    | Slice
    | Resize
    | Reduce
    | Drop
    | Recurrent
)


@dataclass(frozen=True)
class Node:
    """An operation at its place: the names of what it takes and gives, and the path of the Keras layer that it came from."""

    op: Op
    inputs: tuple[str, ...]
    output: str
    layer: str


@dataclass(frozen=True)
class LayerRow:
    """A line of the table of layers.

    Attributes:
        name: as in the file.
        class_name: the Keras class.
        shape: of the output, where the layer is used.
        parameters: how many numbers it holds.
        path: the name with those of the models round it: ``sequential_1/model1/Conv1``.
        trainable: whether the file lets it learn.
    """

    name: str
    class_name: str
    shape: Shape | None
    parameters: int
    path: str
    trainable: bool = True


@dataclass(frozen=True)
class Graph:
    """A whole model.

    Attributes:
        inputs, outputs: names of tensors, in Keras's order.
        nodes: in an order in which they can be computed.
        shapes: of every tensor.
        layers: the leaf layers, in Keras's order.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    nodes: tuple[Node, ...]
    shapes: Mapping[str, Shape]
    layers: tuple[LayerRow, ...]


def weights_of(op: Op) -> dict[str, Weight]:
    """The weights of an operation by the names of its fields."""
    return {name: value for name, value in vars(op).items() if isinstance(value, Weight)}
