"""The front door: what is public, what an editor knows of it, and that nobody is handed a thing whose type they cannot name."""

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import Any, get_args, get_type_hints

import onnx
import polars
import pytest
from fastapi import FastAPI
from torch import nn

import olhar
from olhar.graph.to_torch import KerasModule
from olhar.training.recipe import Recipe
from olhar.training.recipe_fields import PictureFields, RecipeFields, TrialFields

IMPORTED_LATE = {"FastAPI": FastAPI, "nn": nn, "onnx": onnx, "polars": polars, "KerasModule": KerasModule}
WRAPPED = {property: "fget", cached_property: "func", classmethod: "__func__", staticmethod: "__func__"}
INWARD = {
    *("Audit.evidence", "Candidate.signature", "Dataset.source", "Dataset.thumbnail", "KerasModel.graph", "KerasModel.module"),
    *("KerasModel.of", "Recipe.shape", "Several.trained"),
}
"""Doors from public classes into the house, which only the house goes through."""


def test_what_editors_import_is_what_python_finds():
    block = next(node for node in ast.parse(Path(olhar.__file__).read_text(encoding="utf-8")).body if isinstance(node, ast.If))
    imported = {alias.asname: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert imported == olhar._WHERE


@pytest.mark.parametrize("name", olhar.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name: str):
    assert getattr(olhar, name).__doc__
    assert name in dir(olhar)


def members(name: str) -> Iterator[tuple[str, Any]]:
    """A public function itself, or the methods, properties and attributes of a public class, by their names."""
    thing = getattr(olhar, name)
    if not inspect.isclass(thing):
        yield name, thing
        return
    for own, member in inspect.getmembers_static(thing):
        function = next((getattr(member, inner) for form, inner in WRAPPED.items() if isinstance(member, form)), member)
        if inspect.isfunction(function) and (not own.startswith("_") or own in ("__call__", "__getitem__", "__iter__")):
            yield f"{name}.{own}", function
    yield name, thing


def classes(hint: Any) -> Iterator[type]:
    """Every class that a type speaks of."""
    parts = hint if isinstance(hint, (list, tuple)) else get_args(hint)
    if isinstance(hint, type) and not parts:
        yield hint
    for part in parts:
        yield from classes(part)


def spoken_of(name: str) -> Iterator[tuple[str, type]]:
    """Every class of ours that somebody meets who uses a public name, and where."""
    for place, member in members(name):
        for what, hint in get_type_hints(member, localns=IMPORTED_LATE).items():
            where = f"{place}.{what}" if inspect.isclass(member) else place
            if not what.startswith("_") and where not in INWARD:
                yield from ((where, each) for each in classes(hint) if each.__module__.startswith("olhar."))


def test_every_type_that_is_handed_over_is_public():
    public = {getattr(olhar, name) for name in olhar.__all__}
    met = [(where, each) for name in olhar.__all__ for where, each in spoken_of(name)]
    assert len(met) > 100
    assert [f"{where}: {each.__qualname__}" for where, each in met if each not in public] == []


def test_the_keywords_of_train_are_the_recipe_s_fields():
    told, plain = get_type_hints(RecipeFields, localns=IMPORTED_LATE), get_type_hints(Recipe)
    assert {name: kind for name, kind in told.items() if name != "model"} == {
        one.name: plain[one.name] for one in fields(Recipe) if one.name != "model"
    }
    assert {str, nn.Module} <= set(get_args(told["model"]))
    assert told.keys() - TrialFields.__annotations__.keys() == {"minutes"}
    assert PictureFields.__annotations__.keys() == {"size", "colour", "fit", "whole", "split", "bad_pictures", "seed"}


RIGHT = """
from typing import assert_type
import olhar
assert_type(olhar.train("x", epochs=3, minutes=1, into="y"), olhar.Run)
assert_type(olhar.train("x", model="cnn", seeds=3, recipe="fast"), olhar.Several)
assert_type(olhar.tune("x", minutes=3, epochs=2, learning_rate=0.1), olhar.Search)
assert_type(olhar.pack("x", "y.npz", size=32), olhar.PackedFile)
assert_type(olhar.predict("run", "x")[0], olhar.Prediction)
"""
WRONG = """
import olhar
olhar.train("x", epoch=3)
olhar.train("x", epochs="3")
olhar.train("x", seeds=3, epoch=3)
olhar.tune("x", epoch=3)
olhar.pack("x", "y.npz", epochs=3)
"""


def test_an_editor_knows_a_wrong_keyword(tmp_path):
    for name, code in (("right", RIGHT), ("wrong", WRONG)):
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
    asked = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, str(tmp_path)]
    root = Path(olhar.__file__).parents[1]
    told = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=root).stdout
    lines = [line for line in told.splitlines() if " - error: " in line]
    assert [line.split("wrong.py:")[-1].split(":")[0] for line in lines] == ["3", "4", "5", "6", "7"], told
