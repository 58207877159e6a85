"""Which dataset of a file is which variable of which layer, in each of the ways in which Keras has written them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from olhar.base.errors import ModelError
from olhar.graph.graph import Floats
from olhar.graph.keras_writer import snake
from olhar.keras_files.architecture import LayerSpec, ModelSpec

Bound: TypeAlias = dict[str, tuple[str, ...]]
VariableNames: TypeAlias = Callable[[LayerSpec], tuple[str, ...]]

_RANDOM_STATE = re.compile(r"(^|/)(statevar|seed_generator\w*|rng_state|count)(_\d+)?(:\d+)?$", re.IGNORECASE)
_NOT_LEARNT = ("moving_mean", "moving_variance", "mean", "variance")
_ALIASES = {"depthwise_kernel": ("kernel",), "kernel": ("depthwise_kernel",)}
_LISTED = 12
_LONGEST_NAME = 500


class Arrays(Protocol):
    """Weights by name: an HDF5 file's, or TensorFlow.js's."""

    @property
    def datasets(self) -> Mapping[str, tuple[int, ...]]:
        """Name -> shape."""
        ...

    @property
    def attributes(self) -> Mapping[str, Mapping[str, Any]]:
        """Path of a group -> its attributes."""
        ...

    def read(self, path: str) -> Floats:
        """One array as float32."""
        ...


def bind(model: ModelSpec, arrays: Arrays, variables: VariableNames) -> Bound:
    """For every layer with weights, by its path: the names of its arrays, in the order of its variables.

    Raises:
        ModelError: the weights are another model's, or none.
    """
    root = legacy_root(arrays)
    if root is not None:
        return _legacy(model, arrays, root, variables)
    if any("/vars/" in f"/{name}" for name in arrays.datasets):
        return dict(_by_path(model, arrays, _prefix(arrays), variables))
    return dict(_by_name(model.leaves(), arrays.datasets, variables))


def legacy_root(arrays: Arrays) -> str | None:
    """The group under which Keras's older form keeps its layers, None where the file is of another form."""
    for path in ("model_weights", ""):
        if any(key.startswith("layer_names") for key in arrays.attributes.get(path, ())):
            return path
    return None


def first_weights(arrays: Arrays) -> str:
    """The first few weights of a file with their shapes, for a sentence."""
    names = [name for name in arrays.datasets if not name.startswith("optimizer")]
    listed = [f"{name} {'x'.join(map(str, arrays.datasets[name])) or '1'}" for name in sorted(names)[:_LISTED]]
    return ", ".join(listed) + (", ..." if len(names) > _LISTED else "")


def names_in(attributes: Mapping[str, Any], key: str) -> list[str]:
    """A list of names from attributes, whole or in the pieces (``key0``, ``key1``) into which Keras cuts a long one."""
    pieces = [attributes[key]] if key in attributes else []
    number = 0
    while f"{key}{number}" in attributes:
        pieces.append(attributes[f"{key}{number}"])
        number += 1
    return [str(name)[:_LONGEST_NAME] for piece in pieces for name in (piece if isinstance(piece, list) else [piece])]


def _legacy(model: ModelSpec, arrays: Arrays, root: str, variables: VariableNames) -> Bound:
    groups = dict(_groups(arrays, root))
    weighted = [layer for layer in model.layers if any(variables(leaf) for leaf in _leaves(layer))]
    if len(groups) != len(weighted):
        stray = next(
            (layer.name for layer in weighted if layer.name not in groups), weighted[-1].name if weighted else model.name
        )
        raise ModelError("keras.layer_count", expected=len(weighted), found=len(groups), layer=stray)
    if set(groups) != {layer.name for layer in weighted}:
        groups = {layer.name: paths for layer, paths in zip(weighted, groups.values(), strict=True)}
    bound: Bound = {}
    for layer in weighted:
        bound |= _bound_within(layer, groups[layer.name], variables)
    return bound


def _groups(arrays: Arrays, root: str) -> Iterator[tuple[str, list[str]]]:
    """The layers that hold weights, in the file's order, with the paths of their arrays."""
    for layer in names_in(arrays.attributes[root], "layer_names"):
        path = f"{root}/{layer}".strip("/")
        names = names_in(arrays.attributes.get(path, {}), "weight_names")
        paths = [f"{path}/{name}" for name in names if not _RANDOM_STATE.search(name)]
        for array in paths:
            if array not in arrays.datasets:
                raise ModelError("keras.weight_missing", layer=layer, variable=array)
        if paths:
            yield layer, paths


