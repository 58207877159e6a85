"""Tensors of the Open Inference Protocol: a request's JSON and the bytes behind it -> pictures, within the bounds of uploads."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, cast

import numpy as np

from olhar.base.images import Pixels
from olhar.serving.json_body import decoded, parsed
from olhar.serving.ledger import Account
from olhar.serving.refusals import Refusal
from olhar.serving.settings import Settings

INPUT, OUTPUT = "image", "probabilities"
HEADER_LENGTH = "Inference-Header-Content-Length"
"""How many bytes of a body are JSON; tensors stand behind them."""
_WINDOWS = {"gzip": 31, "deflate": 15}
_PIECE = 262_144
_MOST_SIDES = 4


@dataclass(frozen=True)
class Output:
    """One output as it is wanted: in binary or not; and how many ``classes``, 0 for the probabilities themselves."""

    binary: bool
    classes: int = 0


@dataclass(frozen=True)
class InferenceRequest:
    """What a request asks: its pictures, encoded or as pixels (H, W, C), and the outputs; ``id`` comes back as it is."""

    pictures: Sequence[bytes | Pixels]
    outputs: Sequence[Output]
    id: str | None


def request_of(sent: bytes, headers: Mapping[str, str], settings: Settings, account: Account) -> InferenceRequest:
    """What a request asks.

    Args:
        sent: its body, as it came.
        headers: its headers.
        settings: how much it may hold.
        account: what counts the memory of what is unpacked.

    Raises:
        Refusal: too large, not by the protocol, another input or output, or numbers in place of pictures.
    """
    sent = _unpacked(sent, headers.get("content-encoding", "").strip().lower(), settings, account)
    length = headers.get(HEADER_LENGTH.lower(), str(len(sent)))
    if not length.isdecimal() or int(length) > len(sent):
        raise Refusal("serve.protocol", name=HEADER_LENGTH)
    document, behind = parsed(sent[: int(length)]), memoryview(sent)[int(length) :]
    inputs = document.get("inputs")
    if not isinstance(inputs, list) or len(cast("list[Any]", inputs)) != 1 or not isinstance(inputs[0], dict):
        raise Refusal("serve.protocol", name="inputs")
    tensor = cast("dict[str, Any]", inputs[0])
    if tensor.get("name") != INPUT:
        raise Refusal("serve.tensor_name", name=str(tensor.get("name"))[:40], names=INPUT)
    given = document.get("id")
    pictures = _pictures(tensor, behind, settings, account)
    return InferenceRequest(pictures, _outputs(document), given[:200] if isinstance(given, str) else None)


def packed_bytes(texts: Sequence[str]) -> bytes:
    """A tensor of BYTES: each element behind its length."""
    encoded = [text.encode() for text in texts]
    return b"".join(struct.pack("<I", len(one)) + one for one in encoded)


def _unpacked(sent: bytes, encoding: str, settings: Settings, account: Account) -> bytes:
    """A body without its compression, which is not followed beyond the largest body of a request."""
    if encoding in ("", "identity"):
        return sent
    if encoding not in _WINDOWS:
        raise Refusal("serve.protocol", name="Content-Encoding")
    unpacking, pieces, size, rest = zlib.decompressobj(_WINDOWS[encoding]), list[bytes](), 0, sent
    try:
        while rest and not unpacking.eof:
            pieces.append(unpacking.decompress(rest, _PIECE))
            rest, size = unpacking.unconsumed_tail, size + len(pieces[-1])
            if size > settings.body_bytes:
                raise Refusal("serve.too_large", megabytes=settings.max_megabytes, flag="--max-megabytes")
            account.take(len(pieces[-1]))
    except zlib.error as error:
        raise Refusal("serve.protocol", name="Content-Encoding") from error
    if not unpacking.eof:
        raise Refusal("serve.protocol", name="Content-Encoding")
    return b"".join(pieces)


def _pictures(tensor: dict[str, Any], behind: memoryview, settings: Settings, account: Account) -> Sequence[bytes | Pixels]:
    kind, shape = tensor.get("datatype"), _shape(tensor.get("shape"))
    if kind not in ("BYTES", "UINT8"):
        raise Refusal("serve.tensors", kind=str(kind)[:20])
    size = _parameters(tensor).get("binary_data_size")
    if size is None:
        if kind != "BYTES":
            raise Refusal("serve.protocol", name="binary_data_size")
        texts = _flat(tensor.get("data"))
        _agree(len(texts), prod(shape))
        return decoded(texts, settings, account)
    if size != len(behind) or isinstance(size, bool):
        raise Refusal("serve.protocol", name="binary_data_size")
    if kind == "UINT8":
        return _arrays(behind, shape, settings)
    pictures = _elements(behind, settings)
    _agree(len(pictures), prod(shape))
    return pictures


def _arrays(behind: memoryview, shape: list[int], settings: Settings) -> list[Pixels]:
    """Pictures (N, H, W, C), or one (H, W, C)."""
    full = shape if len(shape) == _MOST_SIDES else [1, *shape]
    if len(full) != _MOST_SIDES or full[3] not in (1, 3) or 0 in full:
        raise Refusal("serve.protocol", name="shape")
    if full[0] > settings.max_pictures:
        raise Refusal("serve.too_many", limit=settings.max_pictures, flag="--max-pictures")
    if full[1] * full[2] > settings.pixels:
        raise Refusal("serve.protocol", name="shape")
    _agree(len(behind), prod(full))
    return list(np.frombuffer(behind, np.uint8).reshape(full))


def _elements(behind: memoryview, settings: Settings) -> list[bytes]:
    """The elements of a tensor of BYTES."""
    found: list[bytes] = []
    place = 0
    while place < len(behind):
        if len(found) >= settings.max_pictures:
            raise Refusal("serve.too_many", limit=settings.max_pictures, flag="--max-pictures")
        if place + 4 > len(behind):
            raise Refusal("serve.protocol", name="binary_data_size")
        end = place + 4 + int(struct.unpack_from("<I", behind, place)[0])
        if end > len(behind):
            raise Refusal("serve.protocol", name="binary_data_size")
        found.append(bytes(behind[place + 4 : end]))
        place = end
    if not found:
        raise Refusal("serve.no_picture")
    return found


def _shape(given: Any) -> list[int]:
    sides = cast("list[Any]", given) if isinstance(given, list) else []
    if not 0 < len(sides) <= _MOST_SIDES or not all(type(side) is int and 0 <= side < 2**31 for side in sides):
        raise Refusal("serve.protocol", name="shape")
    return sides


def _agree(found: int, told: int) -> None:
    if found != told:
        raise Refusal("serve.protocol", name="shape")


def _flat(data: Any) -> list[object]:
    """The elements of ``data``, which may be nested as the shape is."""
    texts = cast("list[Any]", data) if isinstance(data, list) else []
    if texts and all(isinstance(row, list) for row in texts):
        texts = [text for row in texts for text in row]
    if not texts:
        raise Refusal("serve.no_picture")
    return texts


def _parameters(of: dict[str, Any]) -> dict[str, Any]:
    given = of.get("parameters")
    return cast("dict[str, Any]", given) if isinstance(given, dict) else {}


def _outputs(document: dict[str, Any]) -> list[Output]:
    """The outputs that are wanted; without a word about them, the probabilities."""
    wanted = document.get("outputs")
    usual = bool(_parameters(document).get("binary_data_output", False))
    if not wanted:
        return [Output(usual)]
    if not isinstance(wanted, list) or len(cast("list[Any]", wanted)) != 1 or not isinstance(wanted[0], dict):
        raise Refusal("serve.protocol", name="outputs")
    output = cast("dict[str, Any]", wanted[0])
    if output.get("name") != OUTPUT:
        raise Refusal("serve.tensor_name", name=str(output.get("name"))[:40], names=OUTPUT)
    parameters = _parameters(output)
    classes = parameters.get("classification", 0)
    if type(classes) is not int or not 0 <= classes <= 10_000:
        raise Refusal("serve.protocol", name="classification")
    return [Output(bool(parameters.get("binary_data", usual)), classes)]
