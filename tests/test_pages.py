"""The pages made from the code are as the code is; no page speaks of a name, a flag, a code or a file that is not there."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import olhar
from docs.pages.made import ROOT, made
from olhar.base import texts
from olhar.base.spellings import spelled
from olhar.cli.registry import ALIASES, COMMANDS, build_command
from olhar.data.sets.catalogue import SETS
from olhar.models.network_shape import NETWORKS
from olhar.training.recipe import AUTO
from olhar.training.recipe_files import shipped_names as recipes

PAGES = [*sorted(ROOT.glob("README*.md")), ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
EACH = pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
CODE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
THE_SHELL_S_OWN = {"130", "999"}
"""Codes of no sentence of their own: Ctrl-C, and a fault of ours."""


def test_the_pages_that_are_made_from_the_code_are_as_it_is():
    stale = [path.relative_to(ROOT).as_posix() for path, text in made().items() if path.read_text(encoding="utf-8") != text]
    assert not stale, "write them again: python -m docs.pages"


def test_the_page_of_python_has_every_public_name_and_its_arguments():
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert not [name for name in olhar.__all__ if f'<a id="{name.lower()}"></a>' not in page]
    assert "- `model`: a Keras file of any age" in page


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_page_of_errors_has_every_code_and_fills_in_every_place(language):
    page = (ROOT / "docs" / ("errors.md" if language == "en" else f"errors.{language}.md")).read_text(encoding="utf-8")
    rows = re.findall(r"^\| <a id=\"olh\d+\"></a>(OLH\d+) \| (.+) \|$", page, re.MULTILINE)
    assert sorted(code for code, _ in rows) == sorted(texts._read("codes.toml").values())
    assert not [row for row in rows if re.search(r"\{\w+(:[^}]+)?\}", row[1])]


@EACH
def test_every_name_of_olhar_is_there(page):
    for name in re.findall(r"(?<![\w.-])olhar\.([A-Za-z_][\w.]*\w)", _text(page)):
        assert _found(name) is not None, f"olhar.{name}"


def _found(name: str) -> Any:
    """What a name stands for: an attribute, or a module of the house with what is in it."""
    parts, found = name.split("."), olhar
    for depth, part in enumerate(parts, 1):
        if not hasattr(found, part):
            try:
                found = import_module("olhar." + ".".join(parts[:depth]))
            except ModuleNotFoundError:
                return None
        else:
            found = getattr(found, part)
    return found


@EACH
def test_every_command_and_flag_is_there(page):
    for line in _code(page):
        for command, rest in re.findall(r"(?<![\w/.-])(?<!from )olhar ([a-z]+)\b([^\n|;&#]*)", line):
            assert command in _flags(), line
            assert _settled(rest) <= _flags()[command], line
        if line.startswith("--"):
            assert _settled(line) <= {flag for flags in _flags().values() for flag in flags} | _of_benchmarks(), line


@EACH
def test_every_network_recipe_and_set_is_there(page):
    for line in _code(page):
        assert set(re.findall(r"--model ([a-z]+)(?![\w./:{])", line)) <= {*NETWORKS, AUTO}, line
        assert set(re.findall(r"--recipe ([a-z-]+)(?![\w./{])", line)) <= set(recipes()), line
        assert set(re.findall(r"olhar train (cifar[\w-]*|fer[\w-]*|cats[\w-]*)", line)) <= set(SETS), line


@EACH
def test_every_file_of_the_house_is_there(page):
    named = re.findall(r"(?<![\w./])((?:olhar|tests|benchmarks|examples|notebooks)/[\w./-]*\w)", _text(page))
    missing = [name for name in named if not (ROOT / name).exists() and not re.search(r"NAME|ROOM", name)]
    assert not missing


@EACH
def test_every_code_of_an_error_is_there(page):
    known = {code.removeprefix("OLH") for code in texts._read("codes.toml").values()} | THE_SHELL_S_OWN
    assert set(re.findall(r"OLH(\d{3})", _text(page))) <= known


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _code(page: Path) -> Iterator[str]:
    """The lines of code blocks, with those that go on joined, and the code within sentences."""
    for block, inline in CODE.findall(_text(page)):
        yield from (block or inline).replace("\\\n", " ").splitlines()


@cache
def _flags() -> dict[str, set[str]]:
    """Command -> its flags, and those of every command."""
    always = {"--help", "--version"}
    commands = {name: build_command(ALIASES.get(name, name)) for name in (*COMMANDS, *ALIASES)}
    return {
        name: always | {flag for one in command.params for flag in (*one.opts, *one.secondary_opts)}
        for name, command in commands.items()
    }


@cache
def _of_benchmarks() -> set[str]:
    return {flag for path in (ROOT / "benchmarks").glob("*.py") for flag in _typed(path.read_text(encoding="utf-8"))}


def _settled(rest: str) -> set[str]:
    """The flags of a line, those in another spelling by the name that they have here."""
    known = {flag for flags in _flags().values() for flag in flags} | _of_benchmarks()
    return {flag if flag in known else f"--{spelled(flag.removeprefix('--'))}" for flag in _typed(rest)}


def _typed(rest: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", rest))
