"""Which layers of a published body learn together with its head, counted as ``--learn`` counts them. No torch."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from olhar.graph.graph import Graph

OF_THE_HEAD = 5
"""Layers behind the body: its outputs side by side, scale and offset, softsign, the dense layer, softmax."""

USUAL = "last:48"
"""The last four blocks, the convolution behind them, and the head; of every published body, as their last stages are alike."""


def learning_part(graph: "Graph", learn: str) -> tuple[str, ...]:
    """Paths of the layers of a body that learn.

    Args:
        graph: the body, up to its pooled outputs.
        learn: ``last:N``: of the last N leaf layers, the head's five and the poolings counted, those that hold something which
            training changes; ``all``.
    """
    from olhar.graph import heads

    rows = graph.layers
    count = len(rows) if learn == "all" else min(len(rows), max(0, int(learn.removeprefix("last:")) - OF_THE_HEAD))
    return heads.learning_layers(graph, heads.last_layers(graph, count)) if count else ()


def last_blocks(graph: "Graph", blocks: int) -> str:
    """``last:N`` for so many of the last blocks and the convolution behind them."""
    paths: Sequence[str] = [row.path for row in graph.layers]
    numbers = sorted({int(path.split("_")[1]) for path in paths if path.startswith("block_")})
    first = next(place for place, path in enumerate(paths) if path.startswith(f"block_{numbers[-blocks]}_"))
    return f"last:{OF_THE_HEAD + len(paths) - first}"
