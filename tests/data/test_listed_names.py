"""Names to show from lists that others made."""

import json

import pytest

import olhar
from olhar.base.errors import DataError
from tests.conftest import assert_says
from tests.data.tables.made import pictures


@pytest.fixture
def flowers(tmp_path):
    """Three classes that are numbers."""
    return pictures(tmp_path / "flowers", [f"{number}/{i}.jpg" for number in ("1", "2", "10") for i in range(2)])


def shown(data, tmp_path, text):
    (tmp_path / "names").write_text(text, encoding="utf-8")
    return dict(zip((found := olhar.read(data, names=tmp_path / "names")).classes, found.shown, strict=True))


def test_a_json_names_numbers_either_way_round_and_more_of_them_than_there_are(flowers, tmp_path):
    names = {"1": "pink primrose", "2": "orchid", "10": "globe thistle"}
    assert shown(flowers, tmp_path, json.dumps(names)) == names
    assert shown(flowers, tmp_path, json.dumps({name: int(number) for number, name in names.items()})) == names
    assert shown(flowers, tmp_path, json.dumps(names | {"3": "aster"})) == names


def test_a_class_without_a_name_is_told(flowers, tmp_path):
    with pytest.raises(DataError) as error:
        shown(flowers, tmp_path, json.dumps({"1": "pink primrose", "2": "orchid", "3": "aster"}))
    assert_says(error, "names", "no name for the class 10")
    with pytest.raises(DataError) as error:
        shown(flowers, tmp_path, "1: pink primrose\n1: orchid\n10: globe thistle")
    assert_says(error, "names, line 2", "1 orchid")
    with pytest.raises(DataError) as error:
        shown(flowers, tmp_path, '{"a": [')
    assert_says(error, "names, line 1")


def test_numbers_with_noughts_in_front_are_the_same_numbers(tmp_path):
    data = pictures(tmp_path / "signs", [f"{number:02}/{i}.png" for number in range(3) for i in range(2)])
    assert shown(data, tmp_path, "stop\nyield\nturn") == {"00": "stop", "01": "yield", "02": "turn"}
    assert shown(data, tmp_path, '["stop", "yield", "turn"]')["02"] == "turn"


def test_a_list_from_one_does_not_name_classes_from_nought(tmp_path):
    data = pictures(tmp_path / "signs", [f"{number}/{i}.png" for number in range(2) for i in range(2)])
    with pytest.raises(DataError) as error:
        shown(data, tmp_path, "item {\n id: 1\n name: 'stop'\n}\nitem {\n id: 2\n name: 'yield'\n}")
    assert_says(error, "no name for the class 0")


def test_synsets_and_pairs_name_keys(tmp_path):
    data = pictures(tmp_path / "net", [f"{key}/{i}.png" for key in ("n01440764", "n01443537") for i in range(2)])
    wanted = {"n01440764": "tench, Tinca tinca", "n01443537": "goldfish"}
    text = "n01440764 tench, Tinca tinca\nn01443537 goldfish\nn09999999 nothing here"
    assert shown(data, tmp_path, text) == wanted
    assert shown(data, tmp_path, "id,name\nn01440764,tench\nn01443537,goldfish") == wanted | {"n01440764": "tench"}


def test_a_list_of_the_classes_themselves_changes_nothing(pictures, tmp_path):
    assert shown(pictures, tmp_path, '{"blue": 0, "green": 1, "red": 2}') == {name: name for name in ("blue", "green", "red")}
