"""What follows the last epoch: the best weights become a bundle, the test pictures judge it once, and the report is written."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.images import Pixels
from olhar.base.layer import Layer
from olhar.base.progress import Progress
from olhar.base.texts import sentence
from olhar.bundle.parity import agreement, golden
from olhar.bundle.predictor import BATCH, Predictor
from olhar.bundle.writer import labels, with_card
from olhar.data.dataset import Part
from olhar.evaluation.abstention import Threshold, answered_by
from olhar.evaluation.false_alarms import false_alarms
from olhar.evaluation.folds import FOLDS, Folds
from olhar.evaluation.learning_curve import LearningCurve
from olhar.evaluation.measuring import measure
from olhar.evaluation.metrics import Metrics
from olhar.evaluation.predictions import Predictions
from olhar.jobs.at_least import settle_threshold, with_threshold
from olhar.jobs.baselines import baselines
from olhar.jobs.behind import PredictedPictures, behind
from olhar.jobs.distribution import taught_distribution
from olhar.jobs.fold_answers import FoldAnswers
from olhar.jobs.held_back import HELD_BACK
from olhar.jobs.prepare import Prepared
from olhar.jobs.samples import chosen
from olhar.jobs.unlike import FoldedFeatures, TellingStrangers, tell_strangers
from olhar.reporting.model_card import model_card
from olhar.reporting.run_report import story, write_report
from olhar.reporting.story import Story
from olhar.runs.behind import write_behind
from olhar.runs.distribution import write_distribution
from olhar.runs.environment import kept_environment
from olhar.runs.folder import VERSION, RunFolder
from olhar.runs.head_record import NEAREST_MEAN, HeadRecord
from olhar.runs.network import write_network
from olhar.runs.results import PictureCost, results
from olhar.runs.samples import Sample, write_samples, write_variations
from olhar.runs.weights import write_weights

_PROVED_ON = 256
_TIMED = 2


@dataclass(frozen=True)
class Learnt:
    """What a training came to, whatever learnt: all that a run needs to be finished. No torch.

    Attributes:
        weights: the best ones, as safetensors.
        bundle: the serialised ``model.onnx``, its contract inside.
        answers: uint8 (N, H, W, C) -> probabilities, float32 (N, K), by the trained weights themselves.
        layers: the table of the network's layers.
        device, precision: it was learnt with.
        kept_epoch: the epoch whose weights these are, counted from 1; 0: those that the training began from.
        steps: so many were taken.
        temperature: by which the validation pictures made the logits smaller; None where they did not.
        variations: rows of a training picture and what augmentation made of it; empty where nothing was.
        proved_on: so many pictures are asked to prove the exported file.
        out_of_fold: what models of folds said and judges the run, where they have left no folders of their own.
        held_back: the same, whether it judges or not; a threshold is chosen by it.
        folded: what a body that did not learn says of the pictures, by which strangers are told; None of other networks.
        head, curve: of a head that learnt from features.
        earlier: the run that was gone on from, and its numbers.
    """

    weights: bytes
    bundle: bytes
    answers: Callable[[Pixels], NDArray[np.float32]]
    layers: Sequence[Layer]
    device: str
    precision: str
    kept_epoch: int
    steps: int
    temperature: float | None = None
    variations: Sequence[Sequence[Sample]] = ()
    proved_on: int = _PROVED_ON
    out_of_fold: FoldAnswers | None = None
    held_back: FoldAnswers | None = None
    folded: FoldedFeatures | None = None
    head: HeadRecord | None = None
    curve: LearningCurve | None = None
    earlier: tuple[str, Metrics] | None = None


def finish(run: RunFolder, prepared: Prepared, learnt: Learnt, progress: Progress, seconds: float) -> None:
    """Turn what was learnt into a finished run.

    Args:
        run: the run's folder.
        prepared: the pictures.
        learnt: what the training came to.
        progress: where to tell how far it is.
        seconds: that the training took until now.

    Raises:
        ModelError: the exported file does not agree with the trained weights; nothing is kept of it.
        RunError: the folder cannot be written, or is gone.
    """
    begun = time.monotonic()
    write_weights(run, learnt.weights)
    predictor, difference = _export(run, prepared, learnt)
    write_network(run, learnt.layers)
    write_distribution(run, taught_distribution(prepared, predictor, body_learnt=_body_learnt(learnt)))
    strangers = tell_strangers(run, prepared, learnt.folded, learnt.bundle, predictor, progress)
    learnt, predictor = _with_strangers(learnt, strangers), strangers.predictor
    threshold = _threshold(prepared, learnt, predictor, progress)
    if threshold is not None:
        predictor = with_threshold(run, predictor, learnt.bundle, threshold)
    folds = learnt.out_of_fold or _of_folders(run, prepared)
    if learnt.out_of_fold is not None:
        run.write(FOLDS, replace(learnt.out_of_fold.predictions, threshold=predictor.signature.threshold).to_csv())
    elif learnt.held_back is not None:
        run.write(HELD_BACK, learnt.held_back.predictions.to_csv())
    part = _judging(prepared)
    judged = _judge(prepared, predictor, part, progress) if part else None
    base_metrics = _before(prepared, part, progress) if part else {}
    if part and judged is not None:
        run.write(f"predictions-{part}.csv", judged.to_csv())
    if judged is not None and (folds is None or part == "test"):
        _keep_pictures(run, prepared, judged, prepared.rows(part or "test"), predictor)
    elif folds is not None:
        _keep_pictures(run, prepared, folds.predictions, folds.rows, predictor)
    write_variations(run, learnt.variations)
    took = {"device": learnt.device, "precision": learnt.precision, "seconds": f"{seconds + time.monotonic() - begun:.1f}"}
    run.write_json("environment.json", kept_environment(run) | took)
    numbers = {part: measure(judged, _groups(prepared, part)).to_dict()} if part and judged is not None else {}
    numbers |= _answered(prepared, threshold, part, judged, learnt.out_of_fold)
    numbers |= _alarms(prepared, strangers.chosen_on, part, judged, learnt.out_of_fold)
    numbers |= baselines(prepared, part if judged is not None else None, folds)
    about = _about(learnt, difference, tested=judged is not None)
    cost = {"speed": asdict(_speed(predictor, _some(prepared, _TIMED)))}
    run.write_json("metrics.json", numbers | about | cost | base_metrics | _estimate(prepared, folds))
    told = story(run)
    _carry_card(run, told)
    write_report(run, told)
    run.refuse_gone(begun=True)


def _body_learnt(learnt: Learnt) -> bool:
    """Whether what the network sees was changed by the pictures; not where a head alone learnt."""
    head = learnt.head
    return head is None or (head.last_blocks is not None and head.last_blocks.kept)


def _carry_card(run: RunFolder, told: Story) -> None:
    """The bundle takes the model card along: without the run's name, day and classes one by one, so that it is the same again."""
    anew = replace(told, name=told.signature.origin or told.signature.classes[0], made="")
    bundle = with_card(run.model.read_bytes(), model_card(anew, by_class=False))
    run.write("model.onnx", bundle)
    stored = run.read_json("metrics.json")
    run.write_json("metrics.json", stored | {"speed": stored["speed"] | {"size": len(bundle)}})


