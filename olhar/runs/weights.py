"""The best weights of a run, ``best.safetensors``, sealed: their checksum stands in the file's own header, as a bundle's does."""

import json
import struct
from pathlib import Path

from olhar.base.checksum import ZEROS, checksum_fits, with_checksum
from olhar.base.errors import RunError
from olhar.base.parsing import parsing
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder

WEIGHTS = "best.safetensors"
_MARK = b'"sha256":"'
"""What precedes the checksum in the header, which is JSON without spaces."""
_LENGTH, _ALIGNED = struct.Struct("<Q"), 8


def write_weights(run: RunFolder, weights: bytes) -> None:
    """Keep weights, a safetensors file, with their checksum.

    Raises:
        RunError: the folder cannot be written.
    """
    (size,) = _LENGTH.unpack_from(weights)
    head = json.loads(weights[_LENGTH.size : _LENGTH.size + size])
    head["__metadata__"] = head.get("__metadata__", {}) | {"sha256": ZEROS}
    text = json.dumps(head, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % _ALIGNED)
    run.write(WEIGHTS, with_checksum(_LENGTH.pack(len(text)) + text + weights[_LENGTH.size + size :], _MARK))


def sound_weights(run: RunFolder) -> Path:
    """The file of a run's weights, as it was written; of runs of the first versions, which have no checksum, any.

    Raises:
        RunError: it is not there, or was changed.
    """
    path = run.path / WEIGHTS
    if not path.is_file():
        raise RunError("run.unfinished", where=str(run.path), name=WEIGHTS)
    with parsing(damaged(run.path, WEIGHTS), OSError):
        if checksum_fits(path.read_bytes(), _MARK) is False:
            raise ValueError(WEIGHTS)
    return path
