"""The Keras file that a training began from, kept in its run: it goes on and writes back without the person's own copy."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from olhar.base.errors import RunError
from olhar.foreign.classifier import open_classifier
from olhar.foreign.opening import Opening
from olhar.networks.base_model import BaseModel
from olhar.runs.folder import BASE, RunFolder
from olhar.runs.request import BaseFile
from olhar.training.recipe import Recipe


def keep_base(run: RunFolder, base: BaseModel) -> BaseFile:
    """Copy the file, and what is needed to open it, into the run; what ``request.json`` keeps of it.

    Raises:
        RunError: the run cannot be written.
    """
    source = base.classifier.path
    for path in dict.fromkeys(_files(base)):
        run.write(f"{BASE}/{path.name}", path.read_bytes())
    return BaseFile("" if source.is_dir() else source.name, source.name, base.new_head, base.opening, base.known, base.last_only)


def _files(base: BaseModel) -> Iterator[Path]:
    source = base.classifier.path
    folder = source if source.is_dir() else source.parent
    if source.is_dir() or source.name == "model.json":
        yield from (path for path in sorted(folder.iterdir()) if path.suffix in (".bin", ".json") and path.is_file())
        return
    yield source
    if base.opening.architecture is not None:
        yield base.opening.architecture
    elif base.classifier.model.architecture_beside:
        yield folder / base.classifier.model.architecture_beside


def kept_base(run: RunFolder, recipe: Recipe) -> BaseModel | None:
    """The file that a run began from; None where it began from nothing.

    Raises:
        RunError: the copy in the run is gone.
    """
    base_file = run.request().base
    if base_file is None:
        return None
    path = run.path / BASE / base_file.file
    if not path.exists():
        raise RunError("run.unfinished", where=str(run.path), name=f"{BASE}/{base_file.name}")
    architecture_file = base_file.opening.architecture
    architecture = run.path / BASE / architecture_file.name if architecture_file is not None else None
    keras_classifier, signature = open_classifier(path, Opening(architecture, base_file.opening.lambdas)), run.signature()
    signature = replace(signature, names=signature.classes)
    return BaseModel(
        keras_classifier, signature, base_file.new_head, recipe.dropout, known=base_file.known, last_only=base_file.last_only
    )
