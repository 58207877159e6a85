"""A training at work: its epochs are noted and told, what was learnt is written now and then, a wish to stop is heard."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import torch

from olhar.base.errors import Stopped
from olhar.base.progress import Advance, Progress
from olhar.base.texts import Sentence, number, percent, sentence
from olhar.exports.keep_as import Keeper
from olhar.jobs.interrupt import asked_to_stop
from olhar.jobs.logs import Log
from olhar.jobs.prepare import Prepared
from olhar.networks.maker import Maker
from olhar.runs import checkpoint, history
from olhar.runs.folder import RunFolder
from olhar.training.budget import Clock
from olhar.training.epoch import Epoch
from olhar.training.loop import Training
from olhar.training.state import state
from olhar.training.symptoms import AFTER, symptoms

_SHARE = 0.01
"""Of the time goes into writing checkpoints, where the pauses between them allow."""


@dataclass(frozen=True)
class Session:
    """A training under way in its run's folder.

    Attributes:
        run: the folder.
        prepared: the pictures and the recipe as it was asked.
        maker: what makes, exports and asks its network.
        training: what learns.
        progress, log: who is told.
        keeper: writes the best so far under a name of the person's too; None where nobody asked.
        pauses: seconds between two checkpoints, the least and the most.
    """

    run: RunFolder
    prepared: Prepared
    maker: Maker
    training: Training
    progress: Progress
    log: Log
    keeper: Keeper | None
    pauses: tuple[float, float] = (1.0, 30.0)

    def settle(self, **choices: float | str) -> None:
        """Take what was left to us to choose, and keep it in the run, so that it goes on with the same."""
        training = self.training
        training.recipe = training.recipe.with_(choices)
        training.stopping.patience = training.recipe.patience
        torch.set_num_threads(training.recipe.threads)
        self.run.write("recipe.toml", training.recipe.to_toml())

    def note(self, epoch: Epoch) -> None:
        """Keep an epoch's numbers, and its weights if they are the best."""
        history.append(self.run, epoch.to_dict())
        self.log.epoch(epoch)
        if self.keeper is not None and epoch.best:
            self.keeper.note(self.training.best)
            self.keeper.write()

    def settle_patience(self) -> None:
        """Wait for a third of the epochs, ten at least."""
        training = self.training
        self.settle(patience=max(10, training.total // len(training.train) // 3))

    def to_the_end(self, clock: Clock | None, own_patience: bool) -> None:
        """Train until all is learnt, nothing gets better, or somebody asks to stop.

        Args:
            clock: the number of steps follows it; None: it is settled.
            own_patience: the patience is ours, and follows the number of steps.

        Raises:
            Stopped: somebody asked; a checkpoint is written.
            TrainingError: the loss is not finite.
        """
        training = self.training
        with asked_to_stop() as stop, self.progress.stage(sentence("train.learning"), training.total) as advance:
            tick = _Ticker(self, stop, advance, clock)
            try:
                with suppress(_AskedToStop):
                    self._epochs(tick, clock if own_patience else None)
            except Exception:
                with suppress(Exception):  # what ended the training is what is told
                    self._keep_at_once()
                raise
            tick.save()
            if stop():  # also where it was asked after the last tick: others may come after this training
                self._keep_at_once()
                self.run.refuse_gone(begun=True)
                raise Stopped("train.stopped", where=str(self.run.path), step=training.step, total=training.total)
        if training.stopping.over and training.step < training.total:
            self._tell_early_end()

    def _keep_at_once(self) -> None:
        """The best so far is also kept where a training ends before its end."""
        if self.keeper is not None:
            self.keeper.write(at_once=True)

    def _epochs(self, tick: "_Ticker", follows: Clock | None) -> None:
        training, per_epoch, warned = self.training, len(self.training.train), False
        for epoch in training.fit(tick):
            tick.judged()
            if follows is not None:
                self.settle_patience()
            self.note(epoch)
            self.progress.line(epoch_line(epoch, training.total, per_epoch))
            warned = warned or self._warn(epoch)
            if not training.finished:
                tick()

    def _warn(self, epoch: Epoch) -> bool:
        """Say once, with its likely causes, that a training learns nothing."""
        reasons = symptoms(self.training, epoch) if epoch.epoch >= AFTER else []
        for reason in reasons:
            self.progress.line(reason)
        return bool(reasons)

    def _tell_early_end(self) -> None:
        stopping = self.training.stopping
        ended = {"epoch": self.training.epoch, "kept": self.training.keeping.epoch}
        if stopping.reached:
            self.progress.line(sentence("train.goal_reached", goal=stopping.goal, **ended))
        else:
            self.progress.line(sentence("train.no_better", best=stopping.best.epoch, **ended))


class _AskedToStop(Exception):
    """Somebody asked to stop, and it is between two steps: the weights are whole. A second Ctrl-C is a KeyboardInterrupt."""


class _Ticker:
    """What happens after each step: the bar moves, what was learnt is written now and then, a wish to stop is heard."""

    def __init__(self, work: Session, stop: Callable[[], bool], advance: Advance, clock: Clock | None) -> None:
        self.run, self.training, self.keeper, self.pauses = work.run, work.training, work.keeper, work.pauses
        self.stop, self.advance, self.clock = stop, advance, clock
        self.saved = self.moved = time.monotonic()
        self.pause = self.pauses[0]
        self.shown = 0

    def __call__(self) -> None:
        if self.training.step != self.shown:
            self.moved = time.monotonic()
            if self.clock is not None:
                self.clock.adjust()
        self.advance(self.training.step - self.shown, self.training.total)
        self.shown = self.training.step
        if self.stop():
            raise _AskedToStop
        if time.monotonic() - self.saved > self.pause:
            self.save()
        if self.keeper is not None:
            self.keeper.write()

    def judged(self) -> None:
        """The validation pictures have been seen."""
        if self.clock is not None:
            self.clock.note_validation(time.monotonic() - self.moved)

    def save(self) -> None:
        """Write a checkpoint, of sound weights only: the one before stays else."""
        begun = time.monotonic()
        self.training.refuse_non_finite()
        checkpoint.write(self.run, *state(self.training))
        self.saved = time.monotonic()
        least, most = self.pauses
        self.pause = min(most, max(least, (self.saved - begun) / _SHARE))


def epoch_line(epoch: Epoch, total: int, per_epoch: int) -> Sentence:
    """One epoch as one line, its columns beneath those of the line before."""
    epochs = max(epoch.epoch, -(-total // per_epoch))
    count = f"{epoch.epoch:>3}/{epochs:<3}"
    return sentence(
        "train.epoch_best" if epoch.best else "train.epoch",
        count=count,
        loss=number(epoch.loss, 3),
        accuracy=f"{percent(epoch.accuracy):>7}",
        val_loss=number(epoch.val_loss, 3),
        val_accuracy=f"{percent(epoch.val_accuracy):>7}",
        rate=f"{number(round(epoch.pictures_per_second)):>6}",
    )
