"""A zip among other files: opened where it may hold data, by its ending; a document is a zip too, and is left alone."""

import posixpath
from pathlib import Path

from olhar.base.errors import DataError
from olhar.data.files.files import Files, first_bytes, open_unpacked
from olhar.data.files.zip import ZipMembers, starts_as_zip

_MEANT = (".npz", ".tm")
"""What bears such a name is meant to be read: where it is broken, that is told."""
_DOCUMENTS = (
    *(".docx", ".docm", ".dotx", ".xlsx", ".xlsm", ".pptx", ".potx", ".odt", ".ods", ".odp", ".odg", ".pages", ".numbers"),
    *(".key", ".epub", ".xps", ".vsdx", ".kmz", ".jar", ".war", ".apk", ".aab", ".ipa", ".whl", ".egg", ".xpi"),
    *(".crx", ".nupkg", ".keras", ".pt", ".pth", ".ckpt", ".pkl", ".mlmodel", ".mar", ".sketch", ".kra", ".ora", ".3mf"),
)


def zip_within(files: Files, index: int) -> ZipMembers | None:
    """A zip among other files, opened; None where it is none, a document, or broken.

    Raises:
        DataError: it is broken, and called as files of data are.
    """
    name = files.names[index]
    ending = posixpath.splitext(name)[1].lower()
    if ending in _DOCUMENTS or not starts_as_zip(first_bytes(files, index, 4)):
        return None
    try:
        return ZipMembers(Path(name), open_unpacked(files, index))
    except DataError:
        if ending in _MEANT:
            raise
        return None
