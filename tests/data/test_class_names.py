import json

import pytest

import olhar
from olhar.base.errors import DataError
from tests.conftest import assert_says


def names(tmp_path, text, encoding="utf-8"):
    (tmp_path / "names.toml").write_bytes(text.encode(encoding))
    return tmp_path / "names.toml"


@pytest.mark.parametrize(
    "text",
    [
        'red = "Vermelho"\nblue = "Azul claro"\n',
        "\ufeff# cores\r\nred = Vermelho\r\n\r\n  'blue'='Azul claro'  # o do céu\r\n",
    ],
)
def test_a_file_gives_the_names_to_show(pictures, tmp_path, text):
    found = olhar.read(pictures, names=names(tmp_path, text))
    assert found.shown == ("Azul claro", "green", "Vermelho")
    assert found.classes == ("blue", "green", "red")


def test_a_mapping_gives_them_too(pictures):
    found = olhar.read(pictures, names={"red": "Vermelho"})
    assert found.shown == ("blue", "green", "Vermelho")
    assert olhar.read(found, names={"blue": "Azul"}).shown == ("Azul", "green", "Vermelho")


def test_a_run_s_request_gives_those_that_it_keeps(pictures, tmp_path):
    kept = {"olhar": 1, "data": "colours", "names": {"blue": 'o "azul"', "green": "green", "red": "Vermelho # 1"}}
    found = olhar.read(pictures, names=names(tmp_path, json.dumps(kept)))
    assert found.shown == ('o "azul"', "green", "Vermelho # 1")
    with pytest.raises(DataError) as error:
        olhar.read(pictures, names=names(tmp_path, json.dumps(kept | {"names": {}})))
    assert_says(error, "names.toml", "line")


def test_numbers_in_any_script_may_be_named(pictures, tmp_path):
    (pictures / "red").rename(pictures / "na\u0303o")
    assert olhar.read(pictures, names=names(tmp_path, 'não = "no"')).shown == ("blue", "green", "no")


def test_an_unknown_class_is_told_with_the_nearest(pictures, tmp_path):
    with pytest.raises(DataError) as error:
        olhar.read(pictures, names=names(tmp_path, 'gren = "Verde"'))
    assert_says(error, "names.toml", "gren", "Did you mean green?")


@pytest.mark.parametrize("line", ["red", "red =", '= "x"', 'red = "a" b', 'red = "a"\nred = "b"', "[names]"])
def test_a_line_that_is_none_is_told(pictures, tmp_path, line):
    with pytest.raises(DataError) as error:
        olhar.read(pictures, names=names(tmp_path, line))
    assert_says(error, "names.toml", "line")


def test_what_cannot_be_read_or_would_confuse_is_told(pictures, tmp_path):
    with pytest.raises(DataError) as error:
        olhar.read(pictures, names=tmp_path / "nowhere.toml")
    assert_says(error, "nowhere.toml")
    with pytest.raises(DataError) as error:
        olhar.read(pictures, names=names(tmp_path, 'red = "não"', "utf-16"))
    assert_says(error, "names.toml", "UTF-8")
    with pytest.raises(DataError) as error:
        olhar.read(pictures, names={"red": "green"})
    assert_says(error, "two classes", "green")
