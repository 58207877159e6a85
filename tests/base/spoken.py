"""What the code says, read from its text: which call speaks under which keys, and with which values."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import olhar
from tests.base.test_texts import placeholders, sentences

ROOT = Path(olhar.__file__).parent
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(ROOT.rglob("*.py"))}
ENGLISH, PORTUGUESE = sentences("en"), sentences("pt-BR")
ROOMS = {key.partition(".")[0] for key in ENGLISH}
NOT_KEYS = {"keras.ops", "keras.src.ops", "weights.olhar.json"}
FILES = ("css", "csv", "h5", "html", "js", "json", "onnx", "pkl", "toml")

ASKING = {"has_sentence", "get"}
"""What takes a key and says nothing."""

Scope = ast.FunctionDef | ast.Module


@dataclass(frozen=True)
class Spoken:
    """A call that takes a key.

    Attributes:
        where: module and line.
        by: what is called.
        keys: those that it may be.
        certain: whether it may be each of them; else they are those that fit a pattern.
        given: the values it names.
        more: the values of dicts that it hands over; None where they cannot be told.
    """

    where: str
    by: str
    keys: tuple[str, ...]
    certain: bool
    given: frozenset[str]
    more: frozenset[str] | None


def needed(key: str) -> frozenset[str]:
    """The values that a sentence wants, in any language."""
    plural = {"n"} if isinstance(ENGLISH[key], dict) else set[str]()
    return frozenset(placeholders(ENGLISH[key]) | placeholders(PORTUGUESE[key]) | plural)


@cache
def spoken() -> tuple[Spoken, ...]:
    """All calls that take a key as their first or second argument."""
    return tuple(_spoken())


def _spoken() -> Iterator[Spoken]:
    for module, tree in TREES.items():
        for call, scope in _calls(tree):
            for place, argument in enumerate(call.args[:2]):
                keys = keys_of(argument, scope)
                name = getattr(call.func, "id", getattr(call.func, "attr", ""))
                if keys and name not in ASKING:
                    given = frozenset(each.arg for each in call.keywords if each.arg)
                    dicts = [each.value for each in call.keywords if each.arg is None] + call.args[place + 1 : place + 2]
                    certain = not isinstance(argument, ast.JoinedStr) or _looped(argument, scope) is not None
                    yield Spoken(f"{module}:{call.lineno}", name, tuple(keys), certain, given, _union(dicts, scope))


def _calls(tree: ast.Module) -> Iterator[tuple[ast.Call, Scope]]:
    """Every call, with the function of the module or of the class that it stands in."""
    for top in tree.body:
        for each in top.body if isinstance(top, ast.ClassDef) else [top]:
            scope = each if isinstance(each, ast.FunctionDef) else tree
            yield from ((node, scope) for node in ast.walk(each) if isinstance(node, ast.Call))


def keys_of(node: ast.expr, scope: Scope | None) -> list[str]:
    """The keys that an expression may be, none where it is no key. A name is looked up once, in ``scope``."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) and like_a_key(node.value) else []
    if isinstance(node, ast.IfExp):
        return keys_of(node.body, scope) + keys_of(node.orelse, scope)
    if isinstance(node, ast.JoinedStr) and _of_a_room(node):
        return (_looped(node, scope) if scope else None) or matching(node)
    if isinstance(node, ast.Name) and scope is not None:
        return [key for value in _assigned(node.id, scope) for key in keys_of(value, None)]
    return []


def like_a_key(text: str) -> bool:
    """Whether a text is written as keys are: a room, a point and words."""
    room, _, rest = text.partition(".")
    return room in ROOMS and text not in NOT_KEYS and bool(re.fullmatch(r"[\w-]+(\.[\w-]+)*", rest)) and rest not in FILES


def _of_a_room(pattern: ast.JoinedStr) -> bool:
    first = pattern.values[0]
    return isinstance(first, ast.Constant) and first.value.partition(".")[0] in ROOMS


def matching(pattern: ast.JoinedStr) -> list[str]:
    """The keys that an f-string may be: what it fills in is spelled somewhere in the code, or is a number."""
    expression = "".join(re.escape(each.value) if isinstance(each, ast.Constant) else "(.+)" for each in pattern.values)
    found = {key: re.fullmatch(expression, key) for key in ENGLISH}
    return [key for key, match in found.items() if match and all(map(_may_fill, match.groups()))]


def _may_fill(part: str) -> bool:
    return part in words() or part.isdigit() or part.upper() in words()


@cache
def words() -> frozenset[str]:
    """Every text that stands between quotes in the code; every flag of the commands among them as its sentence is called."""
    found = {node.value for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    quoted = {each for each in found if isinstance(each, str)}
    return frozenset(quoted | {flag.removeprefix("--").replace("-", "_") for flag in quoted if flag.startswith("--")})


def _looped(pattern: ast.JoinedStr, scope: Scope) -> list[str] | None:
    """The keys of an f-string in a loop over words that stand there; None where it is in no such loop."""
    filled = [ast.unparse(each.value) for each in pattern.values if isinstance(each, ast.FormattedValue)]
    for node in _nodes(scope):
        if isinstance(node, (ast.comprehension, ast.For)) and isinstance(node.iter, ast.Tuple):
            texts = [each.value for each in node.iter.elts if isinstance(each, ast.Constant)]
            if filled == [ast.unparse(node.target)] and len(texts) == len(node.iter.elts):
                return ["".join(e.value if isinstance(e, ast.Constant) else text for e in pattern.values) for text in texts]
    return None


@cache
def _nodes(scope: Scope) -> list[ast.AST]:
    """The loops and the assignments of a function."""
    kinds = (ast.comprehension, ast.For, ast.Assign, ast.AnnAssign, ast.AugAssign)
    return [node for node in ast.walk(scope) if isinstance(node, kinds)]


def _assigned(name: str, scope: Scope) -> Iterator[ast.expr]:
    """What a name stands for in a function, wherever it is assigned."""
    for node in _nodes(scope):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name) and target.id == name:
                    yield node.value
                elif isinstance(target, ast.Subscript) and ast.unparse(target.value) == name:
                    yield ast.Dict([target.slice], [node.value])


def _union(dicts: list[ast.expr], scope: Scope | None) -> frozenset[str] | None:
    found = [_names(each, scope) for each in dicts]
    return None if None in found else frozenset[str]().union(*(each for each in found if each))


def _names(node: ast.expr, scope: Scope | None) -> frozenset[str] | None:
    """The names of the values that a dict brings; None where they cannot be told."""
    if isinstance(node, ast.Dict):
        own = {str(key.value) for key in node.keys if isinstance(key, ast.Constant)}
        inner = _union([value for key, value in zip(node.keys, node.values, strict=True) if key is None], scope)
        return None if inner is None else inner | own
    if isinstance(node, ast.DictComp) and isinstance(node.generators[0].iter, ast.Tuple):
        return frozenset(str(each.value) for each in node.generators[0].iter.elts if isinstance(each, ast.Constant))
    if isinstance(node, ast.BinOp):
        return _union([node.left, node.right], scope)
    if isinstance(node, ast.IfExp):
        return _union([node.body, node.orelse], scope)
    if isinstance(node, ast.Name) and scope is not None:
        return _union(values, None) if (values := list(_assigned(node.id, scope))) else None
    return None
