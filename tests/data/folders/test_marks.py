"""Pictures that each have a note of their own: where it marks points, or the same things in all folders, one is asked."""

import json

import pytest

import olhar
from olhar.base.errors import DataError
from tests.conftest import assert_says
from tests.data.folders.grown import counts, each, grow


def voc(*things: str) -> str:
    return f"<annotation>{''.join(f'<object><name>{thing}</name><bndbox/></object>' for thing in things)}</annotation>"


def labelme(*things: str) -> str:
    return json.dumps({"shapes": [{"label": thing, "points": [[1, 2], [3, 4]]} for thing in things], "imagePath": "x"})


def yolo(*things: str) -> str:
    return "".join(f"{sum(map(ord, thing))} 0.5 0.5 0.1 0.1\n" for thing in things)


FORMS = {".xml": voc, ".json": labelme, ".txt": yolo}


def marked(root, folders, things, ending=".xml", place="{}/{}"):
    """Six pictures a folder, each with a note; every second names the first thing alone."""
    for folder in folders:
        grow(root, f"{folder} 6 {folder.rpartition('/')[2]}_{{}}.png")
        for i in range(6):
            named = things(folder) if i % 2 else things(folder)[:1]
            note = root / place.format(folder, f"{folder.rpartition('/')[2]}_{i}{ending}")
            note.parent.mkdir(parents=True, exist_ok=True)
            note.write_text(FORMS[ending](*named))
    return root


@pytest.mark.parametrize("ending", [*FORMS])
@pytest.mark.parametrize("place", ["{}/{}", "labels/{}/{}", "Annotations/{1}"])
def test_boxes_of_the_same_things_in_all_folders_say_that_these_are_no_classes(tmp_path, ending, place):
    marked(tmp_path, ("day", "night"), lambda _: ("car", "person"), ending, place)
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert error.value.code == "OLH941"
    assert_says(error, "day, night", "--layout class", *(["car, person"] if ending != ".txt" else []))
    assert counts(olhar.read(tmp_path, **error.value.readings[0].options)) == each("day night", 6)


def test_in_parts_too(tmp_path):
    marked(tmp_path, [f"{part}/{sky}" for part in ("train", "val") for sky in ("day", "night")], lambda _: ("car", "person"))
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert error.value.code == "OLH941"
    assert counts(olhar.read(tmp_path, **error.value.readings[0].options)) == each("day night", 6, "train validation")


@pytest.mark.parametrize("ending", [*FORMS])
@pytest.mark.parametrize("things", [lambda name: (name, "head"), lambda _: ("head",), lambda name: (name,)])
def test_boxes_of_what_the_folder_says_or_of_one_thing_alone_leave_classes(tmp_path, ending, things):
    assert counts(olhar.read(marked(tmp_path, ("cat", "dog"), things, ending))) == each("cat dog", 6)


def test_judgements_are_classes_whatever_is_marked(tmp_path):
    assert counts(olhar.read(marked(tmp_path, ("healthy", "sick"), lambda _: ("eye", "gill")))) == each("healthy sick", 6)


def test_boxes_on_some_of_the_pictures_leave_classes(tmp_path):
    marked(tmp_path, ("day", "night"), lambda _: ("car", "person"))
    assert counts(olhar.read(grow(tmp_path, "day 6 more_{}.png", "night 6 more_{}.png"))) == each("day night", 12)


def test_points_of_each_picture_say_that_folders_are_no_classes(tmp_path):
    grow(tmp_path, *(f"{place} 6 {place[3:]}_{{}}{end}" for place in ("01_Indoor", "02_Outdoor") for end in (".png", ".pts")))
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert error.value.code == "OLH941"
    assert_says(error, "points", "01_Indoor, 02_Outdoor")


@pytest.mark.parametrize("names", ["seq01 seq02 seq03", "group_a group_b group_c", "camA camB camC", "2019 2020 2021"])
@pytest.mark.parametrize("place", ["{}/{}", "annotations/{}/{}", "annotations/{1}"])
def test_counted_folders_of_pictures_with_a_note_each_are_no_classes(tmp_path, names, place):
    marked(tmp_path, [f"images/{name}" for name in names.split()], lambda _: (), ".json", place.replace("{}/{}", "{0}/{1}"))
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert error.value.code in ("OLH968", "OLH964", "OLH918")


@pytest.mark.parametrize("masks", [True, False])
def test_series_by_letters_whose_pictures_have_masks_are_no_classes(tmp_path, masks):
    lines = [f"group_{letter} 5 {letter}{{}}.png" for letter in "abc"]
    masked = [f"group_{letter} 5 {letter}{{}}_mask.png mask" for letter in "abc"] if masks else []
    grow(tmp_path, *lines, *masked)
    if not masks:
        assert counts(olhar.read(tmp_path)) == each("group_a group_b group_c", 5)
        return
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert error.value.code == "OLH968"


def test_views_with_notes_are_classes(tmp_path):
    marked(tmp_path, ("left", "right", "top"), lambda _: (), ".json")
    assert counts(olhar.read(tmp_path)) == each("left right top", 6)


def test_numbers_alone_with_notes_elsewhere_are_classes(tmp_path):
    marked(tmp_path, [f"image/{name}" for name in ("78", "81", "95")], lambda _: (), ".txt", "label/{1}")
    assert counts(olhar.read(tmp_path)) == each("78 81 95", 6)
