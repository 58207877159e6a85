"""The part of training that needs torch: prepared pictures -> a run that has learnt."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save

from olhar.base.errors import RunError
from olhar.base.parsing import parsing
from olhar.base.progress import Progress
from olhar.base.texts import Sentence, number, percent, sentence
from olhar.data.dataset import PARTS
from olhar.evaluation.confusion import confusion_matrix, macro, scores
from olhar.exports.keep_as import KeepAs, Keeper
from olhar.jobs.divide import in_few_lines
from olhar.jobs.finish import finish
from olhar.jobs.going_on import numbers_before
from olhar.jobs.learnt import Learnt
from olhar.jobs.left_out import unreadable
from olhar.jobs.logs import NOWHERE, Logs
from olhar.jobs.prepare import Prepared
from olhar.jobs.session import Session
from olhar.jobs.variations import variations
from olhar.networks.maker import Maker
from olhar.runs import checkpoint, history
from olhar.runs.environment import environment, kept_environment
from olhar.runs.folder import RunFolder
from olhar.runs.results import Results, results
from olhar.training.augment import Augmentation
from olhar.training.budget import Clock, fastest_threads
from olhar.training.calibrate import calibrate
from olhar.training.engine import choose
from olhar.training.loop import Training
from olhar.training.memory import memory_error, out_of_memory
from olhar.training.optimizer import decay, momentum, peak_rate
from olhar.training.process import training_process
from olhar.training.state import restore

_EXACT_WITH = ("processor", "device", "torch", "numpy", "onnxruntime", "pillow", "simplejpeg", "version")


def learn(
    run: RunFolder,
    prepared: Prepared,
    progress: Progress,
    begun: float,
    logs: Logs = NOWHERE,
    keep_as: KeepAs | None = None,
) -> Results:
    """Train, from the checkpoint where there is one, and finish the run.

    Args:
        run: the run's folder, with what was asked in it.
        prepared: the pictures and the resolved recipe.
        progress: where to tell how far it is.
        begun: ``time.monotonic()`` when the person asked, packing left out.
        logs: where else each epoch is told.
        keep_as: where the best so far is kept too.

    Raises:
        Stopped: the person asked to stop; a checkpoint is written.
        TrainingError: the loss is not finite, or memory is not enough.
    """
    with training_process(), logs.of(run, progress) as log:
        maker = prepared.maker()
        training, earlier = training_of(prepared, maker), _spent(run)
        keeper = Keeper(keep_as, maker, progress) if keep_as else None
        try:
            _learn(Session(run, prepared, maker, training, progress, log, keeper), begun)
        except (RuntimeError, MemoryError) as error:
            if not out_of_memory(error):
                raise
            raise memory_error(error, training) from error
        progress.line(sentence("train.exporting"))
        learnt = replace(_learnt(prepared, maker, training), earlier=numbers_before(run))
        finish(run, prepared, learnt, progress, earlier + time.monotonic() - begun)
        finished = results(run)
        log.end(finished.measured, finished.metrics)
        return finished


def _spent(run: RunFolder) -> float:
    """Seconds of the epochs that were done before."""
    return sum(row["seconds"] for row in history.read(run)) if checkpoint.exists(run) else 0.0


def _learn(work: Session, begun: float) -> None:
    training, recipe = work.training, work.training.recipe
    rates = {"learning_rate": peak_rate(recipe), "weight_decay": decay(recipe), "momentum": momentum(recipe)}
    work.settle(precision=training.engine.precision, threads=recipe.threads or fastest_threads(training), **rates)
    clock = _resumed(work) if checkpoint.exists(work.run) else _begun(work, begun)
    own_patience = training.recipe.patience < 0
    if own_patience:
        work.settle_patience()
    _tell(work.prepared, work.maker, training, work.progress)
    work.log.begin(training.recipe, training.epoch if training.step else None)
    base = work.prepared.base
    if base is not None and not base.new_head and training.step == 0:
        untrained = training.validate_untrained()
        work.note(untrained)
        work.progress.line(sentence("train.before", loss=number(untrained.val_loss, 3), accuracy=percent(untrained.val_accuracy)))
    work.to_the_end(clock, own_patience)


def _begun(work: Session, begun: float) -> Clock | None:
    """A training at its beginning, with its steps fitted to its minutes, if it has any."""
    run, training, minutes = work.run, work.training, work.prepared.recipe.minutes
    run.write_json("environment.json", kept_environment(run) | {"device": training.engine.device})
    if not minutes:
        return None
    return Clock(training, begun + 60 * minutes - _to_finish(work.prepared))


def _resumed(work: Session) -> None:
    """A training where it was left; how many steps it has is settled."""
    training = work.training
    _go_on(work.run, training, work.prepared)
    work.progress.line(sentence("train.going_on", step=training.step, total=training.total))
    for line in _not_exact(work.run, training.engine.device):
        work.progress.line(line)
    if work.keeper is not None and training.best:
        work.keeper.note(training.best)


def _go_on(run: RunFolder, training: Training, prepared: Prepared) -> None:
    """Take up the run's newest state.

    Raises:
        RunError: it is damaged, or the person's own network is another by now.
    """
    tensors, values = checkpoint.read(run)
    other_network = prepared.own and RunError("run.other_network", where=str(run.path), model=prepared.own.name)
    try:
        with parsing(other_network or checkpoint.damaged_state(run)):
            restore(training, tensors, values)
    except RunError as error:
        if error.__cause__ is not None and out_of_memory(error.__cause__):
            raise error.__cause__ from None
        raise


def _learnt(prepared: Prepared, maker: Maker, training: Training) -> Learnt:
    """The best weights, as a bundle and as they answer themselves."""
    training.network.load_state_dict(training.best)
    temperature = calibrate(training)
    learnt = training.network.state_dict()
    weights = save({name: learnt[name].cpu().contiguous() for name in training.best})
    network = training.network.cpu().float()
    return Learnt(
        weights=weights,
        bundle=maker.bundle(network),
        answers=lambda pixels: maker.answers(network, pixels),
        layers=maker.layers(network),
        device=training.engine.device,
        precision=training.engine.precision,
        kept_epoch=training.keeping.epoch,
        steps=training.step,
        temperature=temperature,
        variations=variations(prepared, training.augmentation),
    )


def training_of(prepared: Prepared, maker: Maker | None = None) -> Training:
    """The training that a prepared recipe asks for, before its first step."""
    recipe, signature = prepared.recipe, prepared.signature
    train = prepared.batches("train")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        network = (maker or prepared.maker()).build()
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
        confusion = confusion_matrix(labels, answers, len(classes))
        means = dict(zip(("val_precision", "val_recall", "val_f1"), macro(confusion), strict=True))
        rows = [dict(zip(("precision", "recall", "f1"), row, strict=True)) for row in np.transpose(scores(confusion)).tolist()]
        return {**means, "by_class": dict(zip(classes, rows, strict=True))}

    return measure


def _not_exact(run: RunFolder, device: str) -> list[Sentence]:
    """What is not as the run began with it, of that which decides how pictures are decoded and sums come out."""
    earlier, today = kept_environment(run), environment() | {"device": device}
    differing = [name for name in _EXACT_WITH if earlier.get(name, today.get(name)) != today.get(name)]
    return [sentence("train.not_exact", was=earlier[name], now=today.get(name, "-"), name=name) for name in differing]


def _tell(prepared: Prepared, maker: Maker, training: Training, progress: Progress) -> None:
    sizes = {part: sum(table.values()) for part, table in prepared.counts().items()}
    parts = {part: sizes.get(part, 0) for part in PARTS}
    progress.line(sentence("train.parts", origin=prepared.dataset.origin, classes=len(prepared.signature.classes), **parts))
    for reason in prepared.why:
        progress.line(reason)
    for line in maker.told(training.network):
        progress.line(line)
    progress.line(training.engine.reason)
    if (balance := training.recipe.balance) != "none":
        progress.line(sentence(f"train.balance_{balance}", watch=sentence(f"train.watch_{training.recipe.keep_by}")))
    elif training.recipe.keep_by == "loss":
        progress.line(sentence("train.kept_by_smoothed_loss" if training.recipe.label_smoothing else "train.kept_by_loss"))
    for line in (*in_few_lines(prepared.findings()), *unreadable(prepared.packed.bad)):
        progress.line(line)
