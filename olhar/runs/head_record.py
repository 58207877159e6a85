"""What a run keeps of a head that learnt from a body's features: whence the body, what was tried, what was taken."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from olhar.base.parsing import Count, checked

NotKnown = Annotated[float, math.isnan]

OF_A_HEAD = (
    *("model", "size", "colour", "fit", "scaling", "split", "folds", "group", "split_from", "bad_pictures"),
    *("seed", "balance", "flip"),
)
"""Fields of a recipe that mean something to a head that learns from features."""


@dataclass(frozen=True)
class TriedHead:
    """One candidate: the pooled outputs that it looks at, its out-of-fold log-loss, and its weight in what was taken."""

    blocks: tuple[str, ...]
    log_loss: float | NotKnown
    weight: float


@dataclass(frozen=True)
class HeadRecord:
    """A head and its body.

    Attributes:
        body: its name.
        licence, origin: of its weights, and the pictures that they have seen; empty where nobody says.
        kind: ``nearest mean`` or ``logistic regression``.
        tried: the candidates, in the order of the table of heads.
        temperature: by which the logits were divided.
        views: of each picture that the head learnt from.
        blocks: the pooled outputs that it takes, in the order in which they stand side by side.
    """

    body: str
    licence: str
    origin: str
    kind: str
    tried: Sequence[TriedHead]
    temperature: float
    views: Count
    blocks: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The form that ``metrics.json`` keeps; what is not known is null."""
        stored = asdict(self)
        for tried in stored["tried"]:
            tried["log_loss"] = tried["log_loss"] if math.isfinite(tried["log_loss"]) else None
        return stored

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "HeadRecord":
        """What ``to_dict`` gave.

        Raises:
            ValueError, KeyError, TypeError: it is damaged.
        """
        tried = tuple(TriedHead(tuple(head["blocks"]), _known(head["log_loss"]), head["weight"]) for head in stored["tried"])
        values: dict[str, Any] = {**stored, "tried": tried, "blocks": tuple(stored["blocks"])}
        return checked(cls(**values))


def _known(number: float | None) -> float:
    return math.nan if number is None else number
