"""CVAT's XML for pictures: a tag is the class, marks are none, and nothing in it is expanded."""

import pytest

import olhar
from olhar.data.tables.cvat import cvat_rows
from tests.data.tables.made import classes, counts, pictures, read, refused

NAMES = [f"IMG_{i:04}_{i * 7}.jpg" for i in range(9)]
BOX = '<box label="fruit" xtl="1" ytl="1" xbr="2" ybr="2"><attribute name="tag">x</attribute></box>'


def export(root, images):
    pictures(root, [f"images/{name}" for name in NAMES])
    within = "".join(f'<image name="{name}" {said}>{inner}</image>' for name, (said, inner) in zip(NAMES, images, strict=False))
    (root / "annotations.xml").write_text(f"<annotations><meta><task><name>tag</name></task></meta>{within}</annotations>")
    return root


def tag(i):
    return f'<tag label="{("ripe", "rotten")[i % 2]}" source="manual"><attribute name="n">1</attribute></tag>'


def test_a_picture_without_a_tag_has_no_class_and_boxes_beside_tags_are_none(tmp_path):
    export(tmp_path, [("", (tag(i) if i else "") + BOX * (i % 2)) for i in range(9)])
    assert read(tmp_path).counts() == {"ripe": 4, "rotten": 4}


def test_the_same_tag_twice_is_one_and_different_ones_are_refused(tmp_path):
    export(tmp_path, [("", tag(i) * 2) for i in range(9)])
    assert len(read(tmp_path)) == 9
    export(tmp_path, [("", tag(i) + tag(i == 4)) for i in range(5)])
    refused(tmp_path, "annotations.xml", NAMES[1], "ripe, rotten")


def test_subsets_that_are_parts_are_parts(tmp_path):
    export(tmp_path, [(f'subset="{"Train" if i < 6 else "Test"}"', tag(i)) for i in range(9)])
    assert {part: sum(found.values()) for part, found in counts(read(tmp_path)).items()} == {"train": 6, "test": 3}
    export(tmp_path, [(f'subset="{"Train" if i < 6 else "default"}"', tag(i)) for i in range(9)])
    assert {*counts(read(tmp_path))} <= {"", "train"}


@pytest.mark.parametrize("tags", [0, 3])
def test_boxes_on_more_pictures_than_have_tags_are_what_is_meant(tmp_path, tags):
    export(tmp_path, [("", tag(i) * (i < tags) + BOX) for i in range(9)])
    assert olhar.read(tmp_path).classes == ()


def test_a_declared_type_of_document_is_not_read(tmp_path):
    entities = '<!ENTITY a "ripe">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    text = f'<!DOCTYPE annotations [{entities}]><annotations><image name="a.jpg"><tag label="&i;"/></image></annotations>'
    assert cvat_rows(text.encode(), "a.xml") is None
    pictures(tmp_path, NAMES)
    (tmp_path / "annotations.xml").write_text(text)
    assert olhar.read(tmp_path).classes == ()


@pytest.mark.parametrize(
    "text", ["<annotations>", '<?xml version="1.0" encoding="nonsense"?><annotations></annotations>', "<annotations>\0"]
)
def test_damaged_xml_is_left_alone(tmp_path, text):
    pictures(tmp_path, NAMES)
    (tmp_path / "annotations.xml").write_text(text)
    assert olhar.read(tmp_path).classes == ()


def test_pictures_in_folders_keep_them(tmp_path):
    paths = [f"images/day{i // 2}/{i % 2}.jpg" for i in range(4)]
    pictures(tmp_path, paths)
    within = "".join(f'<image name="day{i // 2}/{i % 2}.jpg">{tag(i)}</image>' for i in range(4))
    (tmp_path / "annotations.xml").write_text(f"<annotations>{within}</annotations>")
    assert classes(read(tmp_path)) == dict(zip(paths, ["ripe", "rotten"] * 2, strict=True))
