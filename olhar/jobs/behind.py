"""The pictures behind a report's numbers, chosen once, and where the model looks in some; ``runs.behind`` keeps them."""

import os
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from olhar.base.errors import ModelError
from olhar.bundle.heat.heat_map import heat
from olhar.bundle.heat.looking import heat_maps
from olhar.bundle.predictor import Predictor
from olhar.data.cache.on_demand import PixelRows
from olhar.data.checks.suspects import TRUSTED, suspects
from olhar.evaluation.predictions import Predictions
from olhar.runs.behind import Behind
from olhar.runs.samples import Sample

SIDE = 96
"""Pictures are kept with a longer side of at most this."""

_UNSURE, _RIGHT, _MISTAKES, _UNLIKE, _SUSPECTS = 8, 4, 8, 8, 12
_OF_A_CELL, _IN_CELLS, _IN_CELLS_IF_TINY = (6, 4, 3, 2, 1), 240, 400
_TINY_SIDE = 48
"""Pictures of at most this side take a third of the room in the page."""
_SECONDS = 2.0
"""Where parts of pictures have to be covered, no further picture is begun after this."""

_FINEST = 32

Cell = tuple[int, int]
"""The true class, and the answer."""


@dataclass(frozen=True)
class PredictedPictures:
    """Predictions, and the pictures that they are of.

    Attributes:
        predictions: N of them.
        pixels: uint8 (M, H, W, C), pictures as the network sees them; read a picture at a time.
        rows: int64 (N,), where in ``pixels`` those predicted stand.
    """

    predictions: Predictions
    pixels: PixelRows
    rows: NDArray[np.int64]


def behind(answered: PredictedPictures, mistakes: Sequence[Sample], predictor: Predictor) -> Behind:
    """What a report shows of single answers.

    Args:
        answered: what was said of which pictures.
        mistakes: the most confident ones, as the report shows them.
        predictor: the model that is kept, which is asked where it looks.
    """
    predictions = answered.predictions
    unsure = np.argsort(predictions.confidence, kind="stable")[:_UNSURE].tolist()
    right, unlike = _right(predictions), _unlike(predictions)
    room = _IN_CELLS_IF_TINY if max(answered.pixels.shape[1:3]) <= _TINY_SIDE else _IN_CELLS
    cells = [i for some in _cells(predictions, room).values() for i in some]
    looked_at = [*mistakes[:_MISTAKES], *(_sample(answered, i) for i in right)]
    told = _suspected(predictions)[:_SUSPECTS]
    kept = _kept(answered, {*unsure, *right, *unlike, *cells, *told})
    of_unsure, of_right, of_unlike, of_cells, of_told = ([kept[i] for i in some] for some in (unsure, right, unlike, cells, told))
    shown = Behind(of_unsure, of_right, of_cells, unlike=of_unlike, suspects=of_told)
    return _heated(shown, looked_at, min(_MISTAKES, len(mistakes)), predictor)


def _heated(chosen: Behind, looked_at: Sequence[Sample], mistakes: int, predictor: Predictor) -> Behind:
    """With maps of as many pictures as there is time for. Without any where the model cannot be asked: the report is the rest."""
    if not looked_at:
        return chosen
    pixels = np.stack([one.pixels for one in looked_at])
    try:
        maps = heat_maps(predictor, pixels, [one.predicted for one in looked_at], seconds=_SECONDS)
    except ModelError:
        return chosen
    shares = (255 * heat(_coarser(maps.values))).round().astype(np.uint8)
    return replace(chosen, heat=shares, heated=min(mistakes, len(shares)), method=maps.method)


def _coarser(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Maps of at most 32 cells a side."""
    step = -(-max(maps.shape[1:]) // _FINEST)
    return maps[:, step // 2 :: step, step // 2 :: step]


def _unlike(predictions: Predictions) -> list[int]:
    """The strangest of those that are flagged."""
    flagged = np.flatnonzero(predictions.unlike)
    if predictions.unlikeness is None or not len(flagged):
        return []
    return flagged[np.argsort(-predictions.unlikeness[flagged], kind="stable")][:_UNLIKE].tolist()


def _right(predictions: Predictions) -> list[int]:
    """A right answer each of some classes, evenly taken: the surest."""
    right = np.flatnonzero(predictions.predicted == predictions.labels)
    order = right[np.argsort(-predictions.confidence[right], kind="stable")]
    surest = [int(order[predictions.labels[order] == label][0]) for label in np.unique(predictions.labels[right])]
    places = np.linspace(0, len(surest) - 1, min(_RIGHT, len(surest))).round().astype(int)
    return [surest[place] for place in places.tolist()]


def _suspected(predictions: Predictions) -> list[int]:
    """Pictures whose label may be wrong, surest first; none where the model is right too seldom to say so."""
    known = np.flatnonzero(predictions.labels >= 0)
    labels, shares = predictions.labels[known], predictions.probabilities[known]
    if not len(known) or (shares.argmax(axis=1) == labels).mean() < TRUSTED:
        return []
    return [int(known[case.rows[0]]) for case in suspects(labels, shares)]


def _cells(predictions: Predictions, room: int) -> Mapping[Cell, list[int]]:
    """Of each cell of the matrix as many as there is room for, of all alike; where even one is too many, the fullest cells."""
    cells: defaultdict[Cell, list[int]] = defaultdict(list)
    answers, labels, confidence = predictions.predicted, predictions.labels, predictions.confidence
    for i in np.argsort(np.where(answers == labels, confidence, -confidence), kind="stable").tolist():
        if labels[i] >= 0:
            cells[int(labels[i]), int(answers[i])].append(i)
    most = next((n for n in _OF_A_CELL if sum(min(n, len(some)) for some in cells.values()) <= room), 1)
    fullest = sorted(cells, key=lambda cell: -len(cells[cell]))[:room]
    return {cell: cells[cell][:most] for cell in sorted(fullest)}


def _kept(answered: PredictedPictures, places: Collection[int]) -> Mapping[int, Sample]:
    """Some of the pictures, small, decoded by as many threads as there are cores."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return dict(zip(places, pool.map(lambda i: _small(_sample(answered, i)), places), strict=True))


def _sample(answered: PredictedPictures, i: int) -> Sample:
    predictions, shares = answered.predictions, answered.predictions.probabilities[i]
    picture, label, best = str(predictions.pictures[i]), int(predictions.labels[i]), int(shares.argmax())
    return Sample(picture, answered.pixels[answered.rows[i]], label, best, float(shares.max()))


def _small(sample: Sample) -> Sample:
    """The same with few pixels."""
    height, width, channels = sample.pixels.shape
    if max(height, width) <= SIDE:
        return sample
    image = Image.fromarray(sample.pixels[..., 0] if channels == 1 else sample.pixels)
    scale = SIDE / max(height, width)
    image = image.resize((max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.BOX)
    pixels = np.asarray(image).reshape(image.height, image.width, channels)
    return Sample(sample.picture, pixels, sample.label, sample.predicted, sample.confidence)
