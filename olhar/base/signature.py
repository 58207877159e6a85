"""The contract of a model: its classes and how it wants its pictures. Travels with the weights, wherever they go."""

import json
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, get_args

from olhar.base.errors import ModelError
from olhar.base.levels import FULL, Levels

VERSION = 1

_VAST = 1e12
_SHARES = ("at_least", "threshold", "false_alarms", "prediction_sets", "set_threshold")

Fit = Literal["stretch", "crop", "pad"]
FITS: tuple[Fit, ...] = get_args(Fit)

Resampling = Literal["triangle-horizontal-first", "triangle-horizontal-first-whole"]
"""``whole``: large JPEGs are decoded whole, as every other decoder can; otherwise at a half, a quarter or an eighth."""
RESAMPLINGS: tuple[Resampling, ...] = get_args(Resampling)


@dataclass(frozen=True)
class Signature:
    """What must be known to ask a model and to understand its answer.

    Attributes:
        classes: the keys of the classes, in the order of the model's outputs.
        names: the names to show, in the same order.
        height, width: the network's picture, in pixels.
        channels: 3 (RGB) or 1 (gray).
        fit: how a picture of another shape becomes one of this: ``stretch``, ``crop`` (the middle) or ``pad`` (black bars).
        mean, std: one number a channel, on pictures scaled to 0..1: the network sees ``(pixels / 255 - mean) / std``.
        bgr: the network takes its channels in OpenCV's order, blue first; ``mean`` and ``std`` stay in RGB's.
        origin: whence the pictures, in words: a folder's name, never its path.
        licence: of the pictures or weights, where it is known.
        version: of this form.
        resampling: the rule by which pixels become others when a picture changes its size (``base.resizing``).
        levels: black and white in pictures of more than 8 bits.
        at_least: the share of answers that were asked to be right; 0: nothing was asked.
        threshold: the least confidence of an answer; below it the model says that it does not know. 0: everything is answered.
        false_alarms: the share of pictures of its classes for which its output ``unlikeness`` lies above 1, as it does where a
            picture is unlike all that taught; 0: it has no such output.
        prediction_sets: so often the set of classes beside an answer was asked to hold the true one; 0: there are no sets.
        set_threshold: the least probability of a class in such a set.
    """

    classes: tuple[str, ...]
    names: tuple[str, ...]
    height: int
    width: int
    channels: int = 3
    fit: Fit = "stretch"
    mean: tuple[float, ...] = (0.0, 0.0, 0.0)
    std: tuple[float, ...] = (1.0, 1.0, 1.0)
    origin: str = ""
    licence: str = ""
    version: int = field(default=VERSION)
    bgr: bool = False
    resampling: Resampling = "triangle-horizontal-first"
    levels: Levels = FULL
    at_least: float = 0.0
    threshold: float = 0.0
    false_alarms: float = 0.0
    prediction_sets: float = 0.0
    set_threshold: float = 0.0

    @property
    def sets_from(self) -> float | None:
        """The least probability of a class in the set beside an answer; None where there are no sets."""
        return self.set_threshold if self.prediction_sets else None

    @property
    def whole(self) -> bool:
        """Whether a JPEG is decoded whole however large it is (``base.images``)."""
        return self.resampling == "triangle-horizontal-first-whole"

    def decoded_whole(self) -> "Signature":
        """The same, by the rule that decodes large JPEGs whole."""
        return replace(self, resampling="triangle-horizontal-first-whole")

    @property
    def shape(self) -> tuple[int, int, int]:
        """The shape of one picture: height, width, channels."""
        return self.height, self.width, self.channels

    def to_json(self) -> str:
        """This signature as JSON text; ``from_json`` reads it back."""
        return json.dumps({"olhar": 1} | asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str, where: str) -> "Signature":
        """Read a signature; keys that this version does not know are passed over, and one without a rule means the first.

        Raises:
            ModelError: not JSON, a key missing, values that contradict each other, or pixels by a rule that this version
                does not know; ``where`` names the file.
        """
        try:
            read: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value for key, value in json.loads(text).items()
            }
            if "levels" in read:
                read["levels"] = Levels.from_json(read["levels"])
            signature = cls(**{f.name: read[f.name] for f in fields(cls) if f.name in read})
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            raise ModelError("bundle.signature_unreadable", where=where) from error
        if not _consistent(read):
            raise ModelError("bundle.signature_unreadable", where=where)
        if signature.resampling not in RESAMPLINGS:
            raise ModelError("bundle.resampling_unknown", where=where, rule=signature.resampling)
        return signature


def _consistent(read: dict[str, Any]) -> bool:
    """Whether values from a file are of their types and do not contradict each other."""
    classes, names, channels = read["classes"], read["names"], read.get("channels", 3)
    mean, std = read.get("mean", (0.0,) * 3), read.get("std", (1.0,) * 3)
    return (
        all(isinstance(values, tuple) for values in (classes, names, mean, std))
        and all(isinstance(text, str) for text in (*classes, *names, read.get("origin", ""), read.get("licence", "")))
        and len(classes) == len(names) == len(set(classes)) >= 1
        and all(type(side) is int and 0 < side <= 4096 for side in (read["height"], read["width"]))
        and channels in (1, 3)
        and read.get("fit", "stretch") in FITS
        and len(mean) == len(std) == channels
        and isinstance(read.get("bgr", False), bool)
        and all(type(read.get(name, 0.0)) in (int, float) and 0 <= read.get(name, 0.0) <= 1 for name in _SHARES)
        and isinstance(read.get("resampling", ""), str)
        and all(type(number) in (int, float) and abs(number) < _VAST for number in mean + std)
        and all(std)
    )
