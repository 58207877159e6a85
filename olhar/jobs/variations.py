"""A few training pictures and what augmentation makes of them, so that a person can see what was learnt from."""

import numpy as np
import torch
from numpy.typing import NDArray

from olhar.jobs.prepare import Prepared
from olhar.runs.samples import Sample
from olhar.training.augment import Augmentation

_PICTURES, _VERSIONS = 6, 7


def variations(prepared: Prepared, augmentation: Augmentation) -> list[list[Sample]]:
    """Up to six training pictures, one of each class after the other, each followed by seven versions of it.

    Nothing where the augmentation leaves all as they are.
    """
    rows = _in_turn(prepared)[:_PICTURES]
    pixels, labels = prepared.packed.pixels[rows], prepared.labels[rows]
    pictures = torch.from_numpy(pixels).permute(0, 3, 1, 2)
    versions = [pixels]
    for number in range(_VERSIONS):
        drawn = torch.Generator().manual_seed(prepared.recipe.seed + number)
        varied, _ = augmentation(pictures, torch.from_numpy(labels), drawn)
        versions.append(varied.permute(0, 2, 3, 1).numpy())
    if all(np.array_equal(pixels, version) for version in versions):
        return []
    names = [prepared.name(row) for row in rows.tolist()]
    return [
        [Sample(name, version[i], int(label)) for version in versions]
        for i, (name, label) in enumerate(zip(names, labels, strict=True))
    ]


def _in_turn(prepared: Prepared) -> NDArray[np.int64]:
    """Training pictures: the first of each class, then the second of each, and so on."""
    rows = prepared.rows("train")
    labels = prepared.labels[rows]
    turn = np.zeros(len(rows), np.int64)
    for label in np.unique(labels):
        turn[labels == label] = np.arange(int((labels == label).sum()))
    return rows[np.lexsort((labels, turn))]
