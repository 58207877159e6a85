"""Minutes -> steps: how many steps fit into a time budget, by a short trial on a copy of the network."""

import copy
import time

from olhar.training.loop import Training

_TRIAL_SECONDS = 3.0
_TRIAL_STEPS = 3
_MOST_EPOCHS = 200


def steps_within(training: Training, seconds: float) -> int:
    """How many steps, validation after each epoch included, fit into ``seconds``; one at least, 200 epochs at most.

    The trial runs on a copy: weights, optimiser and random draws of the training stay as they were.
    """
    begun = time.perf_counter()
    step = _step_seconds(training)
    validation = _validation_seconds(training)
    per_epoch = len(training.train) * step + validation
    left = seconds - (time.perf_counter() - begun)
    steps = int(max(0.0, left - validation) / per_epoch * len(training.train))
    return min(max(1, steps), _MOST_EPOCHS * len(training.train))


def _step_seconds(training: Training) -> float:
    """Seconds a step, the first few, which prepare the kernels, left out."""
    trial = copy.deepcopy(training)
    trial.total, trial.step = 10**9, 0
    times: list[float] = []
    begun = time.perf_counter()
    for pictures, labels in trial.train.shuffled(training.recipe.seed, 0):
        before = time.perf_counter()
        trial.learn(pictures, labels, 0)
        trial.step += 1
        times.append(time.perf_counter() - before)
        if len(times) > _TRIAL_STEPS and time.perf_counter() - begun > _TRIAL_SECONDS:
            break
    steady = times[_TRIAL_STEPS:] or times[-1:]
    return sum(steady) / len(steady)


def _validation_seconds(training: Training) -> float:
    """Seconds for all validation pictures, reckoned from one batch of them, seen twice."""
    pictures, _ = next(training.validation.in_order())
    training.predict(pictures)
    before = time.perf_counter()
    training.predict(pictures)
    return (time.perf_counter() - before) * len(training.validation.rows) / len(pictures)
