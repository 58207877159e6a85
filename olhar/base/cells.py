"""Cells of a CSV that no spreadsheet takes for a formula and that command no terminal, and back."""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_CONTROL = re.compile("(\\\\*)([\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f])|(\\\\+)(?=x[0-9a-f]{2})")
_ESCAPED = re.compile(r"(\\+)x([0-9a-f]{2})")


def guarded(text: str) -> str:
    """Text that no spreadsheet runs: ``=1+1`` becomes ``'=1+1``; numbers stay numbers. ESC becomes ``\\x1b``, and so does every
    control character but tabs and the ends of lines; backslashes in front of one, or of what reads like it, are doubled."""
    text = _CONTROL.sub(lambda found: f"{found[1] * 2}\\x{ord(found[2]):02x}" if found[2] else found[3] * 2, text)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """What ``guarded`` was given."""
    text = text[1:] if text.startswith("'") and _FORMULA.match(text) else text
    return _ESCAPED.sub(_meant, text)


def _meant(found: re.Match[str]) -> str:
    half, odd = divmod(len(found[1]), 2)
    return "\\" * half + (chr(int(found[2], 16)) if odd else f"x{found[2]}")
