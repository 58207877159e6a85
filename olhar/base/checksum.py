"""A checksum that stands in the file that it is of: SHA-256 of the file, its own 64 hexadecimal digits taken for zeros."""

import hashlib

ZEROS = "0" * 64
"""What stands in the place of the checksum while it is computed."""


def with_checksum(data: bytes, mark: bytes) -> bytes:
    """The same file with its checksum in the place of ``ZEROS``, behind the last ``mark``."""
    place = data.rindex(mark) + len(mark)
    return b"".join((data[:place], _digest(data, place), data[place + len(ZEROS) :]))


def checksum_fits(data: bytes, mark: bytes) -> bool | None:
    """Whether a file is as it was written; None where there is no mark, and so no checksum."""
    found = data.rfind(mark)
    if found < 0:
        return None
    place = found + len(mark)
    return data[place : place + len(ZEROS)] == _digest(data, place)


def _digest(data: bytes, place: int) -> bytes:
    whole = memoryview(data)
    digest = hashlib.sha256(whole[:place])
    digest.update(ZEROS.encode("ascii"))
    digest.update(whole[place + len(ZEROS) :])
    return digest.hexdigest().encode("ascii")
