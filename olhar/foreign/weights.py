"""A file of weights without a network (``.pth``, ``.pt``, ``.safetensors``): what is in it, and what can be done with it."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from olhar.base.errors import ModelError
from olhar.base.layer import Layer
from olhar.base.signature import Signature
from olhar.base.texts import Sentence, say, sentence, typed
from olhar.data.formats.tensor_pickle import Tensor
from olhar.data.formats.weights_file import WeightsFile, read_weights, weights_form
from olhar.foreign.inspection import Inspection
from olhar.foreign.weights_architecture import Tensors, network_name, output_count, without_prefix

_IMAGENET = 1000
_MOST_WORDS = 12
_CLASSES = ("classes", "class_names", "class_to_idx", "idx_to_class", "labels", "names")


def refuse_weights(path: Path) -> None:
    """Refuse weights where a model is needed.

    Raises:
        ModelError: it is a file of weights, of which ``inspect`` says more; or it wants to be more than weights.
    """
    form = weights_form(path)
    if form is None:
        return
    if form != "safetensors":
        read_weights(path)
    raise ModelError("weights.no_network", where=path.name, command=f"olhar inspect {typed(path)}")


def inspect_weights(path: Path) -> Inspection:
    """What a file of weights is.

    Raises:
        ModelError: damaged, or it wants to be more than weights.
    """
    file = read_weights(path)
    inside, held = _fullest_table(file.content)
    tensors, prefix = without_prefix(held)
    signature, classes = _signature(path, file), _classes(file.content)
    return Inspection(
        path=path,
        kind="weights",
        written_by="",
        teachable_machine=False,
        task="",
        layers=tuple(Layer(name, tensor.dtype, tensor.shape, math.prod(tensor.shape)) for name, tensor in tensors.items()),
        shape=signature.shape if signature else None,
        classes=signature.classes if signature else classes,
        classes_from="signature" if signature else path.name if classes else "",
        signature=signature,
        source="inside" if signature else "nothing",
        notices=tuple(_notices(path, file, tensors, inside, prefix)),
    )


def _notices(path: Path, file: WeightsFile, tensors: Tensors, inside: str, prefix: str) -> Iterator[Sentence]:
    """What it seems to be, and what can be done with it, a sentence each."""
    run, name, count = _run_of(path), network_name(tensors), output_count(tensors)
    if inside:
        others = [str(key) for key in file.content if key != inside][:_MOST_WORDS]
        yield sentence("weights.inside", inside=inside, others=", ".join(others) or "-")
    if prefix:
        yield sentence("weights.prefix", prefix=prefix)
    if run is not None:
        yield sentence("weights.is_run", run=str(run), **_command_words(path))
        return
    if path.with_suffix(".signature.json").is_file():
        yield sentence("weights.is_export", where=path.name)
        return
    if not tensors:
        yield sentence("weights.none")
        return
    yield sentence("weights.seems", network=name) if name else sentence("weights.unknown")
    if count is not None:
        yield sentence("weights.imagenet" if count == _IMAGENET else "weights.outputs", n=count)
    yield sentence("weights.way", where=path.name)


def _command_words(path: Path) -> dict[str, str]:
    picture = say("cli.word.picture")
    return {"where": path.name, "picture": f"{picture}.jpg"}


def _fullest_table(content: Any) -> tuple[str, dict[str, Tensor]]:
    """The fullest table of tensors in what was saved, and the name under which it stands there, ``""`` where it is all of it."""
    best: tuple[str, dict[str, Tensor]] = ("", _flat(content))
    if isinstance(content, dict):
        tables = [(str(key), _flat(value)) for key, value in content.items() if isinstance(value, dict)]
        best = max([best, *(table for table in tables if "optim" not in table[0])], key=lambda table: len(table[1]))
    return best


def _flat(content: Any) -> dict[str, Tensor]:
    """The tensors of one table."""
    if isinstance(content, Tensor):
        return {"tensor": content}
    if isinstance(content, list):
        return {str(index): tensor for index, tensor in enumerate(content) if isinstance(tensor, Tensor)}
    table = content if isinstance(content, dict) else {}
    return {str(key): tensor for key, tensor in table.items() if isinstance(tensor, Tensor)}


def _classes(content: Any) -> tuple[str, ...] | None:
    """The names of the classes, where somebody saved them beside the weights."""
    saved = next((content[key] for key in _CLASSES if key in content), None) if isinstance(content, dict) else None
    if isinstance(saved, dict) and all(isinstance(value, int) for value in saved.values()):
        saved = sorted(saved, key=saved.__getitem__)
    elif isinstance(saved, dict) and all(isinstance(key, int) for key in saved):
        saved = [saved[key] for key in sorted(saved)]
    return tuple(saved) if isinstance(saved, (list, tuple)) and saved and all(isinstance(name, str) for name in saved) else None


def _signature(path: Path, file: WeightsFile) -> Signature | None:
    """That of a run of ours, or of what it exported; only beside weights that it wrote."""
    run = _run_of(path)
    beside = run / "signature.json" if run is not None else path.with_suffix(".signature.json")
    if file.form != "safetensors" or not beside.is_file():
        return None
    try:
        return Signature.from_json(beside.read_text(encoding="utf-8"), beside.name)
    except (OSError, UnicodeDecodeError, ModelError):
        return None


def _run_of(path: Path) -> Path | None:
    """The run of ours in whose folder a file of weights lies."""
    folders = (path.parent, path.parent.parent)
    return next((folder for folder in folders if (folder / "request.json").is_file()), None)
