"""What a person says after ``--on``: ``local``, ``auto``, ``HOST:PORT`` or ``ray://HOST:PORT``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from olhar.base.errors import UsageError

_FORM = re.compile(r"(?P<scheme>ray://)?(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(?P<port>\d{1,5})")
_CLIENT_PORT = 10001


@dataclass(frozen=True)
class ClusterAddress:
    """Where a cluster listens.

    Attributes:
        kind: ``node``: this machine is one of its nodes; ``client``: it is not, and asks through the head; ``local``: there is
            none yet, and it is of this machine.
        host, port: of the head.
    """

    kind: Literal["local", "node", "client"]
    host: str = ""
    port: int = 0

    @classmethod
    def parse(cls, text: str, environment: Mapping[str, str]) -> "ClusterAddress":
        """What was said.

        Args:
            text: as it was typed.
            environment: where ``auto`` looks for ``RAY_ADDRESS``.

        Raises:
            UsageError: none of the four, or ``auto`` where nothing says which cluster.
        """
        if text == "local":
            return cls("local")
        if text == "auto":
            found = environment.get("RAY_ADDRESS", "")
            if found in ("", "auto", "local"):
                raise UsageError("scale.none_found")
            return cls.parse(found, environment)
        bare = re.fullmatch(r"ray://[A-Za-z0-9._-]+", text)
        match = _FORM.fullmatch(f"{text}:{_CLIENT_PORT}" if bare else text)
        if match is None or not 0 < int(match["port"]) < 65536:
            raise UsageError("scale.on", found=text)
        return cls("client" if match["scheme"] else "node", match["host"].strip("[]"), int(match["port"]))

    def __str__(self) -> str:
        """As Ray takes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'ray://' if self.kind == 'client' else ''}{host}:{self.port}"
