"""The forms of data that are read, one reader each, and which of them understands some files."""

from collections.abc import Callable
from dataclasses import replace

from olhar.base.errors import DataError
from olhar.data.dataset import Dataset
from olhar.data.files.excluded import Excluded
from olhar.data.files.files import Files, hidden_pictures
from olhar.data.formats import (
    arrays,
    cifar,
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
from olhar.data.names_beside import with_names_beside
from olhar.data.nested import refuse_nested
from olhar.data.packed_folder import archives_in, packed_folder, told
from olhar.data.read_as import passed_over
from olhar.data.read_options import ReadOptions
from olhar.data.recognised import explained, refuse_misread, refuse_workbook, why_unteachable
from olhar.data.tables import beside

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


def understand(files: Files, options: ReadOptions, excluded: Excluded | None, *, every: bool) -> tuple[Files, Dataset | None]:
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
    """What a folder holds beside its archives, or as them: shards, arrays, batches beside the archive that they came in.

    Nothing where that is but a few pictures without a class.
    """
    try:
        dataset = _read_files(files, options)
    except DataError as error:
        if error.key == "data.sample_class":  # shards, and one says what is no class
            raise
        return None
    return dataset if dataset is not None and dataset.classes else None


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
    """The dataset, with what hidden pictures and what folders of trainings were left alone to be told."""
    hidden = [passed_over(place, n, "reading.why_hidden") for place, n in hidden_pictures(files)]
    if runs := getattr(files, "runs", ()):
        hidden.append(passed_over(runs[0], len(runs), "reading.why_run", pictures=False))
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
