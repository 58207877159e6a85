"""A signature written into an ONNX model, and the labels beside it."""

from collections.abc import Sequence

import onnx

from olhar.base.signature import Signature
from olhar.bundle.predictor import METADATA_KEY


def with_signature(model: bytes, signature: Signature) -> bytes:
    """The same ONNX model with its whole contract in its metadata, and without what the exporter wrote down of itself."""
    proto = onnx.load_from_string(model)
    sign(proto, signature)
    return proto.SerializeToString()


def sign(proto: onnx.ModelProto, signature: Signature) -> None:
    """Write the contract into the metadata of a model, in place of all that stands there."""
    del proto.metadata_props[:]
    for node in proto.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    entry = proto.metadata_props.add()
    entry.key, entry.value = METADATA_KEY, signature.to_json()
    proto.producer_name, proto.doc_string = "olhar", ""


def labels(signature: Signature) -> str:
    """The class names to show, one a line, in the order of the outputs."""
    return lines(signature.names)


def lines(names: Sequence[str]) -> str:
    """Class names, one a line however each is written; one of which nothing can be seen is told by its number."""
    whole = (" ".join(name.splitlines()).strip() for name in names)
    return "".join(f"{name or f'class_{i}'}\n" for i, name in enumerate(whole))
