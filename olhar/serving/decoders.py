"""Decoders: processes that decode what may be slow, each of which can be ended at any moment.

A picture that takes a third of a second at most (``base.picture_bounds.is_quick``) is decoded in a thread of the server, which
nobody can end. All others come here: to one of a few processes, started when the first such picture comes, and kept. At its
deadline a process is killed, and the next picture starts another.
"""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from olhar.base.images import Pixels
from olhar.base.signature import Signature
from olhar.serving.decoder import Decoder
from olhar.serving.refusals import Refusal
from olhar.serving.settings import Settings


class Decoders:
    """The processes, and who waits for one."""

    def __init__(self, signature: Signature, settings: Settings) -> None:
        self._signature = signature
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.decoders, "olhar-decoders")
        self._free = asyncio.Semaphore(settings.decoders)
        self._waiting = 0
        self._lock = threading.Lock()
        self._idle: list[Decoder] = []
        self._alive: set[Decoder] = set()
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

    def _process(self) -> "Decoder":
        """One that waits, or a new one."""
        with self._lock:
            while self._idle:
                if (idle := self._idle.pop()).runs:
                    return idle
                self._alive.discard(idle)
                idle.end()
        process = Decoder(self._signature, self._settings.pixels)
        with self._lock:
            self._alive.add(process)
            if self._closed:
                process.kill()
        return process

    def _give_back(self, process: "Decoder") -> None:
        with self._lock:
            if process.dead:
                self._alive.discard(process)
            else:
                self._idle.append(process)
