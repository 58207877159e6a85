import string
import tomllib
from importlib import resources

import pytest

from olhar.base.texts import say, speaking
from olhar.reporting.display_names import DisplayName
from olhar.reporting.html_text import day_text, duration, report_sentence, setting


def test_a_name_in_a_sentence_is_isolated_and_the_rest_escaped():
    html = report_sentence("on_what.origin", origin=DisplayName("<b>"), pictures="1 & 2", classes="x")
    assert html == "<bdi>&lt;b&gt;</bdi>: 1 &amp; 2 in x"


def test_text_cannot_pass_for_the_mark_of_a_name():
    assert "<bdi>" not in report_sentence("on_what.licence", licence="\ue0000\ue001")


@pytest.mark.parametrize(("language", "day"), [("en", "November 2, 2026"), ("pt", "2 de novembro de 2026")])
def test_a_day_is_written_as_the_language_writes_it(language, day):
    with speaking(language):
        assert day_text("2026-11-02T10:00:00+00:00") == day


def test_a_day_that_is_none_is_shown_as_it_is():
    assert day_text("yesterday") == "yesterday"
    assert day_text("") == ""


@pytest.mark.parametrize(
    ("value", "shown"),
    [(True, "sim"), (0.05, "0,05"), (1500, "1.500"), ("", "–"), ((1, "a"), "1, a"), ({"a": 0.5}, "a: 0,5"), (None, "None")],
)
def test_settings_are_written_in_the_language(value, shown):
    with speaking("pt-BR"):
        assert setting(value) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(0.2, "0 s"), (59.6, "1 min"), (571.3, "9 min 31 s"), (7201, "2 h 1 s")])
def test_times_are_in_hours_minutes_and_seconds(seconds, shown):
    assert duration(seconds).replace("\u00a0", " ") == shown


def sentences(language: str) -> dict[str, str]:
    text = (resources.files("olhar.base") / f"catalogue/{language}/report.toml").read_text(encoding="utf-8")
    return flat(tomllib.loads(text))


def flat(table: dict, prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return found


def placeholders(sentence: str) -> set[tuple[str, str]]:
    """Their names and number formats; the words that a number brings are each language's own."""
    parsed = ((name, spec or "") for _, name, spec, _ in string.Formatter().parse(sentence) if name)
    return {(name, "" if spec.count("|") == 1 else spec.partition("|")[0]) for name, spec in parsed}


def test_both_languages_say_the_same_things_with_the_same_values():
    en, pt = sentences("en"), sentences("pt-BR")
    assert list(en) == list(pt)
    assert {key: placeholders(text) for key, text in en.items()} == {key: placeholders(text) for key, text in pt.items()}


def test_one_picture_is_singular():
    with speaking("pt-BR"):
        assert say("report.on_what.pictures", n=1) == "1 imagem"
        assert say("report.on_what.pictures", n=1797) == "1.797 imagens"
