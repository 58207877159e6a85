"""Files that tell of one picture each: labelme's flags, Supervisely's tags, texts that name their picture."""

import json
import shutil
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import olhar
from olhar.base.errors import OlharError
from tests.data.tables.made import classes, counts, damaged, pictures, read, refused, told
from tests.data.tables.test_tool_exports import WILD

NAMES = [f"{i:03}7.jpg" for i in range(8)]
KINDS = ["cat", "dog"] * 4


def labelme(*names, name="x.jpg", **further):
    flags = {flag: flag in names for flag in ("__ignore__", "cat", "dog")}
    return {"version": "5.0", "flags": flags, "shapes": [], "imagePath": name, "imageData": None, "imageHeight": 4} | further


def supervisely(*names, name="", **further):
    tags = [{"id": 1, "name": name, "value": None, "labelerLogin": "a"} for name in names]
    return {"description": name, "tags": tags, "size": {"height": 4, "width": 4}, "objects": []} | further


FORMS = {
    "labelme": ("photos/{}", "photos/{stem}.json", labelme),
    "Supervisely": ("train/img/{}", "train/ann/{}.json", supervisely),
    "Supervisely's first": ("train/img/{}", "train/ann/{stem}.json", supervisely),
    "text": ("photos/{}", "photos/{stem}.txt", lambda *names, name: f"{name}, {' '.join(names)}\n"),
}


def export(root, form, said=KINDS):
    """A set of pictures, each with a note of its kinds, or with what stands there in their place; no note where that is None."""
    picture, named, written = FORMS[form]
    pictures(root, map(picture.format, NAMES))
    for name, kinds in zip(NAMES, said, strict=True):
        file = root / named.format(name, stem=name[:-4])
        file.parent.mkdir(exist_ok=True)
        if kinds is not None:
            note = written(kinds, name=name) if isinstance(kinds, str) else kinds
            file.write_text(note if isinstance(note, str) else json.dumps(note), encoding="utf-8")
    return root


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("packed", [False, True])
def test_the_class_of_each_picture_is_read(tmp_path, form, packed):
    root = export(tmp_path / "set", form)
    (root / "README.md").write_text("A set.")
    found = read(shutil.make_archive(str(tmp_path / "packed"), "zip", root) if packed else root)
    assert classes(found) == {FORMS[form][0].format(name): kind for name, kind in zip(NAMES, KINDS, strict=True)}
    assert f"classes from *{'.txt' if form == 'text' else '.json'}" in told(found)


@pytest.mark.parametrize("form", FORMS)
def test_pictures_whose_note_is_damaged_or_missing_have_no_class_and_are_told(tmp_path, form):
    export(tmp_path, form, [*KINDS[:6], [], None])
    found = read(tmp_path)
    assert found.counts() == {"cat": 3, "dog": 3}
    assert "(2 pictures that the tables read do not name)" in told(found)


@pytest.mark.parametrize("form", ["labelme", "Supervisely"])
def test_several_classes_of_a_picture_are_refused(tmp_path, form):
    export(tmp_path, form, [*KINDS[:7], FORMS[form][2]("cat", "dog")])
    refused(tmp_path, FORMS[form][1].format(NAMES[7], stem=NAMES[7][:-4]), "cat, dog")


@pytest.mark.parametrize("form", ["labelme", "Supervisely"])
def test_places_marked_on_more_pictures_than_have_classes_are_what_is_meant(tmp_path, form):
    marks = {"labelme": "shapes", "Supervisely": "objects"}[form]
    mark = {marks: [{"label": "cat", "points": [[1, 1], [2, 2]], "shape_type": "rectangle"}]}
    export(tmp_path, form, [FORMS[form][2](*([kind] if i < 3 else []), **mark) for i, kind in enumerate(KINDS)])
    assert olhar.read(tmp_path).classes == ()
    export(tmp_path, form, [FORMS[form][2](kind, **(mark if i < 3 else {})) for i, kind in enumerate(KINDS)])
    assert len(read(tmp_path)) == 8


def test_what_labelme_ignores_has_no_class_and_the_picture_within_is_not_read(tmp_path):
    export(
        tmp_path, "labelme", [labelme("__ignore__" if i == 1 else kind, imageData="A" * 10**5) for i, kind in enumerate(KINDS)]
    )
    assert read(tmp_path).counts() == {"cat": 4, "dog": 3}


