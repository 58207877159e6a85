"""Graph -> a torch module with its own parameters: imported on first use only, for fine-tuning.

The leaf layers stand in ``leaves`` in Keras's order under their Keras names, so that the last N can be told from the rest
and ``weights()`` can give every variable back as the file keeps it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from olhar.graph import graph as g
from olhar.graph.graph import Floats, Graph, Node, Weight
from olhar.graph.layout import to_channels_first
from olhar.graph.shapes import pads


class Leaf(nn.Module):
    """One Keras layer: the parameters of all its operations, once each.

    Attributes:
        keras_name, keras_class: as in the file.
        path: the name with those of the models round it.
    """

    def __init__(self, name: str, keras_class: str, path: str) -> None:
        super().__init__()
        self.keras_name, self.keras_class, self.path = name, keras_class, path
        self.weights: dict[str, Weight] = {}

    def tensor(self, weight: Weight, name: str) -> Tensor:
        """The parameter (or, where training leaves it alone, the buffer) of a weight; made once."""
        existing = self.key(weight)
        if existing:
            return getattr(self, existing)
        key = name if name not in self.weights else f"{name}_{len(self.weights)}"
        value = torch.from_numpy(weight.value.copy())
        if weight.learns:
            self.register_parameter(key, nn.Parameter(value))
        else:
            self.register_buffer(key, value)
        self.weights[key] = weight
        return getattr(self, key)

    def key(self, weight: Weight) -> str:
        """Under which name a weight is kept, empty where it is not yet."""
        for key, held in self.weights.items():
            if held is weight or (weight.source and (held.source, held.axis_order) == (weight.source, weight.axis_order)):
                return key
        return ""


class KerasModule(nn.Module):
    """A Keras model in torch.

    ``forward`` takes what ``KerasModel.predict`` takes (channels last where the file says so), as float32 tensors, and gives
    the same numbers: a tensor, or a list of them where the model has several outputs.

    Attributes:
        leaves: the leaf layers in Keras's order.
    """

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self.graph = to_channels_first(graph)
        self.leaves = nn.ModuleList(Leaf(row.name, row.class_name, row.path) for row in graph.layers)
        self._by_path: dict[str, Leaf] = {row.path: leaf for row, leaf in zip(graph.layers, self.leaves, strict=True)}  # pyright: ignore[reportAttributeAccessIssue]
        self._steps = [(node, self._operands(node)) for node in self.graph.nodes]

    def _operands(self, node: Node) -> dict[str, tuple[Leaf, str, tuple[int, ...]]]:
        """Where each weight of a node is kept, and in what shape the node wants it."""
        operands: dict[str, tuple[Leaf, str, tuple[int, ...]]] = {}
        weights = {"value": Weight(node.op.value, learns=False)} if isinstance(node.op, g.Constant) else g.weights_of(node.op)
        for field, weight in weights.items():
            leaf = self._by_path[node.layer]
            leaf.tensor(weight, field)
            operands[field] = leaf, leaf.key(weight), weight.value.shape
        return operands

    def forward(self, *inputs: Tensor) -> Tensor | list[Tensor]:
        """The model's answer to (N, ...) float32 tensors, one an input."""
        return self.compute(dict(zip(self.graph.inputs, inputs, strict=True)))

    def compute(self, tensors: dict[str, Tensor], done: Collection[str] = ()) -> Tensor | list[Tensor]:
        """The model's answer, from the tensors that are known; nodes whose outputs are ``done`` are left out."""
        for node, operands in self._steps:
            if node.output in done:
                continue
            weights = {field: getattr(leaf, key).reshape(shape) for field, (leaf, key, shape) in operands.items()}
            arguments = [tensors[name] for name in node.inputs]
            leaf = self._by_path.get(node.layer)
            learning = leaf.training if leaf is not None else self.training
            tensors[node.output] = _COMPUTE[type(node.op)](node.op, arguments, weights, learning)
        outputs = [tensors[name] for name in self.graph.outputs]
        return outputs if len(outputs) > 1 else outputs[0]

    def weights(self) -> Mapping[str, Floats]:
        """Every variable by its path in the file, in the order of axes in which the file keeps it."""
        weights: dict[str, Floats] = {}
        for leaf in self._by_path.values():
            for key, weight in leaf.weights.items():
                if weight.source:
                    value = getattr(leaf, key).detach().cpu().numpy().astype(np.float32)
                    weights[weight.source] = np.ascontiguousarray(weight.stored(value))
        return weights

    def weights_by_node(self) -> dict[str, dict[str, Floats]]:
        """The weights of each operation as they stand: output of the node -> field -> array with the axes of the graph given."""
        arrays: dict[str, dict[str, Floats]] = {}
        for node, operands in self._steps:
            for field, weight in g.weights_of(node.op).items():
                leaf, key, shape = operands[field]
                value = getattr(leaf, key).detach().cpu().float().reshape(shape).numpy()
                plain = value.transpose(np.argsort(weight.axis_order)) if weight.axis_order else value
                arrays.setdefault(node.output, {})[field] = np.ascontiguousarray(plain)
        return arrays


