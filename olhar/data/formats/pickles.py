"""Pickles as data: a machine that knows containers, texts, numbers and arrays, and has no way to call anything else.

Nothing is looked up and nothing imported: a name in a pickle is a piece of text. The operations are parsed by
``pickletools``; what they mean is decided here. Large strings of bytes are not kept: their place in the file is.
"""

import math
import pickletools
import warnings
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from olhar.base.errors import DataError

_LARGE = 1 << 12
_STRINGS = {"BINSTRING": 5, "SHORT_BINSTRING": 2, "BINBYTES": 5, "SHORT_BINBYTES": 2, "BINBYTES8": 9, "BYTEARRAY8": 9}
_PLAIN = ("BININT", "BININT1", "BININT2", "INT", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT", "STRING", "UNICODE",
          "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8")  # fmt: skip
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_EMPTY = {"EMPTY_DICT": dict, "EMPTY_LIST": list}
_NOTHING = ("PROTO", "FRAME", "STOP")
_MOST = 5_000_000
_KEYS = (str, bytes, int, float, type(None))
DAMAGES = (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, MemoryError, EOFError)
"""What a pickle that is cut off or makes no sense raises."""


@dataclass(frozen=True)
class GlobalName:
    """A name that a pickle speaks of; text and nothing more."""

    text: str


@dataclass(frozen=True)
class FileStretch:
    """Bytes that were left in the file."""

    start: int
    size: int


@dataclass
class PickledArray:
    """An array that a pickle describes: its shape, its type, and its bytes or where they lie."""

    shape: tuple[int, ...] = ()
    dtype: np.dtype[Any] | None = None
    data: bytes | FileStretch = b""


@dataclass
class ArrayType:
    """The type of an array's values, as a pickle describes it."""

    code: str


