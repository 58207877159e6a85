"""A torch network -> the table of its layers, as a person draws it, in the order in which a picture goes through. Needs torch."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from olhar.base.layer import Layer

_CONTAINERS = (nn.Sequential, nn.ModuleList, nn.ModuleDict)
_POOLING = ("flatten", "mean", "amax")
"""Functions on tensors that stand for a layer; those of ``torch.nn.functional`` all do."""


def layers(network: nn.Module, shape: tuple[int, int, int]) -> tuple[Layer, ...]:
    """The layers and functions (ReLU, pooling) that a picture goes through; then the parameters that none of them holds.

    Parameters that several layers share are counted at the first, so that the sum is that of ``network.parameters()``.

    Args:
        network: takes float32 (N, C, H, W).
        shape: of a picture: channels, height, width.
    """
    record, learning = _Record(), network.training
    handles = [handle for name, leaf in _leaves(network) for handle in record.follow(name or type(leaf).__name__, leaf)]
    try:
        with torch.no_grad(), record:
            network.eval()(torch.zeros(1, *shape))
    except Exception:  # the table is a courtesy: a network that does not let itself be watched has still been trained
        record.rows.clear()
        record.counted.clear()
    finally:
        network.train(learning)
        for handle in handles:
            handle.remove()
    rest = [(name, each) for name, each in network.named_parameters() if id(each) not in record.counted]
    return (*record.rows, *(Layer(name, "Parameter", tuple(each.shape), each.numel()) for name, each in rest))


def _leaves(module: nn.Module, name: str = "") -> Iterator[tuple[str, nn.Module]]:
    """The layers that a person sees as one: those of torch, and what holds no others."""
    children = list(module.named_children())
    if not children or (type(module).__module__.startswith("torch.nn.") and not isinstance(module, _CONTAINERS)):
        yield name, module
        return
    for key, child in children:
        yield from _leaves(child, f"{name}.{key}" if name else key)


class _Record(TorchFunctionMode):
    """The rows as a picture goes through."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Layer] = []
        self.counted: set[int] = set()
        self._inside = 0

    def follow(self, name: str, leaf: nn.Module) -> Sequence[Any]:
        """Note this layer when it is used; the handles end that."""

        def enter(*_: Any) -> None:
            self._inside += 1

        def leave(_: nn.Module, __: Any, output: Any) -> None:
            self._inside -= 1
            new = [each for each in leaf.parameters() if id(each) not in self.counted]
            self.counted.update(map(id, new))
            if name not in {row.name for row in self.rows}:
                self._note(name, type(leaf).__name__, output, sum(each.numel() for each in new))

        return leaf.register_forward_pre_hook(enter), leaf.register_forward_hook(leave)

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Note a function that stands between layers."""
        output = func(*args, **(kwargs or {}))
        name = getattr(func, "__name__", "").strip("_")
        flat_already = name == "flatten" and output.shape == args[0].shape
        if not self._inside and not flat_already and (name in _POOLING or hasattr(functional, name)):
            count = sum(row.kind == name for row in self.rows)
            self._note(f"{name}_{count}" if count else name, name, output, 0)
        return output

    def _note(self, name: str, kind: str, output: Any, parameters: int) -> None:
        first = output[0] if isinstance(output, (tuple, list)) and output else output
        self.rows.append(Layer(name, kind, tuple(first.shape[1:]) if isinstance(first, Tensor) else None, parameters))
