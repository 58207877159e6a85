"""A torch network -> the graph: its layers by their types, so that it can be written as a Keras model. Needs torch."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from torch import Tensor, fx, nn

from olhar.base.errors import ModelError, naming
from olhar.graph import graph as g
from olhar.graph.from_pictures import scaling
from olhar.graph.graph import Graph, Node, Op, Shape, Weight
from olhar.graph.shapes import infer_shape


def from_torch(network: nn.Module, shape: tuple[int, int, int], mean: tuple[float, ...], std: tuple[float, ...]) -> Graph:
    """The graph of a network with its scaling before it and softmax behind it.

    Args:
        network: takes scaled float32 (N, C, H, W) and gives logits (N, K).
        shape: of a picture: height, width, channels.
        mean, std: one number a channel, on pictures scaled to 0..1.

    Returns:
        A graph that takes pictures of 0..255 (N, H, W, C) and gives probabilities (N, K).

    Raises:
        ModelError: a layer or a function of the network's that no Keras layer stands for, which is named.
    """
    draft = _GraphDraft(network)
    pictures = draft.source((None, *shape))
    with naming(type(network).__name__):
        scaled = draft.emit(scaling(mean, std), pictures)
        logits = draft.trace(draft.emit(g.Transpose((0, 3, 1, 2)), scaled))
        probabilities = draft.emit(g.Activate("softmax", axis=1), logits)
    return Graph((pictures,), (probabilities,), tuple(draft.nodes), draft.shapes, ())


def plain_from_torch(network: nn.Module, shape: tuple[int, int, int]) -> Graph:
    """The graph of a network alone: it takes scaled pictures (N, C, H, W) and gives logits (N, K).

    Args:
        network: as of ``from_torch``.
        shape: of a picture: height, width, channels.

    Raises:
        ModelError: as ``from_torch``.
    """
    draft = _GraphDraft(network)
    height, width, channels = shape
    pictures = draft.source((None, channels, height, width))
    with naming(type(network).__name__):
        logits = draft.trace(pictures)
    return Graph((pictures,), (logits,), tuple(draft.nodes), draft.shapes, ())


class _GraphDraft:
    """The graph as it grows, step by step with torch's own record of the network."""

    def __init__(self, network: nn.Module) -> None:
        self.network = network
        self.nodes: list[Node] = []
        self.shapes: dict[str, Shape] = {}

    def source(self, shape: Shape) -> str:
        name = f"x{len(self.shapes)}"
        self.shapes[name] = shape
        return name

    def emit(self, op: Op, *inputs: str) -> str:
        name = self.source(infer_shape(op, [self.shapes[input_name] for input_name in inputs], type(op).__name__))
        self.nodes.append(Node(op, inputs, name, ""))
        return name

    def trace(self, entry: str) -> str:
        """The network's nodes after ``entry``; the name of what it gives."""
        try:
            record = fx.Tracer().trace(self.network)
        except Exception as error:  # a forward that asks after the numbers themselves cannot be recorded, in many ways
            raise ModelError("export.untraceable", layer=type(self.network).__name__) from error
        values: dict[fx.Node, Any] = {}
        for step in record.nodes:
            if step.op == "placeholder":
                values[step] = entry
            elif step.op == "output":
                return values[step.args[0]]  # pyright: ignore[reportArgumentType]
            else:
                values[step] = self._step(step, values)
        raise AssertionError("torch's records end in an output")

    def _step(self, step: fx.Node, values: Mapping[fx.Node, Any]) -> Any:
        args, options = fx.map_arg((step.args, step.kwargs), values.__getitem__)
        if step.op == "get_attr":
            return operator.attrgetter(str(step.target))(self.network)
        if step.op == "call_module":
            module = self.network.get_submodule(str(step.target))
            rule: Any = next((rule for kind, rule in _MODULES.items() if isinstance(module, kind)), None)
            output = rule(self, module, *args) if rule else None
            name = f"{step.target} ({type(module).__name__})"
        else:
            name = step.target if isinstance(step.target, str) else getattr(step.target, "__name__", str(step.target))
            rule = _FUNCTIONS.get(str(name))
            output = rule(self, *args, **options) if rule else None
        if output is None:
            raise ModelError("export.no_keras_layer", layer=str(name))
        return output

    def channels(self, value: str) -> int:
        return int(self.shapes[value][1] or 0)

    def spatial(self, value: str) -> tuple[int, ...]:
        return tuple(range(2, len(self.shapes[value])))


def _weight(tensor: Tensor) -> Weight:
    return Weight(tensor.detach().cpu().float().numpy(), learns=isinstance(tensor, nn.Parameter))


