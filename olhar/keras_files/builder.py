"""A tree of layers and a store of weights -> the graph: every use of every layer, in order, lowered by the table."""

from collections.abc import Mapping, Sequence
from typing import Any

from olhar.base.errors import ModelError
from olhar.graph.graph import Graph, LayerRow, Shape
from olhar.keras_files.architecture import Invocation, LayerSpec, ModelSpec, Ref, stated_shape
from olhar.keras_files.layers.call import FileFacts, GraphWriter, LayerCall, Value
from olhar.keras_files.layers.table import FUNCTIONS, rule_of
from olhar.keras_files.weights import Arrays, Bound


def build(model: ModelSpec, arrays: Arrays, bound: Bound, facts: FileFacts) -> tuple[Graph, dict[str, dict[str, object]]]:
    """The graph of a model, and the notices that came up.

    Raises:
        ModelError: a layer that is unknown or refused, weights that do not fit, or tensors that do not.
    """
    writer = GraphWriter(arrays, bound, facts)
    inputs = tuple(writer.new_tensor(shape) for shape in _input_shapes(model))
    outputs = _model(writer, model, inputs)
    rows = tuple(_row(writer, layer) for layer in model.leaves() if layer.class_name != "InputLayer")
    return writer.graph(inputs, outputs, rows), writer.notices


def _row(writer: GraphWriter, layer: LayerSpec) -> LayerRow:
    sizes = [_size(writer.arrays.datasets[path]) for path in writer.bound.get(layer.path, ())]
    return LayerRow(layer.name, layer.class_name, writer.used.get(layer.path), sum(sizes), layer.path, layer.trainable)


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for side in shape:
        size *= side
    return size


def _input_shapes(model: ModelSpec) -> list[Shape]:
    if model.sequential:
        if model.shape is None:
            raise ModelError("keras.no_input_shape")
        return [model.shape]
    named = {layer.name: layer for layer in model.layers}
    if not model.inputs or any(ref.layer not in named for ref in model.inputs):
        raise ModelError("keras.no_input_shape")
    shapes = [stated_shape(named[ref.layer]) for ref in model.inputs]
    known_shapes = [shape for shape in shapes if shape is not None]
    if len(known_shapes) < len(shapes):
        raise ModelError("keras.no_input_shape")
    return known_shapes


def _model(writer: GraphWriter, model: ModelSpec, inputs: tuple[Value, ...]) -> tuple[Value, ...]:
    if model.sequential:
        values = inputs
        for layer in model.layers:
            if layer.class_name != "InputLayer":
                values = _apply(writer, layer, values, {})
        return values
    return _FunctionalModel(writer, model, inputs).outputs()


def _apply(writer: GraphWriter, layer: LayerSpec, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> tuple[Value, ...]:
    """One use of a layer: what it gives."""
    writer.count()
    inputs = tuple(_tensors([*arguments, *keywords.values()]))
    if layer.model is not None:
        outputs = _model(writer, layer.model, inputs)
    else:
        rule = rule_of(layer)
        if not layer.function and layer.class_name not in FUNCTIONS and any(_is_number(argument) for argument in arguments):
            raise ModelError("keras.inputs", layer=layer.name)
        call = LayerCall(writer, layer, rule.variables(layer.options), inputs, arguments, keywords)
        outputs = (rule.lower(call),)
    if outputs:
        writer.used.setdefault(layer.path, outputs[0].shape)
    return outputs


def _is_number(item: Any) -> bool:
    """Whether a layer was given a number where only functions take one."""
    return isinstance(item, int | float) and not isinstance(item, bool)


def _tensors(items: Sequence[Any]) -> list[Value]:
    tensors: list[Value] = []
    for item in items:
        if isinstance(item, Value):
            tensors.append(item)
        elif isinstance(item, list | tuple):
            tensors += _tensors(list(item))
    return tensors


class _FunctionalModel:
    """A model whose layers are joined by name: what each use needs is worked out first, without recursion."""

    def __init__(self, writer: GraphWriter, model: ModelSpec, inputs: tuple[Value, ...]) -> None:
        self.writer = writer
        self.model = model
        self.layers = {layer.name: layer for layer in model.layers}
        self.offsets = _offsets(model)
        if len(inputs) != len(model.inputs):
            raise ModelError("keras.inputs", layer=model.name)
        self.done: dict[tuple[str, int], tuple[Value, ...]] = {
            self._key(ref): (value,) for ref, value in zip(model.inputs, inputs, strict=True)
        }

    def outputs(self) -> tuple[Value, ...]:
        """What the model gives."""
        return tuple(self._value(ref) for ref in self.model.outputs)

    def _key(self, ref: Ref) -> tuple[str, int]:
        if ref.layer not in self.layers:
            raise ModelError("keras.unknown_reference", layer=ref.layer)
        return ref.layer, self.offsets.get((ref.layer, ref.call), ref.call)

    def _value(self, ref: Ref) -> Value:
        key = self._key(ref)
        waiting, started = [key], set[tuple[str, int]]()
        while waiting:
            current = waiting[-1]
            needs = [] if current in self.done else [need for need in self._needs(current) if need not in self.done]
            if needs and current in started:
                raise ModelError("keras.circle", layer=current[0])
            started.add(current)
            waiting += needs
            if not needs:
                self._compute(current)
                waiting.pop()
        values = self.done[key]
        if not 0 <= ref.index < len(values):
            raise ModelError("keras.unknown_reference", layer=ref.layer)
        return values[ref.index]

    def _invocation(self, key: tuple[str, int]) -> Invocation:
        layer = self.layers[key[0]]
        if not 0 <= key[1] < len(layer.calls):
            raise ModelError("keras.unknown_reference", layer=layer.name)
        return layer.calls[key[1]]

    def _needs(self, key: tuple[str, int]) -> list[tuple[str, int]]:
        call = self._invocation(key)
        return [self._key(ref) for ref in _references([*call.arguments, *call.keywords.values()])]

    def _compute(self, key: tuple[str, int]) -> None:
        if key in self.done:
            return
        call = self._invocation(key)
        arguments = tuple(self._filled(argument) for argument in call.arguments)
        keywords = {name: self._filled(argument) for name, argument in call.keywords.items()}
        self.done[key] = _apply(self.writer, self.layers[key[0]], arguments, keywords)

    def _filled(self, item: Any) -> Any:
        if isinstance(item, Ref):
            values = self.done[self._key(item)]
            if not 0 <= item.index < len(values):
                raise ModelError("keras.unknown_reference", layer=item.layer)
            return values[item.index]
        return [self._filled(inner) for inner in item] if isinstance(item, list) else item


def _references(items: Sequence[Any]) -> list[Ref]:
    references: list[Ref] = []
    for item in items:
        if isinstance(item, Ref):
            references.append(item)
        elif isinstance(item, list):
            references += _references(item)
    return references


def _offsets(model: ModelSpec) -> dict[tuple[str, int], int]:
    """A nested model's uses may be counted from another number than 0, as it was used elsewhere before."""
    call_numbers: dict[str, set[int]] = {}
    items = [item for layer in model.layers for call in layer.calls for item in (*call.arguments, *call.keywords.values())]
    for ref in [*_references(items), *model.outputs, *model.inputs]:
        call_numbers.setdefault(ref.layer, set()).add(ref.call)
    calls = {layer.name: max(len(layer.calls), 1) for layer in model.layers}
    return {
        (name, number): rank
        for name, numbers in call_numbers.items()
        if max(numbers) >= calls.get(name, 1)
        for rank, number in enumerate(sorted(numbers))
    }
