"""Every sentence that a person reads, in the language that they read.

The sentences stand in ``catalogue/en/ROOM.toml`` and ``catalogue/pt-BR/ROOM.toml`` under the same keys; a key opens with
its room (``data.not_found``), and only the rooms that speak are read. ``say`` finds and fills the sentences.
The language is a context variable, so that a server can answer two people in two languages at once.
"""

import locale
import os
import re
import string
import tomllib
import unicodedata
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib import resources
from shlex import quote
from typing import Any

LANGUAGES = ("en", "pt-BR")
_WORDS = {
    **dict.fromkeys(("br", "brasil", "brazil", "portugues", "portuguese", "por", "ptbr"), "pt-BR"),
    **dict.fromkeys(("english", "ingles", "eng"), "en"),
}
"""What people call them besides their codes."""

_CATALOGUE = resources.files("olhar.base") / "catalogue"

_chosen: ContextVar[str | None] = ContextVar("olhar_language", default=None)


def match(wish: str) -> str | None:
    """The language of ours that ``wish`` (``pt``, ``pt_BR.UTF-8``, ``en-GB``, ``português``) means, or None."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", wish) if not unicodedata.combining(c))
    plain = bare.split(".", maxsplit=1)[0].replace("_", "-").strip().lower()
    if plain in _WORDS:
        return _WORDS[plain]
    for language in LANGUAGES:
        if plain.split("-")[0] == language.split("-")[0].lower():
            return language
    return None


def set_language(wish: str | None) -> None:
    """Speak the language that ``wish`` means from here on; None goes back to the machine's own."""
    _chosen.set(match(wish) if wish else None)


@contextmanager
def speaking(wish: str | None) -> Generator[None]:
    """Speak another language within a ``with`` block; None changes nothing."""
    token = _chosen.set(match(wish) if wish else _chosen.get())
    try:
        yield
    finally:
        _chosen.reset(token)


def language() -> str:
    """The language in use: the one set, else ``OLHAR_LANGUAGE``, else the machine's locale, else English."""
    return _chosen.get() or _of_machine()


