"""A small training, as many tests share it (fixtures ``coloured`` and ``run``), and the people who look on."""

import csv
import os
import signal
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from olhar.jobs.session import Session

QUICK = {"model": "cnn", "width": 4, "epochs": 4, "batch": 16, "learning_rate": 0.02, "label_smoothing": 0.0, "folds": 0}

EPOCH = ("train.epoch", "train.epoch_best")
"""The sentences that tell an epoch."""

SAVING = partial(Session, pauses=(0.0, 0.0))
"""A training that writes a checkpoint after each step, to be put in the place of ``olhar.jobs.learn.Session``."""


class Said:
    """Keeps the lines that a verb says."""

    def __init__(self):
        self.lines = []

    def line(self, text):
        self.lines.append(str(text))

    def stage(self, *_):
        return nullcontext(lambda *_: None)


class StopAtOnce(Said):
    """A person who stops after the first epoch."""

    def line(self, text):
        super().line(text)
        if text.key in EPOCH:
            os.kill(os.getpid(), signal.SIGINT)


class Hook(Said):
    """Does something when an epoch is told."""

    def __init__(self, epoch, do):
        super().__init__()
        self.epoch, self.do, self.seen = epoch, do, 0

    def line(self, text):
        super().line(text)
        self.seen += text.key in EPOCH
        if text.key in EPOCH and self.seen == self.epoch:
            self.do()


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by their columns' names."""
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
