"""Progress of one training among several: its bar and its warnings under the name that it has among them, and no epochs."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from olhar.base.progress import Advance, Progress
from olhar.base.texts import is_said, say

_ROUTINE = (
    *("train.epoch", "train.epoch_best", "train.no_better", "train.goal_reached", "train.going_on", "train.exporting"),
    *("folds.done", "folds.whole"),
)
"""What any training says on its way: whoever trains several sums each up in one line."""

_OF_EACH = ("train.parts", "train.before")
"""What differs from one to the next and warns of nothing: the first says it."""

_OF_ALL = (
    *("engine.asked", "engine.amx", "engine.avx512_bf16", "engine.cpu"),
    *("folds.asked", "folds.beside_test", "folds.small_test", "folds.no_time"),
)
"""What holds for all in spite of other words: the first says it."""


class Told:
    """What several trainings have told: what holds for all of them is said once, before the first of them learns.

    It is also the progress of a training of its own that comes after them, and repeats nothing.
    """

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.lines: set[str] = set()
        self.learning = False

    def line(self, text: str) -> None:
        """Say what was not said for all."""
        if text not in self.lines:
            self.progress.line(text)

    def stage(self, text: str, total: int) -> AbstractContextManager[Advance]:
        """A bar."""
        return self.progress.stage(text, total)


@dataclass(frozen=True)
class Brief:
    """Passes on what one of several trainings tells, with ``name`` before what concerns it alone."""

    told: Told
    name: str

    def line(self, text: str) -> None:
        """Say what holds for all once, and what warns of this one."""
        told, own = self.told, _one_of(text, (*_OF_EACH, "train.not_exact"))
        if text in told.lines or _one_of(text, (*_ROUTINE, *_OF_EACH, *_OF_ALL) if told.learning else _ROUTINE):
            return
        told.line(f"{self.name}: {text}" if own or told.learning else text)
        if not own and not told.learning:
            told.lines.add(text)

    def stage(self, text: str, total: int) -> AbstractContextManager[Advance]:
        """A bar of the whole."""
        self.told.learning = self.told.learning or text.endswith(say("train.learning"))
        return self.told.stage(f"{self.name}: {text}", total)


def _one_of(text: str, keys: tuple[str, ...]) -> bool:
    return any(is_said(text, key) for key in keys)


def lasting(seconds: float) -> str:
    """About how long, for a person."""
    return say("folds.minutes", n=round(seconds / 60)) if seconds > 90 else say("folds.a_minute")
