"""Settings: all that a server can be told, checked when they are made, so that an unsafe server cannot be built."""

import ipaddress
import os
from dataclasses import dataclass, field

from olhar.base.errors import ServingError
from olhar.base.images import PIXEL_LIMIT

TOKEN_VARIABLE = "OLHAR_TOKEN"


def _token() -> str:
    return os.environ.get(TOKEN_VARIABLE, "").strip()


def _workers() -> int:
    return min(os.cpu_count() or 1, 8)


@dataclass(frozen=True)
class Settings:
    """Where a server listens, whom it answers, and how much it takes.

    Attributes:
        host: the address to listen on; any but a loopback address needs a token.
        port: 0 takes any that is free.
        allow_host: names that a ``Host`` header may bear beside the loopback names and the address itself.
        allow_origin: other web sites (``https://example.org``) whose pages may ask.
        token: what ``Authorization: Bearer`` must bring; ``OLHAR_TOKEN`` by default, never shown.
        max_megabytes: the largest body of a request.
        max_pictures: the most pictures (and other parts) of one request.
        body_seconds: the longest that a request may take to arrive: its head, and again its body.
        pixels: the most pixels of one picture.
        memory_bytes: the most that all bodies being read or answered may hold together.
        workers: how many pictures are decoded and answered at once.
        waiting: how many requests may wait for a worker.
        decoders: how many processes decode what may be slow.
        slow_waiting: how many such pictures may wait for one.
        picture_seconds: how long decoding one picture may take, and waiting for its turn.
        connections: how many clients may be connected at once.
        grace_seconds: how long what is in flight may take when the server is told to stop.

    Raises:
        ServingError: a port that cannot be, an open address without a token, or ``*`` among the hosts or origins.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    allow_host: tuple[str, ...] = ()
    allow_origin: tuple[str, ...] = ()
    token: str = field(default_factory=_token, repr=False)
    max_megabytes: float = 16.0
    max_pictures: int = 32
    body_seconds: float = 30.0
    pixels: int = PIXEL_LIMIT
    memory_bytes: int = 256_000_000
    workers: int = field(default_factory=_workers)
    waiting: int = 64
    decoders: int = field(default_factory=lambda: max(1, _workers() // 2))
    slow_waiting: int = 8
    picture_seconds: float = 5.0
    connections: int = 400
    grace_seconds: int = 8

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ServingError("serve.port_forbidden", port=str(self.port))
        if not self.token and not loopback(self.host):
            raise ServingError("serve.needs_token", host=self.host or "0.0.0.0", variable=TOKEN_VARIABLE)
        for flag, names in (("--allow-host", self.allow_host), ("--allow-origin", self.allow_origin)):
            if any("*" in name for name in names):
                raise ServingError("serve.no_star", flag=flag)

    @property
    def body_bytes(self) -> int:
        """The largest body of a request, in bytes."""
        return int(self.max_megabytes * 1e6)


def loopback(host: str) -> bool:
    """Whether a name or an address can only be reached from this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"
