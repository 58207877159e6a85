"""The numbers of a state dict as torch wrote it before version 1.6, as NumPy arrays; nothing in the file can call anything.

The file: a magic number, the protocol's version and the machine's facts as small pickles; a pickle of the dict, whose tensors
name their storages; a pickle of the storages' keys; then each storage as its number of elements (int64) and the raw numbers.
"""

import io
import math
from typing import Any, BinaryIO

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from olhar.base.errors import ModelError
from olhar.data.formats.pickles import DAMAGES, PickleMachine, PickleRefused
from olhar.data.formats.tensor_pickle import Storage, Tensor, TensorMachine

Numbers = NDArray[Any]

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001
_TYPES = {"float32": np.dtype("<f4"), "float64": np.dtype("<f8"), "float16": np.dtype("<f2"), "int64": np.dtype("<i8")}
_COUNT_BYTES = 8
_WIDEST, _MOST_TIMES = 8, 8
"""Tensors may share their numbers, but together they may not take more memory than a few times the file."""


def read_state_dict(data: bytes, where: str) -> dict[str, Numbers]:
    """Every tensor of a state dict by its name.

    Args:
        data: the whole file. No more is allocated than it has bytes for.
        where: what to call it in an error.

    Raises:
        ModelError: not such a file, damaged, or it wants to be more than tensors; the sentence names what it wants.
    """
    try:
        return _tensors(io.BytesIO(data), len(data))
    except PickleRefused as error:
        raise ModelError("weights.wants", where=where, found=str(error) or "?") from error
    except (*DAMAGES, RecursionError) as error:
        raise ModelError("weights.damaged", where=where) from error


def _tensors(file: BinaryIO, size: int) -> dict[str, Numbers]:
    magic, protocol, facts = (PickleMachine().run(file) for _ in range(3))
    if (magic, protocol) != (_MAGIC, _PROTOCOL) or not facts.get("little_endian"):
        raise ValueError
    table = TensorMachine().run(file)
    if not isinstance(table, dict) or not all(isinstance(tensor, Tensor) for tensor in table.values()):
        raise ValueError
    if sum(math.prod(tensor.shape) for tensor in table.values()) * _WIDEST > _MOST_TIMES * size:
        raise ValueError
    storages = _storages(file, size, {tensor.storage for tensor in table.values() if tensor.storage is not None})
    return {str(name): _placed(tensor, storages) for name, tensor in table.items()}


def _storages(file: BinaryIO, size: int, declared: set[Storage]) -> dict[Storage, Numbers]:
    """The numbers of each storage, in the order in which the file keeps them."""
    by_key = {storage.key: storage for storage in declared}
    if len(by_key) != len(declared):
        raise ValueError
    numbers: dict[Storage, Numbers] = {}
    for key in PickleMachine().run(file):
        storage = by_key[key]
        count, dtype = int.from_bytes(file.read(_COUNT_BYTES), "little", signed=True), _TYPES[storage.dtype]
        if count != storage.count or not 0 <= count * dtype.itemsize <= size - file.tell():
            raise ValueError
        numbers[storage] = np.frombuffer(file.read(count * dtype.itemsize), dtype)
    return numbers


def _placed(tensor: Tensor, storages: dict[Storage, Numbers]) -> Numbers:
    """One tensor's numbers in its shape: none lies outside its storage, and none is there more often than it is stored."""
    if tensor.storage is None or len(tensor.strides) != len(tensor.shape):
        raise ValueError
    numbers, size = storages[tensor.storage], math.prod(tensor.shape)
    last = tensor.offset + sum((side - 1) * stride for side, stride in zip(tensor.shape, tensor.strides, strict=True))
    if size > len(numbers) or (size and last >= len(numbers)):
        raise ValueError
    steps = [stride * numbers.itemsize for stride in tensor.strides]
    return np.array(as_strided(numbers[tensor.offset :], tensor.shape, steps, writeable=False), order="C")
