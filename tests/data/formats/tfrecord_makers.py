"""TFRecords made by hand, byte by byte as TensorFlow writes them."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

from olhar.data.formats.tfrecord_file import masked_crc

Value = bytes | int | float
Example = Mapping[str, Value | list[Value]]


def varint(number: int) -> bytes:
    number %= 2**64
    out = b""
    while number > 0x7F:
        out, number = out + bytes([number & 0x7F | 0x80]), number >> 7
    return out + bytes([number])


def framed(number: int, data: bytes) -> bytes:
    """A field of protobuf's with its length before it."""
    return varint(number << 3 | 2) + varint(len(data)) + data


def feature(values: Sequence[Value]) -> bytes:
    if isinstance(values[0], bytes):
        return framed(1, b"".join(framed(1, value) for value in values if isinstance(value, bytes)))
    if isinstance(values[0], float):
        return framed(2, framed(1, struct.pack(f"<{len(values)}f", *values)))
    return framed(3, framed(1, b"".join(varint(value) for value in values if isinstance(value, int))))


def example(features: Example) -> bytes:
    listed = {name: value if isinstance(value, list) else [value] for name, value in features.items()}
    entries = (framed(1, name.encode()) + framed(2, feature(values)) for name, values in listed.items())
    return framed(1, b"".join(framed(1, entry) for entry in entries))


def record(data: bytes) -> bytes:
    head = struct.pack("<Q", len(data))
    return head + struct.pack("<I", masked_crc(head)) + data + struct.pack("<I", masked_crc(data))


def write(path: Path, examples: Sequence[Example]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(record(example(features)) for features in examples))
