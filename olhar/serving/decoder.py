"""Decoder: one process that decodes pictures, one at a time, and is ended at the deadline of each."""

import json
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import BinaryIO, cast

import numpy as np

from olhar.base.errors import PictureError, ServingError
from olhar.base.images import Pixels
from olhar.base.signature import Signature
from olhar.serving.decoding import PICTURE, PIXELS, PROBLEM, READY

_PROGRAM = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from olhar.serving.decoding import main; main()"
_START_SECONDS = 30.0
"""The longest that a process may take until it is ready, on a machine that is busy."""


class Decoder:
    """One decoder process, asked for one picture at a time."""

    def __init__(self, signature: Signature, limit: int) -> None:
        self._shape = signature.shape
        self._first = json.dumps({"signature": signature.to_json(), "limit": limit}).encode() + b"\n"
        self._ready = self.dead = False
        words = [sys.executable, "-I", "-c", _PROGRAM, json.dumps(sys.path)]
        try:
            self._running = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        except OSError as error:
            raise ServingError("serve.no_decoder") from error
        self._to, self._from = cast(BinaryIO, self._running.stdin), cast(BinaryIO, self._running.stdout)

    def decode(self, picture: bytes, seconds: float) -> Pixels:
        """Pixels for a picture.

        Raises:
            PictureError: it is bad, it is not done in time, or the process died of it; in the last two cases it is ``dead``.
            ServingError: the process does not start.
        """
        self._start()
        with self._killed_after(seconds) as too_late:
            self._send(PICTURE.pack(len(picture)), picture)
            kind = self._receive(1)
            body = self._receive(int(np.prod(self._shape)) if kind == PIXELS else self._problem_size()) if kind else b""
        if not body:
            self.end()
            late = PictureError("picture.takes_long", name="", seconds=seconds)
            raise late if too_late.is_set() else PictureError("picture.damaged", name="")
        if kind == PIXELS:
            return np.frombuffer(body, np.uint8).reshape(self._shape)
        problem = json.loads(body)
        raise PictureError(problem["key"], **problem["values"])

    @property
    def runs(self) -> bool:
        """Whether it is there still; a system that is short of memory may have ended it."""
        return self._running.poll() is None

    def kill(self) -> None:
        """End it now; whoever waits for its answer gets none."""
        self._running.kill()

    def end(self) -> None:
        """Kill it, and leave nothing of it."""
        self.dead = True
        self.kill()
        for pipe in (self._to, self._from):
            with suppress(OSError):
                pipe.close()
        self._running.wait()

    def _start(self) -> None:
        if self._ready:
            return
        with self._killed_after(_START_SECONDS):
            self._send(self._first)
            self._ready = self._receive(1) == READY
        if not self._ready:
            self.end()
            raise ServingError("serve.no_decoder")

    @contextmanager
    def _killed_after(self, seconds: float) -> Generator[threading.Event]:
        """A block that is over in so many seconds, for the process is killed then; whether it was."""
        too_late = threading.Event()
        timer = threading.Timer(seconds, lambda: (too_late.set(), self.kill()))
        timer.daemon = True
        timer.start()
        try:
            yield too_late
        finally:
            timer.cancel()

    def _send(self, *pieces: bytes) -> None:
        with suppress(OSError):  # it is dead: what is received says so
            for piece in pieces:
                self._to.write(piece)
            self._to.flush()

    def _receive(self, count: int) -> bytes:
        """So many bytes; none where the process ends before."""
        data = self._from.read(count)
        return data if len(data) == count else b""

    def _problem_size(self) -> int:
        head = self._receive(PROBLEM.size)
        return int(PROBLEM.unpack(head)[0]) if head else 0
