"""An archive in an archive is not opened: half of the pictures would be missing without a word."""

from olhar.base.errors import DataError
from olhar.data.files.files import Files, first_bytes, non_pictures
from olhar.data.files.tar import packing, starts_as_tar
from olhar.data.files.zip import starts_as_zip
from olhar.data.files.zip_within import zip_within
from olhar.data.formats import arrays, teachable_project

_FOREIGN = (b"Rar!", b"7z\xbc\xaf")


def refuse_nested(files: Files) -> None:
    """Refuse an archive that holds another, whatever else there is.

    A ``.npz`` and a Teachable Machine project are one file to those who use them, and so is a document.

    Raises:
        DataError: it does.
    """
    for index in non_pictures(files):
        head = first_bytes(files, index, 512)
        inner = zip_within(files, index) if starts_as_zip(head) else None
        within = inner is not None and not (arrays.is_npz(inner) or teachable_project.is_project(inner))
        if within or starts_as_tar(head) or packing(head) or head.startswith(_FOREIGN):
            raise DataError("data.nested", where=files.name, member=files.names[index])
