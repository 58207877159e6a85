from types import SimpleNamespace

import pytest

import olhar
from olhar.base.errors import DataError
from olhar.jobs import first_look
from olhar.training.recipe import Recipe
from tests.conftest import assert_says, write_pictures
from tests.trained import Said


def damaged(folder):
    """Three classes, of which one holds nothing that can be read."""
    for picture in (write_pictures(folder, 4) / "red").iterdir():
        picture.write_bytes(b"no picture")
    return folder, "red"


def of_one_class(folder):
    return write_pictures(folder, 4) / "red", "class folders"


@pytest.mark.parametrize("fields", [{}, {"model": "lite0", "epochs": 3}, {"width": 2}])
@pytest.mark.parametrize("make", [damaged, of_one_class])
def test_nothing_is_told_of_a_training_whose_pictures_cannot_teach(tmp_path, make, fields):
    said = Said()
    data, word = make(tmp_path / "data")
    with pytest.raises(DataError) as error:
        olhar.train(data, into=tmp_path / "run", progress=said, **fields)
    assert_says(error, word)
    assert [line for line in said.lines if not line.startswith("read as:")] == []


@pytest.mark.parametrize("model", ["lite2", "quick", "auto"])
def test_pictures_are_not_looked_at_for_a_network_that_cannot_be_had(tmp_path, monkeypatch, model):
    """Nor for one of which nothing is told before its own look."""
    looked = []
    monkeypatch.setattr(first_look, "survey", lambda *_: looked.append(1) or SimpleNamespace(rows=[], bad=(), fresh=True))
    monkeypatch.setattr(first_look, "is_at_hand", lambda body: body.name == "lite0")
    first_look.first_look(olhar.read(write_pictures(tmp_path / "data", 4)), Recipe(model=model), Said())
    assert looked == [1] * (model == "auto")
