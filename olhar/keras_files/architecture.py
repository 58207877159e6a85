"""A configuration -> a tree of layers as the file tells it: names, classes, options, and who takes whose output."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from olhar.base.errors import ModelError
from olhar.graph.graph import Shape
from olhar.keras_files.keras1 import in_todays_words
from olhar.keras_files.layers.options import Options, is_whole

_DEEPEST = 16
_MODELS = ("Functional", "Model", "Network")
_LONGEST_NAME = 500
_MOST_SIDES = 2**31


@dataclass(frozen=True)
class Ref:
    """The output of a layer: of its call number ``call``, its output number ``index``."""

    layer: str
    call: int = 0
    index: int = 0


@dataclass(frozen=True)
class Invocation:
    """One use of a layer: what it takes. Anything but a ``Ref`` is a plain value from the file."""

    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class LayerSpec:
    """One layer of the configuration; ``model`` where it is a model itself, ``function`` where it is none but a call of one."""

    name: str
    class_name: str
    options: Options
    calls: tuple[Invocation, ...]
    path: str
    trainable: bool
    function: bool = False
    model: "ModelSpec | None" = None


@dataclass(frozen=True)
class ModelSpec:
    """Layers in a row, or joined by name. ``shape`` is of the first input of a row."""

    name: str
    sequential: bool
    layers: tuple[LayerSpec, ...]
    inputs: tuple[Ref, ...] = ()
    outputs: tuple[Ref, ...] = ()
    shape: Shape | None = None

    def leaves(self) -> Iterator[LayerSpec]:
        """Every layer that is not a model, in Keras's order."""
        for layer in self.layers:
            if layer.model is None:
                yield layer
            else:
                yield from layer.model.leaves()


def model_spec(config: Any, build: Any = None) -> ModelSpec:
    """The tree of a whole configuration.

    Raises:
        ModelError: it describes no Sequential or Functional model, or is nested too deep.
    """
    topology = _unwrapped(config)
    class_name, inner = str(topology.get("class_name")), topology.get("config")
    if not _is_model(class_name, inner):
        raise ModelError("keras.unknown_model", class_name=class_name[:60])
    return _model(class_name, inner, "", build or topology.get("build_config"), 0)


def _unwrapped(config: Any) -> dict[str, Any]:
    """The part that names the class: TensorFlow.js puts it into ``modelTopology`` and ``model_config``."""
    for key in ("modelTopology", "model_config"):
        if isinstance(config, dict) and key in config:
            config = config[key]
    if not isinstance(config, dict):
        raise ModelError("keras.no_architecture")
    if "class_name" not in config:
        raise ModelError("keras.no_architecture")
    return config


def _is_model(class_name: str, config: Any) -> bool:
    if class_name == "Sequential":
        return isinstance(config, list) or (isinstance(config, dict) and isinstance(config.get("layers"), list))
    layered = isinstance(config, dict) and isinstance(config.get("layers"), list) and "output_layers" in config
    return layered or (class_name in _MODELS and isinstance(config, dict) and isinstance(config.get("layers"), list))


def _model(class_name: str, config: Any, path: str, build: Any, depth: int) -> ModelSpec:
    if depth > _DEEPEST:
        raise ModelError("keras.config_deep")
    entries: list[Any] = config if isinstance(config, list) else config["layers"]
    names = {_name(entry) for entry in entries}
    layers = tuple(_layer(entry, path, names, depth) for entry in entries)
    plain: dict[str, Any] = {} if isinstance(config, list) else config
    name = str(plain.get("name") or "sequential")
    if class_name == "Sequential" and "output_layers" not in plain:
        return ModelSpec(name, True, layers, shape=_first_shape(layers, plain, build))
    return ModelSpec(name, False, layers, _refs(plain.get("input_layers")), _refs(plain.get("output_layers")))


def _name(entry: Any) -> str:
    inner = entry.get("config")
    name = str(entry.get("name") or (inner.get("name") if isinstance(inner, dict) else None) or entry["class_name"])
    if len(name) > _LONGEST_NAME or len(str(entry["class_name"])) > _LONGEST_NAME:
        raise ModelError("keras.config_damaged")
    return name


