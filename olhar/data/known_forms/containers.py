"""Files that hold pictures, or could, and are not opened: spreadsheets, records of frameworks, archives, videos, models."""

import posixpath
from collections.abc import Callable, Mapping
from typing import Any

from olhar.data.files.files import Files, first_bytes, non_pictures
from olhar.data.files.tar import packing, starts_as_tar
from olhar.data.files.zip import starts_as_zip
from olhar.data.folders.found import listed
from olhar.data.formats.pickles import is_pickle
from olhar.data.formats.tfrecord_file import starts_as_records
from olhar.data.formats.workbook import is_workbook_name

Seen = Mapping[str, Any]

_SHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers")
_WORKBOOKS = ({"[Content_Types].xml", "xl/workbook.xml"}, {"mimetype", "content.xml"})
_VIDEOS = (".mp4", ".avi", ".mov", ".mkv", ".webm", ".mpg", ".mpeg", ".wmv", ".m4v")
_MODELS = (".keras", ".onnx", ".pt", ".pth", ".tflite", ".safetensors", ".ckpt", ".pb")
_PICKLES = (".pkl", ".pickle", ".p", ".joblib")
_PACKED = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", *(_SEALED := (".rar", ".7z")))
_OTHERS = (b"Rar!", b"7z\xbc\xaf")


def spreadsheet(files: Files) -> Seen | None:
    """A spreadsheet, where there is no table that is read."""
    return None if _has_tables(files) else _first(files, lambda i: _ends(files, i, _SHEETS) and not _is_open(files, i))


def workbook(files: Files) -> Seen | None:
    """A spreadsheet in the form that is read, where it has said nothing of the pictures and no other table is there."""
    return None if _has_tables(files) else _first(files, lambda index: _is_open(files, index))


def _is_open(files: Files, index: int) -> bool:
    """Whether a spreadsheet is in the form that is read: Excel's, without a password."""
    return is_workbook_name(files.names[index]) and starts_as_zip(first_bytes(files, index, 4))


def is_workbook(files: Files) -> bool:
    """Whether an archive is a spreadsheet itself, by its name or by what it holds."""
    named = files.name.lower().endswith(_SHEETS)
    return files.archive and (named or any(members <= set(files.names) for members in _WORKBOOKS))


def container(files: Files) -> Seen | None:
    """Records of a framework, by their first bytes."""
    for index in non_pictures(files):
        form = _record_form(first_bytes(files, index, 32), posixpath.basename(files.names[index]).lower())
        if form:
            return {"file": files.names[index], "form": form}
    return None


def medical(files: Files) -> Seen | None:
    """DICOM and NIfTI."""
    for index in non_pictures(files):
        head = first_bytes(files, index, 352)
        form = "DICOM" if head[128:132] == b"DICM" else "NIfTI" if head[344:347] in (b"n+1", b"ni1") else ""
        if form:
            return {"file": files.names[index], "form": form}
    return None


def video(files: Files) -> Seen | None:
    """Videos, by their names."""
    return _first(files, lambda index: _ends(files, index, _VIDEOS))


def model(files: Files) -> Seen | None:
    """Model files, by their names, and HDF5 without arrays of pictures."""
    if files.archive and files.name.lower().endswith(".keras"):
        return {"file": files.name, "name": files.name}
    hdf5 = b"\x89HDF\r\n\x1a\n"
    return _first(files, lambda index: _ends(files, index, _MODELS) or first_bytes(files, index, 8) == hdf5)


def pickle(files: Files) -> Seen | None:
    """Pickles, by their first bytes or their names."""
    return _first(files, lambda index: is_pickle(first_bytes(files, index, 64)) or _ends(files, index, _PICKLES))


def archive(files: Files) -> Seen | None:
    """Archives that lie in a folder: how many there are, and one to give, which can be opened."""
    names = _archives(files)
    opened = [name for name in names if not name.lower().endswith(_SEALED)]
    return {"file": opened[0], "files": listed(names), "n": len(names), "name": files.name} if opened else None


def sealed(files: Files) -> Seen | None:
    """An archive of a kind that is not opened, where there is none of another."""
    names = _archives(files)
    if not names or not all(name.lower().endswith(_SEALED) for name in names):
        return None
    return {"file": names[0], "form": names[0].rpartition(".")[2].upper()}


def _archives(files: Files) -> list[str]:
    rows = [i for i in non_pictures(files) if _ends(files, i, _PACKED) and _packs(first_bytes_as_they_are(files, i))]
    return sorted(files.names[row] for row in rows)


def lfs(files: Files) -> Seen | None:
    """What Git leaves of large files that were not fetched, and pages that were saved in the place of a file."""
    starts = (b"version https://git-lfs", b"<!doctype html", b"<html")
    page = _first(files, lambda index: first_bytes(files, index, 32).lstrip().lower().startswith(starts))
    return page or _first(files, lambda index: _ends(files, index, _PACKED) and _is_text(first_bytes_as_they_are(files, index)))


def first_bytes_as_they_are(files: Files, index: int) -> bytes:
    """The first bytes of a file, packed or not."""
    return files.head(index, 512)


def _first(files: Files, seen: Callable[[int], bool]) -> Seen | None:
    index = next((index for index in non_pictures(files) if seen(index)), None)
    return {"file": files.names[index], "name": files.name} if index is not None else None


def _ends(files: Files, index: int, endings: tuple[str, ...]) -> bool:
    return files.names[index].lower().endswith(endings)


def _has_tables(files: Files) -> bool:
    return any(_ends(files, index, (".csv", ".tsv", ".json", ".jsonl", ".parquet", ".txt")) for index in non_pictures(files))


def _packs(head: bytes) -> bool:
    return starts_as_zip(head) or starts_as_tar(head) or bool(packing(head)) or head.startswith(_OTHERS)


def _is_text(head: bytes) -> bool:
    return head.isascii() and head.decode("ascii").replace("\n", "").replace("\r", "").replace("\t", "").isprintable()


def _record_form(head: bytes, name: str) -> str:
    if starts_as_records(head):
        return "TFRecord"
    if head[16:20] == bytes.fromhex("dec0efbe"):
        return "LMDB"
    if head[:4] == bytes.fromhex("0a23d7ce"):
        return "MXNet RecordIO"
    if head[:6] == b"ARROW1" or (name.endswith(".arrow") and head[:4] == b"\xff\xff\xff\xff"):
        return "Arrow"
    return "FFCV" if name.endswith(".beton") else "TFRecord" if ".tfrec" in name else ""
