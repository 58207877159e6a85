"""The output by which a finished model tells pictures that are of none of its classes: learnt, written into its file, told."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.base.progress import Progress
from olhar.base.side_by_side import two_at_a_time
from olhar.base.texts import sentence
from olhar.bundle.class_distance import MOST, ClassDistance, class_distance
from olhar.bundle.predictor import BATCH, Predictor
from olhar.bundle.unlike_output import with_unlikeness
from olhar.bundle.unlike_score import FEWEST, PictureScore, UnlikenessScore, unlikeness
from olhar.jobs.prepare import Prepared

_FOLDS = 3
"""Statistics are made so often without some of the pictures: folds that a head was dealt are put together."""
_FEW = 100
"""With fewer pictures held back, what is set by them is told as doubtful."""
_FEATURES = "features"
_LARGEST = 96 * 96
"""Of larger pictures fewer are asked, so that no network takes longer over this than over a small part of an epoch."""

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class FoldedFeatures:
    """What a body says of N pictures that taught a head and did not teach the body.

    Attributes:
        values: tensor of the bundle -> float (N, F).
        labels: int64 (N,).
        fold: int64 (N,): the folds by which the head was judged.
        probabilities: float32 (N, K), what heads that had not seen each picture say of it.
    """

    values: Mapping[str, Floats]
    labels: NDArray[np.int64]
    fold: NDArray[np.int64]
    probabilities: NDArray[np.float32]

    def unlikeness(self) -> tuple[UnlikenessScore | None, NDArray[np.float32] | None]:
        """What tells strangers, and how strange each picture is by statistics without its fold."""
        if len(self.labels) < FEWEST or not self.values:
            return None, None
        told = dict(zip(self.values, two_at_a_time(self._distances, self.values.values()), strict=True))
        far = {name: held_back for name, (_, held_back) in told.items()}
        found = unlikeness({name: distance for name, (distance, _) in told.items()}, far, self.probabilities)
        return found, found.of_distances(far, self.probabilities) if found is not None else None

    def _distances(self, values: Floats) -> tuple[ClassDistance, NDArray[np.float32]]:
        """By statistics of all pictures, and how far each lies by statistics without its fold."""
        return class_distance(values, self.labels), self._held_back(values)

    def _held_back(self, values: Floats) -> Floats:
        """Distances (N,), each by statistics of pictures of other folds."""
        fold, distances = self.fold % _FOLDS, np.empty(len(values), np.float32)
        for number in np.unique(fold).tolist():
            own = fold == number
            distances[own] = class_distance(values[~own], self.labels[~own])(values[own])
        return distances


@dataclass(frozen=True)
class TellingStrangers:
    """A model, and what it tells of strangers.

    Attributes:
        bundle, predictor: it, with the output where there is one.
        chosen_on: so many pictures chose from where on a picture is flagged; 0: it does not tell.
        held_back: float32 (N,), how strange each picture that taught a head is, by statistics without it; None elsewhere.
    """

    bundle: bytes
    predictor: Predictor
    chosen_on: int = 0
    held_back: NDArray[np.float32] | None = None


def tell_strangers(
    prepared: Prepared, folded: FoldedFeatures | None, bundle: bytes, predictor: Predictor, progress: Progress
) -> TellingStrangers:
    """The same model with the output ``unlikeness``; as it was where nothing can be held back for it.

    Args:
        prepared: the pictures.
        folded: of a head, what its body says; None: the network has learnt by gradients, and validation pictures are held back.
        bundle, predictor: the model.
        progress: who is told.
    """
    by_network = prepared.head_start is None
    found, held_back = _by_validation(prepared, predictor) if by_network else folded.unlikeness() if folded else (None, None)
    if found is None:
        progress.line(sentence("unlike.none", needed=FEWEST))
        return TellingStrangers(bundle, predictor)
    if found.chosen_on < _FEW:
        progress.line(sentence("unlike.few", n=found.chosen_on))
    changed, _ = with_unlikeness(bundle, predictor.signature, found)
    return TellingStrangers(changed, Predictor.from_bytes(changed, "model.onnx"), found.chosen_on, held_back)


def _by_validation(prepared: Prepared, predictor: Predictor) -> tuple[UnlikenessScore | None, None]:
    """By the network's own features, where it has any, and by the pictures themselves, which a network from nothing soon forgets.

    Pictures that taught it say where classes lie, those of validation how far is usual.
    """
    taught, held_back = _some(prepared, prepared.rows("train")), _some(prepared, prepared.rows("validation"))
    if len(held_back) < FEWEST:
        return None, None
    told = PictureScore.of(prepared.packed.pixels, taught, held_back)
    if not predictor.gives(_FEATURES):
        return unlikeness({}, {}, _asked(prepared, predictor, held_back, "probabilities")[0], told), None
    distance = class_distance(_asked(prepared, predictor, taught, _FEATURES)[0], prepared.labels[taught])
    features, probabilities = _asked(prepared, predictor, held_back, _FEATURES, "probabilities")
    return unlikeness({_FEATURES: distance}, {_FEATURES: distance(features)}, probabilities, told), None


def _some(prepared: Prepared, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """As many as there is time for, evenly taken."""
    height, width, _ = prepared.signature.shape
    most = max(500, int(MOST / 2 * min(1.0, _LARGEST / (height * width))))
    return rows[np.unique(np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(np.int64))]


def _asked(prepared: Prepared, predictor: Predictor, rows: NDArray[np.int64], *names: str) -> list[NDArray[np.float32]]:
    """Outputs of some pictures, a batch at a time."""
    batches = (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
    answers = [predictor.outputs(prepared.packed.pixels[some], *names) for some in batches]
    return [np.concatenate(parts) for parts in zip(*answers, strict=True)]
