"""Where a model looks, as one sheet: each picture as the model sees it, and beside it its heat map."""

from pathlib import Path

import numpy as np

from olhar.base.files import write_error, write_whole
from olhar.base.images import Pixels, to_pixels
from olhar.base.texts import Sentence, sentence
from olhar.base.types import StrPath
from olhar.bundle.answers import Answers
from olhar.bundle.heat.heat_map import heat, over
from olhar.bundle.heat.looking import heat_maps
from olhar.reporting.grid import grid
from olhar.runs.samples import Sample

MOST, SECONDS = 40, 60.0
"""So many pictures at most; where covering parts of them takes longer than this, those alone that were done."""

_PAIRS = 4


def write_heat_maps(answers: Answers, into: StrPath) -> list[Sentence]:
    """Write a PNG of the first pictures and of where the model looks when it gives its answers.

    Returns:
        What to say of it: where it is and how the maps were made, and how many pictures are not on it.

    Raises:
        RunError: the file cannot be written.
        ModelError: the model cannot be computed.
    """
    rows = answers.rows[:MOST]
    pixels, best = np.stack([_seen(answers, row) for row in rows]), answers.predictions.predicted[:MOST].tolist()
    maps = heat_maps(answers.predictor, pixels, best, seconds=SECONDS)
    samples = [one for i, values in enumerate(heat(maps.values)) for one in _pair(answers, i, pixels[i], over(pixels[i], values))]
    sheet, path = grid(samples, answers.predictor.signature.names, 2 * min(_PAIRS, len(maps.values))), Path(into)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, sheet)
    except OSError as error:
        raise write_error(into, error, len(sheet)) from error
    n = len(maps.values)
    more = [sentence("heat.first", n=n, of=len(answers))] if n < len(answers) else []
    return [sentence(f"heat.written_{maps.method}", n=n, where=str(path)), *more]


def _seen(answers: Answers, row: int) -> Pixels:
    signature, data = answers.predictor.signature, answers.data
    size = (signature.height, signature.width)
    name, levels, whole = data.where[row], signature.levels, signature.whole
    return to_pixels(data.read(row), size, signature.channels, signature.fit, name, levels=levels, whole=whole)


def _pair(answers: Answers, i: int, pixels: Pixels, heated: Pixels) -> tuple[Sample, Sample]:
    """The picture with its answer, and the map with the class that it is of."""
    predictions = answers.predictions
    name, label, best = predictions.pictures[i], int(predictions.labels[i]), int(predictions.predicted[i])
    return Sample(name, pixels, label, best, float(predictions.confidence[i])), Sample(name, heated, best)