def test_tags_called_so_are_parts_and_values_of_others_are_no_classes(tmp_path):
    def noted(i, kind):
        note = supervisely("test" if i > 5 else "train")
        note["tags"] += [{"name": "im id", "value": i}, {"name": "class", "value": kind}, {"name": "weather", "value": "rain"}]
        return note

    export(tmp_path, "Supervisely", [noted(i, kind) for i, kind in enumerate(KINDS)])
    assert counts(read(tmp_path)) == {"train": {"cat": 3, "dog": 3}, "test": {"cat": 1, "dog": 1}}


def test_the_folders_around_them_are_parts(tmp_path):
    for part in ("train", "val"):
        for i, kind in enumerate(KINDS):
            pictures(tmp_path, [f"{part}/img/{part}{i}.jpg"])
            (tmp_path / part / "ann").mkdir(exist_ok=True)
            (tmp_path / f"{part}/ann/{part}{i}.jpg.json").write_text(json.dumps(supervisely(kind)))
    (tmp_path / "meta.json").write_text(json.dumps({"classes": [], "tags": [{"name": "cat"}, {"name": "dog"}]}))
    assert counts(read(tmp_path)) == {part: {"cat": 4, "dog": 4} for part in ("train", "validation")}


def test_numbers_in_texts_are_classes_whose_names_a_list_gives(tmp_path):
    export(tmp_path, "text", [str(i % 2) for i in range(8)])
    (tmp_path / "classes.txt").write_text("cat\ndog\n")
    assert read(tmp_path).counts() == {"cat": 4, "dog": 4}


def test_notes_that_agree_with_class_folders_are_none_of_the_other_files(tmp_path):
    for name, kind in zip(NAMES, KINDS, strict=True):
        pictures(tmp_path, [f"{kind}/{name}"])
        (tmp_path / f"{kind}/{name[:-4]}.json").write_text(json.dumps(labelme(kind)))
    found = read(tmp_path)
    assert found.counts() == {"cat": 4, "dog": 4}
    assert "*.json agrees with the folders" in told(found)
    assert "other file" not in told(found)


@pytest.mark.parametrize(
    "line", ["0 0.5 0.5 0.2 0.2", "cat", "5", "{name},1,2,3,4,0", "{name} a cat", "other.jpg, 5", "{name}", ""]
)
def test_texts_of_another_form_are_left_alone(tmp_path, line):
    export(tmp_path, "text")
    for name in NAMES:
        (tmp_path / f"photos/{name[:-4]}.txt").write_text(line.format(name=name))
    assert len(olhar.read(tmp_path).classes) < 2


def test_a_table_is_seen_beside_more_notes_than_other_files_are_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr("olhar.data.tables.picture_names.MOST_OTHERS", 3)
    export(tmp_path, "text", [str(i % 2) for i in range(8)])
    (tmp_path / "z").mkdir()
    (tmp_path / "z/classes.txt").write_text("cat\ndog\n")
    assert read(tmp_path).counts() == {"cat": 4, "dog": 4}


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), wild=st.lists(WILD, min_size=1, max_size=9), kept=st.floats(0, 1))
def test_anything_in_notes_is_read_or_refused(tmp_path, form, seed, wild, kept):
    written = FORMS[form][2]
    notes = [written(kind, name=name) for kind, name in zip(KINDS, NAMES, strict=True)]
    said = [note if isinstance(note, str) else json.dumps(note) for note in damaged(notes, wild, seed)]
    for changed in (said, [text[: int(kept * len(text))] for text in said]):
        export(tmp_path, form)
        for name, text in zip(NAMES, changed, strict=True):
            (tmp_path / FORMS[form][1].format(name, stem=name[:-4])).write_text(text, encoding="utf-8")
        with suppress(OlharError):
            assert len(olhar.read(tmp_path)) <= len(NAMES)


def test_a_text_of_one_word_beside_each_picture_is_its_class(tmp_path):
    pictures(tmp_path, [f"fotos/{i}.jpg" for i in range(12)])
    for i in range(12):
        (tmp_path / f"fotos/{i}.txt").write_text(("madura", "passada do ponto")[i % 2] + "\n", encoding="utf-8")
    assert counts(read(tmp_path)) == {"": {"madura": 6, "passada do ponto": 6}}


@pytest.mark.parametrize("text", ["a cat on the sofa {}", "0 0.5 0.5 0.1 0.1", "captcha{}"])
def test_captions_boxes_and_transcripts_are_none(tmp_path, text):
    pictures(tmp_path, [f"fotos/{i}.jpg" for i in range(12)])
    for i in range(12):
        (tmp_path / f"fotos/{i}.txt").write_text(text.format(i))
    assert not {"a", "0"} & {*olhar.read(tmp_path).classes}
    assert len(olhar.read(tmp_path).classes) < 2