def _threshold(prepared: Prepared, learnt: Learnt, predictor: Predictor, progress: Progress) -> Threshold | None:
    """From which confidence on the model answers, where the recipe asks for it; by pictures that do not judge."""
    if not prepared.recipe.at_least:
        return None
    if learnt.held_back is not None:
        held_back = learnt.held_back
        return settle_threshold(prepared.recipe.at_least, held_back.predictions, progress, held_back.design)
    validation = _judge(prepared, predictor, "validation", progress) if len(prepared.rows("validation")) else None
    return settle_threshold(prepared.recipe.at_least, validation, progress)


def _answered(
    prepared: Prepared, threshold: Threshold | None, part: Part | None, judged: Predictions | None, folds: FoldAnswers | None
) -> dict[str, Any]:
    """What the threshold comes to on the pictures that judge."""
    if threshold is None:
        return {}
    if part and judged is not None:
        return {"answered": asdict(answered_by(judged, threshold, _groups(prepared, part)))}
    if folds is None:
        return {}
    groups = prepared.division.groups[folds.rows]
    return {"answered": asdict(answered_by(folds.predictions, threshold, groups, folds.design))}


def _with_strangers(learnt: Learnt, strangers: TellingStrangers) -> Learnt:
    """What was learnt, with what its model tells of strangers."""
    return replace(
        learnt,
        bundle=strangers.bundle,
        out_of_fold=_told(learnt.out_of_fold, strangers.held_back),
        held_back=_told(learnt.held_back, strangers.held_back),
    )


def _told(answers: FoldAnswers | None, unlikeness: NDArray[np.float32] | None) -> FoldAnswers | None:
    return replace(answers, predictions=replace(answers.predictions, unlikeness=unlikeness)) if answers is not None else None


def _alarms(
    prepared: Prepared, chosen_on: int, part: Part | None, judged: Predictions | None, folds: FoldAnswers | None
) -> dict[str, Any]:
    """How many of the pictures that judge are taken for unlike anything."""
    if part and judged is not None:
        found = false_alarms(judged, chosen_on, _groups(prepared, part))
    else:
        groups = prepared.division.groups[folds.rows] if folds is not None else None
        found = false_alarms(folds.predictions, chosen_on, groups, folds.design) if folds is not None else None
    return {"unlike": asdict(found)} if found is not None else {}


def _keep_pictures(
    run: RunFolder, prepared: Prepared, predictions: Predictions, rows: NDArray[np.int64], predictor: Predictor
) -> None:
    """Keep the pictures that the report shows; ``rows`` (N,): where those predicted stand."""
    samples, mistakes = chosen(prepared, predictions, rows)
    write_samples(run, samples, mistakes)
    write_behind(run, behind(PredictedPictures(predictions, prepared.packed.pixels, rows), mistakes, predictor))


