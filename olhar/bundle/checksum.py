"""The checksum of a bundle in its own metadata: a bit that changed since is noticed by every reader."""

from olhar.base.checksum import ZEROS, checksum_fits, with_checksum
from olhar.base.errors import ModelError

CHECKSUM_KEY = "olhar-sha256"
"""The key in ONNX's metadata whose value is the checksum, 64 hexadecimal digits."""
CHECKSUMMED = '"checksummed": true'
"""Stands in the contract of a bundle with a checksum: a bit may flip in the key itself, too."""

_MARK = b"\n" + bytes([len(CHECKSUM_KEY)]) + CHECKSUM_KEY.encode("ascii") + b"\x12" + bytes([len(ZEROS)])
"""What precedes the digits in the file: protocol buffers write the entry's key and the lengths so."""


def checksummed(bundle: bytes) -> bytes:
    """The same file with its checksum where ``ZEROS`` stood under ``CHECKSUM_KEY``."""
    return with_checksum(bundle, _MARK)


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
    unchanged = checksum_fits(bundle, _MARK)
    if unchanged is None and CHECKSUMMED.encode("ascii") not in bundle:
        return False
    if not unchanged:
        raise ModelError("bundle.changed", where=where)
    return True
