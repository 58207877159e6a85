"""Parts that lie apart, as one dataset."""

import pytest

import olhar
from olhar.base.errors import DataError
from olhar.cli.app import main
from tests.conftest import assert_says
from tests.data.tables.made import counts, pictures, table


@pytest.fixture
def apart(tmp_path):
    """Three folders of two classes each, the last spelled otherwise."""
    for name, n, kinds in (("a", 4, ("cats", "dogs")), ("b", 2, ("cats", "dogs")), ("c", 2, ("cat", "dog"))):
        pictures(tmp_path / name, [f"{kind}/{name}{i}.jpg" for kind in kinds for i in range(n)])
    return tmp_path


WANTED = {"train": {"cats": 4, "dogs": 4}, "validation": {"cats": 2, "dogs": 2}, "test": {"cats": 2, "dogs": 2}}


def test_three_folders_are_the_three_parts(apart):
    found = olhar.join(apart / "a", validation=apart / "b", test=apart / "c")
    assert counts(found) == WANTED
    assert found.read(0)
    assert counts(olhar.read(apart / "a", validation=str(apart / "b"), test=str(apart / "c"))) == WANTED
    assert found.read_as.parts == ("train", "validation", "test")


def test_what_was_read_already_and_tables_are_joined_too(apart):
    rows = [(f"cat/c{i}.jpg", ("cats", "dogs")[i]) for i in range(2)]
    table(apart / "c", "t.csv", [("path", "label"), *rows])
    found = olhar.join(olhar.read(apart / "a"), test=apart / "c" / "t.csv", names={"cats": "gatos"})
    assert counts(found) == {"train": WANTED["train"], "test": {"cats": 1, "dogs": 1}}
    assert found.shown == ("gatos", "dogs")


def test_of_a_set_with_parts_those_are_taken_for_which_it_is_given(apart, tmp_path):
    whole = pictures(
        tmp_path / "whole",
        [f"{part}/{kind}/{i}.jpg" for part in ("train", "test") for kind in ("cats", "dogs") for i in range(3)],
    )
    assert counts(olhar.join(apart / "a", test=whole))["test"] == {"cats": 3, "dogs": 3}
    with pytest.raises(DataError) as error:
        olhar.join(apart / "a", validation=whole)
    assert_says(error, "whole", "test, train", "validation")


def test_the_command_takes_three_paths_and_says_where_one_stands_twice(apart, monkeypatch, capsys):
    monkeypatch.chdir(apart)
    flags = [
        "--validation",
        "b",
        "--test",
        "c",
        "--model",
        "cnn",
        "--size",
        "32",
        "--width",
        "8",
        "--epochs",
        "1",
        "--folds",
        "0",
    ]
    assert main(["train", "--train", "a", *flags, "--into", "run"]) == 0
    assert "on 4 pictures of the test part" in capsys.readouterr().out
    assert main(["train", "a", "--train", "a", *flags, "--into", "other"]) == 2
    assert "--train" in capsys.readouterr().err
