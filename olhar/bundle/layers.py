"""A bundle read as data: its signature, and its operations that hold weights, as the rows of a table."""

from math import prod
from pathlib import Path

import onnx
from onnx import shape_inference

from olhar.base.errors import ModelError
from olhar.base.files import read_file
from olhar.base.layer import Layer
from olhar.base.signature import Signature
from olhar.bundle.checksum import refuse_changed
from olhar.bundle.predictor import METADATA_KEY


def read_bundle(file: Path) -> tuple[Signature, onnx.ModelProto, bool]:
    """The signature of a ``model.onnx``, what it computes, and whether it has a checksum, which then fits.

    Raises:
        ModelError: not there, not a model, not one of ours, or changed since it was written.
    """
    try:
        data = read_file(file)
        checksummed = refuse_changed(data, file.name)
        model = onnx.load_from_string(data)
    except ModelError:
        raise
    except OSError as error:
        raise ModelError("bundle.unreadable", where=str(file), hint="") from error
    except Exception as error:  # onnx hands on what its parser of protocol buffers raises, of several classes
        raise ModelError("bundle.not_a_model", where=file.name) from error
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    if METADATA_KEY not in metadata:
        raise ModelError("bundle.no_signature", where=file.name)
    return Signature.from_json(metadata[METADATA_KEY], file.name), model, checksummed


def onnx_layers(model: onnx.ModelProto) -> tuple[Layer, ...]:
    """What holds weights, in the order in which it is computed."""
    try:
        graph = shape_inference.infer_shapes(model).graph
    except Exception:  # shapes are a courtesy: a model that they cannot be inferred for is still a model
        graph = model.graph
    shapes = {tensor.name: _shape(tensor) for tensor in (*graph.value_info, *graph.output)}
    sizes = {array.name: prod(array.dims) for array in graph.initializer}
    rows: list[Layer] = []
    for number, node in enumerate(graph.node):
        parameters = sum(sizes.get(name, 0) for name in node.input)
        if parameters and node.op_type not in ("Reshape", "Gather", "Slice", "Pad", "ReduceMean", "Squeeze", "Unsqueeze"):
            kind = _text(node.op_type)
            rows.append(Layer(_text(node.name) or f"{kind}_{number}", kind, shapes.get(node.output[0]), parameters))
    return tuple(rows)


def _text(name: str | bytes) -> str:
    """A name from a file; where it is no UTF-8, protocol buffers hand on its bytes."""
    return name if isinstance(name, str) else name.decode("utf-8", "replace")


def _shape(value: onnx.ValueInfoProto) -> tuple[int | None, ...]:
    return tuple(side.dim_value or None for side in value.type.tensor_type.shape.dim)[1:]
