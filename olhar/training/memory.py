"""When memory is not enough: how that looks, and how many pictures a step would fit."""

import copy
import re
import traceback

import torch

from olhar.base.errors import TrainingError
from olhar.training.loop import Training
from olhar.training.process import give_memory_back

_WORDS = re.compile(
    r"out of memory|can't allocate memory|not enough memory|cannot allocate memory|bad allocation|could not create a primitive",
    re.IGNORECASE,
)
"""The last is what oneDNN says when there is no room for the code that it makes."""


def out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory is used up: processors say it as a RuntimeError, by words."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and _WORDS.search(str(error)) is not None


def memory_error(error: BaseException, training: Training) -> TrainingError:
    """What to tell of an error of this kind: a batch that fits, found by trying half, a quarter and so on."""
    traceback.clear_frames(error.__traceback__)  # their tensors fill the memory that is to be tried
    training.optimizer.zero_grad(set_to_none=True)
    give_memory_back()
    batch = tried = training.recipe.batch
    while tried > 3:
        tried //= 2
        if _fits(training, tried):
            return TrainingError("training.memory", batch=batch, fits=tried)
    return TrainingError("training.memory_at_one", tried=tried, size=training.signature.height)


def _fits(training: Training, batch: int) -> bool:
    try:
        trial = copy.deepcopy(training)
        pictures, labels = next(trial.train.shuffled(trial.recipe.seed, 0))
        trial.learn(pictures[:batch], labels[:batch], 0)
    except (RuntimeError, MemoryError) as error:
        if not out_of_memory(error):
            raise
        return False
    return True
