"""What a person calls DATA -> a Dataset: one reader a form, in one table; found by what the files hold, not by name alone."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path, PureWindowsPath
from typing import Any, Unpack

from olhar.base.errors import DataError
from olhar.base.files import neighbours
from olhar.base.path_errors import tells_paths
from olhar.base.progress import Progress, Quiet, default_progress
from olhar.base.texts import Sentence, sentence
from olhar.data.class_names import ClassNames, with_class_names
from olhar.data.dataset import Dataset, Part
from olhar.data.files.archive_file import archive_file
from olhar.data.files.archive_folder import ArchiveFolder
from olhar.data.files.excluded import Excluded
from olhar.data.files.files import Files, hidden_pictures, non_pictures
from olhar.data.files.folder import FolderFiles, FolderSource
from olhar.data.formats import (
    arrays,
    cifar,
    dataframes,
    idx,
    matlab_pictures,
    parquet,
    pickled_arrays,
    pixel_pairs,
    stl10,
    tables,
    teachable_project,
    tfrecord,
    webdataset,
)
from olhar.data.formats import class_folders as folders
from olhar.data.formats.packed_file import METADATA, pack_metadata, with_pack_metadata
from olhar.data.formats.pixels import ArraySource
from olhar.data.names_beside import with_names_beside
from olhar.data.nested import refuse_nested
from olhar.data.packed_folder import archives_in, packed_folder, told, within_archive
from olhar.data.parts_apart import join_parts
from olhar.data.read_as import passed_over
from olhar.data.read_options import ReadKeywords, ReadOptions
from olhar.data.recognised import explained, recognised, refuse_misread, refuse_url, refuse_workbook, why_unteachable
from olhar.data.sets.catalogue import SETS
from olhar.data.sets.digits import digits
from olhar.data.sets.named_set import load_named_set
from olhar.data.tables import beside

__all__ = ["BUILT_IN", "READERS", "ArraySource", "FolderSource", "is_here", "read"]

READERS: dict[str, Callable[[Files, ReadOptions], Dataset | None]] = {
    "WebDataset": webdataset.read,
    "tables that name pictures": beside.read,
    "class folders": folders.class_folders,
    "Teachable Machine": teachable_project.read,
    "TFRecord": tfrecord.read,
    "MATLAB, a picture a file": matlab_pictures.read,
    "arrays": arrays.read,
    "Parquet": parquet.read,
    "CSV and JSON": tables.read,
    "pixels and classes in tables of their own": pixel_pairs.read,
    "CIFAR, python version": cifar.read_python_version,
    "pickles of arrays": pickled_arrays.read,
    "MNIST": idx.read,
    "STL-10": stl10.read,
    "CIFAR, binary version": cifar.read_binary_version,
    "tables of pictures without a class": beside.read_unlabelled,
    "loose pictures": folders.loose_pictures,
}
"""A reader a form: files and what was said of them -> a Dataset, or None where they hold another form.

