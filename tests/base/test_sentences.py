"""Every sentence that the code raises or says is there and gets its values; none in the catalogues is dead."""

import ast
import re
from collections.abc import Iterator

from olhar.base import spellings
from olhar.data.sets.catalogue import SETS
from olhar.training.recipe import FIELDS
from tests.base.spoken import ENGLISH, ROOT, TREES, like_a_key, matching, needed, spoken

GIVES = {
    "print_written": {"where"},
    "TransferError": {"where", "name", "reason", "folder"},
    "Refusal": set[str](),
    "pass_over": {"n"},
    "passed_over": {"n"},
}
"""What takes a key and gives its sentence these values itself, whatever else it takes."""
UNNAMED = ("keras_files/", "graph/")
"""The rooms that see bytes and graphs, and do not know the file's name: ``naming`` gives it where they are called."""
DOORS = {"keras_files/model.py", "keras_files/writer.py", "graph/from_torch.py"}
"""Those of their modules that name the file themselves."""
RAISES_NOTHING = {"shapes_text"}
"""What others call of those modules that only puts words together."""


def test_every_sentence_that_is_said_is_there():
    assert not [(one.where, key) for one in spoken() if one.certain for key in one.keys if key not in ENGLISH]


def test_every_key_in_a_table_is_there():
    inside = {
        id(part) for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
    }
    texts = [(name, node) for name, tree in TREES.items() for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    written = {(name, node.value) for name, node in texts if isinstance(node.value, str) and id(node) not in inside}
    assert not [(name, text) for name, text in written if like_a_key(text) and text not in ENGLISH]


def test_every_sentence_gets_all_its_values():
    lacking = []
    for one in spoken():
        if one.more is None and one.by not in GIVES:
            continue
        named = {"where"} if one.where.startswith(UNNAMED) else set[str]()
        given = one.given | (one.more or set()) | GIVES.get(one.by, set()) | named
        lacks = {key: needed(key) - given for key in one.keys if needed(key) - given}
        if lacks and (one.certain or len(lacks) == len(one.keys)):
            lacking.append((one.where, lacks))
    assert not lacking


def test_no_sentence_gets_a_value_that_no_language_uses():
    wanted = [(one, frozenset[str]().union(*map(needed, one.keys))) for one in spoken()]
    assert not [(one.where, one.keys, one.given - used) for one, used in wanted if one.given - used]


def test_whoever_calls_those_who_do_not_know_a_file_s_name_names_it():
    sure = [one for one in spoken() if one.where.startswith(UNNAMED) and one.certain]
    nameless = {one.where.split(":")[0] for one in sure if "where" in needed(one.keys[0]) - one.given}
    assert nameless - DOORS
    assert all("naming" in _names(TREES[door]) for door in DOORS)
    modules = {f"olhar.{name.removesuffix('.py').replace('/', '.')}" for name in nameless - DOORS}
    for name, tree in TREES.items():
        if not name.startswith(UNNAMED):
            imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module in modules]
            called = {alias.name for node in imports for alias in node.names if alias.name.islower()} - RAISES_NOTHING
            assert not called & set(_unguarded(tree)), name


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _keeps(handler: ast.ExceptHandler) -> bool:
    catches = handler.type is not None and "ModelError" in _names(handler.type)
    return catches and not any(isinstance(node, ast.Raise) for node in ast.walk(handler))


def _unguarded(node: ast.AST) -> Iterator[str]:
    """The names that are called outside every ``with naming`` and every ``try`` that keeps a ModelError to itself."""
    if isinstance(node, ast.With) and any("naming" in _names(item) for item in node.items):
        return
    if isinstance(node, ast.Try) and any(_keeps(each) for each in node.handlers):
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield node.func.id
    for child in ast.iter_child_nodes(node):
        yield from _unguarded(child)


def test_no_sentence_is_dead():
    said = {f"cli.recipe.{name}" for name in FIELDS}
    said |= {f"cli.recipes.of.{path.stem}" for path in (ROOT / "training" / "recipes").glob("*.toml")}
    said |= set(spellings._elsewhere().values())
    said |= {f"sets.{name}.class.{key}" for name, one in SETS.items() for key in one.classes}
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                said |= {node.value, f"report.{node.value}"}
            elif isinstance(node, ast.JoinedStr):
                said |= set(matching(node))
    assert not sorted(ENGLISH.keys() - said - _in_templates())


def _in_templates() -> set[str]:
    """The keys in the pages' templates; one that goes on behind its quotes (``"part." ~ name``) means all that open so."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("*/templates/*.html"))
    quoted = re.findall(r"[\"']([\w.]+)[\"'](\s*~)?", text)
    opened = tuple(f"{room}{start}" for start, goes_on in quoted if goes_on for room in ("", "report."))
    whole = {f"{room}{key}" for key, _ in quoted for room in ("", "report.")}
    return whole | {key for key in ENGLISH if key.startswith(opened)}
