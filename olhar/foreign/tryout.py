"""A Keras model tried on labelled pictures: which way of asking it is right, what its outputs mean, and what cannot be told."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError
from olhar.base.images import Pixels
from olhar.base.progress import Progress
from olhar.base.scaling import Scaling
from olhar.base.signature import Fit, Signature
from olhar.base.texts import sentence
from olhar.data.dataset import Dataset
from olhar.evaluation.class_order import answer_counts, best_order, doubtful_classes
from olhar.evaluation.intervals import Interval, wilson
from olhar.evaluation.measuring import cross_entropy
from olhar.evaluation.significance import CHANCE, mcnemar
from olhar.foreign.candidates import FACETS, Candidate, Facet, preprocessing_candidates
from olhar.foreign.classifier import KerasClassifier, scaled
from olhar.foreign.tryout_pictures import CHUNK, LabelledPictures, halves, sample_pictures, without_test_part

MOST_PICTURES = 1500
"""At most so many pictures choose, and so many judge."""
_AS_RIGHT, _AS_SURE = 0.02, 0.05
"""How far behind, in accuracy and in log-loss, a scaling is as good as the best."""
_FAR_SURER = 1.0
"""So much lower a log-loss outweighs a difference of one standard error in what is right."""
_USUAL: tuple[Scaling, ...] = ("0..1", "-1..1", "0..255", "imagenet", "caffe", "z-score", "lite")
"""The commonest in the wild first."""
_LEAST = 90
_SECONDS = 50


@dataclass(frozen=True)
class Score:
    """What came of one candidate on the pictures that choose, with the order of classes that suits it best.

    Attributes:
        candidate: the way of asking.
        accuracy: share of right answers.
        log_loss: mean negative log of the truth's probability; a way that is right but far too sure, or hardly sure, has more.
        tied: it does not differ from the best beyond what chance explains.
        near: it differs from the best in accuracy by no more than a standard error of that difference.
        order: int64 (C,), the output of each class.
    """

    candidate: Candidate
    accuracy: Interval
    log_loss: float
    tied: bool
    near: bool
    order: NDArray[np.int64]


@dataclass(frozen=True)
class Tryout:
    """What trying showed.

    Attributes:
        scores: every candidate, best first.
        chosen: the one that is taken.
        classes: a key an output, those of the data; where the data has no class for an output, the name that the file gives
            it, or ``class_3``.
        accuracy: of the chosen one, on the other pictures.
        as_it_comes: the same with the classes in alphabetical order; None where the numbers of classes differ.
        guessing: the share that always answering the commonest class would get right on the other pictures.
        unsure: what cannot be told: scaling, order of the colours, crop or stretch.
        doubtful: classes whose outputs cannot be told for certain.
        unreadable: how many pictures could not be read.
        backed: the file itself says that its pictures go in scaled so.
    """

    scores: tuple[Score, ...]
    chosen: Candidate
    classes: tuple[str, ...]
    accuracy: Interval
    as_it_comes: Interval | None
    guessing: float
    unsure: tuple[Facet, ...]
    doubtful: tuple[str, ...]
    unreadable: int
    backed: bool = False

    @property
    def useful(self) -> bool:
        """Whether the model answers better than by always saying the commonest class."""
        return self.accuracy.low > self.guessing


def try_out(classifier: KerasClassifier, dataset: Dataset, progress: Progress, stated: Signature | None = None) -> Tryout:
    """Try every candidate on one half of the pictures, and the best on the other half.

    Args:
        classifier: the model.
        dataset: labelled pictures of classes that the model knows.
        progress: where to tell how far it is.
        stated: what the file itself says of its pictures; it is taken where the pictures do not speak against it.

    Raises:
        DataError: more classes than outputs, or too few readable pictures.
    """
    if len(dataset.classes) > classifier.class_count:
        raise DataError("inspect.more_classes", where=dataset.origin, found=len(dataset.classes), expected=classifier.class_count)
    dataset = without_test_part(dataset)
    sample = sample_pictures(classifier.picture_shape, dataset)
    candidates = preprocessing_candidates(classifier.picture_shape, sample)
    most = _affordable(classifier, sample["stretch"], len(candidates))
    choosing, judging, unreadable = halves(classifier.picture_shape, dataset, min(MOST_PICTURES, 4 * most))
    choosing = choosing.some(most)
    with progress.stage(sentence("inspect.trying"), len(choosing.rows) * len(candidates)) as advance:
        answers = _answers(classifier, choosing, candidates, advance)
    scores = _scores(classifier, choosing, candidates, answers)
    chosen = _chosen(scores, stated)
    with progress.stage(sentence("inspect.judging"), len(judging.rows)) as advance:
        outputs = _answers(classifier, judging, [chosen.candidate], advance)[0]
    predicted = answers[candidates.index(chosen.candidate)].argmax(1)
    table = answer_counts(choosing.labels, predicted, len(dataset.classes), classifier.class_count)
    return Tryout(
        scores=tuple(scores),
        chosen=chosen.candidate,
        classes=_named(chosen.order, dataset.classes, classifier.classes),
        accuracy=_accuracy(judging.labels, outputs, chosen.order),
        as_it_comes=_as_it_comes(judging.labels, outputs, len(dataset.classes)),
        guessing=float(np.bincount(judging.labels).max() / len(judging.labels)),
        unsure=_unsure(scores, candidates),
        doubtful=tuple(dataset.classes[i] for i in doubtful_classes(table, chosen.order)),
        unreadable=unreadable,
        backed=stated is not None and _agrees(stated, chosen.candidate),
    )


def _affordable(classifier: KerasClassifier, pixels: Pixels, candidate_count: int) -> int:
    """How many pictures go through every candidate in about a minute, by a short trial of the model's own speed."""
    shape = classifier.picture_shape
    commonest = preprocessing_candidates(shape, {"stretch": pixels, "crop": pixels})[0]
    batch = scaled(pixels[:CHUNK], commonest.signature(shape, (), ()))
    classifier.outputs(batch[:1])
    begun = time.perf_counter()
    classifier.outputs(batch)
    seconds = (time.perf_counter() - begun) / len(batch)
    most = MOST_PICTURES
    while most > _LEAST and most * candidate_count * seconds > _SECONDS:
        most //= 2
    return max(most, _LEAST)