def is_pickle(head: bytes) -> bool:
    """Whether a file opens as a pickle of a container does."""
    return (head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05")) or head.startswith((b"(dp", b"(d"))


def load_pickle(file: BinaryIO, where: str) -> Any:
    """What a pickle holds: dicts, lists, tuples, texts, bytes, numbers, and ``Array``.

    Raises:
        DataError: it wants to build anything else, or is damaged.
    """
    try:
        return PickleMachine().run(file)
    except PickleRefused as error:
        raise DataError("data.pickle_refused", where=where, found=str(error) or "?") from error
    except DAMAGES as error:
        raise DataError("data.not_whole", where=where) from error


class PickleRefused(Exception):
    """What a pickle asks for and does not get."""


class PickleMachine:
    """A pickle's stack and memory. What a name and its arguments make is said by ``built``."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    def run(self, file: BinaryIO) -> Any:
        """What the next pickle of a file holds; the file is left behind it.

        Raises:
            Refused: it wants something that is not made here.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of escapes that stand in damaged texts only
            for number, (opcode, argument, position) in enumerate(pickletools.genops(file)):
                if number > _MOST:
                    raise PickleRefused
                self.step(opcode.name, argument, position or 0)
        return self.stack.pop()

    def built(self, name: Any, arguments: Any) -> Any:
        """What calling ``name`` would give, of the few things that are known."""
        return _built(name, arguments)

    def step(self, name: str, argument: Any, position: int) -> None:
        """One operation of ``pickletools``, its argument, and where it stands in the file."""
        if name in _STRINGS:
            self.stack.append(_bytes(argument, position + _STRINGS[name]))
        elif name in _PLAIN:
            self.stack.append(argument)
        elif name in _CONSTANTS:
            self.stack.append(_CONSTANTS[name])
        elif name in _EMPTY:
            self.stack.append(_EMPTY[name]())
        elif name not in _NOTHING:
            self._other(name, argument)

    def _other(self, name: str, argument: Any) -> None:
        action = getattr(self, f"_on_{name.lower()}", None)
        if action is None:
            raise PickleRefused(name)
        action(argument)

    def _on_mark(self, _: Any) -> None:
        self.marks.append(len(self.stack))

    def _on_put(self, index: Any) -> None:
        self.memo[int(index)] = self.stack[-1]

    _on_binput = _on_long_binput = _on_put

    def _on_memoize(self, _: Any) -> None:
        self.memo[len(self.memo)] = self.stack[-1]

    def _on_get(self, index: Any) -> None:
        self.stack.append(self.memo[int(index)])

    _on_binget = _on_long_binget = _on_get

    def _on_pop(self, _: Any) -> None:
        self.stack.pop()

    def _on_global(self, argument: Any) -> None:
        self.stack.append(GlobalName(str(argument).replace(" ", ".")))

    def _on_stack_global(self, _: Any) -> None:
        name, module = self.stack.pop(), self.stack.pop()
        self.stack.append(GlobalName(f"{module}.{name}"))

    def _on_empty_tuple(self, _: Any) -> None:
        self.stack.append(())

    def _on_tuple(self, _: Any) -> None:
        self.stack.append(tuple(self._marked()))

    def _on_tuple1(self, _: Any) -> None:
        self._tuple(1)

    def _on_tuple2(self, _: Any) -> None:
        self._tuple(2)

    def _on_tuple3(self, _: Any) -> None:
        self._tuple(3)

    def _tuple(self, n: int) -> None:
        if len(self.stack) < n:
            raise IndexError
        self.stack[-n:] = [tuple(self.stack[-n:])]

    def _on_list(self, _: Any) -> None:
        self.stack.append(self._marked())

    def _on_dict(self, _: Any) -> None:
        table: dict[Any, Any] = {}
        self._fill(table, self._marked())
        self.stack.append(table)

    def _on_append(self, _: Any) -> None:
        value = self.stack.pop()
        _list(self.stack[-1]).append(value)

    def _on_appends(self, _: Any) -> None:
        values = self._marked()
        _list(self.stack[-1]).extend(values)

    def _on_setitem(self, _: Any) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self._fill(self.stack[-1], [key, value])

    def _on_setitems(self, _: Any) -> None:
        values = self._marked()
        self._fill(self.stack[-1], values)

    def _on_reduce(self, _: Any) -> None:
        arguments, name = self.stack.pop(), self.stack.pop()
        self.stack.append(self.built(name, arguments))

    def _on_build(self, _: Any) -> None:
        state, target = self.stack.pop(), self.stack[-1]
        if isinstance(target, ArrayType):
            _order(target, state)
        elif isinstance(target, PickledArray):
            _fill_array(target, state)
        else:
            raise PickleRefused(type(target).__name__)

    def _marked(self) -> list[Any]:
        at = self.marks.pop()
        values = self.stack[at:]
        del self.stack[at:]
        return values

    def _fill(self, table: Any, values: list[Any]) -> None:
        if not isinstance(table, dict) or len(values) % 2:
            raise ValueError
        if not all(isinstance(key, _KEYS) for key in values[::2]):
            raise PickleRefused("dict[tuple]")  # tuples within tuples take for ever to hash
        table.update({_text(key): value for key, value in zip(values[::2], values[1::2], strict=True)})


def _bytes(argument: Any, position: int) -> Any:
    """Bytes as bytes, Python 2's strings as text; large ones stay where they are."""
    if len(argument) >= _LARGE:
        return FileStretch(position, len(argument))
    return bytes(argument) if isinstance(argument, bytearray) else argument


def _text(key: Any) -> Any:
    return key.decode("latin-1") if isinstance(key, bytes) else key


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _built(name: Any, arguments: Any) -> Any:
    """The few things that a pickle of arrays asks for."""
    text = name.text.replace("numpy._core.", "numpy.core.") if isinstance(name, GlobalName) else "?"
    if text == "numpy.core.multiarray._reconstruct":
        return PickledArray()
    if text == "numpy.dtype":
        return ArrayType(str(_text(arguments[0])))
    if text in ("__builtin__.bytes", "builtins.bytes") and arguments == ():
        return b""
    if text == "_codecs.encode" and isinstance(arguments[0], str):
        return arguments[0].encode("latin-1")
    if text == "numpy.core.numeric._frombuffer":
        data, kind, shape, order = arguments
        array = PickledArray()
        _fill_array(array, (1, shape, kind, order != "C", data))
        return array
    raise PickleRefused(text)


def _order(kind: ArrayType, state: Any) -> None:
    if state[1] in (">", b">"):
        kind.code = f">{kind.code}"


def _fill_array(array: PickledArray, state: Any) -> None:
    _, shape, kind, fortran, data = state
    if fortran or not isinstance(kind, ArrayType) or not all(isinstance(n, int) and n >= 0 for n in shape):
        raise ValueError
    dtype = np.dtype(kind.code)
    if dtype.kind not in "buif":
        raise PickleRefused(kind.code)
    data = data.encode("latin-1") if isinstance(data, str) else data
    size = data.size if isinstance(data, FileStretch) else len(data)
    if math.prod(shape) * dtype.itemsize != size:
        raise ValueError
    array.shape, array.dtype, array.data = tuple(shape), dtype, data