def _layer(entry: Any, path: str, names: set[str], depth: int) -> LayerSpec:
    name, class_name, config = _name(entry), str(entry["class_name"]), entry.get("config") or {}
    layer_path = f"{path}/{name}" if path else name
    inner = None
    if _is_model(class_name, config):
        inner = _model(class_name, config, layer_path, entry.get("build_config"), depth + 1)
    plain: dict[str, Any] = config if isinstance(config, dict) else {}
    class_name, plain = in_todays_words(class_name.rsplit(">", 1)[-1], plain, name)
    return LayerSpec(
        name,
        class_name,
        Options(name, plain),
        tuple(_invocation(call, names) for call in entry.get("inbound_nodes") or ()),
        layer_path,
        bool(plain.get("trainable", True)),
        _is_function(entry, plain),
        inner,
    )


def _is_function(entry: Any, config: Mapping[str, Any]) -> bool:
    """Whether this is Keras 3's record of ``x / 255``: named as a layer may be (``Add``), but with nothing of a layer's own."""
    if str(entry.get("module") or "").startswith(("keras.src.ops", "keras.ops")):
        return True
    nodes = entry.get("inbound_nodes") or [None]
    return isinstance(nodes[0], dict) and not {"trainable", "dtype"} & config.keys()


def _first_shape(layers: Sequence[LayerSpec], config: Mapping[str, Any], build: Any) -> Shape | None:
    """The input of a row of layers: said by its first layer, or by what Keras kept of its building."""
    for layer in layers[:1]:
        shape = stated_shape(layer)
        if shape:
            return shape
    build_shape = config.get("build_input_shape") or (build.get("input_shape") if isinstance(build, dict) else None)
    return shape_from(build_shape)


def stated_shape(layer: LayerSpec) -> Shape | None:
    """The input shape that a layer's own configuration states, the batch first."""
    if layer.model is not None:
        if layer.model.sequential:
            return layer.model.shape
        first = layer.model.inputs[0].layer if layer.model.inputs else ""
        return next((stated_shape(inner) for inner in layer.model.layers if inner.name == first), None)
    for key in ("batch_shape", "batch_input_shape"):
        shape = shape_from(layer.options.raw(key))
        if shape:
            return shape
    return shape_from([None, layer.options.raw("input_dim")]) if layer.options.raw("input_dim") else None


def shape_from(value: Any) -> Shape | None:
    """A shape as the file writes it, with the batch made free; None where it is none."""
    if not isinstance(value, list) or not value:
        return None
    if isinstance(value[0], list):
        return shape_from(value[0])
    if not all(side is None or (is_whole(side) and 0 < side < _MOST_SIDES) for side in value[1:]):
        return None
    return (None, *value[1:])


def _refs(value: Any) -> tuple[Ref, ...]:
    """References to tensors: one alone, a list of them, or (Keras 3) a table of them."""
    if value is None:
        return ()
    if isinstance(value, dict):
        return tuple(ref for item in value.values() for ref in _refs(item))
    if _is_ref(value):
        return (_ref(value),)
    return tuple(ref for item in value for ref in _refs(item))


def _is_ref(value: Any) -> bool:
    return (
        isinstance(value, list)
        and 2 < len(value) < 5
        and isinstance(value[0], str)
        and all(isinstance(number, int) for number in value[1:3])
    )


def _ref(value: Sequence[Any]) -> Ref:
    return Ref(value[0], value[1], value[2])


def _invocation(call: Any, names: set[str]) -> Invocation:
    if isinstance(call, dict):
        arguments = tuple(_with_refs(argument, names) for argument in call.get("args") or ())
        return Invocation(arguments, {key: _with_refs(argument, names) for key, argument in (call.get("kwargs") or {}).items()})
    items = [call] if isinstance(call[0], str) else call
    arguments, keywords = [], {}
    for item in items:
        arguments.append(item[2] if item[0] == "_CONSTANT_VALUE" else _ref(item))
        if len(item) > 3 and isinstance(item[3], dict):
            keywords |= {key: _with_refs(argument, names) for key, argument in item[3].items()}
    return Invocation(tuple(arguments), keywords)


def _with_refs(value: Any, names: set[str]) -> Any:
    """A value of a call with the references in it found; Keras 3 writes ``__keras_tensor__``, Keras 2 bare lists."""
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__":
            return _ref(value["config"]["keras_history"])
        if value.get("class_name") in ("__tuple__", "__list__") and "items" in value:
            return [_with_refs(item, names) for item in value["items"]]
        return {key: _with_refs(item, names) for key, item in value.items()}
    if _is_ref(value) and value[0] in names:
        return _ref(value)
    return [_with_refs(item, names) for item in value] if isinstance(value, list) else value
