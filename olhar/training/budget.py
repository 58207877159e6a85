"""Trials before a training: how many threads are fastest now, and how many steps fit into a time budget.

They run on a copy: weights, optimiser and random draws of the training stay as they were.
"""

import copy
import time

import torch

from olhar.training.loop import Training

_MOST_EPOCHS = 200


def fastest_threads(training: Training) -> int:
    """All of the processor's threads, or one where that is clearly faster at this moment.

    Threads wait for each other many times in a step. Where another program keeps one core busy, two threads were seen to be
    more than ten times slower than one. The quickest step of each counts, and one thread must be a quarter quicker: a moment's
    disturbance is no reason to leave a core idle.
    """
    most = torch.get_num_threads()
    if most == 1 or training.engine.device != "cpu":
        return most
    seconds: dict[int, float] = {}
    for threads in (most, 1):
        torch.set_num_threads(threads)
        seconds[threads] = min(_steps(training, most_seconds=1.0))
    torch.set_num_threads(most)
    return 1 if seconds[1] < 0.8 * seconds[most] else most


def steps_within(training: Training, seconds: float) -> int:
    """How many steps, validation after each epoch included, fit into ``seconds``; one at least, 200 epochs at most."""
    begun = time.perf_counter()
    times = sorted(_steps(training, most_seconds=3.0))
    step = times[len(times) // 2]
    validation = _validation_seconds(training)
    per_epoch = len(training.train) * step + validation
    left = seconds - (time.perf_counter() - begun)
    steps = int(max(0.0, left - validation) / per_epoch * len(training.train))
    return min(max(1, steps), _MOST_EPOCHS * len(training.train))


def _steps(training: Training, most_seconds: float) -> list[float]:
    """Seconds of some steps; the first, which prepares the kernels, is left out where there is another."""
    trial = copy.deepcopy(training)
    trial.total, trial.step = 10**9, 0
    times: list[float] = []
    begun = time.perf_counter()
    for pictures, labels in trial.train.shuffled(training.recipe.seed, 0):
        before = time.perf_counter()
        trial.learn(pictures, labels, 0)
        trial.step += 1
        times.append(time.perf_counter() - before)
        if len(times) > 1 and time.perf_counter() - begun > most_seconds:
            break
    return times[1:] or times


def _validation_seconds(training: Training) -> float:
    """Seconds for all validation pictures, reckoned from one batch of them, seen twice."""
    pictures, _ = next(training.validation.in_order())
    training.predict(pictures)
    before = time.perf_counter()
    training.predict(pictures)
    return (time.perf_counter() - before) * len(training.validation.rows) / len(pictures)