WeightTensors = Mapping[str, Tensor]


def _outer_first(kernel: Tensor) -> Tensor:
    """(spatial..., in, out) -> (out, in, spatial...)."""
    return kernel.permute(-1, -2, *range(kernel.ndim - 2))


def _depthwise_first(kernel: Tensor) -> Tensor:
    """(spatial..., in, multiplier) -> (in * multiplier, 1, spatial...)."""
    return kernel.permute(-2, -1, *range(kernel.ndim - 2)).flatten(0, 1).unsqueeze(1)


def _padded(x: Tensor, pairs: Sequence[tuple[int, int]], value: float = 0.0) -> Tensor:
    flat = [number for pair in reversed(pairs) for number in pair]
    return F.pad(x, flat, value=value) if any(flat) else x


def _conv(op: g.Conv, x: list[Tensor], weights: WeightTensors, _: bool) -> Tensor:
    kernel, function = weights["kernel"], (F.conv1d, F.conv2d, F.conv3d)[len(op.strides) - 1]
    pairs = pads(op.padding, x[0].shape[2:], kernel.shape[:-2], op.strides, op.dilation)
    kernel = _depthwise_first(kernel) if op.depthwise else _outer_first(kernel)
    symmetric = all(before == after for before, after in pairs)
    value = x[0] if symmetric else _padded(x[0], pairs)
    padding = [before for before, _ in pairs] if symmetric else 0
    return function(value, kernel, weights.get("bias"), op.strides, padding, op.dilation, op.groups)  # pyright: ignore[reportArgumentType]


def _conv_transpose(op: g.ConvTranspose, x: list[Tensor], weights: WeightTensors, _: bool) -> Tensor:
    count = len(op.strides)
    function = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[count - 1]
    full = function(x[0], _outer_first(weights["kernel"]), None, op.strides, dilation=op.dilation)  # pyright: ignore[reportArgumentType]
    pairs = [(-before, extra - after) for (before, after), extra in zip(op.crops, op.output_padding, strict=True)]
    value = _padded(full, pairs)
    return value + weights["bias"].reshape(-1, *(1,) * count) if "bias" in weights else value


def _pool(op: g.Pool, x: list[Tensor], _: WeightTensors, __: bool) -> Tensor:
    count = len(op.size)
    pairs = pads(op.padding, x[0].shape[2:], op.size, op.strides, (1,) * count)
    if op.kind == "max":
        return (F.max_pool1d, F.max_pool2d, F.max_pool3d)[count - 1](_padded(x[0], pairs, -torch.inf), op.size, op.strides)  # pyright: ignore[reportArgumentType]
    average = (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)[count - 1]
    averages = average(_padded(x[0], pairs), op.size, op.strides)  # pyright: ignore[reportArgumentType]
    if not any(sum(pair) for pair in pairs):
        return averages
    real_share = average(_padded(torch.ones_like(x[0][:1, :1]), pairs), op.size, op.strides)  # pyright: ignore[reportArgumentType]
    return averages / real_share


