"""A signature and a checksum written into an ONNX model, and the labels beside it."""

import json
from collections.abc import Sequence

import onnx

from olhar.base.checksum import ZEROS
from olhar.base.signature import Signature
from olhar.base.texts import without_controls
from olhar.bundle.checksum import CHECKSUM_KEY, checksummed
from olhar.bundle.predictor import CARD_KEY, METADATA_KEY


def with_signature(model: bytes, signature: Signature) -> bytes:
    """The same ONNX model with its whole contract in its metadata, and without what the exporter wrote down of itself."""
    return signed(onnx.load_from_string(model), signature)


def signed(proto: onnx.ModelProto, signature: Signature) -> bytes:
    """The file of a model whose metadata say its contract and its checksum, in place of all that stood there.

    Args:
        proto: it is changed.
        signature: the contract.
    """
    del proto.metadata_props[:]
    for node in proto.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    contract = json.loads(signature.to_json()) | {"checksummed": True}
    for key, value in ((METADATA_KEY, json.dumps(contract, ensure_ascii=False, indent=1)), (CHECKSUM_KEY, ZEROS)):
        entry = proto.metadata_props.add()
        entry.key, entry.value = key, value
    proto.producer_name, proto.doc_string = "olhar", ""
    return checksummed(proto.SerializeToString())


def with_card(bundle: bytes, card: str) -> bytes:
    """The same bundle with a model card in its metadata, under ``CARD_KEY``, and its checksum told anew."""
    proto = onnx.load_from_string(bundle)
    kept = {entry.key: entry.value for entry in proto.metadata_props if entry.key not in (CARD_KEY, CHECKSUM_KEY)}
    del proto.metadata_props[:]
    for key, value in (kept | {CARD_KEY: card, CHECKSUM_KEY: ZEROS}).items():
        entry = proto.metadata_props.add()
        entry.key, entry.value = key, value
    return checksummed(proto.SerializeToString())


def labels(signature: Signature) -> str:
    """The class names to show, one a line, in the order of the outputs."""
    return lines(signature.names)


def lines(names: Sequence[str]) -> str:
    """Class names, one a line however each is written; one of which nothing can be seen is told by its number."""
    whole = (without_controls(" ".join(name.splitlines()).strip()) for name in names)
    return "".join(f"{name or f'class_{i}'}\n" for i, name in enumerate(whole))