def _answers(
    classifier: KerasClassifier, pictures: LabelledPictures, candidates: Sequence[Candidate], advance: Callable[[int], object]
) -> list[NDArray[np.float32]]:
    """What the model says of the pictures, for every candidate: float32 (N, K) each. Each picture is decoded once a fit."""
    answers: list[list[NDArray[np.float32]]] = [[] for _ in candidates]
    fits: list[Fit] = [candidate.fit for candidate in candidates]
    for fit in dict.fromkeys(fits):
        indices = [i for i, candidate in enumerate(candidates) if candidate.fit == fit]
        signatures = [(i, candidates[i].signature(classifier.picture_shape, (), ())) for i in indices]
        for pixels in pictures.chunks(fit):
            for i, signature in signatures:
                answers[i].append(np.nan_to_num(classifier.outputs(scaled(pixels, signature))))
                advance(len(pixels))
    return [np.concatenate(parts) for parts in answers]


def _scores(
    classifier: KerasClassifier,
    pictures: LabelledPictures,
    candidates: Sequence[Candidate],
    answers: Sequence[NDArray[np.float32]],
) -> list[Score]:
    """Every candidate's score, best first; tied with the best are those that McNemar's test, for so many, cannot part from it."""
    labels, classes = pictures.labels, len(pictures.dataset.classes)
    orders = [best_order(labels, outputs, classes) for outputs in answers]
    right = [_right(labels, outputs, order) for outputs, order in zip(answers, orders, strict=True)]
    losses = [
        cross_entropy(classifier.probabilities(outputs), order[labels]) for outputs, order in zip(answers, orders, strict=True)
    ]
    ranked = sorted(range(len(candidates)), key=lambda i: (-int(right[i].sum()), round(losses[i], 4)))
    best, limit = right[ranked[0]], CHANCE / max(1, len(candidates) - 1)
    return [
        Score(
            candidates[i],
            wilson(int(right[i].sum()), len(labels)),
            losses[i],
            mcnemar(best, right[i]) > limit,
            int(best.sum() - right[i].sum()) <= np.sqrt((best != right[i]).sum()),
            orders[i],
        )
        for i in ranked
    ]