def _dense(_: g.Dense, x: list[Tensor], weights: WeightTensors, __: bool) -> Tensor:
    return F.linear(x[0], weights["kernel"].T, weights.get("bias"))


def _batch_norm(op: g.BatchNorm, x: list[Tensor], weights: WeightTensors, learning: bool) -> Tensor:
    return F.batch_norm(
        x[0], weights["mean"], weights["variance"], weights["gamma"], weights["beta"], learning, 1 - op.momentum, op.epsilon
    )


def _normalise(op: g.Normalise, x: list[Tensor], _: WeightTensors, __: bool) -> Tensor:
    value = x[0] - x[0].mean(op.axes, keepdim=True) if op.kind == "moments" else x[0]
    square = value * value
    if op.kind == "unit":
        return value * square.sum(op.axes, keepdim=True).clamp_min(op.epsilon).rsqrt()
    return value * (square.mean(op.axes, keepdim=True) + op.epsilon).rsqrt()


def _relu(op: g.Activate, x: Tensor) -> Tensor:
    if op.threshold:
        high = x if op.ceiling is None else x.clamp_max(op.ceiling)
        return torch.where(x >= op.threshold, high, op.alpha * (x - op.threshold))
    value = F.leaky_relu(x, op.alpha) if op.alpha else F.relu(x)
    return value if op.ceiling is None else value.clamp_max(op.ceiling)


_FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "selu": F.selu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softplus": F.softplus,
    "softsign": F.softsign,
    "swish": F.silu,
    "exponential": torch.exp,
    "mish": F.mish,
    "gelu": F.gelu,
    "hard_swish": F.hardswish,
    "log_sigmoid": F.logsigmoid,
}


def _activate(op: g.Activate, x: list[Tensor], _: WeightTensors, __: bool) -> Tensor:
    match op.kind:
        case "relu":
            return _relu(op, x[0])
        case "softmax":
            return torch.softmax(x[0], op.axis)
        case "log_softmax":
            return torch.log_softmax(x[0], op.axis)
        case "elu":
            return F.elu(x[0], op.alpha)
        case "hard_sigmoid":
            return (op.alpha * x[0] + 0.5).clamp(0, 1)
        case kind:
            return _FUNCTIONS[kind](x[0])


def _merge(op: g.Merge, x: list[Tensor], _: WeightTensors, __: bool) -> Tensor:
    pairwise: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
        "add": torch.add,
        "mean": torch.add,
        "subtract": torch.sub,
        "multiply": torch.mul,
        "divide": torch.div,
        "maximum": torch.maximum,
        "minimum": torch.minimum,
    }
    total = x[0]
    for operand in x[1:]:
        total = pairwise[op.kind](total, operand)
    return total / len(x) if op.kind == "mean" else total


def _slice(op: g.Slice, x: list[Tensor], _: WeightTensors, __: bool) -> Tensor:
    value = x[0]
    for axis, part in enumerate(op.parts):
        if part != (None, None, 1):
            indices = np.arange(value.shape[axis])[slice(*part)].copy()
            value = value.index_select(axis, torch.from_numpy(indices).to(value.device))
    return value


def _pad(op: g.Pad, x: list[Tensor], _: WeightTensors, __: bool) -> Tensor:
    return _padded(x[0], op.pairs, op.value)


def _resize(op: g.Resize, x: list[Tensor], _: WeightTensors, __: bool) -> Tensor:
    size = op.size or tuple(int(side) * times for side, times in zip(x[0].shape[2:], op.times or (), strict=True))
    if op.method == "nearest":
        return F.interpolate(x[0], size, mode="nearest-exact")  # pyright: ignore[reportArgumentType]
    return F.interpolate(x[0], size, mode="bilinear", align_corners=False)  # pyright: ignore[reportArgumentType]


