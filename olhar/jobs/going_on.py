"""Going on from a finished run: its classes and its pictures, and what has come to them since."""

import atexit
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import numpy as np

from olhar.base.errors import DataError, OlharError
from olhar.base.progress import Progress, Quiet
from olhar.base.texts import sentence
from olhar.data.checks.survey import survey
from olhar.data.dataset import Brought, Dataset
from olhar.data.folders.spelling import spelled_as
from olhar.data.pieces import Piece, assemble
from olhar.data.sources import read
from olhar.evaluation.metrics import Metrics
from olhar.jobs.refusals import refuse_without_torch
from olhar.jobs.ways import is_head_start
from olhar.runs.folder import REQUEST, RunFolder
from olhar.runs.request import Request, StoredRequest
from olhar.runs.results import results
from olhar.runs.split import read_split
from olhar.training.recipe import FEATURES, Recipe

if TYPE_CHECKING:
    from olhar.networks.base_model import BaseModel


@dataclass(frozen=True)
class Earlier:
    """The run that is gone on from."""

    run: RunFolder

    def recipe(self, request: Request) -> Recipe:
        """What the run learnt with, and what is asked for now; its test pictures stay test pictures, and
        what ``at_least`` and ``prediction_sets`` asked stays asked.

        Raises:
            RunError: it is not finished.
        """
        kept = self.run.recipe()
        self.run.read_json("metrics.json")
        asked = {name: value for name, value in request.explicit_fields.items() if name != "model"}
        tested = "test" in read_split(self.run.path).values()
        promises = ("at_least", "prediction_sets")
        own: dict[str, Any] = {name: getattr(kept, name) for name in promises if not getattr(request.base_recipe, name)}
        own |= {"group": kept.group, "split_from": str(self.run.path) if tested else ""}
        if self.by_features:
            own |= {
                name: getattr(kept, name)
                for name in (
                    "model",
                    "size",
                    "colour",
                    "fit",
                    "whole",
                    "scaling",
                    *(("learn",) if kept.learn == FEATURES else ()),
                )
            }
        elif asked.get("learn") == FEATURES:
            own |= {"model": str(self.run.model)}
        else:
            own |= {"model": str(self.run.path), "learn": "all"}
        return request.base_recipe.with_({**own, **asked})

    @property
    def by_features(self) -> bool:
        """Whether a head learnt, from what a body says; else a network learnt by gradients."""
        return is_head_start(self.run.recipe())

    def base(self, recipe: Recipe, progress: Progress) -> "BaseModel | None":
        """The network of a run that learnt by gradients, as a Keras file that learns on; None where a head learns from features.

        Raises:
            ExtraError: Keras or torch is not installed.
            ModelError: it is a network of the person's own, of which no Keras file can be made.
        """
        if is_head_start(recipe):
            return None
        from olhar.exports.run_file import export_run
        from olhar.networks.base_model import open_base

        refuse_without_torch()
        folder = Path(mkdtemp(prefix="olhar-"))
        atexit.register(rmtree, folder, ignore_errors=True)
        file = folder / f"{self.run.name}.h5"
        export_run(self.run, file, force=False, progress=Quiet())
        progress.line(sentence("going_on.by_gradients", run=self.run.name))
        return open_base(recipe.with_({"model": str(file)}))

    def read_alike(self, request: Request) -> Request:
        """The request with the run's way of reading, where it says none itself."""
        return request if request.reading else replace(request, reading=self.run.request().reading)

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
        dataset = spelled_as(dataset, self.run.signature().classes, progress)
        new = {content.tobytes() for content in survey(dataset, progress).hashes}
        missing = known.keys() - new
        if not missing:
            return _named(dataset, request.names)
        old = _old_pictures(request)
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


def numbers_before(run: RunFolder) -> tuple[str, Metrics] | None:
    """The run that one went on from, and its numbers; None where it went on from none, or that was not judged."""
    earlier = earlier_run(run.request().went_on_from)
    found = results(earlier.run) if earlier is not None else None
    return (earlier.run.full_name, found.metrics) if earlier is not None and found is not None and found.judged else None


def earlier_run(model: str) -> Earlier | None:
    """The run that a ``--model`` names; None where it names something else."""
    path = Path(model)
    return Earlier(RunFolder(path)) if model and (path / REQUEST).is_file() else None


def _old_pictures(request: StoredRequest) -> Dataset | None:
    """The run's own pictures, where they lie where they lay; how they were read was told when they were."""
    try:
        return read(request.data, progress=Quiet(), **request.reading.keywords())
    except OlharError:
        return None


def _joined(new: Dataset, old: Dataset) -> Dataset:
    """Both as one table, with what either was read as."""
    before = sentence("reading.gone_on", n=len(old), line=old.read_as.sentence())
    read_as = replace(new.read_as, notes=(*new.read_as.notes, before))
    return replace(assemble(new.origin, [_piece(new), _piece(old)]), licence=new.licence, read_as=read_as)


def _piece(dataset: Dataset) -> Piece:
    labels = [dataset.classes[label] for label in np.asarray(dataset.labels).tolist()]
    parts: list[Brought] = list(dataset.brought)
    return Piece(dataset.source, dataset.where, labels, parts, dataset.groups)


def _named(dataset: Dataset, names: object) -> Dataset:
    """The names to show that the run had, for the classes that it knows."""
    if not isinstance(names, dict) or dataset.names:
        return dataset
    return replace(dataset, names=tuple(names.get(key, key) for key in dataset.classes))
