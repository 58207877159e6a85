"""What does augmentation cost beside the step that follows it?

    python benchmarks/augment.py [--seconds 2] [--threads N] [--small]

For a batch of 256 pictures of 32 x 32 and one of 32 of 224 x 224: the time of each range alone, of each preset, and of the bare
training step (resnet: scale, forward, backward, update) on the same pictures; per picture, and as a share of the step. Prints the
processor. ``--small`` tries it on batches of 16.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial

import torch
from torch.nn import functional

from olhar.models.zoo import build
from olhar.runs.environment import environment
from olhar.training.augment import Augmentation
from olhar.training.augment_presets import PRESETS
from olhar.training.engine import choose

ALONE = {
    "flip": Augmentation(flip=True),
    "shift": Augmentation(shift=0.1),
    "rotate": Augmentation(rotate=20.0),
    "rotate, zoom, shear, crop and shift": Augmentation(rotate=20.0, zoom=0.2, shear=10.0, crop=0.2, shift=0.1),
    "brightness": Augmentation(brightness=0.2),
    "brightness and contrast": Augmentation(brightness=0.2, contrast=0.2),
    "saturation and hue": Augmentation(saturation=0.2, hue=20.0),
    "cutout": Augmentation(cutout=0.25),
    "mixup": Augmentation(mixup=0.2, classes=10),
    "cutmix": Augmentation(cutmix=1.0, classes=10),
}


def preset(name: str) -> Augmentation:
    return Augmentation(**PRESETS[name], classes=10)


def milliseconds(work: Callable[[], object], seconds: float) -> float:
    """The median time of a call; the first two are not counted."""
    times: list[float] = []
    begun = time.perf_counter()
    while len(times) < 5 or time.perf_counter() - begun < seconds:
        before = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - before))
    return statistics.median(times[2:])


def step(pictures: torch.Tensor, labels: torch.Tensor) -> Callable[[], object]:
    """One bare step on ready tensors."""
    engine = choose("cpu", "auto")
    network = build("resnet", 3, 10, (pictures.shape[2], pictures.shape[3])).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), fused=True)

    def once() -> None:
        optimizer.zero_grad(set_to_none=True)
        with engine.autocast():
            logits = network(pictures.float().div_(255)).float()
        functional.cross_entropy(logits, labels).backward()
        optimizer.step()

    return once


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--small", action="store_true")
    asked = parser.parse_args()
    if asked.threads:
        torch.set_num_threads(asked.threads)
    about = environment()
    print(f"{about['processor']}, {torch.get_num_threads()} threads, torch {about['torch']}\n")
    for most, side in ((256, 32), (32, 224)):
        n = 16 if asked.small else most
        pictures = torch.randint(0, 256, (n, side, side, 3), dtype=torch.uint8).permute(0, 3, 1, 2)
        labels, generator = torch.randint(0, 10, (n,)), torch.Generator()
        bare = milliseconds(step(pictures, labels), asked.seconds)
        print(f"{n} pictures of {side} x {side}; the bare step takes {bare:.1f} ms, {1000 * bare / n:.0f} us a picture\n")
        print("| augmentation | us a picture | share of the step |\n|---|---|---|")
        presets = {f"preset {name}": preset(name) for name in PRESETS if name != "none"}
        for name, augment in (ALONE | presets).items():
            taken = milliseconds(partial(augment, pictures, labels, generator), asked.seconds)
            print(f"| {name} | {1000 * taken / n:.1f} | {100 * taken / bare:.1f}% |")
        print()


if __name__ == "__main__":
    main()
