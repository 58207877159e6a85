"""datasets: the sets that can be read by name, and whether they are here already."""

from dataclasses import dataclass
from pathlib import Path

from olhar.base.texts import say
from olhar.data.sets.catalogue import SETS


@dataclass(frozen=True)
class DatasetRow:
    """A set that is read by its name.

    Attributes:
        name: what to type.
        about: what it is, in the language in use.
        pictures: how many it has.
        classes: how many it tells apart.
        download: bytes to download; 0 where nothing is.
        licence: what may be done with it, in the language in use.
        page: where to read about it.
        here: whether it can be read now with no network.
        bring: the file that the person must put there themselves, where nobody may hand it on.
    """

    name: str
    about: str
    pictures: int
    classes: int
    download: int
    licence: str
    page: str
    here: bool
    bring: Path | None = None


def datasets() -> list[DatasetRow]:
    """The sets that ``olhar.read`` and ``train`` know by name."""
    digits = DatasetRow("digits", say("sets.digits.about"), 1797, 10, 0, "CC BY 4.0", _DIGITS_PAGE, True)
    return [digits, *map(_row, SETS)]


_DIGITS_PAGE = "https://archive.ics.uci.edu/ml/datasets/Optical+Recognition+of+Handwritten+Digits"


def _row(name: str) -> DatasetRow:
    data_set = SETS[name]
    size = data_set.remote.size if data_set.remote else 0
    bring = None if data_set.remote else data_set.folder / data_set.files[0]
    return DatasetRow(
        name,
        data_set.about,
        data_set.pictures,
        len(data_set.classes),
        size,
        data_set.licence,
        data_set.page,
        data_set.here() is not None,
        bring,
    )