def _leaves(layer: LayerSpec) -> list[LayerSpec]:
    return [layer] if layer.model is None else list(layer.model.leaves())


def _bound_within(layer: LayerSpec, paths: Sequence[str], variables: VariableNames) -> Bound:
    """The arrays of one top layer shared out among the leaves in it: by name where that is certain, else by order."""
    leaves = _leaves(layer)
    order = [(leaf, name) for leaf in leaves for name in variables(leaf)]
    if len(order) != len(paths):
        raise ModelError("keras.weight_count", layer=layer.name, expected=len(order), found=len(paths))
    if layer.model is None:
        return {layer.path: tuple(paths)}
    array_of = _matched(order, paths) or _ordered(layer, order, paths)
    return {leaf.path: tuple(array_of[leaf.path, name] for name in variables(leaf)) for leaf in leaves if variables(leaf)}


def _matched(order: Sequence[tuple[LayerSpec, str]], paths: Sequence[str]) -> dict[tuple[str, str], str] | None:
    by_name: dict[tuple[str, str], str] = {}
    for path in paths:
        parts = path.split(":")[0].split("/")
        by_name[parts[-2], parts[-1]] = path
    matched: dict[tuple[str, str], str] = {}
    for leaf, name in order:
        hits = (by_name[leaf.name, alias] for alias in (name, *_ALIASES.get(name, ())) if (leaf.name, alias) in by_name)
        path = next(hits, None)
        if path is None:
            return None
        matched[leaf.path, name] = path
    return matched if len(set(matched.values())) == len(paths) else None


def _ordered(layer: LayerSpec, order: Sequence[tuple[LayerSpec, str]], paths: Sequence[str]) -> dict[tuple[str, str], str]:
    """Keras's order: first all that learns, then all that does not."""

    def stays(leaf: LayerSpec, name: str) -> bool:
        return name in _NOT_LEARNT or not leaf.trainable or not layer.trainable

    sorted_order = sorted(order, key=lambda variable: stays(*variable))
    return {(leaf.path, name): path for (leaf, name), path in zip(sorted_order, paths, strict=True)}


def _prefix(arrays: Arrays) -> str:
    """What stands before the layers' names in Keras 3's form; Keras 2.12 had another word for it."""
    for word in ("layers", "_layer_checkpoint_dependencies"):
        if any(name.startswith(word + "/") for name in arrays.datasets):
            return word
    return "layers"


def _by_path(
    model: ModelSpec, arrays: Arrays, word: str, variables: VariableNames, prefix: str = ""
) -> Iterator[tuple[str, tuple[str, ...]]]:
    counts: dict[str, int] = {}
    for layer in model.layers:
        name = snake("Functional" if _is_functional(layer) else layer.class_name)
        number = counts.get(name, 0)
        counts[name] = number + 1
        layer_path = f"{prefix}{word}/{name}_{number}" if number else f"{prefix}{word}/{name}"
        if layer.model is not None:
            yield from _by_path(layer.model, arrays, word, variables, layer_path + "/")
        elif variables(layer):
            yield layer.path, _own_arrays(layer, arrays, (layer_path, f"{prefix}{word}/{layer.name}"), variables)


def _is_functional(layer: LayerSpec) -> bool:
    return layer.model is not None and not layer.model.sequential


def _own_arrays(layer: LayerSpec, arrays: Arrays, candidates: Sequence[str], variables: VariableNames) -> tuple[str, ...]:
    count = len(variables(layer))
    for candidate in candidates:
        for inner in ("vars", "cell/vars"):
            paths = tuple(f"{candidate}/{inner}/{i}" for i in range(count))
            if all(path in arrays.datasets for path in paths):
                return paths
    raise ModelError("keras.weight_missing", layer=layer.name, variable=f"{candidates[0]}/vars/0")


def _by_name(
    leaves: Iterator[LayerSpec], datasets: Mapping[str, tuple[int, ...]], variables: VariableNames
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """TensorFlow.js: ``layer/variable``, with or without the names of the models round it."""
    by_name = {tuple(name.split(":")[0].split("/")[-2:]): name for name in datasets}
    for leaf in leaves:
        names = [_array_named(leaf, variable, by_name) for variable in variables(leaf)]
        if names:
            yield leaf.path, tuple(names)


def _array_named(leaf: LayerSpec, variable: str, by_name: Mapping[tuple[str, ...], str]) -> str:
    for alias in (variable, *_ALIASES.get(variable, ())):
        if (leaf.name, alias) in by_name:
            return by_name[leaf.name, alias]
    raise ModelError("keras.weight_missing", layer=leaf.name, variable=f"{leaf.name}/{variable}")
