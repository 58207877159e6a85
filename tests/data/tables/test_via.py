"""VIA's export: which attribute of a picture is its class."""

import copy
import json

import pytest

import olhar
from tests.data.tables.made import pictures, read, refused, told
from tests.data.tables.test_tool_exports import via_csv

NAMES = [f"DSC_{i}.JPG" for i in range(24)]
BOX = {"shape_attributes": {"name": "rect", "x": 1, "y": 1, "width": 2, "height": 2}, "region_attributes": {"kind": "leaf"}}


def export(root, written, regions=(), **attributes):
    """A folder with an export in which each attribute has an answer for every picture."""
    pictures(root, NAMES)
    entries = {
        f"{name}9": {
            "filename": name,
            "regions": [copy.deepcopy(BOX)] * (i in regions),
            "file_attributes": {key: answers(i) for key, answers in attributes.items()},
        }
        for i, name in enumerate(NAMES)
    }
    text = via_csv(entries) if written == "csv" else json.dumps(entries)
    (root / f"via.{written}").write_text(text)
    return root


def pine_or_oak(i):
    return ("pine", "oak")[i % 2]


@pytest.fixture(params=["csv", "json"])
def written(request):
    return request.param


def test_the_key_of_few_answers_is_the_class_and_a_picture_without_one_has_none(tmp_path, written):
    export(
        tmp_path,
        written,
        caption=lambda i: ("a tree", "a wood")[i % 3 > 0],
        public_domain=lambda _: "no",
        image_url=lambda _: "",
        place=lambda i: f"at {i}",
        plant=lambda i: pine_or_oak(i) if i > 1 else " " * i,
    )
    found = read(tmp_path)
    assert found.counts() == {"oak": 11, "pine": 11}
    assert f"classes from via.{written}, column plant" in told(found)
    assert read(tmp_path, label_column="Caption").counts() == {"a tree": 8, "a wood": 16}


def test_of_several_keys_one_is_named(tmp_path, written):
    export(tmp_path, written, leaf=pine_or_oak, season=lambda i: ("may", "june", "july")[i % 3])
    refused(tmp_path, "leaf, season", "--label-column")
    assert read(tmp_path, label_column="season").counts() == {"july": 8, "june": 8, "may": 8}


def test_a_key_that_is_called_so_is_meant_and_one_that_most_lack_is_not(tmp_path, written):
    export(
        tmp_path,
        written,
        label=pine_or_oak,
        season=lambda i: ("may", "june", "july")[i % 3],
        pest=lambda i: "ab"[i % 2] * (i < 9),
    )
    assert read(tmp_path).classes == ("oak", "pine")
    assert read(tmp_path, label_column="pest").counts() == {"a": 5, "b": 4}


def test_ticked_boxes_are_classes_and_several_for_one_picture_are_refused(tmp_path, written):
    export(tmp_path, written, leaf=lambda i: {pine_or_oak(i): True, "other": False})
    assert read(tmp_path).classes == ("oak", "pine")
    export(tmp_path, written, leaf=lambda i: {"pine": True, "oak": i == 7})
    refused(tmp_path, "DSC_7.JPG", "oak, pine")


def test_text_alone_is_no_class(tmp_path, written):
    export(tmp_path, written, caption=lambda i: f"tree {i}", remark=lambda i: f"seen {i}")
    assert olhar.read(tmp_path).classes == ()


@pytest.mark.parametrize("n", [0, 5, 24])
def test_regions_beside_the_class_of_a_picture_are_passed_over(tmp_path, written, n):
    export(tmp_path, written, regions=range(n), species=pine_or_oak)
    assert read(tmp_path).counts() == {"oak": 12, "pine": 12}


def test_what_is_said_of_pictures_of_boxes_is_no_class_unless_it_is_called_so(tmp_path, written):
    export(tmp_path, written, regions=range(20), checked=lambda i: ("yes", "no")[i % 2])
    with pytest.raises(olhar.OlharError):
        read(tmp_path)
    assert read(tmp_path, label_column="checked").classes == ("no", "yes")


@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_spreadsheet_may_have_written_the_csv_again(tmp_path, mark):
    pictures(tmp_path, NAMES)
    rows = [
        f'{name}{mark}9{mark}"{{""leaf"":""{pine_or_oak(i)}""}}"{mark}0{mark}0{mark}{{}}{mark}{{}}'
        for i, name in enumerate(NAMES)
    ]
    header = mark.join(["filename", "file_size", "file_attributes", "region_count", "region_id", "a", "b"])
    (tmp_path / "via.csv").write_text("\ufeff" + "\r\n".join([header, *rows]), encoding="utf-8")
    assert read(tmp_path).counts() == {"oak": 12, "pine": 12}
