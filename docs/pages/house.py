"""The map of the house: a line a module, from the first sentence of each module's docstring."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import olhar
from tests.test_house import ROOMS

OPENS, CLOSES = "<!-- the map: python -m docs.pages -->\n", "<!-- the map ends -->\n"
PACKAGE = Path(olhar.__file__).parent


def with_map(text: str) -> str:
    """CONTRIBUTING with the map as it is now."""
    before, _, rest = text.partition(OPENS)
    return before + OPENS + "\n".join(_lines()) + CLOSES + rest.partition(CLOSES)[2]


def _lines() -> Iterator[str]:
    yield from ("", f"- `olhar/__init__.py` {_first(PACKAGE / '__init__.py')}")
    yield f"- `olhar/__main__.py` {_first(PACKAGE / '__main__.py')}"
    for room in ROOMS:
        yield from ("", f"### `olhar/{room}/`", "", *_about(PACKAGE / room), "")
        yield from _folder(PACKAGE / room, "")
    yield from ("", "")


def _folder(folder: Path, indent: str) -> Iterator[str]:
    for path in sorted(folder.glob("*.py")):
        if path.name != "__init__.py":
            yield f"{indent}- `{path.name}` {_first(path)}"
    for wing in sorted(path.parent for path in folder.glob("*/__init__.py")):
        yield f"{indent}- **`{wing.name}/`** {' '.join(_about(wing))}"
        yield from _folder(wing, f"{indent}  ")


def _about(room: Path) -> list[str]:
    """All that a room says of itself, a paragraph a line."""
    return [paragraph.replace("\n", " ") for paragraph in _written(room / "__init__.py").split("\n\n")]


def _first(path: Path) -> str:
    """The first sentence of a module's docstring."""
    paragraph = _written(path).split("\n\n")[0].replace("\n", " ")
    return re.split(r"(?<=\.) (?=[A-Z`])", paragraph)[0]


def _written(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.replace("``", "`")
