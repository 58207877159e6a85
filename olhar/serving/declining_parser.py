"""DecliningParser: uvicorn's fast HTTP parser, for which no request is the beginning of another protocol.

Java's HttpClient offers HTTP/2 with each first request (``Upgrade: h2c``). A server may pass the offer over (RFC 9110, section
7.8), but httptools then takes the body for bytes of the other protocol, and the picture would be lost.
"""

from typing import Any

import httptools

_OFFER = (b"upgrade", b"http2-settings")


class DecliningParser:
    """The parser of one connection: where a request offers another protocol, it is read again without the offer.

    Args:
        parser: the connection's own, as uvicorn made it.
        protocol: uvicorn's protocol (``HttpToolsProtocol``), which is called with what is parsed; it asks ``offers`` first.
    """

    def __init__(self, parser: Any, protocol: Any) -> None:
        self._parser = parser
        self._protocol = protocol

    def __getattr__(self, name: str) -> Any:
        return getattr(self._parser, name)

    @property
    def offers(self) -> bool:
        """Whether the request whose head has just been read offers another protocol; one that is a tunnel (CONNECT) is none."""
        return self._parser.should_upgrade() and self._parser.get_method() != b"CONNECT"

    def feed_data(self, data: bytes) -> None:
        """Parse the next bytes; the errors are httptools' own."""
        while True:
            try:
                self._parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as offer:
                if not self.offers:
                    raise
                data = self._head() + data[offer.args[0] :]
                self._parser = _fresh(self._protocol)

    def _head(self) -> bytes:
        """The head that was read, without the offer."""
        first = b"%s %s HTTP/%s\r\n" % (self._parser.get_method(), self._protocol.url, self._parser.get_http_version().encode())
        pairs = [(name, _without(value) if name == b"connection" else value) for name, value in self._protocol.headers]
        lines = [b"%s: %s\r\n" % (name, value) for name, value in pairs if name not in _OFFER]
        return b"".join((first, *lines, b"\r\n"))


def _fresh(protocol: Any) -> Any:
    """A parser as uvicorn makes them: what comes behind the last request of a connection is passed over."""
    parser = httptools.HttpRequestParser(protocol)
    if hasattr(parser, "set_dangerous_leniencies"):
        parser.set_dangerous_leniencies(lenient_data_after_close=True)
    return parser


def _without(connection: bytes) -> bytes:
    """The words of a ``Connection`` header that are no offer."""
    words = (word.strip() for word in connection.split(b","))
    return b", ".join(word for word in words if word.lower() not in _OFFER)
