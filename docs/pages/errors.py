"""The page of errors: every code with its sentence, under the kind of error that it is raised as."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

from olhar.base import errors as tree
from olhar.base import texts
from tests.base.spoken import spoken

RAISED_AS = {"Refusal": "ServingError", "TransferError": "DataError"}
"""What is raised by another name within the house, and what it is when a person sees it."""
PLACE = re.compile(r"\{(\w+)(?:[:!]([^}]*))?\}")


def errors(language: str, words: Mapping[str, Any]) -> str:
    """The page in one language."""
    kinds = by_kind()
    lines = [words["errors"]["head"].strip(), ""]
    for kind, keys in kinds.items():
        codes = ", ".join(f"[{code}](#{code.lower()})" for code in keys)
        lines += [f"- **[{kind}](#{kind.lower()})**: {codes}"]
    for kind, keys in kinds.items():
        lines += [
            "",
            f"## {kind}",
            "",
            words.get("kinds", {}).get(kind) or _about(kind),
            "",
            words["errors"]["columns"],
            "|---|---|",
        ]
        lines += [f'| <a id="{code.lower()}"></a>{code} | {_readable(key, language, words)} |' for code, key in keys.items()]
    return "\n".join(lines) + "\n"


@cache
def by_kind() -> dict[str, dict[str, str]]:
    """The name of each kind of error -> the codes raised as it, in their order -> the keys of their sentences."""
    raised: defaultdict[str, list[str]] = defaultdict(list)
    for one in spoken():
        for key in one.keys:
            raised[key].append(RAISED_AS.get(one.by, one.by))
    kinds = [name for name, kind in vars(tree).items() if isinstance(kind, type) and issubclass(kind, tree.OlharError)]
    pages: dict[str, dict[str, str]] = {kind: {} for kind in kinds[1:]}
    for key, code in sorted(texts._read("codes.toml").items(), key=lambda item: item[1]):
        pages[_kind(key, [name for name in raised[key] if name in pages])][code] = key
    return pages


def _about(kind: str) -> str:
    return str(vars(tree)[kind].__doc__).split("\n\n")[0]


def _kind(key: str, found: list[str]) -> str:
    """What a sentence is raised as, most often; a picture's are told by their keys alone."""
    return (
        max(found, key=found.count)
        if found
        else {
            "picture": "PictureError",
            "keras": "ModelError",
            "not_model": "ModelError",
            "known": "DataError",
            "web": "PictureError",
        }[key.partition(".")[0]]
    )


def _readable(key: str, language: str, words: Mapping[str, Any]) -> str:
    """A sentence with the things that it is filled with as words between angles."""
    sentence = texts._room(language, key.partition(".")[0])[key]
    text = sentence if isinstance(sentence, str) else sentence["other"]
    filled = PLACE.sub(
        lambda place: _word(place[1], place[2] or "", words["places"]), text.replace("{{", "\ue000").replace("}}", "\ue001")
    )
    return filled.replace("\ue000", "{").replace("\ue001", "}").replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def _word(place: str, form: str, places: Mapping[str, str]) -> str:
    counted = form.rpartition("|")[2] if "|" in form else ""
    word = places.get(place, places["n"] if counted else place.replace("_", " "))
    return " ".join(filter(None, (f"⟨{word}⟩" if word else "", counted)))