def _reduce(op: g.Reduce, x: list[Tensor], _: WeightTensors, __: bool) -> Tensor:
    table: dict[str, Callable[..., Tensor]] = {"mean": torch.mean, "sum": torch.sum, "max": torch.amax, "min": torch.amin}
    return table[op.kind](x[0], dim=op.axes, keepdim=op.keepdims)


def _drop(op: g.Drop, x: list[Tensor], _: WeightTensors, learning: bool) -> Tensor:
    if not learning or not op.rate:
        return x[0]
    if not op.spatial:
        return F.dropout(x[0], op.rate, True)
    shape = (*x[0].shape[:2], *(1,) * (x[0].ndim - 2))
    return x[0] * F.dropout(x[0].new_ones(shape), op.rate, True)


_GATES: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": F.relu,
    "hard_sigmoid": lambda x: (0.2 * x + 0.5).clamp(0, 1),
}


def _recurrent(op: g.Recurrent, x: list[Tensor], weights: WeightTensors, _: bool) -> Tensor:
    recurrent_kernel, bias = weights["recurrent"], weights["bias"]
    state = x[0].new_zeros(len(x[0]), recurrent_kernel.shape[0])
    memory, outputs = state, list[Tensor]()
    projected = x[0] @ weights["kernel"] + (bias[0] if bias.ndim == 2 else bias)
    steps = projected.flip(1) if op.backwards else projected
    for step in steps.unbind(1):
        state, memory = _step(op, step, state, memory, recurrent_kernel, bias)
        outputs.append(state)
    return torch.stack(outputs, 1) if op.sequences else state


def _step(
    op: g.Recurrent, projected: Tensor, state: Tensor, memory: Tensor, recurrent_kernel: Tensor, bias: Tensor
) -> tuple[Tensor, Tensor]:
    gate, cell = _GATES[op.gate], _GATES[op.activation]
    units = state.shape[1]
    if op.kind == "rnn":
        return cell(projected + state @ recurrent_kernel), memory
    if op.kind == "lstm":
        i, f, c, o = (projected + state @ recurrent_kernel).split(units, 1)
        memory = gate(f) * memory + gate(i) * cell(c)
        return gate(o) * cell(memory), memory
    z, r, h = projected.split(units, 1)
    gates = state @ recurrent_kernel[:, : 2 * units] + (bias[1, : 2 * units] if op.reset_after else 0)
    z, r = gate(z + gates[:, :units]), gate(r + gates[:, units:])
    if op.reset_after:
        new = cell(h + r * (state @ recurrent_kernel[:, 2 * units :] + bias[1, 2 * units :]))
    else:
        new = cell(h + (r * state) @ recurrent_kernel[:, 2 * units :])
    return z * state + (1 - z) * new, memory


_COMPUTE: dict[type, Callable[[Any, list[Tensor], WeightTensors, bool], Tensor]] = {
    g.Conv: _conv,
    g.ConvTranspose: _conv_transpose,
    g.Pool: _pool,
    g.Dense: _dense,
    g.BatchNorm: _batch_norm,
    g.Normalise: _normalise,
    g.Affine: lambda _, x, weights, __: x[0] * weights["scale"] + weights["shift"],
    g.Activate: _activate,
    g.PRelu: lambda _, x, weights, __: torch.where(x[0] > 0, x[0], weights["alpha"] * x[0]),
    g.Merge: _merge,
    g.Constant: lambda _, __, weights, ___: weights["value"],
    g.Concat: lambda op, x, _, __: torch.cat(x, op.axis),
    g.Reshape: lambda op, x, _, __: x[0].reshape(len(x[0]), *op.shape),
    g.Transpose: lambda op, x, _, __: x[0].permute(op.order),
    g.Pad: _pad,
    g.Slice: _slice,
    g.Resize: _resize,
    g.Reduce: _reduce,
    g.Drop: _drop,
    g.Recurrent: _recurrent,
}
