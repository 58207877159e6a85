"""PageSource: the server's page, handed to whoever writes it elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PageSource:
    """The page that the server shows too.

    Attributes:
        html: in the language in use.
        files: what goes beside it, by name: ``style.css``, ``icon.svg`` and the modules, from ``page.js`` on.
        texts: its sentences, by language and key.
    """

    html: str
    files: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