def _speed(predictor: Predictor, pixels: NDArray[np.uint8]) -> PictureCost:
    """Pictures asked one by one; the quickest, as other programs may come between."""
    times: list[float] = []
    for picture in pixels:
        begun = time.perf_counter()
        predictor.answers(picture[None])
        times.append(time.perf_counter() - begun)
    return PictureCost(round(1000 * min(times), 3), len(predictor.serialised()))


def _judging(prepared: Prepared) -> Part | None:
    """The part that judges: the test part; without one the validation part; None where folds alone do."""
    if len(prepared.rows("test")):
        return "test"
    return "validation" if len(prepared.rows("validation")) else None


def _export(run: RunFolder, prepared: Prepared, learnt: Learnt) -> tuple[Predictor, float]:
    """Write ``model.onnx``, but only once it has answered as the weights do."""
    predictor = Predictor.from_bytes(learnt.bundle, "model.onnx")
    pixels = _some(prepared, learnt.proved_on)
    difference = agreement(learnt.answers(pixels), predictor, pixels)
    run.write("model.onnx", learnt.bundle)
    run.write("labels.txt", labels(prepared.signature))
    run.write_json("golden.json", golden(predictor, pixels[:3]) | {"agreement": difference, "pictures_compared": len(pixels)})
    return predictor, difference


def _some(prepared: Prepared, most: int) -> NDArray[np.uint8]:
    """Pictures that do not judge, evenly spread: of validation, where it has any."""
    rows = prepared.rows("validation") if len(prepared.rows("validation")) else prepared.teaching
    return prepared.packed.pixels[rows[np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(int)]]


def _judge(prepared: Prepared, predictor: Predictor, part: Part, progress: Progress) -> Predictions:
    rows, probabilities, unlikeness = prepared.rows(part), list[NDArray[np.float32]](), list[float]()
    with progress.stage(sentence("train.testing"), len(rows)) as advance:
        for start in range(0, len(rows), BATCH):
            pixels = prepared.packed.pixels[rows[start : start + BATCH]]
            shares, unlike = predictor.answers(pixels)
            probabilities.extend(shares)
            unlikeness.extend([] if unlike is None else unlike.tolist())
            advance(len(pixels))
    about = prepared.names(part), prepared.signature.classes, prepared.labels[rows]
    signature = predictor.signature
    return Predictions.join(*about, probabilities, signature.threshold, unlikeness if signature.false_alarms else None)


def _before(prepared: Prepared, part: Part, progress: Progress) -> dict[str, Any]:
    """What the file that the training began from says of the same pictures, where its classes are theirs."""
    base = prepared.base
    if base is None or base.new_head:
        return {}
    signature = replace(prepared.signature, names=prepared.signature.classes)
    judged = _judge(prepared, base.classifier.predictor(signature), part, progress)
    return {"before": measure(judged, _groups(prepared, part)).to_dict()}


def _groups(prepared: Prepared, part: Part) -> NDArray[np.int64]:
    """The group of each picture of a part."""
    return prepared.division.groups[prepared.rows(part)]


def _of_folders(run: RunFolder, prepared: Prepared) -> FoldAnswers | None:
    """What the models of a run's folds said of the pictures that they did not see, and the accuracy of each."""
    path = run.path / FOLDS
    if not path.is_file():
        return None
    folders = sorted(run.path.glob("fold-*"), key=lambda folder: int(folder.name.partition("-")[2]))
    accuracies = [results(RunFolder(folder)).metrics.accuracy for folder in folders]
    predictions = Predictions.from_csv(run.read(FOLDS), str(path))
    rows = {prepared.name(row): row for row in range(len(prepared.labels))}
    return FoldAnswers(predictions, np.array([rows[name] for name in predictions.pictures], np.int64), accuracies)


def _estimate(prepared: Prepared, folds: FoldAnswers | None) -> dict[str, Any]:
    if folds is None:
        return {}
    groups = prepared.division.groups[folds.rows]
    return {"folds": Folds.of(folds.predictions, folds.each, groups, folds.design).to_dict()}


def _about(learnt: Learnt, difference: float, *, tested: bool) -> dict[str, Any]:
    return {
        "version": VERSION,
        **({"judged": False} if learnt.head and learnt.head.kind == NEAREST_MEAN and not tested else {}),
        "kept_epoch": learnt.kept_epoch,
        "steps": learnt.steps,
        **({"temperature": learnt.temperature} if learnt.temperature is not None else {}),
        "agreement": difference,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        **({"head": learnt.head.to_dict()} if learnt.head else {}),
        **({"learning_curve": learnt.curve.to_dict()} if learnt.curve else {}),
        **({"earlier": {"run": learnt.earlier[0]} | learnt.earlier[1].to_dict()} if learnt.earlier else {}),
    }