def _of_machine() -> str:
    wishes = (os.environ.get(name) for name in ("OLHAR_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    for wish in wishes:
        if wish:
            return match(wish) or "en"
    return match(locale.getlocale()[0] or "") or "en"


def say(key: str, /, **values: object) -> str:
    """The sentence under ``key`` in the language in use, with ``values`` filled in.

    A sentence with ``one`` and ``other`` forms chooses by the value ``n``. Text values are made safe to show;
    ``{share:%}`` writes a share of 1 as per cent and numbers take the language's own marks; ``{where:typed}`` stands in a
    command; ``{pictures:picture|pictures}`` is a number with its word, ``{points:.1f|point|points}`` one with its format.

    Raises:
        KeyError: no such sentence.
    """
    tongue = language()
    sentence = _room(tongue, key.partition(".")[0])[key]
    if isinstance(sentence, Mapping):
        sentence = sentence["one" if values.get("n") == 1 else "other"]
    return _Filler(tongue).vformat(sentence, (), values)


def template(key: str) -> str:
    """The sentence under ``key`` in the language in use, its places unfilled: for a page that fills them itself.

    Raises:
        KeyError: no such sentence.
    """
    return _room(language(), key.partition(".")[0])[key]


@dataclass(frozen=True)
class Sentence:
    """A sentence not yet said, so that it can be kept and said later in another language. Values may be sentences too."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def __str__(self) -> str:
        return say(self.key, **self.values)

    def __hash__(self) -> int:
        return hash(self.key)

    def to_dict(self) -> dict[str, Any]:
        """The form that JSON keeps."""
        values = {name: value.to_dict() if isinstance(value, Sentence) else value for name, value in self.values.items()}
        return {"key": self.key, "values": values}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Sentence":
        """What ``to_dict`` gave."""
        values = {name: cls.from_dict(value) if isinstance(value, dict) else value for name, value in stored["values"].items()}
        return cls(stored["key"], values)


def sentence(key: str, /, **values: Any) -> Sentence:
    """The sentence under ``key`` with ``values``, to be said by whoever shows it."""
    return Sentence(key, values)


def has_sentence(key: str) -> bool:
    """Whether there is a sentence under ``key``."""
    room = key.partition(".")[0]
    return room.isidentifier() and (_CATALOGUE / "en" / f"{room}.toml").is_file() and key in _room("en", room)


def is_known(kept: Sentence) -> bool:
    """Whether a sentence that was kept has words in this version.

    Raises:
        ValueError, LookupError, TypeError, AttributeError: it has, but what was kept does not fill it.
    """
    parts = [value for value in kept.values.values() if isinstance(value, Sentence)]
    if not has_sentence(kept.key) or not all(map(is_known, parts)):
        return False
    str(kept)
    return True


def code(key: str) -> str:
    """The code of the error sentence under ``key``: ``OLH`` and three digits."""
    return _read("codes.toml")[key]


def number(value: float, digits: int | None = None) -> str:
    """A number with the language's marks: ``1,797.5`` in English, ``1.797,5`` in Portuguese."""
    return _localised(f"{value:,}" if digits is None else f"{value:,.{digits}f}", language())


def percent(share: float, digits: int = 1) -> str:
    """A share of 1 as per cent: ``0.941`` is ``94.1%`` or ``94,1%``; less than 1 is never ``100%``: ``0.9996`` is ``99.9%``,
    without digits too.

    Below, it is rounded: ``0.0%`` is next to nothing, as no class's probability is ever quite 0.
    """
    return _percent(share, digits, language())


def file_size(count: float) -> str:
    """A number of bytes in kB, MB or GB, with the language's marks."""
    unit, digits, name = (1e9, 1, "GB") if count >= 1e9 else (1e6, 0, "MB") if count >= 1e6 else (1e3, 0, "kB")
    return f"{number(count / unit, digits)} {name}"


def typed(value: object) -> str:
    """A value as it is typed into a command: quoted for the shell at hand where it must be, a number without marks.

    A ``Path`` is ``undashed``; words are left as they are.
    """
    text = undashed(str(value)) if isinstance(value, os.PathLike) else str(value)
    if os.name == "nt":
        return _quoted_on_windows(text)
    return f'"{text}"' if "'" in text and not set(text) & set('"$`\\!') else quote(text)


def _quoted_on_windows(text: str) -> str:
    """For PowerShell as for the older shell: marks that mean something to one of the two are quoted, not blanks alone."""
    from subprocess import list2cmdline

    plain = list2cmdline([text])
    return plain if plain.startswith('"') or re.fullmatch(r"[\w\\/:.~+=-]+", text) else f'"{plain}"'


def undashed(path: str) -> str:
    """A path that no command takes for an option: with ``./`` before one that begins with a dash."""
    return f".{os.sep}{path}" if path.startswith("-") else path


def visible(text: str) -> str:
    """Text that cannot move the cursor, ring the bell or turn the line round: such characters become ``\\u202e``.

    Bidirectional and other format characters (category Cf) are shown too, but for the joiners that scripts and emoji need.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c in "\u00a0\u200c\u200d\ufe0f" or _harmless(c) else _escaped(c) for c in text)


def without_controls(text: str) -> str:
    """Text as it is, but for control characters, which command terminals: ESC becomes ``\\x1b``."""
    if text.isprintable():
        return text
    return "".join(_escaped(c) if unicodedata.category(c) == "Cc" else c for c in text)


def _harmless(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def _localised(plain: str, tongue: str) -> str:
    return plain.translate(str.maketrans(",.", ".,")) if tongue == "pt-BR" else plain


def _without_exponent(shown: str) -> str:
    """A small number as people write it: ``5e-07`` is ``0.0000005``."""
    return format(Decimal(shown), "f") if re.fullmatch(r"-?[\d.]+e-0\d", shown) else shown


def _percent(share: float, digits: int, tongue: str) -> str:
    if round(100 * share, digits) == 100 and share < 1 - 1e-9:  # a sum of shares that is 1 but for its last bits is whole
        digits = max(digits, 1)
        share = min(share, 1 - 10 ** -(digits + 2))
    return f"{_localised(f'{100 * share:,.{digits}f}', tongue)}%"


class _Filler(string.Formatter):
    """``str.format`` with the language's numbers and with safe text."""

    def __init__(self, tongue: str) -> None:
        self.tongue = tongue

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "typed":
            return visible(typed(undashed(value) if isinstance(value, str) else value))
        if "|" in format_spec:
            return self._counted(value, *format_spec.split("|"))
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return visible(format(value, format_spec))
        if format_spec == "%":
            return _percent(value, 1, self.tongue)
        return _localised(_without_exponent(format(value, format_spec or ",")), self.tongue)

    def _counted(self, value: Any, *forms: str) -> str:
        """A number and its word, by the number as it is shown; in Portuguese 0.5 and 1.5 are of one, too."""
        *plain, one, other = forms
        shown = self.format_field(value, "".join(plain))
        singular = shown == "1" or (self.tongue == "pt-BR" and re.fullmatch(r"-?[01],\d+", shown))
        return f"{shown} {one if singular else other}"


@cache
def _room(tongue: str, room: str) -> dict[str, Any]:
    return dict(_flat(_read(f"{tongue}/{room}.toml"), f"{room}."))


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_CATALOGUE / name).read_text(encoding="utf-8"))


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping) and "other" not in value:
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
