"""Zip archives that hold a model: members by name, read into memory, never written anywhere."""

import io
import zipfile
import zlib
from pathlib import PurePosixPath
from stat import S_ISLNK

from olhar.base.errors import ModelError

_MEMBERS = 10_000
_UNIX = 3
_ROOM = 64 * 2**20
_DENSEST = 20


class Members:
    """The files of a zip of which none climbs, is a link or is locked.

    Raises:
        ModelError: not a whole zip, or a member that is refused.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = [info for info in self._zip.infolist() if not info.is_dir() and not _litter(info.filename)]
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError, UnicodeError) as error:
            raise ModelError("keras.zip_damaged") from error
        if len(infos) > _MEMBERS:
            raise ModelError("keras.zip_crowded", n=len(infos))
        for info in infos:
            _refuse(info)
        self._infos = {info.filename.replace("\\", "/"): info for info in infos}
        if len(self._infos) < len(infos):
            raise ModelError("keras.zip_twice")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all members, slashes forward."""
        return tuple(self._infos)

    def find(self, *names: str) -> str | None:
        """The shallowest member whose last part is one of ``names``, or whose name ends so (``*.h5``)."""
        hits = [m for m in self._infos for name in names if PurePosixPath(m).match(name)]
        return min(hits, key=lambda m: (m.count("/"), m), default=None)

    def read(self, name: str, limit: int | None = None) -> bytes:
        """The bytes of a member, checked against their CRC.

        Raises:
            ModelError: damaged, missing, or larger than it may be.
        """
        info = self._infos.get(name)
        if info is None:
            raise ModelError("keras.zip_lacks", member=name)
        if info.file_size > (limit or _ROOM + _DENSEST * info.compress_size):
            raise ModelError("keras.zip_bomb", member=name, megabytes=info.file_size / 2**20)
        try:
            return self._zip.read(info)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError, OSError) as error:
            raise ModelError("keras.zip_damaged") from error


def _litter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or ".DS_Store" in parts


def _refuse(info: zipfile.ZipInfo) -> None:
    name = info.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
        raise ModelError("keras.zip_climbs", member=name)
    if info.create_system == _UNIX and S_ISLNK(info.external_attr >> 16):
        raise ModelError("keras.zip_link", member=name)
    if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ModelError("keras.zip_locked", member=name)
