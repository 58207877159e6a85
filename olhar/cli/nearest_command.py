"""What to say of a word that is no command: the command that was most likely meant, in the words of who typed it."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from olhar.base.spellings import plain_name
from olhar.base.texts import language, say

_ENGLISH = {"fit": "train", "test": "evaluate", "validate": "evaluate", "classify": "predict"}
_PORTUGUESE = {
    "checar": "check",
    "conferir": "check",
    "testar": "evaluate",
    "validar": "evaluate",
    "classificar": "predict",
    "predizer": "predict",
}
_INFINITIVES = ("ar", "er", "ir")
_NEAR = 0.65
"""How alike words are, by difflib, of which one may be a slip for the other; ``baixar`` and ``avaliar`` agree by 0.62."""


def did_you_mean(typed: str, names: Sequence[str], aliases: Mapping[str, str]) -> str:
    """The nearest command, as a sentence; empty where none is near.

    Args:
        typed: what is no command.
        names: of the commands.
        aliases: Portuguese word -> command.
    """
    words = {**_PORTUGUESE, **aliases, **_ENGLISH, **{name: name for name in names}}
    near = _nearest(plain_name(typed), words, names, aliases)
    if near is None:
        return ""
    name, portuguese = words[near], near in aliases or near in _PORTUGUESE
    own = next((word for word, meant in aliases.items() if meant == name), "") if portuguese else ""
    hint = say("cli.did_you_mean", name=f"{own} ({name})" if own else name)
    return f"{hint}{say('cli.in_portuguese')}" if portuguese and language() != "pt-BR" else hint


def _nearest(typed: str, words: Mapping[str, str], names: Sequence[str], aliases: Mapping[str, str]) -> str | None:
    """The word that is most like it; a form of a Portuguese verb (``treine``, ``avaliação``) is like the verb most of all."""
    close = next(iter(get_close_matches(typed, words, 1, _NEAR)), None)
    if close in names:
        return close
    verbs = (word for word in aliases if word.endswith(_INFINITIVES))
    return next((verb for verb in verbs if typed.startswith(verb[:-2])), close)
