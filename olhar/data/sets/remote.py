"""Remote: a file on the network, and what it must be once it is here."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Remote:
    """A file on the network.

    Attributes:
        url: where it is published, http or https.
        size: in bytes; 0 where nobody has published it.
        sha256: in hexadecimal; empty where nobody has published it: the first download is then kept as what it must be.
    """

    url: str
    size: int = 0
    sha256: str = ""

    @property
    def name(self) -> str:
        """The file's name."""
        return urlsplit(self.url).path.rsplit("/", 1)[-1]

    @property
    def host(self) -> str:
        """Who publishes it."""
        return urlsplit(self.url).netloc
