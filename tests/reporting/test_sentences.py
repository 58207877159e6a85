import string
import tomllib
from importlib import resources

from olhar.base.texts import say, speaking


def sentences(language: str) -> dict[str, str]:
    text = (resources.files("olhar.base") / f"catalogue/{language}/report.toml").read_text(encoding="utf-8")
    return flat(tomllib.loads(text))


def flat(table: dict, prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return found


def placeholders(sentence: str) -> set[tuple[str, str]]:
    return {(name, spec or "") for _, name, spec, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_say_the_same_things_with_the_same_values():
    en, pt = sentences("en"), sentences("pt-BR")
    assert list(en) == list(pt)
    assert {key: placeholders(text) for key, text in en.items()} == {key: placeholders(text) for key, text in pt.items()}


def test_one_picture_is_singular():
    with speaking("pt-BR"):
        assert say("report.on_what.pictures", n=1) == "1 imagem"
        assert say("report.on_what.pictures", n=1797) == "1.797 imagens"
