"""Progress of one training among several: its bar under the name that it has among them, and none of its lines."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from olhar.base.progress import Advance, Progress
from olhar.base.texts import say


@dataclass(frozen=True)
class Brief:
    """Passes bars on, with ``name`` before them."""

    progress: Progress
    name: str

    def line(self, text: str) -> None:
        """Say nothing: whoever trains several sums each up in one line."""

    def stage(self, text: str, total: int) -> AbstractContextManager[Advance]:
        """A bar of the whole."""
        return self.progress.stage(f"{self.name}: {text}", total)


def lasting(seconds: float) -> str:
    """About how long, for a person."""
    return say("folds.minutes", n=round(seconds / 60)) if seconds > 90 else say("folds.a_minute")
