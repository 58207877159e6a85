"""Candidates: sets of a body's pooled outputs from which a head may learn, and what each counts for before anything is measured.

The features are best on pictures like those that the body has seen; earlier outputs on textures and X-rays, by up to 17 points.
Which it is here, the pictures say (``pool``); the candidates are the same for all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

LAYOUT = "layout"
"""The name of the output that tells where in the picture: means over three by three places. Hands show by it what they sign."""

OF_THE_LAYOUT = 0.05
"""Its share of the prior: in three sets that show things wherever they lie it costs 0.3 points at five pictures a class, and what
it brings where the place counts comes with more just as soon."""

STEP = 4
EARLIER = 3
"""Beside the features: the last block, and of those before it every fourth, three of them."""


@dataclass(frozen=True)
class BlockSet:
    """A set of pooled outputs.

    Attributes:
        name: ``last``, ``all``, ``early`` or ``layout``.
        blocks: the names of the outputs.
        prior: its share in the pool before anything is measured; those of all candidates add up to 1.
    """

    name: str
    blocks: tuple[str, ...]
    prior: float


def wanted(names: Sequence[str]) -> tuple[str, ...]:
    """The outputs that heads learn from, of all that a body has in the order from picture to features, which come last."""
    *blocks, features = names
    chosen = blocks[::-1][::STEP][: EARLIER + 1]
    return (*chosen[::-1], features)


def candidates(outputs: Sequence[str]) -> tuple[BlockSet, ...]:
    """The features alone; all outputs; the second and third before the last block; the layout; where there are such.

    Half of the prior stands on the features: none of the sets by which the shares were chosen is of photographs like ImageNet's,
    and on those earlier outputs are known to hurt where pictures are few. On the sets themselves it costs 0.1 points.

    Args:
        outputs: those that there are, of a whole body as ``wanted`` names them; the last are the features.
    """
    pooled = _of_pooled([name for name in outputs if name != LAYOUT])
    if LAYOUT not in outputs:
        return pooled
    without = [replace(one, prior=one.prior * (1 - OF_THE_LAYOUT)) for one in pooled]
    return (*without, BlockSet("layout", (LAYOUT,), OF_THE_LAYOUT))


def _of_pooled(outputs: Sequence[str]) -> tuple[BlockSet, ...]:
    last, early = tuple(outputs[-1:]), tuple(outputs[-4:-2])
    if len(outputs) == 1:
        return (BlockSet("last", last, 1.0),)
    if not early:
        return (BlockSet("last", last, 0.5), BlockSet("all", tuple(outputs), 0.5))
    return (BlockSet("last", last, 0.5), BlockSet("all", tuple(outputs), 0.25), BlockSet("early", early, 0.25))
