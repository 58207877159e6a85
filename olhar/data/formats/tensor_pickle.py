"""A pickle that torch wrote, as data: names, shapes and types of its tensors. No torch, and nothing in it can call anything."""

from dataclasses import dataclass, field
from typing import Any

from olhar.data.formats.pickles import GlobalName, PickleMachine, PickleRefused

_TYPES = {
    "FloatStorage": "float32", "DoubleStorage": "float64", "HalfStorage": "float16", "BFloat16Storage": "bfloat16",
    "LongStorage": "int64", "IntStorage": "int32", "ShortStorage": "int16", "CharStorage": "int8", "ByteStorage": "uint8",
    "BoolStorage": "bool",
}  # fmt: skip
_TABLES = ("collections.OrderedDict", "collections.defaultdict", "builtins.dict")
_LISTS = ("builtins.set", "__builtin__.set", "builtins.list", "torch.Size", "builtins.frozenset", "__builtin__.frozenset")
_PLAIN = ("torch.device", "builtins.slice", "builtins.complex", "datetime.datetime", "datetime.date", "pathlib.PosixPath")
_TENSORS = {"torch._utils._rebuild_tensor": 2, "torch._utils._rebuild_tensor_v2": 2, "torch._utils._rebuild_tensor_v3": 2}
_PARAMETERS = ("torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state")

_MOST_SIDES, _LONGEST = 64, 2**63


@dataclass(frozen=True)
class Storage:
    """Where the numbers of one tensor or more lie in a file: a key, a type, and how many there are."""

    key: str
    dtype: str
    count: int


@dataclass(frozen=True)
class Tensor:
    """A tensor's shape and type; its numbers are not read, but where they lie is known.

    Attributes:
        shape: of the tensor.
        dtype: NumPy's name of its type; torch's where NumPy has none.
        storage: where its numbers lie; None where the form does not say so here.
        offset: of its first number in the storage.
        strides: how many numbers apart neighbours lie along each side.
    """

    shape: tuple[int, ...]
    dtype: str
    storage: Storage | None = field(default=None, compare=False)
    offset: int = field(default=0, compare=False)
    strides: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class OpaqueValue:
    """A value that says nothing here: a device, a date."""

    name: str


class TensorMachine(PickleMachine):
    """The machine of ``formats.pickles``, which knows besides what torch writes for tensors and their tables."""

    def built(self, name: Any, arguments: Any) -> Any:
        """What is known of what torch writes."""
        text = name.text if isinstance(name, GlobalName) else "?"
        if text in _TABLES:
            return {}
        if text in _LISTS:
            return list(arguments[0]) if arguments and isinstance(arguments[0], (list, tuple)) else []
        if text in _PLAIN or text.replace("_core", "core") == "numpy.core.multiarray.scalar":
            return OpaqueValue(text)
        if text in _TENSORS:
            return _tensor(arguments, text.endswith("v3"))
        if text in _PARAMETERS and isinstance(arguments[0], Tensor):
            return arguments[0]
        return super().built(name, arguments)

    def _on_binpersid(self, _: Any) -> None:
        """The place of a tensor's numbers: ``("storage", type, key, device, count)``; of a whole network its class."""
        place = self.stack.pop()
        if isinstance(place, tuple) and place[0] == "module" and isinstance(place[1], GlobalName):
            raise PickleRefused(place[1].text)
        if not isinstance(place, tuple) or len(place) < 5 or place[0] != "storage" or not isinstance(place[1], GlobalName):
            raise ValueError
        name = place[1].text.rpartition(".")[2]
        count = place[4] if isinstance(place[4], int) else -1
        self.stack.append(Storage(str(place[2]), _TYPES.get(name, name), count))

    def _on_build(self, _: Any) -> None:
        """A table's own attributes (``_metadata``) are passed over."""
        if isinstance(self.stack[-2], (dict, list, OpaqueValue)):
            self.stack.pop()
        else:
            super()._on_build(_)

    def _on_newobj(self, _: Any) -> None:
        """An object of a class: a whole network, most often."""
        self.stack.pop()
        raise PickleRefused(self.stack[-1].text if isinstance(self.stack[-1], GlobalName) else "?")

    def _on_empty_set(self, _: Any) -> None:
        """A set, kept as a list."""
        self.stack.append([])

    def _on_additems(self, _: Any) -> None:
        """What a set holds."""
        values = self._marked()
        self.stack[-1].extend(values)


def _tensor(arguments: Any, typed: bool) -> Tensor:
    storage, offset, shape = arguments[0], arguments[1], sides(arguments[2])
    if not isinstance(storage, Storage) or not isinstance(offset, int) or offset < 0:
        raise ValueError
    dtype = arguments[6].text.rpartition(".")[2] if typed else storage.dtype
    return Tensor(shape, dtype, storage, offset, sides(arguments[3]))


def sides(shape: Any) -> tuple[int, ...]:
    """A shape as a file gives it, if a tensor can have it.

    Raises:
        ValueError: it cannot.
    """
    if len(shape) > _MOST_SIDES or not all(isinstance(side, int) and 0 <= side < _LONGEST for side in shape):
        raise ValueError
    return tuple(shape)
