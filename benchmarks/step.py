"""What does a training step gain from memory that is kept, and from depthwise convolutions in float32 where bf16 is slow?

    python benchmarks/step.py
    python benchmarks/step.py --rounds 5 --seconds 10

Forward and backward on made-up pictures in bf16: as torch comes, with the memory kept, and as Olhar trains. Each way is a process
of its own, since an allocator does not forget; they take turns.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext

import torch
from torch.nn import functional

from olhar.models.network_shape import NetworkShape
from olhar.models.zoo import build
from olhar.training.engine import Engine
from olhar.training.process import training_process

WAYS = ("as torch comes", "memory kept", "Olhar")
STEPS = {
    "`quick`, 256 of 32 x 32 x 3": ("quick", NetworkShape(), 3, 32, 256),
    "`quick`, 256 of 48 x 48 x 1": ("quick", NetworkShape(), 1, 48, 256),
    "`separable` of `emotions-2`, 16 of 48 x 48 x 1": ("separable", NetworkShape(stages=(64, 128, 256, 512), depth=2), 1, 48, 16),
}


def timed(step: str, way: str, seconds: float) -> dict[str, float]:
    """The median time of a step in seconds, the first quarter left out, and its pictures."""
    model, form, channels, side, batch = STEPS[step]
    network = build(model, channels, 10, (side, side), form).to(memory_format=torch.channels_last).train()  # pyright: ignore[reportCallIssue]
    pictures = torch.rand((batch, channels, side, side)).contiguous(memory_format=torch.channels_last)
    labels = torch.randint(0, 10, (batch,))
    engine = Engine("cpu", "bf16", "engine.asked")
    times: list[float] = []
    with nullcontext() if way == WAYS[0] else training_process():
        for begun in _until(seconds):
            with engine.autocast() if way == WAYS[2] else torch.autocast("cpu", torch.bfloat16):
                logits = network(pictures)
            functional.cross_entropy(logits.float(), labels).backward()
            network.zero_grad(set_to_none=True)
            times.append(time.perf_counter() - begun)
    return {"seconds": statistics.median(times[len(times) // 4 :]), "pictures": batch}


def _until(seconds: float) -> Iterator[float]:
    """The time at the beginning of each step, until so many seconds have passed."""
    end = time.perf_counter() + seconds
    while (now := time.perf_counter()) < end:
        yield now


def main() -> None:
    """Measure, and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--one", nargs=2, metavar=("STEP", "WAY"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(timed(*options.one, options.seconds)))
        return
    print(f"| step | {' | '.join(WAYS)} | Olhar over torch |\n|{'---|' * (len(WAYS) + 2)}")
    for step in STEPS:
        found = {way: list[float]() for way in WAYS}
        for _ in range(options.rounds):
            for way in WAYS:
                command = [sys.executable, __file__, "--seconds", str(options.seconds), "--one", step, way]
                row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                found[way].append(row["pictures"] / row["seconds"])
        ratios = [ours / theirs for theirs, ours in zip(found[WAYS[0]], found[WAYS[2]], strict=True)]
        cells = [f"{statistics.median(rates):,.0f} ({min(rates):,.0f} to {max(rates):,.0f})" for rates in found.values()]
        ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        print(f"| {step} | {' | '.join(cells)} | {ratio} |", flush=True)


if __name__ == "__main__":
    main()
