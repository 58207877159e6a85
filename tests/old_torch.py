"""Files of weights in the form that torch wrote before version 1.6, made without torch so that each byte of them is known."""

import io
import pickle
import struct

import numpy as np

NAMES = {np.dtype("float32"): "FloatStorage", np.dtype("int64"): "LongStorage", np.dtype("float64"): "DoubleStorage"}


def _tensor(key: str, array: np.ndarray) -> bytes:
    """The pickle of one tensor within a dict: what ``_rebuild_tensor_v2`` is called with."""
    shape, strides = array.shape, [step // array.itemsize for step in array.copy(order="C").strides]
    out = b"ctorch._utils\n_rebuild_tensor_v2\n("
    out += b"(X\x07\x00\x00\x00storagectorch\n" + NAMES[array.dtype].encode() + b"\n" + _text(key) + _text("cpu")
    out += _number(array.size) + b"NtQ" + _number(0) + _tuple(shape) + _tuple(strides) + b"\x89}tR"
    return out


def _text(value: str) -> bytes:
    return b"X" + struct.pack("<I", len(value.encode())) + value.encode()


def _number(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def _tuple(values) -> bytes:
    return b"(" + b"".join(map(_number, values)) + b"t"


def old_torch(arrays: dict[str, np.ndarray], *, counts: dict[str, int] | None = None) -> bytes:
    """The bytes of a state dict; ``counts`` tells another number of elements of a storage than it has."""
    out = io.BytesIO()
    facts = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}
    for value in (0x1950A86A20F9469CFC6C, 1001, facts):
        pickle.dump(value, out, protocol=2)
    table = b"".join(_text(name) + _tensor(str(number), array) for number, (name, array) in enumerate(arrays.items()))
    out.write(b"\x80\x02}(" + table + b"u.")
    pickle.dump([str(number) for number in range(len(arrays))], out, protocol=2)
    for name, array in arrays.items():
        out.write(struct.pack("<q", (counts or {}).get(name, array.size)) + np.ascontiguousarray(array).tobytes())
    return out.getvalue()
