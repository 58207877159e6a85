"""Tables of several kinds of class for the same pictures, each with its parts: each family is offered, and reads by itself."""

import pytest

import olhar
from tests.data.tables.made import counts, pictures, read, refused, table

VARIANTS = ("707-320", "737-300", "737-400", "A310")
FAMILY = {"707-320": "Boeing 707", "737-300": "Boeing 737", "737-400": "Boeing 737", "A310": "A310"}
KINDS = {"variant": lambda name: name, "family": FAMILY.get, "maker": lambda name: "Airbus" if name[0] == "A" else "Boeing"}
WANTED = {
    "variant": dict.fromkeys(VARIANTS, 3),
    "family": {"A310": 3, "Boeing 707": 3, "Boeing 737": 6},
    "maker": {"Airbus": 3, "Boeing": 9},
}


@pytest.fixture
def planes(tmp_path):
    numbers = [f"{i:07}" for i in range(1000, 1036)]
    pictures(tmp_path, [f"data/images/{number}.jpg" for number in numbers])
    of = {number: VARIANTS[i % 4] for i, number in enumerate(numbers)}
    parts = {"train": numbers[:12], "val": numbers[12:24], "trainval": numbers[:24], "test": numbers[24:]}
    for kind, name in KINDS.items():
        for part, own in parts.items():
            table(tmp_path, f"data/images_{kind}_{part}.txt", [(number, name(of[number])) for number in own], " ")
    return tmp_path


def test_each_family_is_offered_with_its_parts(planes):
    error = refused(planes, "variant", "family", "maker", "--exclude")
    assert [str(reading.what).partition(" ")[0] for reading in error.readings] == ["variant", "family", "maker"]
    for reading, kind in zip(error.readings, ("variant", "family", "maker"), strict=True):
        assert "train, validation, test" in str(reading.what)
        found = olhar.read(planes, **reading.options)
        assert counts(found) == dict.fromkeys(("train", "validation", "test"), WANTED[kind])


def test_what_was_left_out_before_stays_so_in_what_is_offered(planes):
    (planes / "notes.md").write_text("planes")
    error = refused(planes, "variant", exclude="notes.md")
    assert error.readings[0].options["exclude"].startswith("notes.md,")


def test_tables_that_differ_otherwise_are_offered_one_by_one(tmp_path):
    pictures(tmp_path, [f"{i}.jpg" for i in range(12)])
    table(tmp_path, "ana.csv", [("file", "label"), *((f"{i}.jpg", "ab"[i % 2]) for i in range(12))])
    table(tmp_path, "rui.csv", [("file", "label"), *((f"{i}.jpg", "abc"[i % 3]) for i in range(12))])
    error = refused(tmp_path, "ana.csv", "rui.csv")
    assert {reading.below for reading in error.readings} == {"ana.csv", "rui.csv"}
    assert len(read(tmp_path / "rui.csv").classes) == 3


HALVES = {"fru": ("almond", "durian"), "veg": ("kale", "leek")}


def halves(root, number):
    for half, names in HALVES.items():
        for part, n in (("train", 3), ("test", 2)):
            paths = [f"{name}/{part}{i}.jpg" for name in names for i in range(n)]
            pictures(root, [f"{half}_images/{path}" for path in paths])
            rows = [(path, number(half, names.index(path.partition("/")[0]))) for path in paths]
            table(root, f"{half}_lists/{half}_{part}.txt", rows, " ")
    return root


def test_halves_of_a_set_that_number_their_classes_anew_are_asked_about(tmp_path):
    error = refused(halves(tmp_path, lambda _, place: place), "fru, veg", "--exclude")
    assert error.code == "OLH917"
    assert len(read(tmp_path, **error.readings[0].options).classes) == 2


def test_halves_that_count_on_are_one_set(tmp_path):
    found = read(halves(tmp_path, lambda half, place: place + 2 * (half == "veg")))
    assert len(found.classes) == 4
