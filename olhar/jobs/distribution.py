"""Pictures -> their Distribution: most of it by what one pass over them gathered, sharpness and features by a sample of them."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from olhar.base.images import Pixels
from olhar.base.progress import Quiet
from olhar.bundle.predictor import Predictor
from olhar.data.checks.measurements import blur_effect
from olhar.data.checks.survey import Survey, survey
from olhar.data.dataset import UNLABELLED
from olhar.evaluation.drift.distribution import Distribution, Quantiles
from olhar.evaluation.drift.drift import one_each
from olhar.evaluation.predictions import Predictions
from olhar.jobs.learnt import Learnt
from olhar.jobs.prepare import Prepared

SAMPLE = 256
"""So many pictures are looked at as the network sees them."""
DIRECTIONS = 16
"""Of what the network sees, so many random directions are kept (Achlioptas 2003): they keep distances, and take little room."""

_PLAIN, _LEAST_SIDE = 3.0, 16
_VAST = 1e8
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def evenly(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """``SAMPLE`` of some rows, evenly spread; all where there are no more."""
    return rows[np.linspace(0, len(rows) - 1, min(SAMPLE, len(rows))).astype(np.int64)]


def distribution(
    looks: Survey,
    rows: NDArray[np.int64],
    pictures: int,
    mix: Mapping[str, int],
    sharp: NDArray[np.float32],
    seen: NDArray[np.float32],
) -> Distribution:
    """What some pictures are like.

    Args:
        looks: what one pass over their dataset gathered.
        rows: int64 (N,): rows of the dataset, of each group one.
        pictures: how many there are, with all of each group.
        mix: class -> how many of the N are of it; empty where nobody says.
        sharp: ``sharpness`` of a sample of them.
        seen: ``features`` of a sample of pictures that have not changed what the network sees.
    """
    values = {**measured(looks, rows), "sharpness": sharp}
    measures = {name: told for name, numbers in values.items() if (told := Quantiles.of(numbers)) is not None}
    return Distribution(pictures, len(rows), measures, mix, seen)


def measured(looks: Survey, rows: NDArray[np.int64]) -> dict[str, NDArray[np.floating]]:
    """What one pass over the pictures tells of some of them, float (N,) by measure, in the order of their rows."""
    facts = looks.facts[np.isin(looks.rows, rows)]
    height, width = facts["height"].astype(np.float64), facts["width"].astype(np.float64)
    return {
        "brightness": facts["mean"],
        "contrast": facts["deviation"],
        "colour": facts["chroma"],
        "size": np.sqrt(height * width),
        "shape": width / np.maximum(height, 1),
    }


def taught_distribution(prepared: Prepared, predictor: Predictor, learnt: Learnt) -> Distribution:
    """What the pictures are like that teach."""
    teaching = prepared.teaching
    chosen = teaching[one_each(prepared.division.groups[teaching])]
    sample = prepared.packed.pixels[evenly(chosen)]
    counts = np.bincount(prepared.labels[chosen], minlength=len(prepared.signature.classes)).tolist()
    mix = dict(zip(prepared.dataset.classes, counts, strict=False))
    looks, seen = survey(prepared.dataset, Quiet()), _seen(prepared, predictor, learnt, evenly(chosen))
    return distribution(looks, prepared.packed.rows[chosen], len(teaching), mix, sharpness(sample), seen)


def _seen(prepared: Prepared, predictor: Predictor, learnt: Learnt, sample: NDArray[np.int64]) -> NDArray[np.float32]:
    """What the network sees in a sample of the pictures that teach; in others where those have changed what it sees."""
    if learnt.seen is not None:
        return directions(learnt.seen(sample))
    held = np.sort(np.concatenate([prepared.rows("validation"), prepared.rows("test")]))
    untaught = evenly(held[one_each(prepared.division.groups[held])]) if len(held) else held
    return features(predictor, prepared.packed.pixels[untaught if learnt.body_learnt else sample])


def mix_of(predictions: Predictions, places: NDArray[np.int64]) -> dict[str, int]:
    """Class -> how many of some pictures are of it; empty where the class of one is not known."""
    labels = predictions.labels[places]
    return counted(predictions.classes, labels) if len(labels) and (labels != UNLABELLED).all() else {}


def counted(classes: tuple[str, ...], labels: NDArray[np.int64]) -> dict[str, int]:
    """Class -> how many there are."""
    return dict(zip(classes, np.bincount(labels, minlength=len(classes)).tolist(), strict=True))


def sharpness(pixels: Pixels) -> NDArray[np.float32]:
    """How sharp pictures are as the network sees them, 0 to 1; NaN where it cannot be told."""
    if not len(pixels) or min(pixels.shape[1:3]) < _LEAST_SIDE:
        return np.full(len(pixels), np.nan, np.float32)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return np.array(list(pool.map(_sharp, pixels)), np.float32)


def _sharp(picture: Pixels) -> float:
    """Of one picture (H, W, C)."""
    gray = picture.astype(np.float32) @ _LUMA if picture.shape[-1] == 3 else picture[..., 0].astype(np.float32)
    return float(1 - blur_effect(gray[None])[0]) if gray.std() >= _PLAIN else np.nan


def features(predictor: Predictor, pixels: Pixels) -> NDArray[np.float32]:
    """float32 (S, D): random directions of what the network sees; (0, 0) where it does not give it."""
    if not len(pixels) or not predictor.gives("features"):
        return np.zeros((0, 0), np.float32)
    (given,) = predictor.outputs(pixels, "features")
    return directions(given)


def directions(given: NDArray[np.floating]) -> NDArray[np.float32]:
    """float32 (S, D): random directions of features (S, ...)."""
    flat = given.reshape(len(given), -1).astype(np.float64)
    signs = np.random.PCG64(DIRECTIONS).random_raw(flat.shape[1] * DIRECTIONS) & 1
    directions = (2.0 * signs - 1).reshape(flat.shape[1], DIRECTIONS)
    return np.clip(flat @ directions / np.sqrt(flat.shape[1]), -_VAST, _VAST).astype(np.float32)
