"""The checksum of a bundle, in the bundle itself: SHA-256 of the file, its own 64 digits taken for zeros."""

import hashlib

from olhar.base.errors import ModelError

CHECKSUM_KEY = "olhar-sha256"
"""The key in ONNX's metadata whose value is the checksum, 64 hexadecimal digits."""
ZEROS = "0" * 64
"""What stands in its place while it is computed."""
CHECKSUMMED = '"checksummed": true'
"""Stands in the contract of a bundle with a checksum: a bit may flip in the key itself, too."""

_MARK = b"\n" + bytes([len(CHECKSUM_KEY)]) + CHECKSUM_KEY.encode("ascii") + b"\x12" + bytes([len(ZEROS)])
"""What precedes the digits in the file: protocol buffers write the entry's key and the lengths so."""


def with_checksum(bundle: bytes) -> bytes:
    """The same file with its checksum where ``ZEROS`` stood under ``CHECKSUM_KEY``."""
    place = bundle.rindex(_MARK) + len(_MARK)
    return b"".join((bundle[:place], _digest(bundle, place), bundle[place + len(ZEROS) :]))


def refuse_changed(bundle: bytes, where: str) -> bool:
    """See to it that a file is as it was written.

    Args:
        bundle: the whole file.
        where: names it in the error.

    Returns:
        Whether it has a checksum: bundles of the first versions have none.

    Raises:
        ModelError: it was changed since.
    """
    found = bundle.rfind(_MARK)
    if found < 0 and CHECKSUMMED.encode("ascii") not in bundle:
        return False
    place = found + len(_MARK)
    if found < 0 or bundle[place : place + len(ZEROS)] != _digest(bundle, place):
        raise ModelError("bundle.changed", where=where)
    return True


def _digest(bundle: bytes, place: int) -> bytes:
    whole = memoryview(bundle)
    digest = hashlib.sha256(whole[:place])
    digest.update(ZEROS.encode("ascii"))
    digest.update(whole[place + len(ZEROS) :])
    return digest.hexdigest().encode("ascii")
