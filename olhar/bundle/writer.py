"""A signature written into an ONNX model, and the labels beside it."""

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
    return "".join(name.replace("\n", " ") + "\n" for name in signature.names)
