"""Decoders: processes that decode what may be slow, each of which can be ended at any moment.

A picture that takes a third of a second at most (``base.picture_bounds.is_quick``) is decoded in a thread of the server, which
nobody can end. All others come here: to one of a few processes, started when the first such picture comes, and kept. At its
deadline a process is killed, and the next picture starts another.
"""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import BinaryIO, cast

import numpy as np

from olhar.base.errors import PictureError, ServingError
from olhar.base.images import Pixels
from olhar.base.signature import Signature
from olhar.serving.decoding import PICTURE, PIXELS, PROBLEM, READY
from olhar.serving.refusals import Refusal
from olhar.serving.settings import Settings

_PROGRAM = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from olhar.serving.decoding import main; main()"
_START_SECONDS = 30.0
"""The longest that a process may take until it is ready, on a machine that is busy."""


class Decoders:
    """The processes, and who waits for one."""

    def __init__(self, signature: Signature, settings: Settings) -> None:
        self._signature = signature
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.decoders, "olhar-decoders")
        self._free = asyncio.Semaphore(settings.decoders)
        self._waiting = 0
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        self._alive: set[_Process] = set()
        self._closed = False

    async def decode(self, picture: bytes) -> Pixels:
        """One picture as the model wants it: uint8 (height, width, channels).

        Raises:
            PictureError: it is bad, or takes longer than ``picture_seconds``.
            Refusal: others are being decoded, and none is done in that time, or too many wait.
            ServingError: this machine starts no process.
        """
        await self._turn()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._decode, picture)
        finally:
            self._free.release()

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        with self._lock:
            self._closed = True
            for process in self._alive:
                process.kill()
        self._threads.shutdown(cancel_futures=True)  # what is dead keeps no thread waiting
        for process in self._alive:
            process.end()

    async def _turn(self) -> None:
        if self._waiting >= self._settings.slow_waiting:
            raise Refusal("serve.busy")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._settings.picture_seconds):
                await self._free.acquire()
        except TimeoutError as error:
            raise Refusal("serve.busy") from error
        finally:
            self._waiting -= 1

    def _decode(self, picture: bytes) -> Pixels:
        process = self._process()
        try:
            return process.decode(picture, self._settings.picture_seconds)
        finally:
            self._give_back(process)

    def _process(self) -> "_Process":
        """One that waits, or a new one."""
        with self._lock:
            while self._idle:
                if (idle := self._idle.pop()).runs:
                    return idle
                self._alive.discard(idle)
                idle.end()
        process = _Process(self._signature, self._settings.pixels)
        with self._lock:
            self._alive.add(process)
            if self._closed:
                process.kill()
        return process

    def _give_back(self, process: "_Process") -> None:
        with self._lock:
            if process.dead:
                self._alive.discard(process)
            else:
                self._idle.append(process)


class _Process:
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
