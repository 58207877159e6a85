"""The token that a cluster asks for: where Ray looks for one, and one of our own for a cluster of this machine."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path


def token(environment: Mapping[str, str]) -> str:
    """The token as Ray itself would find it: in ``RAY_AUTH_TOKEN``, in the file of ``RAY_AUTH_TOKEN_PATH``, in ``~/.ray``.

    Empty where there is none, or where its file cannot be read.
    """
    if found := environment.get("RAY_AUTH_TOKEN", "").strip():
        return found
    try:
        path = Path(environment.get("RAY_AUTH_TOKEN_PATH") or Path.home() / ".ray" / "auth_token")
        return path.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError, RuntimeError):
        return ""


def write_token(folder: Path) -> Path:
    """A new token of 256 bits in a file that this person alone reads."""
    path = folder / "token"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(secrets.token_hex(32))
    return path
