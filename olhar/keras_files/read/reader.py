"""What lies at a path -> its parts: the architecture's text, the weights, the labels; whatever form it was saved in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from olhar.base.errors import ModelError
from olhar.keras_files.read import config, labels, tfjs
from olhar.keras_files.read.content import file_kind, model_bytes
from olhar.keras_files.read.hdf5 import HDF5Store, open_store
from olhar.keras_files.read.zips import Members
from olhar.keras_files.weights import Arrays, first_weights

_MOST_BESIDE = 500
_SHARDS = 2 * 2**30


@dataclass(frozen=True)
class Parts:
    """What a model file was found to hold.

    Attributes:
        config: the architecture; None where the file holds weights only.
        arrays: the weights.
        version, backend: what the file says of the Keras that wrote it; empty where it says nothing.
        labels: the classes that lie with it, and the name of the file that they stand in.
        labels_certain: whether the labels can be no other model's: they came with it, or it is the only model beside them.
        beside: the name of the architecture file that was found beside the weights.
        form: how it was saved.
    """

    config: Any
    arrays: Arrays
    version: str = ""
    backend: str = ""
    labels: tuple[str, ...] | None = None
    labels_from: str = ""
    labels_certain: bool = True
    image_size: int | None = None
    beside: str = ""
    form: str = "hdf5"


def read_parts(path: Path) -> Parts:
    """The parts of a model file or of a folder of TensorFlow.js.

    Raises:
        ModelError: it is neither, or is refused.
    """
    if path.is_dir():
        return _folder(path)
    data = model_bytes(path)
    kind = file_kind(data[:4096])
    if kind == "hdf5":
        parts = _hdf5(open_store(data))
    elif kind == "zip":
        parts = _zip(Members(data))
    else:
        parts = _text(path, data)
    if parts.labels is None:
        named = labels.labels_beside(path)
        if named:
            parts = replace(parts, labels=named[0], labels_from=named[1], labels_certain=labels.is_only_model(path))
    return parts


def architecture_in(path: Path) -> Any:
    """An architecture that was saved as a file of its own.

    Raises:
        ModelError: it is none.
    """
    data = model_bytes(path)
    if file_kind(data[:4096]) != "text":
        raise ModelError("keras.architecture_not_text")
    return config.parse(data)


def architectures_beside(path: Path) -> list[tuple[str, Any]]:
    """The architectures in the folder of a file of weights, by content, with their names; the likeliest name first."""
    architectures: list[tuple[str, Any]] = []
    for candidate in sorted(path.parent.iterdir())[:_MOST_BESIDE]:
        try:
            small = candidate != path and candidate.is_file() and candidate.stat().st_size <= config.LONGEST
            if small and _opens_as_text(candidate):
                document = config.parse(candidate.read_bytes())
                if isinstance(document, dict) and "class_name" in document and "config" in document:
                    architectures.append((candidate.name, document))
        except (ModelError, OSError):
            continue
    return sorted(architectures, key=lambda item: (Path(item[0]).stem != path.stem, item[0]))


def _opens_as_text(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b'"', b"backend:", b"class_name:"))


def weights_only(parts: Parts) -> ModelError:
    """The error that says that a file holds weights and nothing else, or pictures with their classes, with what was seen."""
    from olhar.data.formats.array_names import meaning  # wanted by a wrong file alone

    said = [meaning(name.rpartition("/")[2]) for name in parts.arrays.datasets]
    pictures = {"pictures", "labels"} <= {role_and_part[0] for role_and_part in said if role_and_part}
    return ModelError("keras.pictures_inside" if pictures else "keras.weights_only", seen=first_weights(parts.arrays) or "-")


def _hdf5(store: HDF5Store) -> Parts:
    top = store.attributes[""]
    inner = store.attributes.get("model_weights", {})
    text = top.get("model_config")
    version = str(top.get("keras_version") or inner.get("keras_version") or "")
    backend = str(top.get("backend") or inner.get("backend") or "")
    if text is None and not store.datasets:
        raise ModelError("keras.hdf5_bare")
    return Parts(config.parse(text) if text is not None else None, store, version, backend)


def _text(path: Path, data: bytes) -> Parts:
    document = config.parse(data)
    if not isinstance(document, dict):
        raise ModelError("keras.no_architecture")
    if "weightsManifest" in document or "modelTopology" in document or "format" in document:
        return _tfjs(document, lambda name: load_shard(path.parent / name), _bytes_of(path.parent / "metadata.json"))
    if "class_name" not in document:
        raise ModelError("keras.no_architecture")
    raise ModelError("keras.architecture_alone")


def _bytes_of(path: Path) -> bytes | None:
    return path.read_bytes()[: config.LONGEST] if path.is_file() else None


def load_shard(path: Path) -> bytes:
    """The bytes of a shard of weights.

    Raises:
        ModelError: it is not there.
    """
    if not path.is_file() or path.is_symlink() or path.stat().st_size > _SHARDS:
        raise ModelError("keras.shard_missing", member=path.name)
    return path.read_bytes()


def _folder(path: Path) -> Parts:
    if (path / "model.json").is_file():
        return _text(path / "model.json", model_bytes(path / "model.json"))
    if (path / "saved_model.pb").is_file():
        raise ModelError("keras.saved_model")
    raise ModelError("keras.folder")


def _tfjs(document: Mapping[str, Any], read_shard: Any, metadata_file: bytes | None) -> Parts:
    topology = document.get("modelTopology") or {}
    if document.get("format") == "graph-model" or "node" in topology:
        raise ModelError("keras.graph_model")
    metadata = tfjs.metadata(metadata_file)
    store = tfjs.shards(document.get("weightsManifest"), read_shard)
    version = str(topology.get("keras_version") or "")
    names = metadata.labels or None
    return Parts(
        document, store, version, "", names, "metadata.json" if names else "", image_size=metadata.image_size, form="tfjs"
    )


def _zip(members: Members) -> Parts:
    architecture, weights = members.find("config.json"), members.find("model.weights.h5", "variables.h5")
    if architecture and (weights or members.find("metadata.json", "model.weights.json")):
        return _keras(members, architecture, weights or "model.weights.h5")
    model = members.find("model.json")
    if model:
        folder = model.rpartition("/")[0]
        metadata = members.find("metadata.json")
        prefix = f"{folder}/" if folder else ""
        return _tfjs(
            config.parse(members.read(model, config.LONGEST)),
            lambda name: members.read(prefix + name.removeprefix("./")),
            members.read(metadata, config.LONGEST) if metadata else None,
        )
    return _packed(members)


def _keras(members: Members, architecture: str, weights: str) -> Parts:
    metadata = members.find("metadata.json")
    content: Any = config.parse(members.read(metadata, config.LONGEST)) if metadata else {}
    version = str(content.get("keras_version") or "") if isinstance(content, dict) else ""
    document = config.parse(members.read(architecture, config.LONGEST))
    return Parts(document, open_store(members.read(weights)), version, form="keras")


def _packed(members: Members) -> Parts:
    """A zip that holds an HDF5 file, as Teachable Machine gives it, with its labels."""
    if members.find("data.pkl", "*.pkl"):
        raise ModelError("keras.pickle")
    model = members.find("keras_model.h5") or members.find("*.h5", "*.hdf5", "*.keras")
    if model is None:
        for pattern, key in (("*.tflite", "keras.tflite"), ("saved_model.pb", "keras.saved_model")):
            if members.find(pattern):
                raise ModelError(key)
        from olhar.data.layout import is_picture  # a model that opens needs nothing of the pictures' room

        if any(map(is_picture, members.names)):
            raise ModelError("keras.zip_of_pictures")
        raise ModelError("keras.zip_no_model", members=", ".join(members.names[:5]))
    data = members.read(model)
    if file_kind(data[:4096]) != "hdf5":
        return _zip(Members(data)) if file_kind(data[:4096]) == "zip" and not model.endswith(".zip") else _nested()
    parts = _hdf5(open_store(data))
    text = members.find("labels.txt")
    names = labels.parse_labels(members.read(text, config.LONGEST), "labels.txt") if text else None
    return replace(parts, labels=names, labels_from="labels.txt" if names else "", form="zip")


def _nested() -> Parts:
    raise ModelError("keras.zip_no_model", members="")
