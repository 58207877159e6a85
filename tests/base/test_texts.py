import os
import re
import string
import tomllib
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olhar.base import texts
from olhar.base.texts import Sentence, file_size, match, number, percent, say, sentence, set_language, speaking, typed, visible

CATALOGUE = resources.files("olhar.base") / "catalogue"


def sentences(language: str) -> dict[str, object]:
    found = {}
    for file in (CATALOGUE / language).iterdir():
        room = file.name.removesuffix(".toml")
        found |= dict(texts._flat(tomllib.loads(file.read_text(encoding="utf-8")), f"{room}."))
    return found


def placeholders(sentence: object) -> set[str]:
    forms = sentence.values() if isinstance(sentence, dict) else [sentence]
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


def test_both_languages_say_the_same_things():
    english, portuguese = sentences("en"), sentences("pt-BR")
    assert set(english) == set(portuguese)
    for key, form in english.items():
        assert placeholders(form) == placeholders(portuguese[key]), key
        assert isinstance(form, dict) == isinstance(portuguese[key], dict), key


def test_every_code_has_its_sentence_and_stands_for_one():
    codes = texts._read("codes.toml")
    assert len(set(codes.values())) == len(codes)
    assert set(codes) <= set(sentences("en"))
    assert all(re.fullmatch(r"OLH\d{3}", code) for code in codes.values())


IN_A_COMMAND = re.compile(r"(?:\bolhar [a-z]+|(?<=.)--[a-z-]+)(?: (?:--[a-z-]+|[A-Z\d./_-]+)| \{\w+:typed\})* \{\w+\}")


def test_what_fills_a_command_is_written_as_it_is_typed():
    """``{where}`` after ``--into`` would be two words of a folder with a blank in its name: ``{where:typed}`` is one."""
    for language in texts.LANGUAGES:
        for key, found in sentences(language).items():
            for form in found.values() if isinstance(found, dict) else [found]:
                assert not IN_A_COMMAND.search(form), (language, key, form)
    assert IN_A_COMMAND.search("Go on with: olhar train --resume --into {where}")


def test_a_value_in_a_command_is_quoted_for_the_shell_at_hand(monkeypatch):
    assert [typed(one) for one in ("runs/x", "my runs/x", 2048)] == ["runs/x", "'my runs/x'", "2048"]
    assert [typed(one) for one in ("it's", "it's $5")] == ['"it\'s"', "'it'\"'\"'s $5'"]
    with monkeypatch.context() as patch:
        patch.setattr(os, "name", "nt")
        found = [typed(one) for one in ("C:\\runs\\x", "C:\\my runs\\x", 2048, "it's", "a&b", "fotos (1)")]
    assert found == ["C:\\runs\\x", '"C:\\my runs\\x"', "2048", '"it\'s"', '"a&b"', '"fotos (1)"']


def test_a_number_in_a_command_has_no_marks():
    for language in texts.LANGUAGES:
        with speaking(language):
            assert "--batch 2048" in say("training.memory", batch=4096, fits=2048)


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        *[("pt", "pt-BR"), ("pt_BR.UTF-8", "pt-BR"), ("PT-br", "pt-BR"), ("en_GB", "en"), ("C", None), ("de", None), ("", None)],
        *[("br", "pt-BR"), ("portugues", "pt-BR"), ("Português", "pt-BR"), ("inglês", "en"), ("br_FR", None)],
    ],
)
def test_a_language_is_known_by_its_many_spellings(wish, language):
    assert match(wish) == language


def test_the_machine_decides_where_nobody_does(monkeypatch):
    monkeypatch.setenv("OLHAR_LANGUAGE", "pt_BR.UTF-8")
    assert texts.language() == "pt-BR"
    set_language("en")
    assert texts.language() == "en"
    with speaking("pt"):
        assert texts.language() == "pt-BR"
    assert texts.language() == "en"


