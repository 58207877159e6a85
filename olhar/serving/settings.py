"""Settings: all that a server can be told, checked when they are made, so that an unsafe server cannot be built."""

import ipaddress
import os
from dataclasses import dataclass, field
from pathlib import Path

from olhar.base.errors import ServingError
from olhar.base.images import PIXEL_LIMIT

TOKEN_VARIABLE = "OLHAR_TOKEN"
_ABOVE_ZERO = (
    *("max_megabytes", "max_pictures", "body_seconds", "workers", "picture_seconds", "connections", "grace_seconds"),
    *("decoders", "pixels", "memory_bytes"),
)
_FROM_ZERO = ("threads", "waiting", "slow_waiting")
_VAST = 1e12
_SECRET_BYTES = 4096


def _token() -> str:
    return os.environ.get(TOKEN_VARIABLE, "").strip()


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _secret(file: Path) -> str:
    """The token that a file holds.

    Raises:
        ServingError: no such file, an empty one, or one that holds more than a token.
    """
    try:
        with file.open("rb") as opened:
            token = opened.read(_SECRET_BYTES + 1)
    except OSError as error:
        raise ServingError("serve.token_file", where=str(file)) from error
    if not token.strip() or len(token) > _SECRET_BYTES or not token.strip().isascii():
        raise ServingError("serve.token_file", where=str(file))
    return token.strip().decode("ascii")


def _cores() -> int:
    return min(os.cpu_count() or 1, 8)


def _workers() -> int:
    """Two a core: where other programs keep the cores busy, each waits its turn, and one of two is more often at work."""
    return min(2 * _cores(), 8)


@dataclass(frozen=True)
class Settings:
    """Where a server listens, whom it answers, and how much it takes.

    Attributes:
        host: the address to listen on; any but a loopback address needs a token.
        port: 0 takes any that is free.
        allow_host: names that a ``Host`` header may bear beside the loopback names and the address itself.
        allow_origin: other web sites (``https://example.org``) whose pages may ask.
        token: what ``Authorization: Bearer`` must bring; ``OLHAR_TOKEN`` by default, never shown.
        token_file: a file that holds the token, as containers are given secrets; it wins over ``token``.
        tls_cert: a certificate (PEM), for https; with ``tls_key``.
        tls_key: its key (PEM, not encrypted).
        trust_proxy: addresses and networks of proxies that are believed who asked, and whether by https
            (``X-Forwarded-For``, ``X-Forwarded-Proto``).
        metrics: whether ``/metrics`` counts what happens.
        max_megabytes: the largest body of a request.
        max_pictures: the most pictures (and other parts) of one request.
        body_seconds: the longest that a request may take to arrive: its head, and again its body.
        pixels: the most pixels of one picture.
        memory_bytes: the most that all bodies being read or answered may hold together.
        threads: how many threads of the processor one question takes; 0: as many as there are cores.
        workers: how many pictures are decoded and answered at once.
        waiting: how many requests may wait for a worker.
        decoders: how many processes decode what may be slow.
        slow_waiting: how many such pictures may wait for one.
        picture_seconds: how long decoding one picture may take, and waiting for its turn.
        connections: how many clients may be connected at once.
        grace_seconds: how long what is in flight may take when the server is told to stop.

    Raises:
        ServingError: a port or number that cannot be, an open address without a token, ``*`` among the hosts or origins, a
            token's file that cannot be read, a certificate without its key, or a proxy that is no address and no network.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    allow_host: tuple[str, ...] = ()
    allow_origin: tuple[str, ...] = ()
    token: str = field(default_factory=_token, repr=False)
    token_file: str = ""
    tls_cert: str = ""
    tls_key: str = ""
    trust_proxy: tuple[str, ...] = ()
    metrics: bool = False
    max_megabytes: float = 16.0
    max_pictures: int = 32
    body_seconds: float = 30.0
    pixels: int = PIXEL_LIMIT
    memory_bytes: int = 256_000_000
    threads: int = 0
    workers: int = field(default_factory=_workers)
    waiting: int = 64
    decoders: int = field(default_factory=lambda: max(1, _cores() // 2))
    slow_waiting: int = 8
    picture_seconds: float = 5.0
    connections: int = 400
    grace_seconds: int = 8

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ServingError("serve.port_forbidden", port=str(self.port))
        for name in (*_ABOVE_ZERO, *_FROM_ZERO):
            value = getattr(self, name)
            if not (0 < value < _VAST or (value == 0 and name in _FROM_ZERO)):
                raise ServingError("serve.number", flag=_flag(name), found=str(value))
        if self.token_file:
            object.__setattr__(self, "token", _secret(Path(self.token_file)))
        if not self.token and not loopback(self.host):
            raise ServingError("serve.needs_token", host=self.host or "0.0.0.0", variable=TOKEN_VARIABLE)
        if bool(self.tls_cert) != bool(self.tls_key):
            raise ServingError("serve.tls_pair", flag=_flag("tls_cert"), other=_flag("tls_key"))
        for flag, names in (("--allow-host", self.allow_host), ("--allow-origin", self.allow_origin)):
            if any("*" in name for name in names):
                raise ServingError("serve.no_star", flag=flag)
        for proxy in self.trust_proxy:
            _check_proxy(proxy)

    @property
    def body_bytes(self) -> int:
        """The largest body of a request, in bytes."""
        return int(self.max_megabytes * 1e6)


def _check_proxy(proxy: str) -> None:
    try:
        ipaddress.ip_network(proxy)
    except ValueError as error:
        raise ServingError("serve.proxy", flag=_flag("trust_proxy"), found=proxy[:80]) from error


def loopback(host: str) -> bool:
    """Whether a name or an address can only be reached from this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"
