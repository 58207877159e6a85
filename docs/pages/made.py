"""Every page that is made from the code, with its text."""

import tomllib
from pathlib import Path

from docs.pages.api import api
from docs.pages.errors import errors
from docs.pages.house import with_map

ROOT = Path(__file__).parents[2]
LANGUAGES = {"en": "", "pt-BR": ".pt-BR"}


def made() -> dict[Path, str]:
    """Path -> text."""
    words = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
    pages: dict[Path, str] = {}
    for language, ending in LANGUAGES.items():
        pages[ROOT / "docs" / f"errors{ending}.md"] = errors(language, words[language])
        pages[ROOT / "docs" / f"api{ending}.md"] = api(words[language])
    guide = ROOT / "CONTRIBUTING.md"
    return pages | {guide: with_map(guide.read_text(encoding="utf-8"))}
