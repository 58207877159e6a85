"""Every sentence of this room, in both languages, over the wire and on the page."""

import re
import string
import tomllib
from importlib import resources

import pytest

from olhar.base import texts
from olhar.serving import page
from olhar.serving.refusals import STATUS, Refusal, response
from tests.serving.kit import picture

VALUES = {
    "host": "evil.example", "variable": "OLHAR_TOKEN", "flag": "--flag", "port": "8000", "name": "top", "value": "0",
    "origin": "null", "method": "GET", "allowed": "POST", "seconds": 30.0, "megabytes": 16.0, "limit": 32, "type": "text/x",
    "kilobytes": 32, "place": 1, "names": "a, b", "kind": "FP32", "found": "x", "version": "1", "verb": "classify",
}  # fmt: skip


def catalogue(language: str) -> dict[str, str]:
    text = (resources.files("olhar.base") / "catalogue" / language / "serve.toml").read_text("utf-8")
    table = tomllib.loads(text)
    return {k: v for k, v in table.items() if not isinstance(v, dict)} | {f"page.{k}": v for k, v in table["page"].items()}


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_sentences_with_the_same_places():
    english, portuguese = catalogue("en"), catalogue("pt-BR")
    assert list(english) == list(portuguese)
    for key in english:
        assert places(english[key]) == places(portuguese[key]), key


@pytest.mark.parametrize("key", sorted(STATUS))
def test_every_refusal_has_a_code_a_status_and_a_sentence_in_each_language(key):
    said = set()
    for language in texts.LANGUAGES:
        with texts.speaking(language):
            sent = response(Refusal(key, **VALUES))
        assert sent.status_code == STATUS[key]
        assert re.search(rb'"code":"OLH[79]\d\d"', sent.body)
        assert b"{" not in bytes(sent.body)[30:].removesuffix(b"}}")
        said.add(bytes(sent.body))
    assert len(said) == 2


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("en", "en"),
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("fr, en;q=0.2, pt;q=0.5", "pt-BR"),
        ("en;q=0.1, pt;q=0.9", "pt-BR"),
        ("pt;q=0, en", "en"),
        ("pt;q=x, en", "en"),
        ("fr", "en"),
        ("br", "en"),
        ("br-FR,br;q=0.9,fr;q=0.8,en;q=0.5", "en"),
        ("*", "en"),
        ("", "en"),
        ("," * 10_000, "en"),
    ],
)
def test_an_error_is_told_in_the_language_of_accept_language(served, wish, language):
    got = served.get("nothing", headers={"Accept-Language": wish})
    with texts.speaking(language):
        assert got.json()["error"]["message"] == texts.say("serve.not_found")


def test_a_bad_picture_is_told_in_both_languages_and_the_query_wins(served):
    sent = picture(kind="JPEG", noise=1)[:-400]
    for header, query, wanted in (
        ("en", "", "This file: the picture is cut off"),
        ("en", "pt", "Este arquivo: a imagem está cortada"),
    ):
        got = served.post(content=sent, params={"language": query}, headers={"Accept-Language": header})
        assert got.json()["error"]["message"].startswith(wanted)


def test_the_page_knows_its_sentences_and_no_others():
    english = {key.removeprefix("page.") for key in catalogue("en") if key.startswith("page.")}
    assert english == set(page.PAGE_TEXTS)
    scripts = "".join(page.web(name) for name in page.FILES if name.endswith(".js"))
    used = set(re.findall(r'data-(?:text|label)="(\w+)"', page.web("index.html"))) | set(re.findall(r'"(\w+)"', scripts))
    assert english <= used
    assert set(re.findall(r'\bsay\("(\w+)"', scripts)) <= english


@pytest.mark.parametrize(("language", "lead"), [("en", "What is in the picture?"), ("pt-BR", "O que há na imagem?")])
def test_the_page_comes_in_the_language_asked_for(served, language, lead):
    for got in (served.get("", params={"language": language}), served.get("", headers={"Accept-Language": language})):
        assert f'<html lang="{language}">' in got.text
        assert lead in got.text
        assert "{{" not in got.text
    assert served.get("texts.json", params={"language": language}).json()["lead"] == lead
