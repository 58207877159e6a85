"""join: training, validation and test pictures that lie apart -> one dataset."""

from typing import Any, Unpack

from olhar.base.path_errors import tells_paths
from olhar.base.progress import Progress, default_progress
from olhar.data.class_names import ClassNames, with_class_names
from olhar.data.dataset import Dataset, Part
from olhar.data.parts_apart import join_parts
from olhar.data.read_options import LayoutKeywords
from olhar.data.sources import read


@tells_paths
def join(
    train: Any,
    *,
    validation: Any = None,
    test: Any = None,
    names: ClassNames | None = None,
    progress: Progress | None = None,
    **reading: Unpack[LayoutKeywords],
) -> Dataset:
    """One dataset of parts that lie apart: what ``olhar train --train A --validation B --test C`` learns from.

    Args:
        train, validation, test: what ``olhar.read`` takes, or what it gave; a part that is None is made by the split.
        names: names to show, as ``olhar.read`` takes them.
        progress: where to tell what each was read as.
        reading: how they are to be read, as ``olhar.read`` takes it (``label_column`` ...).

    Raises:
        DataError: one cannot be read, or brings parts of which none is the one for which it is given.
    """
    progress = progress or default_progress()
    places: list[tuple[Part, Any]] = [("train", train), ("validation", validation), ("test", test)]
    given: dict[Part, Any] = {part: place for part, place in places if place is not None}
    datasets: dict[Part, Dataset] = {part: read(place, progress=progress, **reading) for part, place in given.items()}
    called: dict[Part, str] = {part: str(place) if not isinstance(place, Dataset) else part for part, place in given.items()}
    dataset = join_parts(datasets, called, progress)
    return dataset if names is None else with_class_names(dataset, names)
