"""Layer: one line of the table of layers, of a network of any kind."""

from dataclasses import dataclass

from olhar.base.parsing import Count


@dataclass(frozen=True)
class Layer:
    """One line of the table of layers: name, kind, shape of the output without the batch, number of parameters."""

    name: str
    kind: str
    shape: tuple[int | None, ...] | None
    parameters: Count

    @property
    def sides(self) -> str:
        """The shape for a person: ``32 x 32 x 3``, with ``?`` for a side that is free."""
        return " × ".join("?" if side is None else str(side) for side in self.shape or ())
