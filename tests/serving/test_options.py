"""Every setting by flag, environment and file: one table."""

import dataclasses
import re
from pathlib import Path

import pytest

from olhar.base.errors import UsageError
from olhar.base.texts import speaking
from olhar.serving.options import OPTIONS, ServeFields, settled
from olhar.serving.settings import Settings

TOML = """
port = 9001
allow_host = ["a.example", "b.example"]
max_megabytes = 4
metrics = true

[models]
flowers = "runs/flowers"
"""


def test_the_table_holds_what_settings_take_and_nothing_else():
    inside = {"token", "pixels", "memory_bytes", "decoders", "slow_waiting"}
    assert OPTIONS.keys() == {f.name for f in dataclasses.fields(Settings)} - inside
    assert ServeFields.__annotations__.keys() == OPTIONS.keys() | {"token"}, "a token stands in no flag, which others could see"


@pytest.mark.parametrize("page", ["serve.md", "serve.pt-BR.md"])
def test_every_option_has_its_row_in_the_pages(page):
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    told = {flag for row in re.findall(r"^\| (`--.+?`) \|", text, re.MULTILINE) for flag in re.findall(r"`--([\w-]+)`", row)}
    assert told == {name.replace("_", "-") for name in OPTIONS}


def test_what_is_typed_wins_over_the_environment_and_that_over_the_file(tmp_path):
    file = tmp_path / "serve.toml"
    file.write_text(TOML, encoding="utf-8")
    environment = {"OLHAR_PORT": "9002", "OLHAR_MAX_MEGABYTES": "2,5", "OLHAR_METRICS": "off", "OLHAR_WORKERS": " "}
    said, models = settled({"port": 9003, "host": None, "allow_origin": ()}, file, environment)
    assert said == {"port": 9003, "allow_host": ("a.example", "b.example"), "max_megabytes": 2.5, "metrics": False}
    assert models == {"flowers": tmp_path / "runs" / "flowers"}
    assert Settings(**said).port == 9003


def test_a_list_in_the_environment_stands_between_commas():
    assert settled({}, None, {"OLHAR_ALLOW_HOST": "a.example, b.example,"})[0] == {"allow_host": ("a.example", "b.example")}


@pytest.mark.parametrize(
    ("line", "code", "english", "portuguese"),
    [
        ("port = 'x'", "OLH734", "port cannot be x. Give a whole number.", "port não pode ser x. Informe um número inteiro."),
        ("port = true", "OLH734", "port cannot be True", "port não pode ser True"),
        ("metrics = 1", "OLH734", "Give true or false.", "Informe true ou false."),
        ("allow_host = 'a'", "OLH734", "Give a list of texts.", "Informe uma lista de textos."),
        ("models = ['a']", "OLH734", "models cannot be ['a']", "models não pode ser ['a']"),
        ("colour = 1", "OLH733", "there is no setting colour. There are: host,", "a configuração colour não existe. Há: host,"),
        ("port =", "OLH732", "cannot be read as TOML", "não pode ser lido como TOML"),
    ],
)
def test_what_is_wrong_in_a_file_is_told(tmp_path, line, code, english, portuguese):
    file = tmp_path / "serve.toml"
    file.write_text(line, encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        settled({}, file, {})
    assert refused.value.code == code
    for language, wanted in (("en", english), ("pt-BR", portuguese)):
        with speaking(language):
            assert wanted in str(refused.value)
            assert str(file) in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(UsageError) as refused:
        settled({}, tmp_path / "none.toml", {})
    assert refused.value.code == "OLH732"


@pytest.mark.parametrize(
    ("name", "value"), [("OLHAR_PORT", "1.5"), ("OLHAR_METRICS", "perhaps"), ("OLHAR_MAX_MEGABYTES", "many")]
)
def test_what_is_wrong_in_the_environment_is_told(name, value):
    with pytest.raises(UsageError) as refused, speaking("en"):
        settled({}, None, {name: value})
    assert str(refused.value).startswith(f"{name} cannot be {value}. Give ")
