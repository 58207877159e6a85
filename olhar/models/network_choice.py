"""``auto``: which network, by the data and the time, with the reason; no torch."""

from dataclasses import dataclass

from olhar.base.texts import Sentence

FEW = 3_000
"""Below so many pictures an epoch is a matter of seconds, and a network that learns slowly but sees each often does best."""

ICON = 64
"""Pictures of so many pixels a side or fewer are icons; larger ones are photographs."""
TINY, NARROW = 24, 16
"""Few pictures of up to so many pixels a side get ``cnn`` of this width: a thirtieth of what ``resnet`` computes on them."""

SMALL = 32
"""Gray symbols of up to so many pixels a side are drawn or written ones, as of MNIST."""
SYMBOLS = 300
"""From so many symbols on a network from nothing overtakes a head start."""
MANY, LONG = 10_000, 10.0
"""Icons from so many on, and so many minutes, with which a network from nothing overtakes a head start."""

_RATE = 100e9
_PASSES = 3
_ENOUGH_EPOCHS = 1.0
_COST = {"quick": (118e6, 48), "cnn": (10.6e6, 1024)}
"""Multiply-adds of one 32x32 picture, and the side in pixels up to which they grow with its area."""


@dataclass(frozen=True)
class NetworkChoice:
    """A network's name, the sentence that says why, and the width of its first stage; 0: the network's own."""

    model: str
    why: Sentence
    width: int = 0


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
    if pictures < FEW and side <= TINY:
        return NetworkChoice("cnn", Sentence("train.auto_tiny", about), NARROW)
    if pictures < FEW:
        return NetworkChoice("resnet", Sentence("train.auto_few", about))
    if not minutes:
        return NetworkChoice("quick", Sentence("train.auto_many", about))
    costs = {model: cost * min(side, most) ** 2 / 32**2 for model, (cost, most) in _COST.items()}
    epochs = {model: 60 * minutes * _RATE / (_PASSES * cost * pictures) for model, cost in costs.items()}
    model = "quick" if epochs["quick"] >= min(_ENOUGH_EPOCHS, epochs["cnn"]) else "cnn"
    about |= {"minutes": minutes, "epochs": round(epochs[model], 1)}
    return NetworkChoice(model, Sentence(f"train.auto_minutes.{model}", about))


def likely_from_nothing(pictures: int, side: int, minutes: float, *, symbols: bool, gray: bool) -> bool:
    """Whether a network from nothing is likely to be more right than a head start.

    Measured on pictures held back of the training parts (``benchmarks/auto.py``, two minutes from nothing): what they show counts
    more than how small they are. On digits of 16 x 16 a network from nothing was ahead with 500 pictures that teach (99.3 against
    98.3%), level with 1,300, and behind with 30 (67.7 against 72.3%) and 100; on photographs brought to 16 and 24 pixels the head
    was ahead by 20 points, on those of 32 by 8 to 35, on faces of 48 by 2 to 12, with 100 to 10,000 pictures.

    Args:
        pictures: all that there are.
        side: that such pictures usually have, in pixels.
        minutes: that were given; 0: none.
        symbols: the names of the classes say that a mirrored picture is another: digits, letters, sides.
        gray: all pictures are.
    """
    drawn = symbols and pictures >= SYMBOLS and (side <= TINY or (gray and side <= SMALL))
    return drawn or (side <= ICON and pictures >= MANY and minutes >= LONG)
