"""The part of training that needs torch: prepared pictures -> a run that has learnt."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from olhar.base.errors import RunError, Stopped
from olhar.base.progress import Advance, Progress
from olhar.base.texts import number, percent, say
from olhar.data.dataset import PARTS
from olhar.evaluation.metrics import confusion_matrix, scores
from olhar.runs import checkpoint, history
from olhar.runs.folder import RunFolder
from olhar.training.augment import Augmentation
from olhar.training.budget import fastest_threads, steps_within
from olhar.training.engine import choose
from olhar.training.epoch import Epoch
from olhar.training.loop import Training
from olhar.training.memory import explained, out_of_memory
from olhar.training.optimizer import decay, momentum, peak_rate
from olhar.training.symptoms import AFTER, symptoms
from olhar.verbs.divide import in_few_lines
from olhar.verbs.finish import finish
from olhar.verbs.interrupt import asked_to_stop
from olhar.verbs.logs import NOWHERE, Log, Logs
from olhar.verbs.networks import maker
from olhar.verbs.prepare import Prepared
from olhar.verbs.run import Run

_CHECKPOINT_SECONDS = 30.0


def learn(run: RunFolder, prepared: Prepared, progress: Progress, begun: float, logs: Logs = NOWHERE) -> Run:
    """Train, from the checkpoint where there is one, and finish the run.

    Args:
        run: the run's folder, with what was asked in it.
        prepared: the pictures and the resolved recipe.
        progress: where to tell how far it is.
        begun: ``time.monotonic()`` when the person asked, packing left out.
        logs: where else each epoch is told.

    Raises:
        Stopped: the person asked to stop; a checkpoint is written.
        TrainingError: the loss is not finite, or memory is not enough.
    """
    with own_threads(), logs.of(run, progress) as log:
        training = training_of(prepared)
        try:
            _learn(run, prepared, training, progress, begun, log)
        except (RuntimeError, MemoryError) as error:
            if not out_of_memory(error):
                raise
            raise explained(error, training) from error
        finished = finish(run, prepared, training, progress, time.monotonic() - begun)
        log.end(finished.measured, finished.metrics)
        return finished


@contextmanager
def own_threads() -> Generator[None]:
    """Torch's number of threads belongs to the person's process: it is put back on the way out."""
    before = torch.get_num_threads()
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _learn(run: RunFolder, prepared: Prepared, training: Training, progress: Progress, begun: float, log: Log) -> None:
    rates = {"learning_rate": peak_rate(training.recipe), "weight_decay": decay(training.recipe)}
    rates |= {"momentum": momentum(training.recipe)}
    _settle(run, training, threads=training.recipe.threads or fastest_threads(training), **rates)
    minutes = prepared.recipe.minutes
    deadline = begun + 60 * minutes - _to_finish(prepared) if minutes else None
    if checkpoint.exists(run):
        _go_on(run, training, prepared)
        deadline = None
        progress.line(say("train.going_on", step=training.step, total=training.total))
    elif deadline:
        training.total = steps_within(training, deadline - time.monotonic())
    if training.recipe.patience < 0:
        _settle(run, training, patience=max(10, training.total // len(training.train) // 3))
    _tell(prepared, training, progress)
    log.begin(training.recipe, training.step)
    if prepared.base is not None and not prepared.base.new_head and training.step == 0:
        before = training.before()
        history.append(run, before.to_dict())
        log.epoch(before)
        progress.line(say("train.before", loss=number(before.val_loss, 3), accuracy=percent(before.val_accuracy)))
    with asked_to_stop() as stop, progress.stage(say("train.learning"), training.total) as advance:
        _to_the_end(run, training, progress, _Ticker(run, training, stop, advance), deadline, log)


def _go_on(run: RunFolder, training: Training, prepared: Prepared) -> None:
    """Take up the run's newest state.

    Raises:
        RunError: the person's own network is another by now.
    """
    try:
        training.load_state_dict(*checkpoint.read(run))
    except (RuntimeError, KeyError, IndexError) as error:
        if prepared.own is None:
            raise
        raise RunError("run.other_network", where=str(run.path), model=prepared.own.name) from error


def _settle(run: RunFolder, training: Training, **choices: float) -> None:
    """Take what was left to us to choose, and keep it in the run, so that it goes on with the same."""
    training.recipe = training.recipe.with_(choices)
    training.stopping.patience = training.recipe.patience
    torch.set_num_threads(training.recipe.threads)
    run.write("recipe.toml", training.recipe.to_toml())


def _to_the_end(
    run: RunFolder, training: Training, progress: Progress, tick: "_Ticker", deadline: float | None, log: Log
) -> None:
    per_epoch = len(training.train)
    warned = False
    try:
        for epoch in training.fit(tick):
            history.append(run, epoch.to_dict())
            log.epoch(epoch)
            progress.line(epoch_line(epoch, training.total, per_epoch))
            warned = warned or _warn(training, epoch, progress)
            if deadline and training.total - training.step >= per_epoch:
                training.total = training.step + max(0, int((deadline - time.monotonic()) / epoch.seconds * per_epoch))
            if not training.finished:
                tick()
    except _AskedToStop:
        tick.save()
        raise Stopped("train.stopped", where=str(run.path), step=training.step, total=training.total) from None
    tick.save()
    if training.stopping.over and training.step < training.total:
        _tell_early_end(training, progress)


def _tell_early_end(training: Training, progress: Progress) -> None:
    ended = {"epoch": training.epoch, "kept": training.keeping.epoch}
    if training.stopping.reached:
        progress.line(say("train.goal_reached", goal=training.stopping.goal, **ended))
    else:
        progress.line(say("train.no_better", best=training.stopping.best.epoch, **ended))


def _warn(training: Training, epoch: Epoch, progress: Progress) -> bool:
    """Say once, with its likely causes, that a training learns nothing."""
    found = symptoms(training, epoch) if epoch.epoch >= AFTER else []
    for sentence in found:
        progress.line(str(sentence))
    return bool(found)


class _AskedToStop(Exception):
    """Somebody asked to stop, and it is between two steps: the weights are whole. A second Ctrl-C is a KeyboardInterrupt."""


class _Ticker:
    """What happens after each step: the bar moves, a checkpoint is written now and then, a wish to stop is heard."""

    def __init__(self, run: RunFolder, training: Training, stop: Callable[[], bool], advance: Advance) -> None:
        self.run, self.training, self.stop, self.advance = run, training, stop, advance
        self.saved = time.monotonic()
        self.shown = 0

    def __call__(self) -> None:
        self.advance(self.training.step - self.shown, self.training.total)
        self.shown = self.training.step
        if self.stop():
            raise _AskedToStop
        if time.monotonic() - self.saved > _CHECKPOINT_SECONDS:
            self.save()

    def save(self) -> None:
        """Write a checkpoint, of sound weights only: the one before stays else."""
        self.training.refuse_unsound()
        checkpoint.write(self.run, *self.training.state_dict())
        self.saved = time.monotonic()


def training_of(prepared: Prepared) -> Training:
    """The training that a prepared recipe asks for, before its first step."""
    recipe, signature = prepared.recipe, prepared.signature
    train = prepared.batches("train")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        network = maker(prepared).build()
    return Training(
        network=network,
        train=train,
        validation=prepared.batches("validation"),
        recipe=recipe,
        signature=signature,
        engine=choose(recipe.device, recipe.precision),
        measure=_measure(signature.classes),
        total=recipe.epochs * len(train),
        augmentation=Augmentation.of(recipe, len(signature.classes)),
    )


def _to_finish(prepared: Prepared) -> float:
    """Seconds that export, test and report take, reckoned generously."""
    tested = len(prepared.batches("test").rows)
    return 10.0 + tested * prepared.recipe.size**2 / 2_000_000


def _measure(classes: tuple[str, ...]) -> Callable[[NDArray[np.int64], NDArray[np.int64]], dict[str, Any]]:
    def measure(labels: NDArray[np.int64], answers: NDArray[np.int64]) -> dict[str, Any]:
        table = np.stack(scores(confusion_matrix(labels, answers, len(classes))))
        means = dict(zip(("val_precision", "val_recall", "val_f1"), table.mean(axis=1).tolist(), strict=True))
        rows = [dict(zip(("precision", "recall", "f1"), column, strict=True)) for column in table.T.tolist()]
        return {**means, "by_class": dict(zip(classes, rows, strict=True))}

    return measure


def _tell(prepared: Prepared, training: Training, progress: Progress) -> None:
    sizes = {part: sum(table.values()) for part, table in prepared.counts().items()}
    parts = {part: sizes.get(part, 0) for part in PARTS}
    progress.line(say("train.parts", origin=prepared.dataset.origin, classes=len(prepared.signature.classes), **parts))
    if prepared.why is not None:
        progress.line(str(prepared.why))
    for line in maker(prepared).told(training.network):
        progress.line(line)
    progress.line(training.engine.reason)
    if (balance := training.recipe.balance) != "none":
        progress.line(say(f"train.balance_{balance}", watch=say(f"train.watch_{training.recipe.keep_by}")))
    for line in in_few_lines(prepared.findings()):
        progress.line(line)


def epoch_line(epoch: Epoch, total: int, per_epoch: int) -> str:
    """One epoch as one line, its columns beneath those of the line before."""
    epochs = max(epoch.epoch, -(-total // per_epoch))
    count = f"{epoch.epoch:>3}/{epochs:<3}"
    return say(
        "train.epoch_best" if epoch.best else "train.epoch",
        count=count,
        loss=number(epoch.loss, 3),
        accuracy=f"{percent(epoch.accuracy):>7}",
        val_loss=number(epoch.val_loss, 3),
        val_accuracy=f"{percent(epoch.val_accuracy):>7}",
        rate=f"{number(round(epoch.pictures_per_second)):>6}",
    )
