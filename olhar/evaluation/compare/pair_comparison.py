"""Two contenders beside each other: who they are, how much better one is, over all pictures and class by class."""

from dataclasses import dataclass
from typing import Literal

from olhar.evaluation.compare.paired import Difference
from olhar.evaluation.compare.power import Needed

Compared = Literal["models", "recipes"]
"""What the sentence is about: these very models, or the recipes whatever the seed."""


@dataclass(frozen=True)
class Contender:
    """One model, or one recipe with several seeds, in a comparison.

    Attributes:
        name: as it is shown.
        places: the run or the file of each seed, as it was typed.
        accuracy: the share of right answers on the shared pictures, the mean over seeds.
        spread: the standard deviation between seeds; 0 of one.
    """

    name: str
    places: tuple[str, ...]
    accuracy: float
    spread: float

    @property
    def seeds(self) -> int:
        """How many models answered."""
        return len(self.places)


@dataclass(frozen=True)
class ClassDifference:
    """How two contenders differ on the pictures of one class.

    Attributes:
        key: the class.
        n: its pictures.
        first, second: the share of them that each finds.
        difference: the second less the first; its interval is of the level at which Holm's procedure tests it.
        p: of all classes together, after Holm.
    """

    key: str
    n: int
    first: float
    second: float
    difference: Difference
    p: float


@dataclass(frozen=True)
class PairComparison:
    """Two contenders beside each other.

    Attributes:
        first, second: their places among the contenders.
        difference: the second less the first; its interval is of the level at which Holm's procedure tests it.
        p: of all pairs that were tested, after Holm.
        only_first, only_second: pictures that only that one answers rightly; the mean over pairs of seeds.
        wanted: what would tell, where nothing can be told; None where nothing in reach would.
        by_class: in the order of the classes that have pictures.
    """

    first: int
    second: int
    difference: Difference
    p: float
    only_first: float
    only_second: float
    wanted: Needed | None
    by_class: tuple[ClassDifference, ...]

    @property
    def better(self) -> int | None:
        """The place of the better one; None where that cannot be told."""
        return None if not self.difference.told else self.second if self.difference.value > 0 else self.first
