"""A zip or tar by its path, found out by what it holds."""

from pathlib import Path

from olhar.base.errors import DataError
from olhar.data.files.tar import TarMembers, is_tar
from olhar.data.files.zip import ZipMembers, is_zip


def archive_file(path: Path) -> ZipMembers | TarMembers | None:
    """The archive, opened; None where it is none.

    Raises:
        DataError: damaged or refused, or it cannot be read.
    """
    try:
        return ZipMembers(path) if is_zip(path) else TarMembers(path) if is_tar(path) else None
    except OSError as error:
        raise DataError("picture.vanished", name=path.name) from error
