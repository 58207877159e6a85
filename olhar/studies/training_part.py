"""One of several trainings as a part of a work: done in its run's folder, or on another machine, whose files come back whole."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace

from olhar.base.errors import UsageError
from olhar.base.progress import Progress
from olhar.base.texts import sentence
from olhar.evaluation.intervals import Interval
from olhar.jobs.logs import NOWHERE, Logs
from olhar.jobs.prepare import Prepared
from olhar.runs.folder import RunFolder
from olhar.runs.lock import locked
from olhar.runs.results import results
from olhar.studies.carried_pictures import CarriedPictures, SharedPictures, of_pictures, taken_apart
from olhar.studies.carried_training import CameBack, CarriedTraining, files_in, write_files
from olhar.training.recipe import Recipe


@dataclass(frozen=True)
class Finished:
    """A training that came to its end, and the accuracy on the pictures that judge it."""

    run: RunFolder
    accuracy: Interval


@dataclass(frozen=True)
class PicturesAtHand:
    """The pictures of several trainings, for ``Runner.stream``: put once, whatever the number of trainings."""

    prepared: Prepared

    def opened(self) -> SharedPictures:
        """As they are."""
        return self.prepared.dataset, self.prepared.packed, self.prepared.division.audit

    def carried(self) -> CarriedPictures:
        """The same without files."""
        return of_pictures(self.prepared)


@dataclass(frozen=True)
class TrainingPart:
    """A training of several.

    Attributes:
        run: its folder.
        prepared: its pictures and its recipe.
        start: writes the first files of the folder, or sees to it that those there are of this training; gives what is learnt
            with: its recipe may be the folder's.
        progress: where to tell how far it is.
        logs: where else each epoch is told.
        held: keeps the folder's lock while the training is elsewhere.
    """

    run: RunFolder
    prepared: Prepared
    start: Callable[[Prepared], Prepared]
    progress: Progress
    logs: Logs = NOWHERE
    held: ExitStack = field(default_factory=ExitStack)

    def work(self, shared: SharedPictures) -> Iterator[Finished]:  # noqa: ARG002 (it has its pictures)
        """Train in the folder, from its checkpoint where there is one."""
        from olhar.jobs.learn import learn

        begun = time.monotonic()
        with self._alone():
            prepared = self.start(self.prepared)
            yield Finished(self.run, learn(self.run, prepared, self.progress, begun, self.logs).metrics.accuracy)

    def carried(self) -> CarriedTraining:
        """The same with the folder's files; the folder is locked until they are back."""
        self.held.enter_context(self._alone())
        prepared = self.start(self.prepared)
        files = files_in(self.run.path)
        weight, threads = sum(map(len, files.values())), max(1, prepared.recipe.threads)
        names = self.run.path.resolve().parent.name, self.run.name
        return CarriedTraining(names, taken_apart(prepared), files, weight, threads)

    def _alone(self) -> AbstractContextManager[None]:
        self.run.make_folders()
        return locked(self.run)

    def landed(self, came: list[CameBack]) -> Iterator[Finished]:
        """The files that came back are written, and what was told there is told here."""
        for training in came:
            for line in training.lines:
                self.progress.line(line)
            write_files(self.run, training.files)
            yield Finished(self.run, results(self.run).metrics.accuracy)


def settled_once(prepared: Prepared) -> Prepared:
    """The same with what each machine would settle by itself settled for all: processor, precision, threads."""
    from olhar.training.engine import choose

    recipe = prepared.recipe
    settled = {"device": "cpu", "precision": choose("cpu", recipe.precision).precision, "threads": recipe.threads or 1}
    return replace(prepared, recipe=recipe.with_(settled))


def refuse_untravelled(recipe: Recipe, own: object, logs: Logs) -> None:
    """What cannot be trained on other machines.

    Args:
        recipe: what is asked.
        own: the person's own network, or the Keras file that the training begins from; None where there is none.
        logs: where each epoch would be told.

    Raises:
        UsageError: one's own network, a Keras file, a graphics card, or a log that another machine would have to write.
    """
    wrong = "logs" if logs != NOWHERE else "own" if own is not None else "device" if recipe.device in ("cuda", "mps") else ""
    if wrong:
        raise UsageError("scale.not_yet", what=sentence(f"scale.of_{wrong}"))
