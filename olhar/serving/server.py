"""The server: an application on a socket, from the first connection to the last answer."""

import errno
import logging
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

import uvicorn

from olhar.base.errors import ServingError
from olhar.bundle.predictor import Predictor
from olhar.serving.app import build
from olhar.serving.protocol import bounded_protocol
from olhar.serving.settings import Settings

_SIGNALS = [signal.SIGINT, signal.SIGTERM, *([signal.SIGBREAK] if sys.platform == "win32" else [])]


def serve(
    predictors: Predictor | Mapping[str, Predictor], settings: Settings, ready: Callable[[str], None] | None = None
) -> None:
    """Serve models until SIGTERM or Ctrl-C; what is in flight then is answered first. Prints nothing.

    Args:
        predictors: the model, or several by name.
        settings: where and how.
        ready: called with the page's address as soon as the server listens.

    Raises:
        ServingError: the port is taken or not allowed, the host is not of this machine, or a certificate cannot be used.
    """
    check_certificate(settings)
    with listen(settings) as sock:
        server = Server(server_config(predictors, settings), ready or (lambda _: None))
        server.run(sockets=[sock])


def listen(settings: Settings) -> socket.socket:
    """A socket that listens where the settings say.

    Raises:
        ServingError: the port is taken or not allowed, or the host is not of this machine.
    """
    try:
        addresses = socket.getaddrinfo(settings.host or None, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = min(addresses, key=lambda entry: entry[0] != socket.AF_INET)
    except (OSError, OverflowError, UnicodeError) as error:
        raise ServingError("serve.no_such_host", host=settings.host) from error
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        _claim_port(sock)
        sock.bind(address)
        sock.listen(256)
    except (OSError, OverflowError) as error:
        sock.close()
        raise _startup_error(error, settings) from error
    return sock


def check_certificate(settings: Settings) -> None:
    """Look at the certificate before anybody connects.

    Raises:
        ServingError: a file that is none, a key of another certificate, or one with a password (which would be asked for).
    """
    if not settings.tls_cert:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_cert, settings.tls_key, password=lambda: "")
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise ServingError("serve.tls_file", where=settings.tls_cert, file=settings.tls_key) from error


def url(sock: socket.socket, host: str, scheme: str = "http") -> str:
    """The address of the page; a server that listens everywhere is reached by this machine's own name for itself."""
    name = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"{scheme}://{name}:{sock.getsockname()[1]}/"


class Server(uvicorn.Server):
    """Uvicorn that says when it is ready, and that ends well after a signal instead of dying of it."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell the address."""
        await super().startup(sockets)
        for sock in sockets or []:
            self._ready(url(sock, self.config.host, "https" if self.config.is_ssl else "http"))

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Take signals as the wish to stop; a second Ctrl-C stops at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        earlier_handlers = {number: signal.signal(number, self.handle_exit) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in earlier_handlers.items():
                signal.signal(number, handler)


def server_config(predictors: Predictor | Mapping[str, Predictor], settings: Settings) -> uvicorn.Config:
    """The server's own configuration: uvicorn with its log silent, as the room writes its own line for each request."""
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)  # it quotes what was sent
    return uvicorn.Config(
        build(predictors, settings),
        host=settings.host,
        http=bounded_protocol(settings),
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=bool(settings.trust_proxy),
        forwarded_allow_ips=list(settings.trust_proxy),
        server_header=False,
        ssl_certfile=settings.tls_cert or None,
        ssl_keyfile=settings.tls_key or None,
        timeout_graceful_shutdown=settings.grace_seconds,
    )


def _claim_port(sock: socket.socket) -> None:
    """Take the port for ourselves; on POSIX, also one that has only just been let go."""
    if sys.platform == "win32":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def _startup_error(error: Exception, settings: Settings) -> ServingError:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return ServingError("serve.port_taken", port=str(settings.port))
    if number == errno.EADDRNOTAVAIL:
        return ServingError("serve.no_such_host", host=settings.host)
    return ServingError("serve.port_forbidden", port=str(settings.port))
