"""Load: one request after another over many connections, by one process that costs little; what came back, and when."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_BOUNDARY = b"----picture"
_END = b"\r\n\r\n"


def form(picture: bytes, path: str = "/predict", field_name: str = "file") -> bytes:
    """A whole request: a picture in a form, as ``curl -F file=@...`` sends it."""
    head = b'--%s\r\nContent-Disposition: form-data; name="%s"; filename="picture.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    body = head % (_BOUNDARY, field_name.encode()) + picture + b"\r\n--%s--\r\n" % _BOUNDARY
    return request(body, "multipart/form-data; boundary=" + _BOUNDARY.decode(), path)


def request(body: bytes, kind: str, path: str, headers: str = "") -> bytes:
    """A whole request with a body."""
    first = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    return first.encode() + body


@dataclass
class Sent:
    """What came of a load: ``seconds`` of each answer, and how many bore which ``status``; 0 where there was none."""

    seconds: list[float] = field(default_factory=list)
    status: Counter[int] = field(default_factory=Counter)


Checked = Callable[[int, int, bytes], None]
"""Is told of each answer: which request, its status and its body."""


def send(port: int, requests: Sequence[bytes], connections: int, seconds: float, checked: Checked | None = None) -> Sent:
    """Ask for so long, each connection one request after another, all of them through ``requests`` in turn."""
    return asyncio.run(sending(port, requests, connections, seconds, checked))


async def sending(port: int, requests: Sequence[bytes], connections: int, seconds: float, checked: Checked | None) -> Sent:
    """The same within a loop."""
    sent, ends, turns = Sent(), time.perf_counter() + seconds, itertools.cycle(range(len(requests)))

    async def one() -> None:
        client: Client | None = None
        while time.perf_counter() < ends:
            place, begun = next(turns), time.perf_counter()
            try:
                client = client or await Client.connected(port)
                status, body = await asyncio.wait_for(client.ask(requests[place]), 60)
            except (OSError, TimeoutError):
                client, status, body = None, 0, b""
            if client and client.over:
                client = None
            sent.seconds.append(time.perf_counter() - begun)
            sent.status[status] += 1
            if checked:
                checked(place, status, body)
        if client:
            client.transport.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return sent


class Client(asyncio.Protocol):
    """One connection, which is kept; knows as much of HTTP as the answers need: a length, or an end with the connection."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.over = False
        self._got = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    @classmethod
    async def connected(cls, port: int) -> "Client":
        """A connection to this machine."""
        _, client = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return client

    async def ask(self, sent: bytes) -> tuple[int, bytes]:
        """Status and body of the answer."""
        self._got.clear()
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(sent)
        return await self._answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A server answers there."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """A piece of an answer."""
        self._got += data
        head, end, body = self._got.partition(_END)
        length = _length(head) if end else None
        if length is not None and len(body) >= length:
            self._told(head, bytes(body))

    def connection_lost(self, exc: Exception | None) -> None:
        """The server has gone; an answer without a length ends with that."""
        del exc
        self.over = True
        head, end, body = self._got.partition(_END)
        if end:
            self._told(head, bytes(body))
        elif self._answer and not self._answer.done():
            self._answer.set_exception(ConnectionError())

    def _told(self, head: bytearray, body: bytes) -> None:
        self.over |= b"connection: close" in head.lower() or head.startswith(b"HTTP/1.0")
        if self._answer and not self._answer.done():
            self._answer.set_result((int(head.split(b" ", 2)[1]), body))


def _length(head: bytearray) -> int | None:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return None