def _pair(value: Any) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def _padding(padding: Any) -> g.Padding:
    if padding == "same":
        return "same"
    high, wide = (0, 0) if padding == "valid" else _pair(padding)
    return ((high, high), (wide, wide)) if high or wide else "valid"


def _conv(  # noqa: PLR0917 - the arguments are those of torch's conv2d
    draft: _GraphDraft,
    x: str,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> str:
    depthwise = groups == draft.channels(x) > 1
    kernel = weight.permute(2, 3, 1, 0)
    if depthwise:
        kernel = weight.reshape(groups, -1, *weight.shape[2:]).permute(2, 3, 0, 1)
    kernel_weight = Weight(np.ascontiguousarray(kernel.detach().cpu().float().numpy()), learns=isinstance(weight, nn.Parameter))
    geometry = _pair(stride), _padding(padding), _pair(dilation)
    return draft.emit(g.Conv(kernel_weight, None if bias is None else _weight(bias), *geometry, groups, depthwise, True), x)


def _conv_layer(draft: _GraphDraft, layer: nn.Conv2d, x: str) -> str | None:
    if layer.padding_mode != "zeros":
        return None
    return _conv(draft, x, layer.weight, layer.bias, layer.stride, layer.padding, layer.dilation, layer.groups)


def _pool(draft: _GraphDraft, kind: Any, x: str, size: Any, stride: Any, padding: Any) -> str:
    border = _padding(padding)
    if kind == "mean" and border != "valid":
        x = draft.emit(g.Pad(((0, 0), (0, 0), *border)), x)  # pyright: ignore[reportArgumentType]
        border = "valid"
    return draft.emit(g.Pool(kind, _pair(size), _pair(size if stride is None else stride), border, True), x)


def _max_pool(draft: _GraphDraft, layer: nn.MaxPool2d, x: str) -> str | None:
    if _pair(layer.dilation) != (1, 1) or layer.ceil_mode:
        return None
    return _pool(draft, "max", x, layer.kernel_size, layer.stride, layer.padding)


def _average_pool(draft: _GraphDraft, layer: nn.AvgPool2d, x: str) -> str | None:
    unsupported = layer.ceil_mode or layer.divisor_override or (_pair(layer.padding) != (0, 0) and not layer.count_include_pad)
    return None if unsupported else _pool(draft, "mean", x, layer.kernel_size, layer.stride, layer.padding)


def _adaptive(kind: Any) -> Callable[[_GraphDraft, Any, str], str | None]:
    def rule(draft: _GraphDraft, layer: Any, x: str) -> str | None:
        output_size: Any = _pair(layer.output_size)
        sides = [int(side or 0) for side in draft.shapes[x][2:]]
        if output_size == (1, 1):
            return draft.emit(g.Reduce(kind, draft.spatial(x), True), x)
        if None in output_size or any(side % part for side, part in zip(sides, output_size, strict=True)):
            return None
        size = tuple(side // part for side, part in zip(sides, output_size, strict=True))
        return _pool(draft, kind, x, size, size, 0)

    return rule


def _linear(draft: _GraphDraft, x: str, weight: Tensor, bias: Tensor | None = None) -> str:
    kernel = Weight(np.ascontiguousarray(weight.detach().cpu().float().numpy().T), learns=isinstance(weight, nn.Parameter))
    return draft.emit(g.Dense(kernel, None if bias is None else _weight(bias)), x)


def _batch_norm(draft: _GraphDraft, layer: nn.BatchNorm2d, x: str) -> str | None:
    if layer.running_mean is None or layer.running_var is None:
        return None
    size = layer.num_features
    gamma = _weight(layer.weight) if layer.affine else Weight(np.ones(size, np.float32), learns=False)
    beta = _weight(layer.bias) if layer.affine else Weight(np.zeros(size, np.float32), learns=False)
    momentum = 1 - (0.1 if layer.momentum is None else layer.momentum)
    mean, variance = _weight(layer.running_mean), _weight(layer.running_var)
    return draft.emit(g.BatchNorm(gamma, beta, mean, variance, layer.eps, momentum, 1), x)


def _flatten(draft: _GraphDraft, x: str, start_dim: int = 0, end_dim: int = -1) -> str | None:
    rank = len(draft.shapes[x])
    if start_dim != 1 or end_dim % rank != rank - 1:
        return None
    return draft.emit(g.Reshape((int(np.prod([side or 1 for side in draft.shapes[x][1:]])),)), x) if rank > 2 else x


def _reduced(kind: Any) -> Callable[..., str | None]:
    def rule(draft: _GraphDraft, x: str, dim: Any = None, keepdim: bool = False) -> str | None:
        rank = len(draft.shapes[x])
        axes = tuple(sorted(axis % rank for axis in ((dim,) if isinstance(dim, int) else dim or (0,))))
        return draft.emit(g.Reduce(kind, axes, keepdim), x) if 0 not in axes else None

    return rule


def _merged(kind: Any) -> Callable[..., str | None]:
    def rule(draft: _GraphDraft, x: Any, y: Any) -> str | None:
        if isinstance(x, str) and isinstance(y, str):
            return draft.emit(g.Merge(kind), x, y)
        tensor, number = (x, y) if isinstance(x, str) else (y, x)
        if not isinstance(tensor, str) or not isinstance(number, int | float) or (kind == "divide" and tensor is y):
            return None
        table = {"add": (1.0, number), "multiply": (number, 0.0), "divide": (1 / (number or 1), 0.0)}
        table["subtract"] = (1.0, -number) if tensor is x else (-1.0, number)
        scale, shift = (Weight(np.asarray(value, np.float32), learns=False) for value in table[kind])
        return draft.emit(g.Affine(scale, shift), tensor)

    return rule


def _concat(draft: _GraphDraft, tensors: Any, dim: int = 0) -> str:
    return draft.emit(g.Concat(dim % len(draft.shapes[tensors[0]])), *tensors)


def _activation(op: g.Activate) -> Callable[..., str]:
    return lambda draft, *arguments, **_: draft.emit(op, next(argument for argument in arguments if isinstance(argument, str)))


def _gelu(draft: _GraphDraft, layer: nn.GELU, x: str) -> str | None:
    return draft.emit(g.Activate("gelu"), x) if layer.approximate == "none" else None


def _passed_through(_: _GraphDraft, *arguments: Any, **__: Any) -> str:
    return next(argument for argument in arguments if isinstance(argument, str))


_MODULES: dict[type, Callable[[_GraphDraft, Any, str], str | None]] = {
    nn.Conv2d: _conv_layer,
    nn.Linear: lambda draft, layer, x: _linear(draft, x, layer.weight, layer.bias),
    nn.BatchNorm2d: _batch_norm,
    nn.BatchNorm1d: _batch_norm,
    nn.MaxPool2d: _max_pool,
    nn.AvgPool2d: _average_pool,
    nn.AdaptiveAvgPool2d: _adaptive("mean"),
    nn.AdaptiveMaxPool2d: _adaptive("max"),
    nn.Flatten: lambda draft, layer, x: _flatten(draft, x, layer.start_dim, layer.end_dim),
    nn.Dropout: lambda draft, layer, x: draft.emit(g.Drop(layer.p, False, True), x),
    nn.Dropout2d: lambda draft, layer, x: draft.emit(g.Drop(layer.p, True, True), x),
    nn.Identity: _passed_through,
    nn.GELU: _gelu,
    nn.ReLU6: _activation(g.Activate("relu", ceiling=6.0)),
    nn.ReLU: _activation(g.Activate("relu")),
    nn.LeakyReLU: lambda draft, layer, x: draft.emit(g.Activate("relu", alpha=layer.negative_slope), x),
    nn.ELU: lambda draft, layer, x: draft.emit(g.Activate("elu", alpha=layer.alpha), x),
    nn.SiLU: _activation(g.Activate("swish")),
    nn.Sigmoid: _activation(g.Activate("sigmoid")),
    nn.Tanh: _activation(g.Activate("tanh")),
    nn.Hardswish: _activation(g.Activate("hard_swish")),
    nn.Hardsigmoid: _activation(g.Activate("hard_sigmoid", alpha=1 / 6)),
    nn.Mish: _activation(g.Activate("mish")),
    nn.SELU: _activation(g.Activate("selu")),
    nn.Softplus: lambda draft, layer, x: draft.emit(g.Activate("softplus"), x) if layer.beta == 1 else None,
}
_FUNCTIONS: dict[str, Callable[..., str | None]] = {
    "conv2d": _conv,
    "linear": _linear,
    "flatten": _flatten,
    "cat": _concat,
    "mean": _reduced("mean"),
    "amax": _reduced("max"),
    "add": _merged("add"),
    "iadd": _merged("add"),
    "sub": _merged("subtract"),
    "mul": _merged("multiply"),
    "imul": _merged("multiply"),
    "truediv": _merged("divide"),
    "div": _merged("divide"),
    "relu": _activation(g.Activate("relu")),
    "relu6": _activation(g.Activate("relu", ceiling=6.0)),
    "silu": _activation(g.Activate("swish")),
    "sigmoid": _activation(g.Activate("sigmoid")),
    "tanh": _activation(g.Activate("tanh")),
    "hardswish": _activation(g.Activate("hard_swish")),
    "contiguous": _passed_through,
}
"""By the function's name, as torch's own, ``functional``'s and a tensor's method of one name mean the same."""
