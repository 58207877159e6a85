"""What was learnt -> the model as a run keeps it: proved, with what tells strangers, its promises and its card."""

import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from olhar.base.progress import Progress
from olhar.base.side_by_side import side_by_side
from olhar.bundle.parity import agreement, golden
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import labels, with_card
from olhar.jobs.fold_answers import FoldAnswers
from olhar.jobs.judging import answers_to
from olhar.jobs.learnt import Learnt
from olhar.jobs.prepare import Prepared
from olhar.jobs.promises import Promises, settle_promises, with_promises
from olhar.jobs.unlike import TellingStrangers, tell_strangers
from olhar.reporting.model_card import model_card
from olhar.reporting.story import Story
from olhar.runs.folder import RunFolder
from olhar.runs.results import PictureCost

_TIMED = 2


@dataclass(frozen=True)
class FinishedModel:
    """A model that is proved, and what was found on the way.

    Attributes:
        learnt: what it was made of; its answers out of fold say how strange each picture is.
        predictor: it, opened.
        agreement: the largest difference between its probabilities and those of the trained weights.
        chosen_on: so many pictures chose from where on one is unlike anything; 0: it does not tell.
        promises: from which confidence on it answers, and the sets that it names.
    """

    learnt: Learnt
    predictor: Predictor
    agreement: float
    chosen_on: int
    promises: Promises


def finished_model(run: RunFolder, prepared: Prepared, learnt: Learnt, progress: Progress) -> FinishedModel:
    """Write ``model.onnx`` and what stands beside it.

    Raises:
        ModelError: it does not agree with the trained weights; nothing is kept of it.
        RunError: the folder cannot be written.
    """
    predictor, difference = _proved(run, prepared, learnt)
    strangers = tell_strangers(prepared, learnt.folded, learnt.bundle, predictor, progress)
    learnt, predictor = _with_strangers(learnt, strangers), strangers.predictor
    promises = _promises(prepared, learnt, predictor, progress)
    if promises:
        predictor = with_promises(run, predictor, learnt.bundle, promises)
    run.write("model.onnx", predictor.serialised())
    run.write("labels.txt", labels(prepared.signature))
    return FinishedModel(learnt, predictor, difference, strangers.chosen_on, promises)


def carry_card(run: RunFolder, told: Story) -> None:
    """The bundle takes the model card along: without the run's name, day and classes one by one, so that it is the same again."""
    anew = replace(told, name=told.signature.origin or told.signature.classes[0], made="")
    bundle = with_card(run.model.read_bytes(), model_card(anew, by_class=False))
    run.write("model.onnx", bundle)
    stored = run.read_json("metrics.json")
    run.write_json("metrics.json", stored | {"speed": stored["speed"] | {"size": len(bundle)}})


def cost_of_a_picture(predictor: Predictor, prepared: Prepared) -> PictureCost:
    """Pictures asked one by one; the quickest, as other programs may come between."""
    times: list[float] = []
    for picture in _some(prepared, _TIMED):
        begun = time.perf_counter()
        predictor.answers(picture[None])
        times.append(time.perf_counter() - begun)
    return PictureCost(round(1000 * min(times), 3), len(predictor.serialised()))


def _proved(run: RunFolder, prepared: Prepared, learnt: Learnt) -> tuple[Predictor, float]:
    """The bundle, opened, once it has answered as the weights do; what it answers is kept."""
    pixels = _some(prepared, learnt.proved_on)
    answers, predictor = side_by_side(lambda: learnt.answers(pixels), lambda: Predictor.from_bytes(learnt.bundle, "model.onnx"))
    difference = agreement(answers, predictor, pixels)
    run.write_json("golden.json", golden(predictor, pixels[:3]) | {"agreement": difference, "pictures_compared": len(pixels)})
    return predictor, difference


def _some(prepared: Prepared, most: int) -> NDArray[np.uint8]:
    """Pictures that do not judge, evenly spread: of validation, where it has any."""
    rows = prepared.rows("validation") if len(prepared.rows("validation")) else prepared.teaching
    return prepared.packed.pixels[rows[np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(int)]]


def _promises(prepared: Prepared, learnt: Learnt, predictor: Predictor, progress: Progress) -> Promises:
    """What the recipe asks the model to promise; by pictures that do not judge."""
    recipe = prepared.recipe
    if not recipe.at_least and not recipe.prediction_sets:
        return Promises()
    if learnt.held_back is not None:
        return settle_promises(recipe, learnt.held_back.predictions, progress, learnt.held_back.design)
    validation = answers_to(prepared, predictor, "validation", progress) if len(prepared.rows("validation")) else None
    return settle_promises(recipe, validation, progress)


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
