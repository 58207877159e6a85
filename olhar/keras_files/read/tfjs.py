"""TensorFlow.js layers models, as Teachable Machine exports them: model.json, shards of weights, metadata.json."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

from olhar.base.errors import ModelError
from olhar.graph.graph import Floats
from olhar.keras_files.read import config

_TYPES = {"float32": "<f4", "int32": "<i4", "uint8": "u1", "uint16": "<u2", "float16": "<f2", "bool": "u1"}


@dataclass(frozen=True)
class Shards:
    """The weights of a TensorFlow.js model by name."""

    datasets: Mapping[str, tuple[int, ...]]
    _places: Mapping[str, tuple[int, Mapping[str, Any]]]
    _data: bytes = field(repr=False)
    attributes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    def read(self, path: str) -> Floats:
        """One array as float32, widened where it was stored in fewer bits."""
        start, entry = self._places[path]
        dtype, quantised = _dtype(entry)
        raw = np.frombuffer(self._data, dtype, prod(self.datasets[path]), start).reshape(self.datasets[path])
        value = raw.astype(np.float32)
        if quantised and "scale" in quantised:
            value = value * np.float32(quantised["scale"]) + np.float32(quantised["min"])
        return value


def shards(manifest: Any, read: Callable[[str], bytes]) -> Shards:
    """The weights that a manifest tells of; ``read`` gives the bytes of a shard beside it.

    Raises:
        ModelError: a shard's name leads elsewhere, or holds fewer bytes than declared.
    """
    if not isinstance(manifest, list):
        raise ModelError("keras.config_damaged")
    names = [str(name) for group in manifest for name in group["paths"]]
    for name in names:
        if "/" in name.strip("./") or "\\" in name or ":" in name or ".." in name:
            raise ModelError("keras.zip_climbs", member=name)
    datasets: dict[str, tuple[int, ...]] = {}
    places: dict[str, tuple[int, Mapping[str, Any]]] = {}
    data = b"".join(read(name) for name in names)
    start = 0
    for entry in (entry for group in manifest for entry in group["weights"]):
        shape = tuple(int(side) for side in entry["shape"])
        size = prod(shape) * np.dtype(_dtype(entry)[0]).itemsize
        if any(side < 0 for side in shape) or start + size > len(data):
            raise ModelError("keras.hdf5_bomb", member=str(entry["name"]), declared=size, stored=len(data) - start)
        datasets[str(entry["name"])], places[str(entry["name"])] = shape, (start, entry)
        start += size
    return Shards(datasets, places, data)


def _dtype(entry: Mapping[str, Any]) -> tuple[str, Mapping[str, Any] | None]:
    quantised = entry.get("quantization")
    name = str(quantised["dtype"] if quantised else entry.get("dtype"))
    if name not in _TYPES:
        raise ModelError("keras.config_damaged")
    return _TYPES[name], quantised


@dataclass(frozen=True)
class Metadata:
    """What Teachable Machine writes beside its model."""

    labels: tuple[str, ...] = ()
    image_size: int | None = None


def metadata(data: bytes | None) -> Metadata:
    """The labels and the picture's size.

    Raises:
        ModelError: the project is about sounds or poses.
    """
    content: Any = config.parse(data) if data else {}
    if not isinstance(content, dict):
        return Metadata()
    text = json.dumps(content).lower()
    if "speechcommands" in text or "wordlabels" in text:
        raise ModelError("keras.sound")
    if "posenet" in text or "@teachablemachine/pose" in text:
        raise ModelError("keras.pose")
    labels, size = content.get("labels"), content.get("imageSize")
    names = tuple(str(label) for label in labels) if isinstance(labels, list) else ()
    return Metadata(names, size if isinstance(size, int) else None)
