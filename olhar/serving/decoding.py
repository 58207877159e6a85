"""What a decoder process does: pictures come in on its standard input, prepared pixels or a sentence's key go out.

In: a line of JSON (``signature``, ``limit``), then pictures, each as 8 bytes of length and its bytes. Out: ``R`` once it is
ready, then for each picture ``P`` and its pixels, or ``E``, 4 bytes of length and JSON (``key``, ``values``). Where its input
ends, so does the process, in the middle of a picture too: it never outlives the server.
"""

import json
import os
import signal
import struct
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import BinaryIO

from olhar.base.errors import PictureError
from olhar.base.images import Pixels, to_pixels
from olhar.base.signature import Signature

PICTURE, PROBLEM = struct.Struct(">Q"), struct.Struct(">I")
READY, PIXELS, REFUSED = b"R", b"P", b"E"
_NICER = 5
"""Who sends pictures that are quick to decode is served first."""


def main() -> None:
    """Decode until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all processes of a terminal; the server ends this one
    if hasattr(os, "nice"):
        os.nice(_NICER)
    came, out = sys.stdin.buffer, sys.stdout.buffer
    asked = json.loads(came.readline())
    prepare = preparer(Signature.from_json(asked["signature"], ""), asked["limit"])
    pictures: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_read, args=(came, pictures), daemon=True).start()
    _write(out, READY)
    while True:
        _write(out, answer(pictures.get(), prepare))


def preparer(signature: Signature, limit: int) -> Callable[[bytes], Pixels]:
    """Encoded bytes -> uint8 (height, width, channels), by the signature's rule, of no more than ``limit`` pixels."""
    size, channels, fit, levels = (signature.height, signature.width), signature.channels, signature.fit, signature.levels
    return lambda data: to_pixels(data, size, channels, fit, limit=limit, levels=levels, whole=signature.whole)


def answer(data: bytes, prepare: Callable[[bytes], Pixels]) -> bytes:
    """What goes back for a picture."""
    try:
        return PIXELS + prepare(data).tobytes()
    except PictureError as error:
        problem = json.dumps({"key": error.key, "values": error.values}, default=str).encode()
        return REFUSED + PROBLEM.pack(len(problem)) + problem


def _read(came: BinaryIO, pictures: "SimpleQueue[bytes]") -> None:
    while len(head := came.read(PICTURE.size)) == PICTURE.size:
        pictures.put(came.read(*PICTURE.unpack(head)))
    os._exit(0)


def _write(out: BinaryIO, data: bytes) -> None:
    out.write(data)
    out.flush()
