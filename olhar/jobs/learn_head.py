"""The way of a head start: what a body says of the pictures -> a run whose head has learnt. No torch."""

import time
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from olhar.base.progress import Progress
from olhar.base.texts import sentence
from olhar.bodies import head_start
from olhar.bodies.head_start import HeadStart
from olhar.bodies.heads.deal import groups_a_class
from olhar.bodies.heads.ground import Ground
from olhar.bodies.heads.head import Head
from olhar.bodies.heads.interval import DESIGN
from olhar.bodies.heads.learning import LearntHead, learn_head
from olhar.bodies.heads.learning_curve import learning_curve
from olhar.data.dataset import PARTS
from olhar.evaluation.intervals import Interval, wilson
from olhar.evaluation.learning_curve import LearningCurve
from olhar.evaluation.predictions import Predictions
from olhar.jobs.divide import in_few_lines
from olhar.jobs.finish import finish
from olhar.jobs.fold_answers import FoldAnswers
from olhar.jobs.folds import fold_of_each
from olhar.jobs.going_on import numbers_before
from olhar.jobs.learnt import Learnt
from olhar.jobs.left_out import unreadable
from olhar.jobs.logs import NOWHERE, Logs
from olhar.jobs.prepare import Prepared
from olhar.jobs.unlike import FoldedFeatures
from olhar.jobs.ways import blocks_learn
from olhar.runs.folder import RunFolder
from olhar.runs.head_record import HeadRecord, TriedHead
from olhar.runs.results import Results, results
from olhar.training.balance import class_weights, settle_balance

_PROVED_ON = 8
"""Pictures that the exported file is asked beside body and head: where it is wrong, it is wrong on any."""
_BLOCKS = 3
"""Pooled outputs by which strangers are told: the last ones."""
_LOST = 5e-3


def learn_from_features(
    run: RunFolder,
    prepared: Prepared,
    begun_with: HeadStart,
    progress: Progress,
    begun: float,
    logs: Logs = NOWHERE,
    *,
    curve: bool = False,
) -> Results:
    """Teach a head, and finish the run.

    Args:
        run: the run's folder, with what was asked in it.
        prepared: the pictures and the resolved recipe.
        begun_with: the body, and what it says of the pictures.
        progress: where to tell how far it is.
        begun: ``time.monotonic()`` when the person asked.
        logs: where else the numbers are told.
        curve: a learning curve is wanted where a test part judges too; where folds do it is made anyway.

    Raises:
        ModelError: the exported file does not agree with the body and the head.
        RunError: the folder cannot be written.
    """
    with logs.of(run, progress) as log:
        recipe = settle_balance(prepared.recipe, np.bincount(prepared.labels[prepared.teaching]))
        run.write("recipe.toml", recipe.to_toml())
        _tell(prepared, progress)
        log.begin(recipe, None)
        weights = _weights(prepared, recipe.balance)
        learnt, its_curve = _learnt(prepared, begun_with, weights, curve=curve or _judged_by_folds(prepared))
        to_finish = _to_finish(prepared, begun_with, learnt, its_curve)
        if blocks_learn(recipe):
            to_finish = _with_blocks(run, prepared, begun_with, learnt, to_finish, progress, weights=weights, begun=begun)
        finish(run, prepared, replace(to_finish, earlier=numbers_before(run)), progress, time.monotonic() - begun)
        _forget_blocks(run)
        finished = results(run)
        if finished.judged:
            log.end(finished.measured, finished.metrics)
        return finished


def _judged_by_folds(prepared: Prepared) -> bool:
    return bool(prepared.recipe.folds) and not len(prepared.rows("test"))


def _weights(prepared: Prepared, balance: str) -> NDArray[np.float64] | None:
    """How much each picture that teaches counts."""
    labels, classes = prepared.labels[prepared.teaching], len(prepared.signature.classes)
    return class_weights(np.bincount(labels, minlength=classes))[labels] if balance != "none" else None


def _learnt(
    prepared: Prepared, begun_with: HeadStart, weights: NDArray[np.float64] | None, *, curve: bool
) -> tuple[LearntHead, LearningCurve | None]:
    """A head that has learnt from every picture that does not judge, and its curve where one is wanted."""
    rows, classes = prepared.teaching, len(prepared.signature.classes)
    labels = prepared.labels[rows]
    features = {name: values[:, rows] for name, values in begun_with.features.blocks().items()}
    fold = fold_of_each(prepared, prepared.recipe.folds, prepared.recipe.seed)[rows] if prepared.recipe.folds else None
    groups = prepared.division.groups[rows]
    seed, ground = prepared.recipe.seed, Ground.of(features, tuple(features))
    learnt = learn_head(ground, labels, groups, classes, seed=seed, weights=weights, fold=fold)
    keys = prepared.signature.classes
    return learnt, learning_curve(ground, labels, groups, keys, learnt, weights=weights, seed=seed) if curve else None


def _to_finish(prepared: Prepared, begun_with: HeadStart, learnt: LearntHead, curve: LearningCurve | None) -> Learnt:
    body, head, signature = begun_with.body, learnt.head, prepared.signature
    held_back, arrays = _out_of_fold(prepared, learnt), dict(head_start.weights(body, head))
    return Learnt(
        weights=save(arrays, {"body": body.key}),
        bundle=head_start.bundle(body, head, signature),
        answers=lambda pixels: head_start.answers(body, head, signature, pixels),
        layers=head_start.layers(body, head, arrays),
        device="cpu",
        precision="fp32",
        kept_epoch=0,
        steps=0,
        proved_on=_PROVED_ON,
        out_of_fold=held_back if prepared.recipe.folds else None,
        held_back=held_back if learnt.kind != "nearest mean" else None,
        folded=_folded(prepared, begun_with, learnt) if learnt.kind != "nearest mean" else None,
        seen=partial(_seen, begun_with, head) if _is_untouched(prepared, begun_with) else None,
        head=_record(begun_with, learnt),
        curve=curve,
    )


