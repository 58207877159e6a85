"""Epoch: what is known when all training pictures have been seen once more."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Epoch:
    """Numbers of one epoch.

    Attributes:
        epoch: counted from 1; 0 is the network before its first step.
        step: steps since the training began.
        seconds: this epoch took, validation included.
        seconds_left: the epochs that are left would take at that pace; not a number in epoch 0.
        learning_rate: of its last step.
        pictures_per_second: training pictures, validation not counted.
        loss, accuracy: means over its augmented training pictures, while the weights were changing; plain cross-entropy,
            without label smoothing, class weights and L2; not a number in epoch 0.
        val_loss, val_accuracy: of the validation pictures, at its end; cross-entropy without label smoothing.
        val_f1, val_precision, val_recall: plain means over the classes that occur, in truth or answers.
        by_class: class key -> ``precision``, ``recall``, ``f1`` of validation.
        val_commonest: share of the validation pictures that got the commonest answer.
        best: whether no earlier epoch was as good by the recipe's ``keep_by``.
    """

    epoch: int
    step: int
    seconds: float
    seconds_left: float
    learning_rate: float
    pictures_per_second: float
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    val_f1: float
    val_precision: float
    val_recall: float
    val_commonest: float
    by_class: Mapping[str, Mapping[str, float]]
    best: bool

    def to_dict(self) -> dict[str, Any]:
        """The form of a line of ``history.jsonl``; what has no number is null."""
        return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in asdict(self).items()}
