"""How many pictures a second a network learns from on this machine, by bare steps on made-up pictures."""

import statistics
import time
from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional

from olhar.training.engine import Engine

BATCH = 64
_FEWEST = 3


def learning_speed(network: nn.Module, channels: int, size: tuple[int, int], engine: Engine, seconds: float) -> float:
    """Pictures a second through forward, backward and update, at 64 pictures a step.

    Args:
        network: takes float (N, C, H, W), gives logits; its weights change.
        channels: of the pictures.
        size: their height and width.
        engine: where, and in what precision.
        seconds: to spend, about; three steps are made at least.
    """
    network.to(torch.device(engine.device), memory_format=torch.channels_last).train()  # pyright: ignore[reportCallIssue]
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3)
    pictures = torch.rand((BATCH, channels, *size)).contiguous(memory_format=torch.channels_last).to(engine.device)
    labels = torch.zeros(BATCH, dtype=torch.int64, device=engine.device)

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        with engine.autocast():
            logits = network(pictures).float()
        loss = functional.cross_entropy(logits, labels)
        loss.backward()
        optimizer.step()
        loss.item()  # waits for the device

    return BATCH / typical_seconds(step, seconds)


def typical_seconds(work: Callable[[], object], seconds: float) -> float:
    """The median time of a call, the first, which prepares the kernels, left out."""
    work()
    times: list[float] = []
    first_begun = time.perf_counter()
    while len(times) < _FEWEST or time.perf_counter() - first_begun < seconds:
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)
