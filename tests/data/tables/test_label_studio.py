"""Exports of labelling tools with anything in the place of anything: read, or refused in Olhar's own words."""

import copy
import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import olhar
from olhar.base.errors import OlharError
from tests.data.tables.made import pictures, read

NAMES = [f"{i:06x}a.jpg" for i in range(6)]
TASKS = [
    {"annotations": [{"result": [{"type": "choices", "value": {"choices": [kind]}}]}], "data": {"image": f"/data/{name}"}}
    for name, kind in zip(NAMES, ["dent", "dirt"] * 3, strict=True)
]
COCO = {
    "images": [{"id": i, "file_name": name} for i, name in enumerate(NAMES)],
    "annotations": [{"id": i, "image_id": i, "category_id": i % 2} for i in range(6)],
    "categories": [{"id": 0, "name": "cat"}, {"id": 1, "name": "fox"}],
}
WILD = st.sampled_from([None, [], {}, [[]], [{}], {"a": []}, 7, 1.5, "", "x", True, [None]])


def places(value):
    """Every place within a JSON value: the container, and the key or index in it."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


@pytest.mark.parametrize("export", [TASKS, COCO], ids=["Label Studio", "COCO"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), wild=st.lists(WILD, min_size=1, max_size=3))
def test_anything_in_an_export_is_read_or_refused(tmp_path, export, seed, wild):
    pictures(tmp_path, NAMES)
    damaged = copy.deepcopy(export)
    for value in wild:
        container, key = random.Random(seed).choice(list(places(damaged)) or [([None], 0)])
        container[key] = value
    (tmp_path / "export.json").write_text(json.dumps(damaged))
    try:
        found = olhar.read(tmp_path)
    except OlharError:
        return
    assert len(found) <= len(NAMES)


def test_what_was_taken_back_in_label_studio_is_no_answer(tmp_path):
    tasks = copy.deepcopy(TASKS)
    tasks[0]["annotations"].append({"was_cancelled": True, "result": [{"type": "choices", "value": {"choices": ["dirt"]}}]})
    pictures(tmp_path, NAMES)
    (tmp_path / "tasks.json").write_text(json.dumps(tasks))
    assert read(tmp_path).counts() == {"dent": 3, "dirt": 3}
