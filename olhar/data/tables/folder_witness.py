"""FolderWitness: what class folders say of the pictures beside a table; read when somebody asks, for it takes a while."""

from collections.abc import Collection, Mapping
from functools import cached_property

from olhar.base.errors import DataError
from olhar.data.dataset import UNLABELLED, Dataset
from olhar.data.files.files import Files
from olhar.data.formats.class_folders import class_folders
from olhar.data.read_options import ReadOptions


class FolderWitness:
    """What the folders say, or why nothing."""

    def __init__(self, files: Files, options: ReadOptions) -> None:
        self._files, self._options = files, options

    @cached_property
    def _read(self) -> tuple[Dataset | None, DataError | None]:
        try:
            return class_folders(self._files, self._options), None
        except DataError as error:
            return None, error

    @property
    def dataset(self) -> Dataset | None:
        """The pictures by class folders; None where there are none, or where they are refused."""
        return self._read[0]

    @property
    def refusal(self) -> DataError | None:
        """Why the folders are refused."""
        return self._read[1]

    @cached_property
    def known(self) -> Mapping[str, str]:
        """The class of each picture that lies in a class folder."""
        return classes_of(self.dataset) if self.dataset else {}

    def names(self) -> Collection[str]:
        """The names of the class folders."""
        return {*self.known.values()}


def classes_of(dataset: Dataset) -> dict[str, str]:
    """The class of each picture that has one."""
    labels = zip(dataset.where, dataset.labels.tolist(), strict=True)
    return {path: dataset.classes[label] for path, label in labels if label != UNLABELLED}
