"""The first door: a path becomes bytes, and the bytes say what they are; a file's name says nothing."""

import stat
from pathlib import Path
from typing import Literal, TypeAlias

from olhar.base.errors import ModelError

FileKind: TypeAlias = Literal["hdf5", "zip", "text"]

LARGEST_FILE = 4 * 2**30
"""A model file of more bytes than this is not read."""
_HEAD = 4096
_HDF5 = b"\x89HDF\r\n\x1a\n"
_USER_BLOCKS = (0, 512, 1024, 2048)


def model_bytes(path: Path) -> bytes:
    """The bytes of a model file.

    Raises:
        ModelError: it is not there, not a plain file, empty, too large, or something that is known not to be a Keras file.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ModelError("keras.folder")
        if not stat.S_ISREG(status.st_mode):
            raise ModelError("keras.not_a_file")
        if status.st_size > LARGEST_FILE:
            raise ModelError("keras.file_too_large", megabytes=status.st_size / 2**20)
        with path.open("rb") as file:
            file_kind(file.read(_HEAD))
            file.seek(0)
            return file.read(LARGEST_FILE)
    except FileNotFoundError as error:
        raise ModelError("keras.not_found") from error
    except (OSError, ValueError) as error:
        raise ModelError("keras.unreadable") from error


def file_kind(head: bytes) -> FileKind:
    """What a file that opens with ``head`` is.

    Raises:
        ModelError: it is no Keras file; the sentence says what it is instead.
    """
    if not head.strip():
        raise ModelError("keras.empty")
    if any(head[start : start + 8] == _HDF5 for start in _USER_BLOCKS):
        return "hdf5"
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    _refuse_known(head)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[", b'"', b"backend:", b"class_name:", b"config:", b"!!python")):
        return "text"
    raise ModelError("keras.not_keras")


def _refuse_known(head: bytes) -> None:
    """Name what people save as a model by mistake."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    if start.startswith(b"version https://git-lfs"):
        raise ModelError("keras.lfs")
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<!--", b"404")):
        raise ModelError("keras.web_page")
    if head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        raise ModelError("keras.pickle")
    if head[4:8] == b"TFL3":
        raise ModelError("keras.tflite")
    if b"onnx" in head[:64].lower() or (head.startswith(b"\x08") and b"pytorch" in head[:64]):
        raise ModelError("keras.onnx")
