"""What a run keeps of a head that learnt from a body's features: whence the body, what was tried, what was taken."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from olhar.base.parsing import Count, checked

NotKnown = Annotated[float, math.isnan]

OF_A_HEAD = (
    *("model", "size", "colour", "fit", "whole", "scaling", "split", "folds", "group", "split_from", "bad_pictures"),
    *("seed", "balance", "flip", "at_least", "prediction_sets"),
)
"""Fields of a recipe that mean something to a head that learns from features."""

OF_LAST_BLOCKS = (
    *("learn", "minutes", "epochs", "batch", "learning_rate", "weight_decay", "label_smoothing", "threads"),
    *("augment", "flip", "flip_vertical", "shift", "rotate", "zoom", "shear", "crop"),
    *("brightness", "contrast", "saturation", "hue", "cutout", "fill"),
)
"""Fields that mean something where the last blocks of its body learn too."""


@dataclass(frozen=True)
class TriedHead:
    """One candidate: the pooled outputs that it looks at, its out-of-fold log-loss, and its weight in what was taken."""

    blocks: tuple[str, ...]
    log_loss: float | NotKnown
    weight: float


@dataclass(frozen=True, kw_only=True)
class HeadAndBlocks:
    """A head alone, and with the last blocks of its body, on the same pictures.

    Attributes:
        head_right, right: how many of them the head alone, and the network, got right.
        only_head, only_blocks: how many only one of them did.
        head_loss, loss: mean log-losses on them.
        chance, loss_chance: how often chance alone makes so large a difference of what is right, and of log-loss.
    """

    head_right: int
    right: int
    only_head: int
    only_blocks: int
    head_loss: float
    loss: float
    chance: float
    loss_chance: float


@dataclass(frozen=True, kw_only=True)
class LastBlocks(HeadAndBlocks):
    """What came of letting the last blocks of a body learn too, beside its head alone.

    Attributes:
        learn: ``last:N`` or ``all``.
        layers: of the body, that learnt.
        numbers: that learnt, of the body.
        views: of each picture, the plain one among them; 0: varied anew in every epoch.
        epochs: that they learnt.
        pictures: that judged, each out of fold, by a head and a network that had not learnt from it.
        temperature: by which the network's logits were divided.
        kept: whether the network was kept.
    """

    learn: str
    layers: tuple[str, ...]
    numbers: int
    views: int
    epochs: int
    pictures: int
    temperature: float
    kept: bool

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "LastBlocks":
        """What ``metrics.json`` keeps."""
        values: dict[str, Any] = {**stored, "layers": tuple(stored["layers"])}
        return cls(**values)


NEAREST_MEAN = "nearest mean"
"""The kind of a head that learnt from so few pictures that none could be held back."""


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
        last_blocks: what came of letting the last blocks learn too; None where nobody asked for it.
    """

    body: str
    licence: str
    origin: str
    kind: str
    tried: Sequence[TriedHead]
    temperature: float
    views: Count
    blocks: tuple[str, ...] = ()
    last_blocks: LastBlocks | None = None

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
        last = LastBlocks.from_dict(stored["last_blocks"]) if stored.get("last_blocks") else None
        values: dict[str, Any] = {**stored, "tried": tried, "blocks": tuple(stored["blocks"]), "last_blocks": last}
        return checked(cls(**values))


def _known(number: float | None) -> float:
    return math.nan if number is None else number
