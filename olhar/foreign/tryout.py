"""A Keras model tried on labelled pictures: which way of asking it is right, what its outputs mean, and what cannot be told."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError
from olhar.base.images import Pixels
from olhar.base.progress import Progress
from olhar.base.signature import Fit, Signature
from olhar.base.texts import sentence
from olhar.bundle.contract import Ending
from olhar.data.dataset import Dataset
from olhar.evaluation.class_order import answer_counts, best_order, doubtful_classes
from olhar.evaluation.metrics import Interval, wilson
from olhar.evaluation.significance import CHANCE, mcnemar
from olhar.foreign.candidates import FACETS, Candidate, Facet, candidates
from olhar.foreign.classifier import KerasClassifier, scaled
from olhar.foreign.tryout_pictures import CHUNK, LabelledPictures, halves, looks, not_of_a_test

MOST = 1500
"""At most so many pictures choose, and so many judge."""
_LEAST = 90
_SECONDS = 50


@dataclass(frozen=True)
class Score:
    """What came of one candidate on the pictures that choose, with the order of classes that suits it best.

    Attributes:
        candidate: the way of asking.
        accuracy: share of right answers.
        tied: it does not differ from the best beyond what chance explains.
        order: int64 (C,), the output of each class.
    """

    candidate: Candidate
    accuracy: Interval
    tied: bool
    order: NDArray[np.int64]


@dataclass(frozen=True)
class Tryout:
    """What trying showed.

    Attributes:
        scores: every candidate, best first.
        chosen: the one that is taken.
        classes: a key an output, those of the data; ``class_3`` where the data has no class for an output.
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


def try_out(found: KerasClassifier, dataset: Dataset, progress: Progress, certain: Signature | None = None) -> Tryout:
    """Try every candidate on one half of the pictures, and the best on the other half.

    Args:
        found: the model.
        dataset: labelled pictures of classes that the model knows.
        progress: where to tell how far it is.
        certain: what the file itself says of its pictures; it is taken where the pictures do not speak against it.

    Raises:
        DataError: more classes than outputs, or too few readable pictures.
    """
    if len(dataset.classes) > found.count:
        raise DataError("inspect.more_classes", where=dataset.origin, found=len(dataset.classes), expected=found.count)
    dataset = not_of_a_test(dataset)
    some = looks(found.form, dataset)
    wanted = candidates(found.form, some)
    most = _affordable(found, some["stretch"], len(wanted))
    choosing, judging, unreadable = halves(found.form, dataset, min(MOST, 4 * most))
    choosing = choosing.some(most)
    with progress.stage(sentence("inspect.trying"), len(choosing.rows) * len(wanted)) as advance:
        answers = _ask(found, choosing, wanted, advance)
    scores = _scores(choosing, wanted, answers, found.ending)
    chosen = _chosen(scores, certain)
    with progress.stage(sentence("inspect.judging"), len(judging.rows)) as advance:
        shares = _ask(found, judging, [chosen.candidate], advance)[0]
    table = answer_counts(choosing.labels, answers[wanted.index(chosen.candidate)].argmax(1), len(dataset.classes), found.count)
    return Tryout(
        scores=tuple(scores),
        chosen=chosen.candidate,
        classes=_named(chosen.order, dataset.classes, found.count),
        accuracy=_accuracy(judging.labels, shares, chosen.order),
        as_it_comes=_as_it_comes(judging.labels, shares, len(dataset.classes)),
        guessing=float(np.bincount(judging.labels).max() / len(judging.labels)),
        unsure=_unsure(scores, wanted),
        doubtful=tuple(dataset.classes[i] for i in doubtful_classes(table, chosen.order)),
        unreadable=unreadable,
        backed=certain is not None and _says(certain, chosen.candidate),
    )


def _affordable(found: KerasClassifier, pixels: Pixels, ways: int) -> int:
    """How many pictures go through every candidate in about a minute, by a short trial of the model's own speed."""
    batch = scaled(pixels[:CHUNK], candidates(found.form, {"stretch": pixels, "crop": pixels})[0].signature(found.form, (), ()))
    found.shares(batch[:1])
    begun = time.perf_counter()
    found.shares(batch)
    each = (time.perf_counter() - begun) / len(batch)
    most = MOST
    while most > _LEAST and most * ways * each > _SECONDS:
        most //= 2
    return max(most, _LEAST)


