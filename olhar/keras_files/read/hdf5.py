"""HDF5 opened with its hands tied: only what lies in the file itself is read, and only what is as large as it says."""

import io
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import h5py
import numpy as np

from olhar.base.errors import ModelError
from olhar.graph.graph import Floats
from olhar.keras_files.read.heaps import heaps_are_sound, longest_text

_h5l: Any = vars(h5py)["h5l"]
_h5o: Any = vars(h5py)["h5o"]
_OBJECTS = 100_000
_DEEPEST = 24
_LARGEST_ATTRIBUTES = 2**28
_WANTED = ("model_config", "keras_version", "backend", "layer_names", "weight_names")
_FILTERS = {h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32, h5py.h5z.FILTER_LZF}
_ROOM = 64 * 2**20
_DENSEST = 20


@dataclass(frozen=True)
class HDF5Store:
    """The datasets of an HDF5 file by path, slashes forward, and the attributes of its groups.

    Attributes:
        datasets: path -> shape. Paths saved on Windows (``layers\\conv2d``) are brought to ``layers/conv2d``.
        attributes: path of a group -> its attributes, texts decoded.
    """

    datasets: Mapping[str, tuple[int, ...]]
    attributes: Mapping[str, Mapping[str, Any]]
    _file: h5py.File = field(repr=False)
    _real: Mapping[str, str] = field(repr=False)

    def real(self, path: str) -> str:
        """The dataset's path as the file itself spells it."""
        return self._real[path]

    def read(self, path: str) -> Floats:
        """One dataset as float32.

        Raises:
            ModelError: it is not numbers, or cannot be read.
        """
        with _quiet():
            dataset = self._file[self._real[path]]
            values: Any = dataset[()]  # pyright: ignore[reportIndexIssue]
            if np.asarray(values).dtype.kind == "c":
                raise ModelError("keras.complex", member=path)
            return np.asarray(values, dtype=np.float32)


def open_store(data: bytes) -> HDF5Store:
    """Look through a whole HDF5 file without reading any weights.

    Raises:
        ModelError: damaged; or holds a link, external storage, a virtual dataset, a foreign filter, or a dataset that
            declares more than is stored.
    """
    if not heaps_are_sound(data):
        raise ModelError("keras.hdf5_damaged")
    with _quiet():
        file = h5py.File(io.BytesIO(data), "r")
        budget, texts = _ROOM + _DENSEST * len(data), longest_text(data, _WANTED)
        if texts > len(data):
            raise ModelError("keras.hdf5_bomb", member="attributes", declared=texts, stored=len(data))
        datasets: dict[str, tuple[int, ...]] = {}
        attributes: dict[str, Mapping[str, Any]] = {"": _attributes(file.id, len(data))}
        real: dict[str, str] = {}
        for name, item in _walk(file):
            path = name.replace("\\", "/")
            real[path] = name
            if isinstance(item, h5py.h5d.DatasetID):
                budget -= _checked_size(item, name, budget)
                datasets[path] = tuple(item.shape)
            else:
                attributes[path] = _attributes(item, len(data))
    return HDF5Store(datasets, attributes, file, real)


def _walk(file: h5py.File) -> Iterator[tuple[str, Any]]:
    """Every object once, by the names of its hard links; any other link is refused before it is followed."""
    waiting: list[tuple[str, Any]] = [("", h5py.h5g.open(file.id, b"/"))]
    addresses: set[Any] = set()
    while waiting:
        prefix, group = waiting.pop()
        for raw in _names(group):
            name = prefix + raw.decode("utf-8", "surrogateescape")
            if group.links.get_info(raw).type != _h5l.TYPE_HARD:
                raise ModelError("keras.hdf5_link", member=name)
            item = _h5o.open(group, raw)
            address = _h5o.get_info(item).addr
            if address in addresses:
                raise ModelError("keras.hdf5_twice", member=name)
            addresses.add(address)
            if len(addresses) > _OBJECTS or name.count("/") > _DEEPEST:
                raise ModelError("keras.hdf5_crowded")
            if isinstance(item, h5py.h5g.GroupID):
                waiting.append((name + "/", item))
            if isinstance(item, h5py.h5g.GroupID | h5py.h5d.DatasetID):
                yield name, item


def _names(group: Any) -> list[bytes]:
    if group.get_num_objs() > _OBJECTS:
        raise ModelError("keras.hdf5_crowded")
    return list(group)


def _checked_size(dataset: Any, name: str, budget: int) -> int:
    """The bytes of a dataset, once it is known that they are in this file and are as many as declared."""
    properties = dataset.get_create_plist()
    if properties.get_external_count() or properties.get_layout() == h5py.h5d.VIRTUAL:
        raise ModelError("keras.hdf5_elsewhere", member=name)
    filters = {properties.get_filter(i)[0] for i in range(properties.get_nfilters())}
    if filters - _FILTERS:
        raise ModelError("keras.hdf5_filter", member=name)
    if dataset.get_type().get_class() not in (h5py.h5t.INTEGER, h5py.h5t.FLOAT):
        return 0
    declared = int(np.prod(dataset.shape, dtype=object)) * dataset.get_type().get_size()
    stored = dataset.get_storage_size()
    if declared > budget or (declared > stored and not filters):
        raise ModelError("keras.hdf5_bomb", member=name, declared=declared, stored=stored)
    return declared


def _attributes(item: Any, size: int) -> dict[str, Any]:
    """The attributes that Keras writes, all texts, in a file of ``size`` bytes."""
    attributes: dict[str, Any] = {}
    for index in range(h5py.h5a.get_num_attrs(item)):
        attribute = h5py.h5a.open(item, index=index)
        name = attribute.name.decode("utf-8", "replace")
        kind = attribute.get_type()
        if not name.startswith(_WANTED) or kind.get_class() != h5py.h5t.STRING:
            continue
        count = int(np.prod(attribute.shape, dtype=object))
        free = kind.is_variable_str()
        declared = count * kind.get_size()
        if declared > (_LARGEST_ATTRIBUTES if free else size):
            raise ModelError("keras.hdf5_bomb", member=name, declared=declared, stored=size)
        attributes[name] = _plain(h5py.AttributeManager(_Owner(item))[name])
    return attributes


@dataclass(frozen=True)
class _Owner:
    """What h5py's attribute manager asks of the object that it reads from."""

    id: Any


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [_plain(item) for item in value.ravel()]
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


@contextmanager
def _quiet() -> Generator[None]:
    """Whatever the HDF5 library raises, as one sentence."""
    try:
        yield
    except ModelError:
        raise
    except Exception as error:
        raise ModelError("keras.hdf5_damaged") from error
