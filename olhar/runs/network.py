"""What a run's network is, layer by layer: ``network.json``, as a person drew it, which its ONNX has folded away."""

from collections.abc import Sequence

from olhar.base.errors import RunError
from olhar.base.layer import Layer
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
    try:
        return tuple(_layer(**row) for row in run.read_json(NETWORK)["layers"])
    except (KeyError, TypeError) as error:
        raise RunError("run.damaged", where=str(run.path / NETWORK)) from error


def _layer(name: str, kind: str, shape: list[int | None] | None, parameters: int) -> Layer:
    return Layer(name, kind, None if shape is None else tuple(shape), parameters)
