"""How many threads are fastest now, and how many steps fit into a time budget: by a trial before, by the clock while it learns.

Steps are tried on a copy: weights, optimiser and random draws of the training stay as they were.
"""

import copy
import time

import torch

from olhar.training.loop import Training

_MOST_EPOCHS = 200
_LIGHT = 40e6
"""Parameters times pixels, more than the multiply-adds of a picture, up to which a second thread costs more than it brings."""
_NUMBERS = 2**20
_PROBE = 0.03
_LOOK_EVERY, _LOOK_AFTER, _WINDOW = 2.0, 5, 20.0
"""A clock looks every two seconds, after five steps at least; how fast it goes is the mean over twenty seconds."""


def fastest_threads(training: Training) -> int:
    """All of the processor's threads, or one where that is faster at this moment.

    Threads wait for each other many times in a step. Where another program keeps a core busy, two threads were seen to be up to
    ten times slower than one. Adding numbers in memory tells within a fifth of a second: on two free cores it takes about 0.6
    of the time that it takes on one, and more than 1.1 where a core is busy. A light network has no use for a second thread.
    """
    most = torch.get_num_threads()
    if most == 1 or training.engine.device != "cpu":
        return most
    if _light(training):
        torch.set_num_threads(1)
        return 1
    numbers = torch.zeros(_NUMBERS)
    rounds = [(_adding(numbers, most), _adding(numbers, 1)) for _ in range(3)]
    torch.set_num_threads(most)
    return most if min(all_threads / single for all_threads, single in rounds) < 1 else 1


def _light(training: Training) -> bool:
    """Whether a step is so little work that threads would mostly wait for each other."""
    parameters = sum(p.numel() for p in training.network.parameters())
    return parameters * training.signature.height * training.signature.width <= _LIGHT


def _adding(numbers: torch.Tensor, threads: int) -> float:
    """Seconds that one is added to all numbers in, the mean over some hundredths of a second: waiting counts."""
    torch.set_num_threads(threads)
    numbers.add_(1)
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < _PROBE:
        numbers.add_(1)
        count += 1
    return (time.perf_counter() - begun) / count


def steps_within(training: Training, seconds: float) -> int:
    """How many steps, validation after each epoch included, fit into ``seconds``; one at least, 200 epochs at most."""
    return _fitting(training, seconds)[0]


def _fitting(training: Training, seconds: float) -> tuple[int, float]:
    """How many steps fit, and the seconds of a validation."""
    begun = time.perf_counter()
    times = sorted(_steps(training, most_seconds=3.0))
    step = times[len(times) // 2]
    validation = _validation_seconds(training)
    per_epoch = len(training.train) * step + validation
    left = seconds - (time.perf_counter() - begun)
    steps = int(max(0.0, left - validation) / per_epoch * len(training.train))
    return min(max(1, steps), _MOST_EPOCHS * len(training.train)), validation


class Clock:
    """Fits the number of steps to a deadline while the training goes, by how fast it goes."""

    def __init__(self, training: Training, deadline: float) -> None:
        """Give a training that has not begun the steps that fit; ``deadline`` is on ``time.monotonic``'s clock."""
        self.training, self.deadline = training, deadline
        training.total, self.validation = _fitting(training, deadline - time.monotonic())
        self.looked = 0.0

    def _measure_anew(self, now: float) -> None:
        self.step, self.begun = self.training.step, now

    def adjust(self) -> None:
        """After a step: every few seconds ``total`` becomes what can be done until the deadline.

        The last step is final: a look while its weights are judged would add another.
        """
        now, training = time.monotonic(), self.training
        if training.step >= training.total:
            return
        if not self.looked:  # what came before the first step, and the first itself, say nothing of the others
            self.looked = now
            self._measure_anew(now)
        if now - self.looked < _LOOK_EVERY or training.step - self.step < _LOOK_AFTER:
            return
        per_epoch = len(training.train)
        step = (now - self.begun) / (training.step - self.step) + self.validation / per_epoch
        left = int(max(0.0, self.deadline - now - self.validation) / step)
        training.total = min(training.step + max(1, left), max(_MOST_EPOCHS * per_epoch, training.step + 1))
        self.looked = now
        if now - self.begun > _WINDOW:
            self._measure_anew(now)

    def note_validation(self, seconds: float) -> None:
        """Validation took so long, which is no part of a step."""
        self.validation = seconds
        if self.looked:
            self.begun += seconds


def _steps(training: Training, most_seconds: float) -> list[float]:
    """Seconds of some steps; the first, which prepares the kernels, is left out where there is another."""
    trial = copy.deepcopy(training)
    trial.total, trial.step = 10**9, 0
    times: list[float] = []
    begun = time.perf_counter()
    for pictures, labels in trial.train.shuffled(training.recipe.seed, 0):
        step_begun = time.perf_counter()
        trial.learn(pictures, labels, 0)
        trial.step += 1
        times.append(time.perf_counter() - step_begun)
        if len(times) > 1 and time.perf_counter() - begun > most_seconds:
            break
    return times[1:] or times


def _validation_seconds(training: Training) -> float:
    """Seconds for all validation pictures, reckoned from one batch of them, seen twice."""
    pictures, _ = next(training.validation.in_order())
    training.predict(pictures)
    begun = time.perf_counter()
    training.predict(pictures)
    return (time.perf_counter() - begun) * len(training.validation.rows) / len(pictures)
