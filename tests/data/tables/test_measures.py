"""Tables of measures (an age, a weight): they hold no class, and what only says who is shown is not taken for one."""

import pytest

import olhar
from tests.data.tables.made import counts, pictures, read, refused, table

IDS = [f"{1000 + i}" for i in range(40)]
AGES = [str(60 + 3 * i) for i in range(40)]
SEXES = ["True" if i % 3 else "False" for i in range(40)]


def hands(root, folder="hands", ids=IDS):
    return pictures(root, [f"{folder}/{name}.png" for name in ids])


@pytest.mark.parametrize("sex", ["male", "Sex", "gender", "sexo"])
@pytest.mark.parametrize("measure", ["boneage", "age", "peso", "thickness"])
def test_who_is_shown_beside_a_measure_is_asked_for(tmp_path, sex, measure):
    table(hands(tmp_path), "labels.csv", [("id", measure, sex), *zip(IDS, AGES, SEXES, strict=True)])
    error = refused(tmp_path, "labels.csv", measure, f"--label-column {sex}")
    assert [reading.options for reading in error.readings] == [{"label_column": sex}]
    assert counts(read(tmp_path, label_column=sex)) == {"": {"False": 14, "True": 26}}


@pytest.mark.parametrize("other", ["width", "case_no", "year"])
def test_who_is_shown_is_the_class_where_nothing_is_measured(tmp_path, other):
    table(hands(tmp_path), "labels.csv", [("id", other, "sex"), *zip(IDS, AGES, SEXES, strict=True)])
    assert counts(read(tmp_path)) == {"": {"False": 14, "True": 26}}


@pytest.mark.parametrize("name", ["labels.csv", "training-dataset.csv"])
def test_a_measure_alone_gives_no_class_and_its_folder_neither(tmp_path, name):
    table(hands(tmp_path), name, [("id", "boneage"), *zip(IDS, AGES, strict=True)])
    refused(tmp_path, name, "boneage", "--label-column")
    dataset = olhar.read(tmp_path)
    assert not dataset.classes
    assert not {*dataset.brought} - {""}


def test_a_class_that_is_called_so_is_taken_beside_a_measure(tmp_path):
    rows = zip(IDS, AGES, SEXES, ["nv" if i % 2 else "mel" for i in range(40)], strict=True)
    table(hands(tmp_path), "labels.csv", [("id", "age", "sex", "dx"), *rows])
    assert counts(read(tmp_path)) == {"": {"mel": 20, "nv": 20}}


def parts(root, train, test):
    names = [f"t{i:03}" for i in range(8)]
    hands(hands(root, "train"), "test", names)
    table(root, "train.csv", [("id", train[0]), *((name, train[1][i % 2]) for i, name in enumerate(IDS))])
    table(root, "test.csv", [("Case ID", test[0]), *((name, test[1][i % 2]) for i, name in enumerate(names))])
    return root


def test_columns_that_share_neither_name_nor_class_are_not_one_set(tmp_path):
    error = refused(parts(tmp_path, ("male", ("True", "False")), ("Sex", ("M", "F"))), "train.csv: male", "test.csv: Sex")
    assert [reading.options["label_column"] for reading in error.readings] == ["male", "Sex"]


def test_columns_of_two_names_with_the_same_classes_are(tmp_path):
    both = parts(tmp_path, ("kind", ("oak", "elm")), ("tree", ("oak", "elm")))
    assert counts(read(both)) == {"train": {"oak": 20, "elm": 20}, "test": {"oak": 4, "elm": 4}}


def test_a_header_with_a_blank_over_one_column_is_one_column(tmp_path):
    pictures(tmp_path, [f"{kind}/{kind}{i}.png" for kind in ("oak", "elm") for i in range(6)])
    table(tmp_path, "test.csv", [("Case ID",), *((f"{kind}{i}.png",) for kind in ("oak", "elm") for i in range(2))])
    assert counts(read(tmp_path)) == {"train": {"oak": 4, "elm": 4}, "test": {"oak": 2, "elm": 2}}
