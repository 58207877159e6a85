"""Whether a mirrored picture is still of its class, as far as the names of the classes tell."""

import re
from collections.abc import Sequence

_SIDES = frozenset(("left", "right", "esquerda", "direita", "esquerdo", "direito", "izquierda", "derecha"))
_KINDS = frozenset(("letter", "letra", "digit", "digito", "dígito", "number", "numero", "número", "char", "character"))
_NUMBERS = frozenset(
    (
        *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
        *("um", "dois", "três", "tres", "quatro", "cinco", "seis", "sete", "oito", "nove"),
    )
)


def mirrorable(names: Sequence[str], keys: Sequence[str] = ()) -> bool:
    """Not so where a name or a key says left or right, nor where most names are digits or letters, by sign, word or ``letter_a``.

    Keys that are numbers or letters say nothing beside names: they number emotions as they number digits.

    Args:
        names: of the classes, as they are shown; none: it is taken to be so.
        keys: of the classes, which names to show do not change: ``left`` stays a side when it is shown as ``gauche``.
    """
    words = [_words(name) for name in names]
    sided = any(_SIDES & set(parts) for parts in (*words, *map(_words, keys)))
    return not sided and 2 * sum(map(_is_sign, words)) <= len(words)


def _words(name: str) -> list[str]:
    """The words of a name, in small letters: at spaces, signs and where small letters turn into capitals."""
    apart = re.sub(r"(?<=[^\W\d_])(?=\d)|(?<=[a-zà-ÿ])(?=[A-Z])", " ", name)
    return [word for word in re.split(r"[\W_]+", apart.casefold()) if word]


def _is_sign(words: Sequence[str]) -> bool:
    plain = [word for word in words if word not in _KINDS]
    return bool(plain) and all(len(word) == 1 or word.isdigit() or word in _NUMBERS for word in plain)