def _right(labels: NDArray[np.int64], outputs: NDArray[np.float32], order: NDArray[np.int64]) -> NDArray[np.bool_]:
    return outputs.argmax(axis=1) == order[labels]


def _accuracy(labels: NDArray[np.int64], outputs: NDArray[np.float32], order: NDArray[np.int64]) -> Interval:
    return wilson(int(_right(labels, outputs, order).sum()), len(labels))


def _as_it_comes(labels: NDArray[np.int64], outputs: NDArray[np.float32], classes: int) -> Interval | None:
    return _accuracy(labels, outputs, np.arange(classes)) if outputs.shape[1] == classes else None


def _chosen(scores: Sequence[Score], stated: Signature | None) -> Score:
    """What the file says, if it ties with the best; else the best scaling, red first and stretched where those tie with it.

    Of scalings that are as good as equally right, that of the lowest log-loss: a network of pixels of 0..1 often answers alike of
    0..255, but is far too sure. Where pictures are few, one that is a standard error less right counts as equally right if its
    log-loss is far lower. Where losses hardly differ, the most usual: if all answers are right, the surest has the lowest.
    """
    agreeing = [score for score in scores if score.tied and stated is not None and _agrees(stated, score.candidate)]
    if agreeing and stated is not None:
        return min(agreeing, key=lambda score: score.candidate.fit != stated.fit)
    as_right = [score for score in scores if score.tied and _as_right(score, scores[0])]
    lowest = min(score.log_loss for score in as_right)
    as_sure = [score.candidate for score in as_right if score.log_loss <= lowest + _AS_SURE]
    best = min(as_sure, key=lambda candidate: _USUAL.index(candidate.scaling))
    equals = [score for score in scores if score.tied and score.candidate.scaling == best.scaling]
    return min(equals, key=lambda score: (score.candidate.colour == "bgr", score.candidate.fit != "stretch"))


def _as_right(score: Score, best: Score) -> bool:
    if score.accuracy.value >= best.accuracy.value - _AS_RIGHT:
        return True
    return score.near and score.log_loss <= best.log_loss - _FAR_SURER


def _agrees(stated: Signature, candidate: Candidate) -> bool:
    """Whether a signature is a candidate, its fit aside."""
    return (stated.mean, stated.std, stated.bgr) == (candidate.mean, candidate.std, candidate.colour == "bgr")


def _unsure(scores: Sequence[Score], candidates: Sequence[Candidate]) -> tuple[Facet, ...]:
    """What differs among the best, and what these pictures cannot show."""
    tied = [score.candidate for score in scores if score.tied]
    facets: list[Facet] = []
    for facet in FACETS:
        untried = len({getattr(candidate, facet) for candidate in candidates}) == 1 and facet == "fit"
        gray = facet == "colour" and not any(
            candidate.colour == "bgr" and candidate.scaling != "caffe" for candidate in candidates
        )
        several = len({getattr(candidate, facet) for candidate in tied}) > 1
        if several or untried or (gray and candidates[0].colour != "gray"):
            facets.append(facet)
    return tuple(facets)


def _named(order: NDArray[np.int64], classes: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The class of each output; ``known`` are the names that the file gives them."""
    taken = {name.casefold() for name in classes}
    names = [name if name.casefold() not in taken else f"output_{i}" for i, name in enumerate(known)]
    for name, output in zip(classes, order.tolist(), strict=True):
        names[output] = name
    return tuple(names)
