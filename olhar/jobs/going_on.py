"""Going on from a finished run: its classes and its pictures, and what has come to them since."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from olhar.base.errors import DataError, OlharError, RecipeError
from olhar.base.progress import Progress
from olhar.base.texts import sentence
from olhar.data.checks.survey import survey
from olhar.data.dataset import Brought, Dataset
from olhar.data.pieces import Piece, assemble
from olhar.data.sources import read
from olhar.jobs.ways import is_head_start
from olhar.runs.folder import REQUEST, RunFolder
from olhar.runs.request import Request
from olhar.runs.results import results
from olhar.runs.split import read_split
from olhar.training.recipe import Recipe


@dataclass(frozen=True)
class Earlier:
    """The run that is gone on from."""

    run: RunFolder

    def recipe(self, request: Request) -> Recipe:
        """What the run learnt with, and what is asked for now; its test pictures stay test pictures.

        Raises:
            RecipeError: it learnt by gradients.
            RunError: it is not finished.
        """
        kept = self.run.recipe()
        if not is_head_start(kept.model):
            raise RecipeError("going_on.by_gradients", where=str(self.run.path), model=kept.model)
        self.run.read_json("metrics.json")
        asked = {name: value for name, value in request.explicit_fields.items() if name != "model"}
        tested = "test" in read_split(self.run.path).values()
        same = {"model": kept.model, "size": kept.size, "colour": kept.colour, "fit": kept.fit, "group": kept.group}
        own = {**same, "split_from": str(self.run.path) if tested else "", "scaling": kept.scaling}
        return request.base_recipe.with_({**own, **asked})

    def tell_of_blocks(self, progress: Progress) -> None:
        """Say so where blocks of the body have learnt in the run: it is gone on from with the body as it was published."""
        head = results(self.run).head
        if head is not None and head.last_blocks is not None and head.last_blocks.kept:
            progress.line(sentence("last_blocks.gone_on", run=self.run.name, body=head.body, learn=head.last_blocks.learn))

    def pictures(self, dataset: Dataset, progress: Progress) -> Dataset:
        """The pictures that came with the command, and those of the run that are not among them.

        Raises:
            DataError: the pictures of a class that the run knows are nowhere.
        """
        request, known = self.run.request(), read_split(self.run.path)
        new = {content.tobytes() for content in survey(dataset, progress).hashes}
        missing = known.keys() - new
        if not missing:
            return _named(dataset, request.names)
        old = _old_pictures(request.data, progress)
        if old is None:
            self._refuse_lost(dataset)
            progress.line(sentence("going_on.without", where=request.data, n=len(missing), run=self.run.name))
            return _named(dataset, request.names)
        looks = survey(old, progress)
        rows = [row for row, content in zip(looks.rows.tolist(), looks.hashes, strict=True) if content.tobytes() in missing]
        progress.line(sentence("going_on.joined", n=len(rows), run=self.run.name, where=request.data))
        return _named(_joined(dataset, old.only(rows)), request.names)

    def _refuse_lost(self, dataset: Dataset) -> None:
        lost = [name for name in self.run.signature().classes if name not in dataset.classes]
        if lost:
            where = self.run.request().data
            raise DataError("going_on.lost", where=where, run=str(self.run.path), classes=", ".join(lost[:10]))


def earlier_run(model: str) -> Earlier | None:
    """The run that a ``--model`` names; None where it names something else."""
    path = Path(model)
    return Earlier(RunFolder(path)) if model and (path / REQUEST).is_file() else None


def _old_pictures(data: str, progress: Progress) -> Dataset | None:
    """The run's own pictures, where they lie where they lay."""
    try:
        return read(data, progress=progress)
    except OlharError:
        return None


def _joined(new: Dataset, old: Dataset) -> Dataset:
    """Both as one table."""
    return replace(assemble(new.origin, [_piece(new), _piece(old)]), licence=new.licence)


def _piece(dataset: Dataset) -> Piece:
    labels = [dataset.classes[label] for label in np.asarray(dataset.labels).tolist()]
    parts: list[Brought] = list(dataset.brought)
    return Piece(dataset.source, dataset.where, labels, parts, dataset.groups)


def _named(dataset: Dataset, names: object) -> Dataset:
    """The names to show that the run had, for the classes that it knows."""
    if not isinstance(names, dict) or dataset.names:
        return dataset
    return replace(dataset, names=tuple(names.get(key, key) for key in dataset.classes))
