"""Does something other than the subject give the class away? What models came to that see only borders, or patches of colour."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.images import Pixels
from olhar.base.texts import Sentence
from olhar.data.checks.findings import Case, CheckOutcome, Finding
from olhar.evaluation.intervals import Interval, wilson

PATCHES = 4
"""The coarse version has so many patches a side, each of one colour."""

NEARLY, WORTH_A_LOOK = 0.9, 0.75
"""Shares of what the whole picture gives over guessing, from which on a finding is an issue, and a tip."""

FEW = 50
"""Of fewer pictures a share of right answers is known to seven points at best: there an interval may leave both answers open."""

_COARSE_NEEDS = 24
_MOST_TAUGHT = 20_000
_CASES = 24

Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Compared:
    """A model that sees little beside the one that sees the whole picture, asked about the same M pictures.

    Attributes:
        little, whole: their accuracies.
        majority: the accuracy of always answering the commonest class.
    """

    little: Interval
    whole: Interval
    majority: float

    @property
    def share(self) -> float:
        """Of what the whole picture gives over guessing, how much the little gives: 0 to 1."""
        return min(1.0, max(0.0, self.little.value - self.majority) / max(self.whole.value - self.majority, 1e-9))

    @property
    def cannot_tell(self) -> bool:
        """Whether few pictures were asked about, and their intervals leave open if the little is worth a look."""
        least = (self.little.low - self.majority) / max(self.whole.high - self.majority, 1e-9)
        most = (self.little.high - self.majority) / max(self.whole.low - self.majority, 1e-9)
        return self.whole.n < FEW and least < WORTH_A_LOOK <= most

    @property
    def outcome(self) -> CheckOutcome:
        """Whether the little is nearly enough. What guessing explains as well is nothing; what cannot be told is skipped."""
        if self.cannot_tell:
            return "skipped"
        if self.little.low <= self.majority or self.share < WORTH_A_LOOK:
            return "passed"
        return "issue" if self.share >= NEARLY else "tip"

    def values(self) -> dict[str, Any]:
        """The numbers of the sentence."""
        return {
            "accuracy": self.little.value,
            "low": self.little.low,
            "high": self.little.high,
            "whole": self.whole.value,
            "whole_low": self.whole.low,
            "whole_high": self.whole.high,
            "majority": self.majority,
            "share": self.share,
            "n": self.whole.n,
        } | ({"reason": Sentence("check.deep.cannot_tell", {"n": self.whole.n})} if self.cannot_tell else {})


def compared(labels: NDArray[np.int64], little: NDArray[np.bool_], whole: NDArray[np.bool_]) -> Compared:
    """Two models by their right answers, bool (M,), on pictures with ``labels``, int64 (M,)."""
    shares = [wilson(int(right.sum()), len(right)) for right in (little, whole)]
    return Compared(shares[0], shares[1], float(np.bincount(labels).max() / len(labels)))


def borders(
    rows: NDArray[np.int64], labels: NDArray[np.int64], probabilities: NDArray[np.float32], whole: NDArray[np.bool_]
) -> Finding:
    """``CHK052``: how well the classes can be told by the borders alone.

    Args:
        rows: int64 (M,), the dataset's rows of the pictures asked about.
        labels: int64 (M,).
        probabilities: float32 (M, K), of a model that sees only borders.
        whole: bool (M,), where the one that sees all was right.
    """
    right = probabilities.argmax(axis=1) == labels
    comparison = compared(labels, right, whole)
    surest = np.flatnonzero(right)
    surest = surest[np.argsort(-probabilities[surest].max(axis=1), kind="stable")]
    cases = _of_each_class(rows, labels, probabilities, surest) if comparison.outcome in ("issue", "tip") else ()
    return Finding("CHK052", comparison.outcome, comparison.values(), cases)


def coarse(pixels: Pixels, labels: Labels, taught: Labels, held: Labels, whole: NDArray[np.bool_]) -> Finding:
    """``CHK053``, from the pictures themselves: uint8 (N, H, W, C), the other arguments as those of ``by_colours``."""
    if min(pixels.shape[1:3]) < _COARSE_NEEDS:
        return Finding("CHK053", "not_applicable", {"reason": Sentence("check.deep.small_pictures")})
    rows = np.concatenate([_some(taught), held])
    colours = np.zeros((len(labels), PATCHES * PATCHES * pixels.shape[3]), np.float32)
    colours[rows] = patches(pixels, rows)
    return by_colours(colours, labels, taught, held, whole)


def by_colours(colours: NDArray[np.float32], labels: Labels, taught: Labels, held: Labels, whole: NDArray[np.bool_]) -> Finding:
    """``CHK053``: how well the classes can be told by sixteen patches of colour, in which no subject can be seen.

    Args:
        colours: float32 (N, 16 * C), the mean of each patch, 0..1.
        labels: int64 (N,).
        taught, held: the rows to learn from, and those to be asked about.
        whole: bool (len(held),), where the model that sees all was right.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    chosen = _some(taught)
    model: Any = make_pipeline(StandardScaler(), LogisticRegression(max_iter=200))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(colours[chosen], labels[chosen])
    comparison = compared(labels[held], model.predict(colours[held]) == labels[held], whole)
    return Finding("CHK053", comparison.outcome, comparison.values())


def _some(taught: Labels) -> Labels:
    """As many rows as a simple model needs, evenly taken."""
    return taught[np.linspace(0, len(taught) - 1, min(_MOST_TAUGHT, len(taught))).astype(np.int64)]


def patches(pixels: Pixels, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Mean colours of a grid of 4x4 patches, float32 (len(rows), 16 * C), 0..1, read in bounded pieces."""
    means_of_chunks: list[NDArray[np.float32]] = []
    for start in range(0, len(rows), 1024):
        pictures = pixels[rows[start : start + 1024]]
        bands, columns = (np.array_split(np.arange(side), PATCHES) for side in pictures.shape[1:3])
        means = [pictures[:, down][:, :, right].mean(axis=(1, 2)) for down in bands for right in columns]
        means_of_chunks.append((np.concatenate(means, axis=1) / 255).astype(np.float32))
    return np.concatenate(means_of_chunks)


def _of_each_class(
    rows: NDArray[np.int64], labels: NDArray[np.int64], probabilities: NDArray[np.float32], surest: NDArray[np.int64]
) -> tuple[Case, ...]:
    """The surest of each class in turn, so that a person can see what gives them away."""
    classes = np.unique(labels[surest])
    of_a_class = max(1, _CASES // max(1, len(classes)))
    chosen = np.concatenate([surest[labels[surest] == label][:of_a_class] for label in classes])
    return tuple(Case((int(rows[i]),), score=float(probabilities[i].max())) for i in chosen.tolist())
