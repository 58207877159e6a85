"""auto: which network, by the data and the time, with the reason; no torch."""

from dataclasses import dataclass

from olhar.base.texts import Sentence

FEW = 3_000
"""Below so many pictures an epoch is a matter of seconds, and a network that learns slowly but sees each often does best."""

_RATE = 100e9
_PASSES = 3
_WORKING_SIDE = 48
_ENOUGH_EPOCHS = 1.0
_COST = {"quick": 118e6, "cnn": 10.6e6}
"""Multiply-adds of one 32x32 picture; they grow with its area up to 48 pixels a side."""


@dataclass(frozen=True)
class Choice:
    """A network's name, and the sentence that says why."""

    model: str
    why: Sentence


def choose(pictures: int, side: int, minutes: float) -> Choice:
    """The network for a number of pictures of a size and a time.

    The same answer on every machine: time is reckoned by a nominal rate of 100 thousand million multiply-adds a second, which an
    ordinary processor reaches in training.

    Args:
        pictures: all that there are.
        side: of the network's picture in pixels.
        minutes: for everything; 0 where the number of epochs is given instead.
    """
    about = {"pictures": pictures, "side": side}
    if pictures < FEW:
        return Choice("resnet", Sentence("train.auto_few", about))
    if not minutes:
        return Choice("quick", Sentence("train.auto_many", about))
    area = min(side, _WORKING_SIDE) ** 2 / 32**2
    for model, cost in _COST.items():
        epochs = 60 * minutes * _RATE / (_PASSES * cost * area * pictures)
        if epochs >= _ENOUGH_EPOCHS or model == "cnn":
            return Choice(
                model, Sentence(f"train.auto_minutes.{model}", about | {"minutes": minutes, "epochs": round(epochs, 1)})
            )
    raise AssertionError("the last network is always taken")
