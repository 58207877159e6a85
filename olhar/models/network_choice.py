"""``auto``: which network, by the data and the time, with the reason; no torch."""

from dataclasses import dataclass

from olhar.base.texts import Sentence

FEW = 3_000
"""Below so many pictures an epoch is a matter of seconds, and a network that learns slowly but sees each often does best."""

_RATE = 100e9
_PASSES = 3
_ENOUGH_EPOCHS = 1.0
_COST = {"quick": (118e6, 48), "cnn": (10.6e6, 1024)}
"""Multiply-adds of one 32x32 picture, and the side in pixels up to which they grow with its area."""


@dataclass(frozen=True)
class NetworkChoice:
    """A network's name, and the sentence that says why."""

    model: str
    why: Sentence


def choose_network(pictures: int, side: int, minutes: float) -> NetworkChoice:
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
        return NetworkChoice("resnet", Sentence("train.auto_few", about))
    if not minutes:
        return NetworkChoice("quick", Sentence("train.auto_many", about))
    costs = {model: cost * min(side, most) ** 2 / 32**2 for model, (cost, most) in _COST.items()}
    epochs = {model: 60 * minutes * _RATE / (_PASSES * cost * pictures) for model, cost in costs.items()}
    model = "quick" if epochs["quick"] >= min(_ENOUGH_EPOCHS, epochs["cnn"]) else "cnn"
    about |= {"minutes": minutes, "epochs": round(epochs[model], 1)}
    return NetworkChoice(model, Sentence(f"train.auto_minutes.{model}", about))


def way_of_few(pictures: int, side: int) -> str:
    """S"""
    return "both"
