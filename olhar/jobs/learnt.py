"""Learnt: what a training came to, whatever learnt: all that a run needs to be finished."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.base.images import Pixels
from olhar.base.layer import Layer
from olhar.evaluation.learning_curve import LearningCurve
from olhar.evaluation.metrics import Metrics
from olhar.jobs.fold_answers import FoldAnswers
from olhar.jobs.unlike import FoldedFeatures
from olhar.runs.head_record import HeadRecord
from olhar.runs.samples import Sample

PROVED_ON = 256


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
        seen: rows of pictures, int64 (N,) -> the bundle's output ``features`` for them, float32 (N, F), where it need not be
            asked; None elsewhere.
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
    proved_on: int = PROVED_ON
    out_of_fold: FoldAnswers | None = None
    held_back: FoldAnswers | None = None
    folded: FoldedFeatures | None = None
    seen: Callable[[NDArray[np.int64]], NDArray[np.float32]] | None = None
    head: HeadRecord | None = None
    curve: LearningCurve | None = None
    earlier: tuple[str, Metrics] | None = None

    @property
    def body_learnt(self) -> bool:
        """Whether what the network sees was changed by the pictures; not where a head alone learnt."""
        return self.head is None or (self.head.last_blocks is not None and self.head.last_blocks.kept)