def _folded(prepared: Prepared, begun_with: HeadStart, learnt: LearntHead) -> FoldedFeatures:
    """What the body says of the pictures near its end, where it says so still: last blocks that learnt from them say else."""
    rows, blocks = prepared.teaching, _still_said(prepared, begun_with)
    last = {name: blocks[name][0, rows] for name in [*blocks][-_BLOCKS:]}
    return FoldedFeatures(last, prepared.labels[rows], learnt.fold, learnt.out_of_fold)


def _still_said(prepared: Prepared, begun_with: HeadStart) -> dict[str, NDArray[np.float16]]:
    """The blocks of which a body says what it did before its last ones learnt, by name: by a few pictures, where they have."""
    rows, blocks = prepared.teaching, begun_with.features.blocks()
    if _is_untouched(prepared, begun_with):
        return blocks
    some = rows[np.linspace(0, len(rows) - 1, min(_PROVED_ON, len(rows))).astype(int)]
    asked = head_start.blocks_of(begun_with.body, prepared.signature.channels, prepared.packed.pixels[some])
    return {name: each for name, each in blocks.items() if _as_before(each[0, some], asked[name])}


def _is_untouched(prepared: Prepared, begun_with: HeadStart) -> bool:
    """Whether the body is still the one that the features were asked of."""
    return prepared.head_start is not None and begun_with.body is prepared.head_start.body


def _seen(begun_with: HeadStart, head: Head, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """What the bundle's output ``features`` is for some pictures, but for what half the digits lose: float32 (N, F)."""
    return head.squashed({name: each[0, rows] for name, each in begun_with.features.blocks().items()})


def _as_before(kept: NDArray[np.float16], now: NDArray[np.float32]) -> bool:
    """Whether a body says the same as when its features were kept, but for what half the digits lose."""
    return float(np.abs(kept - now).max()) <= _LOST * float(np.abs(kept).max())


def _with_blocks(
    run: RunFolder,
    prepared: Prepared,
    begun_with: HeadStart,
    learnt: LearntHead,
    head_alone: Learnt,
    progress: Progress,
    *,
    weights: NDArray[np.float64] | None,
    begun: float,
) -> Learnt:
    """The head, or the network whose last blocks have learnt too, and in both cases what was tried."""
    from olhar.jobs.learn_blocks import learn_blocks

    record, tuned = learn_blocks(run, prepared, begun_with, learnt, progress, weights=weights, begun=begun)
    if tuned is None:
        return replace(head_alone, head=replace(_record(begun_with, learnt), last_blocks=record))
    kept = _to_finish(prepared, replace(begun_with, body=tuned.body), tuned.learnt, head_alone.curve)
    head = replace(_record(begun_with, tuned.learnt), last_blocks=record)
    return replace(kept, answers=tuned.answers, steps=tuned.steps, head=head)


def _forget_blocks(run: RunFolder) -> None:
    """Take away what was kept for going on while the last blocks learnt."""
    for path in run.checkpoints.glob("last-blocks*"):
        path.unlink(missing_ok=True)


def _record(begun_with: HeadStart, learnt: LearntHead) -> HeadRecord:
    """What the run keeps of it."""
    body, views = begun_with.body, begun_with.features.values.shape[1]
    tried = tuple(TriedHead(head.blocks, head.loss, head.weight) for head in learnt.tried)
    return HeadRecord(body.name, body.licence, body.origin, learnt.kind, tried, learnt.temperature, views, learnt.head.blocks)


def _out_of_fold(prepared: Prepared, learnt: LearntHead) -> FoldAnswers:
    """What heads that did not learn from a picture say of it, and the accuracy of each fold."""
    rows = prepared.teaching
    names = [prepared.name(row) for row in rows.tolist()]
    predictions = Predictions(names, prepared.signature.classes, prepared.labels[rows], learnt.out_of_fold)
    right = predictions.predicted == predictions.labels
    each = [_accuracy(right[learnt.fold == fold]) for fold in np.unique(learnt.fold).tolist()]
    return FoldAnswers(predictions, rows, each, DESIGN)


def _accuracy(right: NDArray[np.bool_]) -> Interval:
    return wilson(int(right.sum()), len(right))


def _one_each(prepared: Prepared) -> bool:
    """Whether no class has two pictures (groups, where there are such) of which one could be held back."""
    rows = prepared.teaching
    return bool(groups_a_class(prepared.labels[rows], prepared.division.groups[rows], len(prepared.signature.classes)).max() < 2)


def _tell(prepared: Prepared, progress: Progress) -> None:
    sizes = {part: len(prepared.rows(part)) for part in PARTS}
    origin, classes = prepared.dataset.origin, len(prepared.signature.classes)
    if not sizes["test"] and _one_each(prepared):
        progress.line(sentence("ways.one_each", origin=origin, n=sizes["train"], classes=classes))
    elif sizes["test"]:
        progress.line(sentence("ways.parts", origin=origin, classes=classes, train=sizes["train"], test=sizes["test"]))
    else:
        progress.line(sentence("ways.all_teach", origin=origin, classes=classes, n=sizes["train"], k=prepared.recipe.folds))
    for reason in prepared.why:
        progress.line(reason)
    for line in (*in_few_lines(prepared.findings()), *unreadable(prepared.packed.bad)):
        progress.line(line)
