"""What a person calls DATA -> a Dataset."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

from olhar.base.errors import DataError
from olhar.base.path_errors import tells_paths
from olhar.base.progress import Progress, Quiet, default_progress
from olhar.data.class_names import ClassNames, with_class_names
from olhar.data.dataset import Dataset, Part
from olhar.data.files.excluded import Excluded
from olhar.data.files.files import Files, non_pictures
from olhar.data.formats import arrays, dataframes
from olhar.data.formats.packed_file import METADATA, pack_metadata, with_pack_metadata
from olhar.data.parts_apart import join_parts
from olhar.data.places import BUILT_IN, files_at, not_found
from olhar.data.read_options import ReadKeywords, ReadOptions
from olhar.data.readers import understand
from olhar.data.recognised import recognised, refuse_url
from olhar.data.sets.catalogue import SETS
from olhar.data.sets.named_set import load_named_set


@tells_paths
def read(
    data: Any,
    *,
    names: ClassNames | None = None,
    progress: Progress | None = None,
    **options: Unpack[ReadKeywords],
) -> Dataset:
    """Find out what ``data`` is and list its pictures; none is decoded. What it was read as is told, and stands in ``read_as``.

    Args:
        data: a folder, a zip or tar, a table (CSV, JSON, Parquet), arrays (``.npz``), files of CIFAR or MNIST, a Teachable
            Machine project, a folder or file inside an archive (``photos.zip/test``), or the name of a set (``digits``); a
            DataFrame of polars or pandas; a mapping of arrays, named as in a ``.npz`` (``{"x": pictures, "y": labels}``); a
            Dataset.
        names: names to show: a mapping from class to name, or a file of lines such as ``dogs = "Cachorro"``.
        progress: where to tell what it was read as; by default a terminal or a notebook, where somebody may be looking.
        options: fields of ``ReadOptions``, for what Olhar cannot know by itself: ``layout`` says what each level of folders is
            (``"*/class"``); ``exclude`` names folders and files to leave out (``"extra,raw/*.png"``); ``path_column``,
            ``label_column``, ``split_column`` and ``group_column`` name columns of a table.
            ``validation`` and ``test`` say where those parts lie, apart from the data. A Dataset has been read already: the
            others change nothing of it.

    Raises:
        DataError: there is no such thing, it holds no pictures, or it says something that cannot be; where there are several
            ways to read it, ``readings`` holds them.
        UsageError: a path that cannot be: its name is too long, or it may not be entered.
    """
    progress, said = progress or default_progress(), ReadOptions(**options)
    reader, named = _read_apart if said.validation or said.test else _read, names is not None
    dataset = reader(data, said, progress, named=named)
    return dataset if names is None else with_class_names(dataset, names)


def _read_apart(data: Any, options: ReadOptions, progress: Progress, *, named: bool) -> Dataset:
    """The data as the training part, and the other parts from where they lie."""
    alike = replace(options, validation=None, test=None)
    given: list[tuple[Part, Any]] = [("train", data), ("validation", options.validation), ("test", options.test)]
    given = [(part, place) for part, place in given if place is not None]
    names: dict[Part, str] = {part: str(place) if isinstance(place, (str, os.PathLike)) else part for part, place in given}
    datasets: dict[Part, Dataset] = {part: _read(place, alike, progress, every=False, named=named) for part, place in given}
    return join_parts(datasets, names, progress)


def _read(data: Any, options: ReadOptions, progress: Progress, *, every: bool = True, named: bool = False) -> Dataset:
    """See ``read``.

    Args:
        data, options, progress: as there.
        every: each pattern of what is to be excluded must leave something out.
        named: names to show are given.
    """
    if isinstance(data, Dataset):
        return data
    if isinstance(data, (str, os.PathLike)):
        try:
            return _read_path(os.fspath(data), options, progress, every=every, named=named)
        except DataError as error:
            error.readings = tuple(reading.of(os.fspath(data)) for reading in error.readings)
            raise
    if isinstance(data, Mapping):
        return arrays.of_mapping(data)
    if dataframes.is_frame(data):
        return dataframes.read(data, options)
    raise DataError("data.not_in_memory", found=type(data).__name__)


def _read_path(text: str, options: ReadOptions, progress: Progress, *, every: bool, named: bool) -> Dataset:
    path = Path(text).expanduser()
    if not path.exists():
        refuse_url(text)
    if text in BUILT_IN and not path.exists():
        return BUILT_IN[text]()
    if text in SETS and not path.exists():
        return load_named_set(SETS[text], lambda path: read(path, progress=Quiet()), progress)
    if (path / "request.json").is_file() and (path / "recipe.toml").is_file():
        raise DataError("data.is_run", where=text)
    excluded = Excluded(options.exclude) if options.exclude else None
    files = files_at(path, excluded)
    if files is None:
        raise not_found(text, path)
    files, dataset = understand(files, options, excluded, every=every)
    if dataset is None and path.is_file() and not files.archive:
        raise recognised(files) or not_found(text, path)
    if dataset is None:
        raise recognised(files) or _no_pictures(files)
    told = (*(excluded.told() if excluded else ()), *dataset.read_as.passed_over)
    read_as = dataset.read_as.named() if named else dataset.read_as
    dataset = replace(dataset, read_as=replace(read_as, passed_over=told, data=text))
    if dataset.read_as:
        progress.line(dataset.read_as.sentence())
    metadata = pack_metadata(path) if path.is_file() and not (files.archive and METADATA not in files.names) else None
    return with_pack_metadata(dataset, metadata) if metadata else dataset


def _no_pictures(files: Files) -> DataError:
    """That there is nothing to read, with one of the files that lie there."""
    others = non_pictures(files)
    if not others:
        return DataError("data.no_pictures", where=files.origin, n=0)
    return DataError("data.no_pictures_but", where=files.origin, n=len(others), file=files.names[others[0]])
