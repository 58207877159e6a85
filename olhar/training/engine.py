"""Engine: which device computes and in what precision, with the reason for it."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from olhar.base.errors import RecipeError
from olhar.base.texts import Sentence, sentence
from olhar.training import abilities


@dataclass(frozen=True)
class Engine:
    """A device, a precision, and the key of the sentence that says why."""

    device: str
    precision: str
    why: str

    @property
    def reason(self) -> Sentence:
        """One line for a person."""
        return sentence(self.why, device=self.device, precision=self.precision, threads=torch.get_num_threads())

    @contextmanager
    def autocast(self) -> Generator[None]:
        """The context in which a forward pass takes this precision."""
        if self.precision != "bf16":
            yield
        elif self.device != "cpu":
            with torch.autocast(self.device, torch.bfloat16):
                yield
        else:
            with torch.autocast(self.device, torch.bfloat16), _SlowInFloat32():
                yield


_CONV2D = ("input", "weight", "bias", "stride", "padding", "dilation", "groups")


class _SlowInFloat32(TorchFunctionMode):
    """Lets a processor compute those depthwise convolutions in float32 for which oneDNN has no good kernels in bf16.

    The way back through one of stride 2 took 40 ms in bf16 and 2 ms in float32 (16 x 256 maps of 48 x 48, torch 2.13, AVX-512).
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        kwargs = dict(kwargs or {})
        if func is functional.conv2d:
            arguments = dict(zip(_CONV2D, args, strict=False)) | kwargs
            if _slow_in_bf16(arguments):
                with torch.autocast("cpu", enabled=False):
                    return func(**arguments | {"input": arguments["input"].float()})
        return func(*args, **kwargs)


def _slow_in_bf16(arguments: Mapping[str, Any]) -> bool:
    """Whether a convolution is depthwise, and not the common 3x3 of stride 1 with one map out for each map in."""
    groups, kernel = arguments.get("groups", 1), arguments["weight"]
    if groups == 1 or kernel.shape[1] > 1 or kernel.dtype != torch.float32:
        return False
    plain = all(arguments.get(name, 1) in (1, (1, 1)) for name in ("stride", "dilation"))
    return not (plain and tuple(kernel.shape) == (groups, 1, 3, 3))


def choose(device: str, precision: str) -> Engine:
    """Settle a wish for a device and a precision.

    Args:
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        precision: ``auto``, ``fp32`` or ``bf16``.

    Raises:
        RecipeError: the device is not there.
    """
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    elif not _there(device):
        raise RecipeError("recipe.no_device", found=device)
    if precision != "auto":
        return Engine(device, precision, "engine.asked")
    return Engine(device, *_fastest(device))


def _there(device: str) -> bool:
    return {"cpu": lambda: True, "cuda": torch.cuda.is_available, "mps": torch.backends.mps.is_available}[device]()


def _fastest(device: str) -> tuple[str, str]:
    if device == "cuda":
        return (
            ("bf16", "engine.cuda_bf16") if torch.cuda.is_bf16_supported(including_emulation=False) else ("fp32", "engine.cuda")
        )
    if device == "mps":
        return "fp32", "engine.mps"
    found = {"amx": "engine.amx", "avx512_bf16": "engine.avx512_bf16"}.get(abilities.bf16() or "")
    return ("bf16", found) if found else ("fp32", "engine.cpu")
