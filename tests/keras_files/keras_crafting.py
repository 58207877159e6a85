"""Tiny model files, written as the Keras versions write them, without Keras."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np

RNG = np.random.default_rng(5)


def numbers(*shape: int, low: float = -1.0, high: float = 1.0) -> np.ndarray:
    return RNG.uniform(low, high, shape).astype(np.float32)


def layer(class_name: str, name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": class_name, "config": {"name": name, "trainable": True, **config}}


def conv(name: str, filters: int, size: Sequence[int], **more: Any) -> dict[str, Any]:
    given = {"strides": [1, 1], "padding": "valid", "data_format": "channels_last", "activation": "linear", "use_bias": True}
    return layer("Conv2D", name, filters=filters, kernel_size=list(size), **{**given, **more})


def dense(name: str, units: int, activation: str = "linear", **more: Any) -> dict[str, Any]:
    return layer("Dense", name, units=units, activation=activation, use_bias=True, **more)


def sequential(shape: Sequence[int | None], *layers: dict[str, Any]) -> dict[str, Any]:
    first = layer("InputLayer", "input_1", batch_input_shape=[None, *shape])
    return {"class_name": "Sequential", "config": {"name": "sequential", "layers": [first, *layers]}}


def h5(
    path: Path,
    config: Any,
    weights: Mapping[str, Mapping[str, np.ndarray]],
    version: str = "2.4.0",
    backend: str | None = "tensorflow",
    suffix: str = ":0",
) -> Path:
    """``weights``: layer -> variable -> array; an empty architecture (None) makes a file of weights only."""
    with h5py.File(path, "w") as file:
        if config is not None:
            file.attrs["model_config"] = json.dumps(config).encode()
        group = file.create_group("model_weights") if config is not None else file
        group.attrs["layer_names"] = [name.encode() for name in weights]
        for holder in (file, group):
            if version:
                holder.attrs["keras_version"] = version.encode()
            if backend:
                holder.attrs["backend"] = backend.encode()
        for name, arrays in weights.items():
            inner = group.create_group(name)
            inner.attrs["weight_names"] = [f"{key if '/' in key else f'{name}/{key}'}{suffix}".encode() for key in arrays]
            for key, array in arrays.items():
                inner.create_dataset(f"{key if '/' in key else f'{name}/{key}'}{suffix}", data=array)
    return path


def keras_zip(path: Path, config: Any, arrays: Mapping[str, np.ndarray], version: str = "3.3.3", windows: bool = False) -> Path:
    """``arrays``: ``layers/conv2d/vars/0`` -> array."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for name, array in arrays.items():
            parts = name.split("/vars/")
            group = file.require_group(parts[0].replace("/", "\\") if windows else parts[0])
            group.require_group("vars").create_dataset(parts[1], data=array)
    return keras_members(path, config, buffer.getvalue(), version)


def keras_members(path: Path, config: Any, weights: bytes, version: str = "3.3.3") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": version}))
        archive.writestr("config.json", config if isinstance(config, str) else json.dumps(config))
        archive.writestr("model.weights.h5", weights)
    return path


def small(path: Path) -> Path:
    """A classifier of 6x5 pictures into three, with a convolution, pooling and a dense layer."""
    config = sequential(
        (6, 5, 3),
        conv("conv2d", 4, (3, 3), padding="same", activation="relu"),
        layer("MaxPooling2D", "pool", pool_size=[2, 2], strides=[2, 2], padding="valid", data_format="channels_last"),
        layer("Flatten", "flatten", data_format="channels_last"),
        dense("dense", 3, "softmax"),
    )
    rng = np.random.default_rng(1)
    weights = {
        "conv2d": {"kernel": rng.normal(size=(3, 3, 3, 4)), "bias": rng.normal(size=4)},
        "pool": {},
        "flatten": {},
        "dense": {"kernel": rng.normal(size=(24, 3)), "bias": rng.normal(size=3)},
    }
    return h5(path, config, {name: {k: v.astype(np.float32) for k, v in each.items()} for name, each in weights.items()})


def tfjs(folder: Path, config: Any, arrays: Mapping[str, np.ndarray], metadata: Any = None, name: str = "weights.bin") -> Path:
    """A TensorFlow.js layers model in a folder."""
    folder.mkdir(exist_ok=True)
    entries = [{"name": key, "shape": list(value.shape), "dtype": "float32"} for key, value in arrays.items()]
    topology = {"class_name": "Sequential", "config": config["config"], "keras_version": "tfjs-layers 1.3.1"}
    manifest = [{"paths": [name], "weights": entries}]
    (folder / "model.json").write_text(json.dumps({"modelTopology": topology, "weightsManifest": manifest}))
    (folder / "weights.bin").write_bytes(b"".join(np.ascontiguousarray(v, "<f4").tobytes() for v in arrays.values()))
    if metadata is not None:
        (folder / "metadata.json").write_text(json.dumps(metadata))
    return folder


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in sorted(folder.iterdir()):
            archive.write(each, each.name)
    return path
