"""The page of a comparison: which pictures it shows, found again where they lay, told by their content, within bounds."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from olhar.base.errors import OlharError, PictureError
from olhar.base.files import write_text
from olhar.base.images import Pixels, as_bytes, decode, own_levels
from olhar.base.progress import Progress, Quiet
from olhar.base.texts import sentence
from olhar.base.types import StrPath
from olhar.data.cache.content_hash import content_hash
from olhar.data.dataset import Dataset
from olhar.data.places import is_here
from olhar.data.sources import read
from olhar.evaluation.compare.comparison import Comparison
from olhar.reporting.compare_page import render_comparison
from olhar.reporting.pictures import THUMBNAIL_SIDE
from olhar.runs.folder import RunFolder
from olhar.runs.samples import read_samples

MOST_PICTURES = 60


def write_comparison(
    comparison: Comparison, contents: Sequence[bytes], data: Dataset | None, into: StrPath, progress: Progress
) -> Path:
    """Write a comparison as one HTML page in the language in use.

    Args:
        comparison: what came of it.
        contents: the content hash of each of its pictures.
        data: where they lie; None: where the runs' requests say.
        into: the file.
        progress: where to tell how far it is.

    Raises:
        DataError: it cannot be written.
    """
    rows = comparison.differing[:MOST_PICTURES].tolist()
    datasets = [data] if data is not None else _of_runs(comparison)
    pixels = dict(_kept(comparison, rows)) if data is None else {}
    with progress.stage(sentence("compare.drawing"), len(rows)) as advance:
        for dataset in datasets:
            pixels |= dict(_found(dataset, comparison, contents, rows))
        advance(len(rows))
    made = datetime.now(UTC).isoformat(timespec="seconds")
    return write_text(Path(into), render_comparison(comparison, rows, pixels, made))


def _of_runs(comparison: Comparison) -> Iterator[Dataset]:
    """The data of the runs, each place once; one that is not there any more is passed over, and nothing is downloaded."""
    seen: set[str] = set()
    for place in (place for one in comparison.contenders for place in one.places):
        try:
            request = RunFolder.open(place).request()
            if request.data in seen or not is_here(request.data):
                continue
            seen.add(request.data)
            yield read(request.data, progress=Quiet(), **request.reading.keywords())
        except OlharError:
            continue


def _found(
    dataset: Dataset, comparison: Comparison, contents: Sequence[bytes], rows: Sequence[int]
) -> Iterator[tuple[int, Pixels]]:
    """Those of the rows that lie in a dataset under the same name with the same content."""
    places = {name: place for place, name in enumerate(dataset.where)}
    for row in rows:
        place = places.get(comparison.pictures[row])
        pixels = None if place is None else _thumbnail(dataset, place, contents[row])
        if pixels is not None:
            yield row, pixels


def _thumbnail(dataset: Dataset, place: int, content: bytes) -> Pixels | None:
    """The picture, upright and in its own proportions, small; None where it is another or cannot be read."""
    try:
        picture = dataset.read(place)
        if content_hash(picture) != content:
            return None
        levels = own_levels(picture)
        if isinstance(picture, np.ndarray):
            return as_bytes(picture, levels)
        image = decode(picture, dataset.where[place], at_least=(THUMBNAIL_SIDE, THUMBNAIL_SIDE), levels=levels)
    except PictureError:
        return None
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return np.asarray(image)


def _kept(comparison: Comparison, rows: Sequence[int]) -> Iterator[tuple[int, Pixels]]:
    """Pictures that the first run keeps in itself, whose names these are: in another run a name may be another picture's."""
    wanted = {comparison.pictures[row]: row for row in rows}
    try:
        samples, mistakes = read_samples(RunFolder(Path(comparison.contenders[0].places[0])))
    except OlharError:
        return
    yield from ((wanted[one.picture], one.pixels) for one in (*samples, *mistakes) if one.picture in wanted)
