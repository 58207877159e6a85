"""Progress of one training among several: its bar and its warnings under the name that it has among them, and no epochs."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from olhar.base.progress import Advance, Progress
from olhar.base.texts import Sentence, sentence

_ROUTINE = frozenset(
    {
        *("train.epoch", "train.epoch_best", "train.no_better", "train.goal_reached", "train.going_on", "train.exporting"),
        *("folds.done", "folds.whole"),
    }
)
"""What any training says on its way: whoever trains several sums each up in one line."""

_OF_EACH = frozenset({"train.parts", "train.before"})
"""What differs from one to the next and warns of nothing: the first says it."""

_OF_ALL = frozenset(
    {
        *("engine.asked", "engine.amx", "engine.avx512_bf16", "engine.cpu"),
        *("folds.asked", "folds.beside_test", "folds.small_test", "folds.no_time"),
        "scale.alone",
    }
)
"""What holds for all in spite of other words: the first says it."""


class SharedProgress:
    """What several trainings have told: what holds for all of them is said once, before the first of them learns.

    It is also the progress of a training of its own that comes after them, and repeats nothing.
    """

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.lines: set[Sentence] = set()
        self.learning = False

    def line(self, sentence: Sentence) -> None:
        """Say what was not said for all."""
        if sentence not in self.lines:
            self.progress.line(sentence)

    def stage(self, sentence: Sentence, total: int) -> AbstractContextManager[Advance]:
        """A bar."""
        return self.progress.stage(sentence, total)


@dataclass(frozen=True)
class NamedProgress:
    """Passes on what one of several trainings tells, with ``name`` before what concerns it alone."""

    told: SharedProgress
    name: Sentence

    def line(self, sentence: Sentence) -> None:
        """Say what holds for all once, and what warns of this one."""
        told, key = self.told, key_of(sentence)
        own = key in _OF_EACH or key == "train.not_exact"
        routine = _ROUTINE | _OF_EACH | _OF_ALL if told.learning else _ROUTINE
        if sentence in told.lines or key in routine:
            return
        told.line(self._named(sentence) if own or told.learning else sentence)
        if not own and not told.learning:
            told.lines.add(sentence)

    def stage(self, sentence: Sentence, total: int) -> AbstractContextManager[Advance]:
        """A bar of the whole."""
        self.told.learning = self.told.learning or key_of(sentence) == "train.learning"
        return self.told.stage(self._named(sentence), total)

    def _named(self, told: Sentence) -> Sentence:
        return sentence("several.named", name=self.name, told=told)


def key_of(sentence: Sentence) -> str:
    """The key of what is told, whichever training of several tells it."""
    return key_of(sentence.values["told"]) if sentence.key == "several.named" else sentence.key


def lasting(seconds: float) -> Sentence:
    """About how long, for a person."""
    return sentence("folds.minutes", n=round(seconds / 60)) if seconds > 90 else sentence("folds.a_minute")
