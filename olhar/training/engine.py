"""Engine: which device computes and in what precision, with the reason for it."""

import contextlib
from dataclasses import dataclass

import torch

from olhar.base.errors import RecipeError
from olhar.base.texts import say


@dataclass(frozen=True)
class Engine:
    """A device, a precision, and the key of the sentence that says why."""

    device: str
    precision: str
    why: str

    @property
    def reason(self) -> str:
        """One line for a person."""
        return say(self.why, device=self.device, precision=self.precision, threads=torch.get_num_threads())

    def autocast(self) -> contextlib.AbstractContextManager[object]:
        """The context in which a forward pass takes this precision."""
        return torch.autocast(self.device, torch.bfloat16, enabled=self.precision == "bf16")


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
    abilities = torch.cpu.get_capabilities()
    if abilities.get("amx_bf16"):
        return "bf16", "engine.amx"
    return ("bf16", "engine.avx512_bf16") if abilities.get("avx512_bf16") else ("fp32", "engine.cpu")
