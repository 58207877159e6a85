"""An ONNX file as a body: cut where its pooled features are, whatever stood behind them.

Exports of timm, torchvision and Hugging Face are such: pictures in, a row of numbers a picture out, or maps, pooled here. So is a
bundle of Olhar's own, which says how it wants its pictures.
"""

import hashlib
from dataclasses import replace
from pathlib import Path

import onnx
import onnx.compose
from onnx import TensorProto

from olhar.base.errors import ModelError, RecipeError
from olhar.base.files import read_file
from olhar.base.scaling import Scaling, mean_and_std
from olhar.base.signature import Signature
from olhar.bodies.body import Body
from olhar.bodies.cut import PREFIX, Input, cut, widths
from olhar.bundle.checksum import refuse_changed
from olhar.bundle.predictor import METADATA_KEY

RULE = 1
"""Raised whenever a file would be cut otherwise, so that no features outlive their rule."""

_USUAL_SIDE = 224
_LARGEST = 2**31 - 1


def file_body(path: Path, scaling: Scaling, side: int = 0) -> Body:
    """The body in an ONNX file.

    Args:
        path: the file.
        scaling: how it wants its pixels, by name.
        side: of its pictures, in pixels, where it leaves that free; 0: 224.

    Raises:
        ModelError: no such file, no ONNX that can be opened, or no network of pictures that ends in a row of features.
        RecipeError: it does not take pictures of that side, or has no such scaling.
    """
    data = _read(path)
    model = _parsed(data, path.name)
    _take_floats(model)
    taken = _input(model, path.name)
    height, width = (_side(fixed, side, path.name) for fixed in (taken.height, taken.width))
    taken = replace(taken, height=height, width=width)
    numbers = mean_and_std(scaling, taken.channels)
    if numbers is None:
        raise RecipeError("bodies.no_such_scaling", where=path.name, found=scaling)
    network = cut(model, path.name, taken)
    digest = hashlib.sha256(data).hexdigest()
    return Body(
        name=path.name,
        key=f"onnx-{digest[:16]}-{height}x{width}-{scaling}-{RULE}",
        network=network.SerializeToString(),
        blocks=widths(network, path.name, taken),
        height=height,
        width=width,
        channels=taken.channels,
        scaling=numbers,
        channels_first=taken.channels_first,
        bgr=scaling == "caffe",
    )


def bundle_signature(path: Path) -> Signature | None:
    """How a bundle of Olhar's wants its pictures; None of any other file.

    Raises:
        ModelError: no such file, no ONNX that can be opened, a signature that is none, or a bundle that was changed.
    """
    data = _read(path)
    refuse_changed(data, path.name)
    kept = {entry.key: entry.value for entry in _parsed(data, path.name).metadata_props}
    return Signature.from_json(kept[METADATA_KEY], path.name) if METADATA_KEY in kept else None


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise ModelError("bodies.not_onnx", where=path.name)
        return read_file(path)
    except OSError as error:
        raise ModelError("bundle.unreadable", where=str(path), hint="") from error


def _parsed(data: bytes, where: str) -> onnx.ModelProto:
    """The file as data. One that leaves its weights in another file is refused: a model may not name files to be read."""
    try:
        model = onnx.load_from_string(data)
    except Exception as error:
        raise ModelError("bodies.not_onnx", where=where) from error
    if not model.graph.node:
        raise ModelError("bodies.not_onnx", where=where)
    if any(array.data_location == TensorProto.EXTERNAL for array in model.graph.initializer):
        raise ModelError("bodies.external", where=where)
    return onnx.compose.add_prefix(model, PREFIX)  # none of its names is one of ours


def _take_floats(model: onnx.ModelProto) -> None:
    """A bundle begins with the cast of its raw pixels: what stands behind that takes 0 to 255 as floats."""
    graph = model.graph
    first = graph.node[0]
    if first.op_type != "Cast" or [*first.input] != [value.name for value in graph.input]:
        return
    graph.input[0].name = first.output[0]
    graph.input[0].type.tensor_type.elem_type = TensorProto.FLOAT
    del graph.node[0]


def _input(model: onnx.ModelProto, where: str) -> Input:
    arrays = {array.name for array in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in arrays]
    tensor = inputs[0].type.tensor_type if len(inputs) == 1 else None
    sides = [dim.dim_value for dim in tensor.shape.dim] if tensor is not None else []
    if tensor is None or tensor.elem_type != TensorProto.FLOAT or len(sides) != 4:
        raise ModelError("bodies.not_pictures", where=where)
    first = sides[1] in (1, 3) or sides[3] not in (1, 3)
    channels = sides[1 if first else 3] or 3
    height, width = sides[2:4] if first else sides[1:3]
    return Input(inputs[0].name, channels, first, height, width)


def _side(fixed: int, asked: int, where: str) -> int:
    if fixed and asked and fixed != asked:
        raise RecipeError("bodies.fixed_side", where=where, found=asked, side=fixed)
    return fixed or asked or _USUAL_SIDE
