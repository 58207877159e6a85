"""Layer: one line of the table of layers, of a network of any kind."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Layer:
    """One line of the table of layers: name, kind, shape of the output without the batch, number of parameters."""

    name: str
    kind: str
    shape: tuple[int | None, ...] | None
    parameters: int