The first that understands them reads them.
"""

_OF_TABLES = ("tables that name pictures", "tables of pictures without a class", "Parquet", "CSV and JSON", "TFRecord")
"""Those that go by the columns that a person names."""
_BESIDE = ("tables that name pictures", "class folders")
"""Those whose classes a list beside the pictures may name."""


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
    files = _files(path, excluded)
    if files is None:
        raise _not_found(text, path)
    files, dataset = _understood(files, options, excluded, every=every)
    if dataset is None and path.is_file() and not files.archive:
        raise recognised(files) or _not_found(text, path)
    if dataset is None:
        raise recognised(files) or DataError("data.no_pictures", where=files.origin, n=len(non_pictures(files)))
    told = (*(excluded.told() if excluded else ()), *dataset.read_as.passed_over)
    read_as = dataset.read_as.named() if named else dataset.read_as
    dataset = replace(dataset, read_as=replace(read_as, passed_over=told, data=text))
    if dataset.read_as:
        progress.line(dataset.read_as.sentence())
    metadata = pack_metadata(path) if path.is_file() and not (files.archive and METADATA not in files.names) else None
    return with_pack_metadata(dataset, metadata) if metadata else dataset


def _understood(files: Files, options: ReadOptions, excluded: Excluded | None, *, every: bool) -> tuple[Files, Dataset | None]:
    """The files and what they hold; where a folder holds no data but archives of pictures, with these as folders."""
    packed = bool(archives_in(files))
    by_itself = _by_itself(files, options) if packed else None
    unpacked = packed_folder(files, excluded) if packed and by_itself is None else None
    if excluded is not None and every:
        excluded.require_some(files.origin, (unpacked or files).names)
    if unpacked is None:
        return files, by_itself or _read_files(files, options)
    dataset = _read_files(unpacked, options)
    return unpacked, told(dataset, unpacked) if dataset else None


def _by_itself(files: Files, options: ReadOptions) -> Dataset | None:
    """What a folder holds beside its archives, or as them: shards, arrays, batches beside the archive that they came in."""
    try:
        return _read_files(files, options)
    except DataError as error:
        if error.key == "data.sample_class":  # shards, and one says what is no class
            raise
        return None


def _read_files(files: Files, options: ReadOptions) -> Dataset | None:
    """What the first reader that understands the files makes of them; forms that are known and not read are named."""
    refuse_workbook(files)
    if files.archive:
        refuse_nested(files)
    try:
        form, dataset = _first_reading(files, options)
    except DataError as error:
        raise explained(error, files) from error
    if dataset is None:
        return None
    if options.columns and form not in _OF_TABLES:
        raise DataError("table.no_table", where=files.origin, column=options.columns[0])
    refuse_misread(dataset, files)
    dataset = with_names_beside(dataset, files) if form in _BESIDE else dataset
    return _with_hidden(replace(dataset, unteachable=why_unteachable(dataset, files)), files)


def _with_hidden(dataset: Dataset, files: Files) -> Dataset:
    """The dataset, with what hidden pictures were left alone to be told."""
    hidden = [passed_over(place, n, "reading.why_hidden") for place, n in hidden_pictures(files)]
    if not hidden:
        return dataset
    return replace(dataset, read_as=replace(dataset.read_as, passed_over=(*dataset.read_as.passed_over, *hidden)))


def _first_reading(files: Files, options: ReadOptions) -> tuple[str, Dataset | None]:
    """What the first reader that understands the files makes of them, and the name of their form."""
    for form, reader in READERS.items():
        dataset = reader(files, options)
        if dataset is not None:
            return form, dataset
    return "", None


_NEAR = 0.75
"""How alike names are, by difflib, of which one may be a slip for the other; ``mnist`` and ``maius`` agree by 0.6."""
_OF_A_SET = r"(e|k|q)?mnist|fashion[-_]?mnist|imagenet\w*|svhn|stl-?10|coco\w*|caltech-?\d+|food-?101|flowers-?102|celeba"
BUILT_IN: dict[str, Callable[[], Dataset]] = {"digits": digits}


def _files(path: Path, excluded: Excluded | None = None) -> Files | None:
    """The files that a path names: of a folder, of an archive or of a folder inside it; or a file alone."""
    if path.is_dir():
        return FolderFiles.below(path, excluded)
    file = next((candidate for candidate in (path, *path.parents) if candidate.is_file()), None)
    if file is None:
        inner = within_archive(path)
        return _files(inner, excluded) if inner != path else None
    inside = path.relative_to(file).as_posix().removeprefix(".")
    archive = archive_file(file)
    if archive is None:
        return None if inside else FolderFiles.alone(file, excluded)
    return ArchiveFolder(archive, inside, excluded) if inside or excluded else archive


def _not_found(text: str, path: Path) -> DataError:
    if path.exists():
        return DataError("data.not_understood", where=path.name)
    return DataError("data.not_found", where=text, hint=_hint(text, path) or "")


def _hint(text: str, path: Path) -> Sentence | None:
    """What was most likely meant: the same in other letters, a path as Windows writes it, a name that is nearly the same."""
    names = [*BUILT_IN, *SETS, *map(os.fspath, neighbours(path))]
    same = [name for name in names if name.casefold() == text.casefold()]
    if "\\" in text and os.sep == "/" and not same:
        return sentence("data.slashes", name=PureWindowsPath(text).as_posix())
    near = same or get_close_matches(text, names, 1, _NEAR)
    if near:
        return sentence("data.did_you_mean", name=near[0])
    return sentence("data.no_such_set") if re.fullmatch(_OF_A_SET, text, re.IGNORECASE) else None


def is_here(data: str) -> bool:
    """Whether what a person once called DATA, or the archive that it lies in, can be read again, with nothing downloaded."""
    path, named = Path(data).expanduser(), SETS.get(data)
    in_archive = any(above.is_file() for above in path.parents) or within_archive(path) != path
    return path.exists() or in_archive or data in BUILT_IN or (named is not None and named.here() is not None)
