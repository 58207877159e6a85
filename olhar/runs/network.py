"""What a run's network is, layer by layer: ``network.json``, as a person drew it, which its ONNX has folded away."""

from collections.abc import Sequence

from olhar.base.layer import Layer
from olhar.base.parsing import checked, parsing
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder

NETWORK = "network.json"


def write_network(run: RunFolder, layers: Sequence[Layer]) -> None:
    """Keep the table of layers.

    Raises:
        RunError: the folder cannot be written.
    """
    run.write_json(NETWORK, {"layers": [vars(layer) for layer in layers]})


def read_network(run: RunFolder) -> tuple[Layer, ...] | None:
    """The table of layers; None of a run that was finished before there was one.

    Raises:
        RunError: it is damaged.
    """
    if not (run.path / NETWORK).is_file():
        return None
    stored = run.read_json(NETWORK)
    with parsing(damaged(run.path, NETWORK)):
        return tuple(checked(_layer(**row)) for row in stored["layers"])


def _layer(name: str, kind: str, shape: list[int | None] | None, parameters: int) -> Layer:
    return Layer(name, kind, None if shape is None else tuple(shape), parameters)