def _ask(
    found: KerasClassifier, pictures: LabelledPictures, wanted: Sequence[Candidate], advance: Callable[[int], object]
) -> list[NDArray[np.float32]]:
    """What the model says of the pictures, for every candidate: float32 (N, K) each. Each picture is decoded once a fit."""
    answers: list[list[NDArray[np.float32]]] = [[] for _ in wanted]
    fits: list[Fit] = [one.fit for one in wanted]
    for fit in dict.fromkeys(fits):
        ways = [(i, one.signature(found.form, (), ())) for i, one in enumerate(wanted) if one.fit == fit]
        for pixels in pictures.chunks(fit):
            for i, signature in ways:
                answers[i].append(np.nan_to_num(found.shares(scaled(pixels, signature))))
                advance(len(pixels))
    return [np.concatenate(parts) for parts in answers]


def _scores(
    pictures: LabelledPictures, wanted: Sequence[Candidate], answers: Sequence[NDArray[np.float32]], ending: Ending
) -> list[Score]:
    """Every candidate's score, best first; tied with the best are those that McNemar's test, for so many, cannot part from it."""
    labels, classes = pictures.labels, len(pictures.dataset.classes)
    orders = [best_order(labels, shares, classes) for shares in answers]
    right = [_right(labels, shares, order) for shares, order in zip(answers, orders, strict=True)]
    belief = [_belief(labels, shares, order, ending) for shares, order in zip(answers, orders, strict=True)]
    ranked = sorted(range(len(wanted)), key=lambda i: (-int(right[i].sum()), -round(belief[i], 4)))
    best, limit = right[ranked[0]], CHANCE / max(1, len(wanted) - 1)
    return [
        Score(wanted[i], wilson(int(right[i].sum()), len(labels)), mcnemar(best, right[i]) > limit, orders[i]) for i in ranked
    ]


def _belief(labels: NDArray[np.int64], shares: NDArray[np.float32], order: NDArray[np.int64], ending: Ending) -> float:
    """The mean probability of the truth, which decides between equals."""
    found = shares
    if ending == "logits":
        powers = np.exp(shares - shares.max(axis=1, keepdims=True))
        found = powers / powers.sum(axis=1, keepdims=True)
    return float(found[np.arange(len(found)), order[labels]].mean())


def _right(labels: NDArray[np.int64], shares: NDArray[np.float32], order: NDArray[np.int64]) -> NDArray[np.bool_]:
    return shares.argmax(axis=1) == order[labels]


def _accuracy(labels: NDArray[np.int64], shares: NDArray[np.float32], order: NDArray[np.int64]) -> Interval:
    return wilson(int(_right(labels, shares, order).sum()), len(labels))


def _as_it_comes(labels: NDArray[np.int64], shares: NDArray[np.float32], classes: int) -> Interval | None:
    return _accuracy(labels, shares, np.arange(classes)) if shares.shape[1] == classes else None


def _chosen(scores: Sequence[Score], certain: Signature | None) -> Score:
    """What the file says, if it ties with the best; else the best scaling, red first and stretched where those tie with it."""
    said = [score for score in scores if score.tied and certain is not None and _says(certain, score.candidate)]
    if said and certain is not None:
        return min(said, key=lambda score: score.candidate.fit != certain.fit)
    best = scores[0].candidate
    equals = [score for score in scores if score.tied and score.candidate.scaling == best.scaling]
    return min(equals, key=lambda score: (score.candidate.colour == "bgr", score.candidate.fit != "stretch"))


def _says(certain: Signature, one: Candidate) -> bool:
    """Whether a signature is a candidate, its fit aside."""
    return (certain.mean, certain.std, certain.bgr) == (one.mean, one.std, one.colour == "bgr")


def _unsure(scores: Sequence[Score], wanted: Sequence[Candidate]) -> tuple[Facet, ...]:
    """What differs among the best, and what these pictures cannot show."""
    tied = [score.candidate for score in scores if score.tied]
    found: list[Facet] = []
    for facet in FACETS:
        untried = len({getattr(one, facet) for one in wanted}) == 1 and facet == "fit"
        gray = facet == "colour" and not any(one.colour == "bgr" and one.scaling != "caffe" for one in wanted)
        several = len({getattr(one, facet) for one in tied}) > 1
        if several or untried or (gray and wanted[0].colour != "gray"):
            found.append(facet)
    return tuple(found)


def _named(order: NDArray[np.int64], classes: Sequence[str], count: int) -> tuple[str, ...]:
    """The class of each output."""
    names = [f"class_{i}" if f"class_{i}" not in classes else f"output_{i}" for i in range(count)]
    for name, output in zip(classes, order.tolist(), strict=True):
        names[output] = name
    return tuple(names)
