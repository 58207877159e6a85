"""models: the networks there are, with their size and what a picture costs."""

from dataclasses import dataclass

from olhar.verbs.extras import need


@dataclass(frozen=True)
class ModelRow:
    """A network for ten classes of RGB pictures of one size: parameters, and multiply-adds a picture."""

    name: str
    parameters: int
    multiply_adds: int


def models(size: int = 32) -> list[ModelRow]:
    """The networks by name, for RGB pictures of ``size`` x ``size``.

    Raises:
        ExtraError: torch is not installed.
    """
    need("train", "models")
    from olhar.models.zoo import MODELS, build, multiply_adds

    rows: list[ModelRow] = []
    for name in MODELS:
        network = build(name, 3, 10, (size, size))
        parameters = sum(p.numel() for p in network.parameters())
        rows.append(ModelRow(name, parameters, multiply_adds(network, (1, 3, size, size))))
    return rows
