"""TensorFlow's ``tf.train.Example``, the usual content of a TFRecord: features by name, each a list of bytes or of numbers.

Form: ``example.proto`` and ``feature.proto`` in protobuf's wire form: tags, lengths, and what they enclose. Nothing but these
four nested messages is read, each within the one around it, so that no content can nest deeper or reach further than it lies.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["bytes", "floats", "ints"]

_VARINT, _EIGHT, _FRAMED, _FOUR = 0, 1, 2, 5
_FIXED = {_EIGHT: 8, _FOUR: 4}
_KINDS: dict[int, Kind] = {1: "bytes", 2: "floats", 3: "ints"}
_MOST = 4096
"""So many features a record may have, and so many of a feature's values are looked at."""
_LONGEST = 10


@dataclass(frozen=True)
class Feature:
    """A list of values, as it lies in a record.

    Attributes:
        kind: of its values.
        record: the record's bytes.
        start, end: where the list lies in it.
    """

    kind: Kind
    record: bytes
    start: int
    end: int

    def places(self) -> list[tuple[int, int]]:
        """Of bytes: where each value begins and ends in the record.

        Raises:
            ValueError: damaged.
        """
        return [(start, end) for number, wire, start, end in self._values() if number == 1 and wire == _FRAMED]

    def values(self) -> list[bytes] | list[int] | list[float]:
        """The first of its values.

        Raises:
            ValueError: damaged.
        """
        if self.kind == "bytes":
            return [self.record[start:end] for start, end in self.places()]
        return [value for _, wire, start, end in self._values() for value in self._numbers(wire, start, end)][:_MOST]

    def _values(self) -> list[tuple[int, int, int, int]]:
        return _bounded(_fields(self.record, self.start, self.end))

    def _numbers(self, wire: int, start: int, end: int) -> list[int] | list[float]:
        """Numbers that are packed together, or one alone."""
        if self.kind == "floats":
            end = min(end, start + 4 * _MOST)
            return list(struct.unpack(f"<{(end - start) // 4}f", self.record[start : end - (end - start) % 4]))
        numbers: list[int] = []
        while start < end and len(numbers) < _MOST:
            value, start = _varint(self.record, start, end)
            numbers.append(value - 2**64 if value >= 2**63 else value)
        return numbers if wire in (_VARINT, _FRAMED) else []


def features_of(record: bytes) -> dict[str, Feature]:
    """The features of an Example by name.

    Raises:
        ValueError: the bytes are none.
    """
    features: dict[str, Feature] = {}
    for start, end in _messages(record, 0, len(record), 1):
        for entry in _messages(record, start, end, 1):
            name, feature = _entry(record, *entry)
            if feature is not None:
                features[name] = feature
        if len(features) > _MOST:
            raise ValueError
    return features


def _entry(record: bytes, start: int, end: int) -> tuple[str, Feature | None]:
    """A name and its feature; None where that has no values."""
    name, feature = "", None
    for number, wire, begin, stop in _bounded(_fields(record, start, end)):
        if number == 1 and wire == _FRAMED:
            name = record[begin:stop].decode()
        for kind, *_, inner, last in _bounded(_fields(record, begin, stop)) if number == 2 and wire == _FRAMED else ():
            feature = Feature(_KINDS[kind], record, inner, last) if kind in _KINDS else feature
    return name, feature


def _messages(record: bytes, start: int, end: int, wanted: int) -> list[tuple[int, int]]:
    """Where the messages of a number lie in the one around them."""
    fields = _bounded(_fields(record, start, end))
    return [(begin, stop) for number, wire, begin, stop in fields if number == wanted and wire == _FRAMED]


def _bounded(fields: Iterator[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    found = [field for field, _ in zip(fields, range(_MOST + 1), strict=False)]
    if len(found) > _MOST:
        raise ValueError
    return found


def _fields(record: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Each field of a message: its number, its wire type, and where its content begins and ends."""
    while start < end:
        tag, start = _varint(record, start, end)
        wire, stop = tag & 7, start
        if wire == _VARINT:
            _, stop = _varint(record, start, end)
        elif wire == _FRAMED:
            size, start = _varint(record, start, end)
            stop = start + size
        elif wire in _FIXED:
            stop = start + _FIXED[wire]
        else:
            raise ValueError
        if stop > end:
            raise ValueError
        yield tag >> 3, wire, start, stop
        start = stop


def _varint(record: bytes, start: int, end: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where it ends."""
    value = 0
    for place in range(start, min(end, start + _LONGEST)):
        byte = record[place]
        value |= (byte & 0x7F) << (7 * (place - start))
        if byte < 0x80:
            return value & (2**64 - 1), place + 1
    raise ValueError
