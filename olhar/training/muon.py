"""Muon: momentum whose kernels are brought near to orthogonal matrices; what is no inner kernel learns by AdamW beside it.

Written from the method's description: Keller Jordan and others, "Muon: An optimizer for hidden layers in neural networks", 2024
(kellerjordan.github.io/posts/muon). An update with all singular values near 1 moves every direction of a layer alike.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.adamw import adamw

from olhar.training import abilities

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
_STEPS = 5
_ADAM_BETAS = (0.9, 0.95)


def inner_kernels(parameters: Iterable[nn.Parameter]) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Parameters in the network's order -> those for Muon, and the rest.

    The last kernel or matrix is the head, which the method leaves out, as it does biases and normalisation. A kernel with one
    input channel (a depthwise one) is no matrix whose rows belong together.
    """
    every = list(parameters)
    matrices = [p for p in every if p.ndim > 1]
    inner = [p for p in matrices[:-1] if p.ndim == 2 or p.shape[1] > 1]
    chosen = {id(p) for p in inner}
    return inner, [p for p in every if id(p) not in chosen]


class Muon(torch.optim.Optimizer):
    """Groups that are ``orthogonal`` learn by Muon, with ``momentum``; the others by AdamW.

    Each group says its ``lr`` and its decoupled ``weight_decay`` too. Kernels (O, I, h, w) are taken as matrices (O, I * h * w).
    """

    def __init__(self, groups: list[dict[str, Any]], lr: float) -> None:
        super().__init__(groups, {"lr": lr, "weight_decay": 0.0, "momentum": 0.0, "orthogonal": False, "fused": True})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Move all parameters that have a gradient."""
        assert closure is None
        for group in self.param_groups:
            learning = [p for p in group["params"] if p.grad is not None]
            if group["orthogonal"]:
                self._muon(learning, group)
            elif learning:
                self._adamw(learning, group)

    def _muon(self, learning: list[Tensor], group: Mapping[str, Any]) -> None:
        """Kernels of one shape go through the iteration together."""
        alike: dict[tuple[int, int], list[Tensor]] = defaultdict(list)
        for p in learning:
            alike[p.shape[0], p[0].numel()].append(p)
        for (rows, columns), parameters in alike.items():
            pushes = torch.stack([self._push(p, group["momentum"]).reshape(rows, columns) for p in parameters])
            rate = group["lr"] * max(1.0, rows / columns) ** 0.5
            for p, turned in zip(parameters, orthogonal(pushes), strict=True):
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.add_(turned.reshape(p.shape).to(p.dtype), alpha=-rate)

    def _push(self, parameter: Tensor, momentum: float) -> Tensor:
        """Nesterov's look ahead along the running mean of gradients."""
        gradient, state = parameter.grad, self.state[parameter]
        assert gradient is not None
        if not state:
            state["momentum_buffer"] = torch.zeros_like(parameter)
        mean = state["momentum_buffer"].lerp_(gradient, 1 - momentum)
        return gradient.lerp(mean, momentum)

    def _adamw(self, parameters: list[Tensor], group: Mapping[str, Any]) -> None:
        for p in parameters:
            if not self.state[p]:
                zeros = {name: torch.zeros_like(p) for name in ("exp_avg", "exp_avg_sq")}
                self.state[p] = {"step": torch.zeros((), device=p.device), **zeros}
        first, second, steps = ([self.state[p][name] for p in parameters] for name in ("exp_avg", "exp_avg_sq", "step"))
        adamw(
            parameters,
            [p.grad for p in parameters if p.grad is not None],
            first,
            second,
            [],
            steps,
            fused=True,
            amsgrad=False,
            beta1=_ADAM_BETAS[0],
            beta2=_ADAM_BETAS[1],
            lr=group["lr"],
            weight_decay=group["weight_decay"],
            eps=1e-8,
            maximize=False,
        )


def orthogonal(matrices: Tensor) -> Tensor:
    """Matrices (G, M, N) with the same singular vectors, and singular values near 1 (0.7 to 1.2).

    Five steps of Newton and Schulz's iteration, with the quintic whose coefficients rise fastest at zero (Jordan 2024), in
    bfloat16 on GPUs and where a processor has it in hardware, else in the matrices' own dtype.
    """
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT if tall else matrices
    x = (x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)).to(_precision(matrices))
    orthogonalised = _by_squares(x) if x.dtype == torch.float32 and x.shape[2] >= 2 * x.shape[1] else _step_by_step(x)
    return orthogonalised.mT if tall else orthogonalised


def _step_by_step(x: Tensor) -> Tensor:
    a, b, c = _COEFFICIENTS
    for _ in range(_STEPS):
        square = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return x


def _by_squares(x: Tensor) -> Tensor:
    """The same, on X X' alone, which is small where X is wide: each step is a polynomial in it, and X is multiplied once.

    Only in float32: rounding makes small negative eigenvalues, which each step makes up to twelve times as large.
    """
    a, b, c = _COEFFICIENTS
    square = x @ x.mT
    same = torch.eye(x.shape[1], device=x.device, dtype=x.dtype)
    whole = same.expand_as(square)
    for _ in range(_STEPS):
        step = torch.baddbmm(square, square, square, beta=b, alpha=c) + a * same
        whole, square = step @ whole, step @ (step @ square)
    return whole @ x


def _precision(matrices: Tensor) -> torch.dtype:
    quick = matrices.is_cuda or (matrices.device.type == "cpu" and abilities.bf16() is not None)
    return torch.bfloat16 if quick else matrices.dtype
