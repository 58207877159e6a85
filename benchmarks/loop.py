"""What does Olhar's loop cost beside the bare torch step, validation beside an epoch, and how much memory does it take?

    python benchmarks/loop.py cifar10.zip
    python benchmarks/loop.py cifar10.zip --models quick cnn --augment strong

The bare step has the same network, optimiser, loss and precision, on float pictures that lie ready in memory: forward, backward,
update. Olhar's step takes the pictures from the store, augments and scales them, sets the rate, counts, and averages weights.
Both take turns, some steps each, in one process.
"""

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable
from itertools import islice

import torch

from olhar.base.progress import default_progress
from olhar.base.texts import set_language
from olhar.jobs.learn import training_of
from olhar.jobs.prepare import prepare
from olhar.training.loop import Training
from olhar.training.optimizer import take_step
from olhar.training.recipe import Recipe

READY = 8


def bare(training: Training) -> Callable[[int], None]:
    """So many bare steps on batches that lie ready, scaled."""
    batches = [(training.forward.scaled(pictures), labels) for pictures, labels in islice(training.train.shuffled(0, 0), READY)]

    def steps(count: int) -> None:
        training.network.train()
        for number in range(count):
            pictures, labels = batches[number % READY]
            with training.engine.autocast():
                logits = training.network(pictures).float()
            loss = training.criterion(logits, labels)
            training.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            take_step(training.optimizer)
            loss.item()

    return steps


def ours(training: Training) -> Callable[[int], None]:
    """So many steps of the loop, with what an epoch does between them."""

    def steps(count: int) -> None:
        training.network.train()
        for pictures, labels in islice(training.train.shuffled(0, 0), count):
            training.learn(pictures, labels, 0)
            training.step += 1

    return steps


def seconds(work: Callable[[int], None], count: int) -> float:
    begun = time.perf_counter()
    work(count)
    return (time.perf_counter() - begun) / count


def measured(model: str, options: argparse.Namespace) -> list[str]:
    """A row of the table."""
    recipe = Recipe(model=model, augment=options.augment, optimizer=options.optimizer, averaging=options.averaging)
    training = training_of(prepare(options.data, recipe, default_progress()))
    torch.set_num_threads(options.threads)
    one, other = bare(training), ours(training)
    one(2)
    other(2)
    rounds = [(seconds(one, options.steps), seconds(other, options.steps)) for _ in range(options.rounds)]
    begun = time.perf_counter()
    training.measure(*training.validate()[1:])
    validation = time.perf_counter() - begun
    ratios = [loop / step for step, loop in rounds]
    typical = statistics.median(loop for _, loop in rounds)
    return [
        f"`{model}`",
        f"{training.recipe.batch / statistics.median(step for step, _ in rounds):,.0f}",
        f"{training.recipe.batch / typical:,.0f}",
        f"{statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})",
        f"{validation / (typical * len(training.train)):.1%} of an epoch ({validation:.1f} s)",
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20 / (1024 if sys.platform == 'darwin' else 1):.2f} GiB",
    ]


def main() -> None:
    """Measure, and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("--models", nargs="+", default=["quick"])
    parser.add_argument("--augment", default="light")
    parser.add_argument("--optimizer", default="muon")
    parser.add_argument("--averaging", default="none")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    set_language("en")
    heads = ["network", "bare step, pictures a second", "the loop", "time of a step, ratio", "validation", "most memory"]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for model in options.models:
        print(f"| {' | '.join(measured(model, options))} |")


if __name__ == "__main__":
    main()
