"""People's first names above the same classes: who took the pictures, or whom they show; asked about."""

import pytest

from olhar.base.errors import DataError
from tests.data.folders.grown import read


@pytest.mark.parametrize("names", ["Ana|João", "fotos do Caio|fotos da Bia|fotos do Davi", "celular Ana|celular Pedro"])
def test_either_level_may_be_the_class(tmp_path, names):
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"{who}/{what} | 3 | {who}{{}}.png" for who in names.split("|") for what in ("ripe", "green")))
    assert error.value.code == "OLH128"
    assert [reading.options["layout"] for reading in error.value.readings] == ["class", "*/class"]


@pytest.mark.parametrize("names", ["apple|banana", "Ana|apple", "cat|dog|Rex"])
def test_other_names_above_two_states_are_the_class_and_told(tmp_path, names):
    found, line = read(
        tmp_path, *(f"{name}/{how} | 3 | {name}{{}}.png" for name in names.split("|") for how in ("ripe", "green"))
    )
    assert set(found) == {*names.split("|")}
    assert "--layout" in line