def test_numbers_take_the_language_s_marks():
    assert (number(1797), number(1234.5, 1), percent(0.941)) == ("1,797", "1,234.5", "94.1%")
    with speaking("pt"):
        assert (number(1797), number(1234.5, 1), percent(0.941)) == ("1.797", "1.234,5", "94,1%")


@pytest.mark.parametrize(
    ("share", "digits", "told"),
    [
        (1, 1, "100.0%"),
        (0.1 * 3 + 0.7, 1, "100.0%"),
        (1 - 1e-16 * 2, 1, "100.0%"),
        (0.9996, 1, "99.9%"),
        (0.99999994, 1, "99.9%"),
        (0.9989, 1, "99.9%"),
        (0.996, 0, "99.6%"),
        (0.9999, 0, "99.9%"),
        (0.984, 0, "98%"),
        (0.00001, 1, "0.0%"),
        (1.204, 1, "120.4%"),
    ],
)
def test_less_than_all_is_never_shown_as_all(share: float, digits: int, told: str):
    assert percent(share, digits) == told
    if digits == 1:
        assert say("evaluation.bounds", low=share, high=share) == f"{told} to {told}"


def test_one_picture_is_not_some_pictures():
    one = say("data.summary", n=1, origin="x", classes=2)
    assert "1 picture in" in one
    assert "2 pictures in" in say("data.summary", n=2, origin="x", classes=2)


def test_a_sentence_is_said_in_the_language_of_whoever_shows_it():
    kept = sentence("data.summary", n=1, origin="x", classes=2)
    with speaking("en"):
        assert "1 picture in" in str(kept)
    with speaking("pt-BR"):
        assert "1 imagem em" in str(kept)
    assert kept in {Sentence.from_dict(kept.to_dict())}


@given(st.text())
def test_no_text_moves_the_cursor_or_turns_the_line(text):
    shown = visible(text)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", shown)
    assert visible(shown) == shown


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_ordinary_text_of_any_script_is_left_alone(text):
    assert visible(text) == text


def test_values_in_a_sentence_are_made_safe():
    assert "\x1b" not in say("data.not_found", where="\x1b[31mred", hint="")


def test_sizes_read_well():
    assert [file_size(count) for count in (0, 1500, 2_400_000, 825e6, 1.26e9)] == ["0 kB", "2 kB", "2 MB", "825 MB", "1.3 GB"]


@pytest.mark.parametrize(
    ("language", "value", "told"),
    [
        ("en", 1, "1 picture"), ("en", 0, "0 pictures"), ("en", 1797, "1,797 pictures"), ("en", 1.0, "1.0 pictures"),
        ("pt-BR", 1, "1 picture"), ("pt-BR", 0, "0 pictures"), ("pt-BR", 1797, "1.797 pictures"),
        ("pt-BR", 0.84, "0,8 picture"), ("pt-BR", 1.5, "1,5 picture"), ("pt-BR", 1.96, "2,0 pictures"),
        ("pt-BR", "1", "1 picture"), ("pt-BR", "0,5", "0,5 picture"),
    ],
)  # fmt: skip
def test_a_number_brings_the_form_of_its_word(language: str, value: object, told: str):
    form = "{n:.1f|picture|pictures}" if isinstance(value, float) else "{n:picture|pictures}"
    assert texts._Filler(language).vformat(form, (), {"n": value}) == told


def test_a_path_that_begins_with_a_dash_is_no_option():
    assert [typed(one) for one in (Path("-x"), Path("-my x"), Path("x"), "--keep", -1)] == [
        f".{os.sep}-x",
        f"'.{os.sep}-my x'",
        "x",
        "--keep",
        "-1",
    ]
    assert f"--into .{os.sep}-x-2;" in say("run.taken", where="-x", free="-x-2")


@pytest.mark.parametrize(("language", "told"), [("en", "at most 0.0000005 on"), ("pt-BR", "no máximo 0,0000005 em")])
def test_a_small_number_is_written_as_people_write_it(language, told):
    with speaking(language):
        assert told in say("web.agrees", name="page", difference=4.9e-7, n=4)
