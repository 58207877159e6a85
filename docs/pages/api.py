"""The page of Python: every public name with its signature, from the docstrings and the text of the code."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import olhar
from olhar.base.errors import OlharError

SECTIONS = ("Args", "Returns", "Raises", "Attributes", "Yields")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def api(words: Mapping[str, Any]) -> str:
    """The page; the headings are in the language of ``words``, what functions say of themselves in English."""
    heads: Mapping[str, str] = words["api"]
    found = {name: getattr(olhar, name) for name in olhar.__all__}
    errors = [name for name, one in found.items() if isinstance(one, type) and issubclass(one, OlharError)]
    classes = [name for name, one in found.items() if isinstance(one, type) and name not in errors]
    functions = [name for name in found if name not in (*errors, *classes)]
    lines = [heads["head"].strip(), ""]
    for head, names in (("functions", functions), ("classes", classes), ("errors", errors)):
        lines.append(f"- **{heads[head]}**: {', '.join(f'[{name}](#{name.lower()})' for name in names)}")
    for head, names in (("functions", functions), ("classes", classes)):
        lines += ["", f"## {heads[head]}"]
        for name in names:
            lines += ["", f'<a id="{name.lower()}"></a>', "", f"### olhar.{name}", "", *_described(name, found[name], heads)]
    lines += ["", f"## {heads['errors']}", "", heads["errors_lead"], ""]
    lines += [f'- <a id="{name.lower()}"></a>`{_line_of(found[name])}`: {_first(found[name])}' for name in errors]
    return "\n".join(lines) + "\n"


def _described(name: str, one: Any, heads: Mapping[str, str]) -> Iterator[str]:
    if isinstance(one, type):
        yield from _class(one, heads)
    elif inspect.isfunction(inspect.unwrap(one)):
        yield from ("```python", _signature(_tree(one), f"olhar.{name}"), "```", "")
        yield from _doc(one, heads)
    else:
        yield from _doc(one, heads)


def _class(kind: type, heads: Mapping[str, str]) -> Iterator[str]:
    """A class: what it says of itself, its attributes, its properties, its methods."""
    yield from _doc(kind, heads)
    body = [node for base in reversed(kind.__mro__) if base.__module__.startswith("olhar") for node in _tree(base).body]
    if "\nAttributes:" not in (inspect.getdoc(kind) or ""):
        yield from _fields([node for node in body if isinstance(node, ast.AnnAssign)], heads)
    named = {node.name: node for node in body if isinstance(node, Function) and node.name[0] != "_"}
    properties = [node for node in named.values() if any("property" in ast.unparse(each) for each in node.decorator_list)]
    if properties:
        yield from ("", f"**{heads['properties']}**", "")
        yield from (f"- `{node.name}`{_type(node.returns)}: {_sentence(node)}" for node in properties)
    methods = [node for node in named.values() if node not in properties]
    if methods:
        yield from ("", f"**{heads['methods']}**")
    for node in methods:
        yield from ("", "```python", _signature(node, f"{kind.__name__}.{node.name}"), "```", "")
        yield from _doc_text(ast.get_docstring(node) or "", heads)


def _fields(nodes: list[ast.AnnAssign], heads: Mapping[str, str]) -> Iterator[str]:
    shown = [node for node in nodes if not ast.unparse(node.target).startswith("_")]
    if shown:
        yield from ("", f"**{heads['Attributes']}**", "")
        yield from (f"- `{ast.unparse(node.target)}`{_type(node.annotation)}" for node in shown)


def _type(annotation: ast.expr | None) -> str:
    return f" (`{ast.unparse(annotation).strip(chr(39))}`)" if annotation else ""


def _tree(one: Any) -> Any:
    """The text of a function or class, read."""
    return ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(one)))).body[0]


def _signature(node: Function, name: str) -> str:
    """A call as it is written, a line an argument where it is long."""
    arguments = _arguments(re.sub(r"^(self|cls)\b(, )?(/, )?", "", ast.unparse(node.args)))
    result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    whole = f"{name}({', '.join(arguments)}){result}".replace("'", '"')
    if len(whole) <= 100:
        return whole
    lines = "".join(f"    {each},\n" for each in arguments)
    return f"{name}(\n{lines}){result}".replace("'", '"')


def _arguments(plain: str) -> list[str]:
    """The arguments one by one: commas within brackets part nothing."""
    parts, depth, start = [], 0, 0
    for place, character in enumerate(plain):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and not depth:
            parts.append(plain[start:place].strip())
            start = place + 1
    found = [*parts, plain[start:].strip()] if plain else []
    return [each.replace("=", " = ", 1) if ":" in each else each for each in found]


def _doc(one: Any, heads: Mapping[str, str]) -> Iterator[str]:
    yield from _doc_text(inspect.getdoc(one) or "", heads)


def _doc_text(text: str, heads: Mapping[str, str]) -> Iterator[str]:
    """A docstring as Markdown: its sections under their headings, an entry a point."""
    parts = re.split(rf"^({'|'.join(SECTIONS)}):\n", text.replace("``", "`"), flags=re.MULTILINE)
    yield parts[0].strip()
    for head, body in zip(parts[1::2], parts[2::2], strict=True):
        yield from ("", f"**{heads[head]}**", "")
        plain = textwrap.dedent(body).strip()
        entries = re.split(r"\n(?=\S)", plain) if head in ("Args", "Raises", "Attributes") else [plain]
        for entry in entries:
            word, colon, rest = entry.partition(":")
            whole = " ".join(entry.split())
            named = colon and head in ("Args", "Raises", "Attributes") and re.fullmatch(r"[\w, *]+", word)
            yield f"- `{word}`: {' '.join(rest.split())}" if named else f"- {whole}" if len(entries) > 1 else whole


def _sentence(node: Function) -> str:
    return " ".join((ast.get_docstring(node) or "").split("\n\n")[0].replace("``", "`").split())


def _first(one: Any) -> str:
    return " ".join((inspect.getdoc(one) or "").split("\n\n")[0].split())


def _line_of(kind: type) -> str:
    """An error with those that it is one of."""
    return " < ".join(base.__name__ for base in kind.__mro__ if issubclass(base, OlharError))
