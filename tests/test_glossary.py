"""One word for one thing: what the glossary says not to say is in no sentence and on no page; sentences read well when filled."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from olhar.base import texts
from tests.base.test_texts import sentences

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
ENDINGS = {"en": "", "pt-BR": ".pt-BR"}
MADE = ("api", "errors", "glossary", "benchmarks", "decisions")
"""Pages that quote the code, or the sentences, or the words themselves; and those for builders."""
CODE = re.compile(r"```.*?```|``.*?``|`[^`]*`", re.DOTALL)
PLACE = re.compile(r"\{\w+(?::(?:[^{}|]*\|)??([^{}|]+\|[^{}|]+)|:[^{}|]*)?\}")
LINKED = re.compile(r"\]\([^)]*\)|https?://\S+")
MAY_BE_EMPTY = {"hint", "said", "sample", "trust"}
COUNTS = {"n", "pictures", "classes", "train", "validation", "test", "epochs", "layers", "trials", "total", "views", "checks"}
"""What a sentence counts, wherever it is named so."""
COLUMNS = {"runs.more_line"}
"""Sentences whose parts stand in columns, two blanks apart."""
TYPED = re.compile(
    r"[=(\[]\s*-?\d+\.\d+|\d+\.\d+\]|\d+(?:\.\d+){3}(?:/\d+)?|x/255-0\.5|--[\w-]+ \d+\.\d+|\d+\.\d+ (?:é|is) (?:de|usual|\d)|\.\."
)
"""Numbers as they are typed into a command or a recipe, which have points in every language."""
ENGLISH_ALONE = ("decisions.md", "benchmarks.md", "CHANGELOG.md", "CONTRIBUTING.md")
LANGUAGES = pytest.mark.parametrize("language", texts.LANGUAGES)


def not_said(language: str) -> dict[str, str]:
    """A pattern for each word in the last column of the glossary -> the word to say; ``julg-`` is all that opens so."""
    page = (DOCS / f"glossary{ENDINGS[language]}.md").read_text(encoding="utf-8")
    rows = [row.strip("| ").split("|") for row in page.splitlines() if row.startswith("| ")]
    found = {word: row[0].strip() for row in rows if len(row) > 3 for word in re.findall(r"`(.+?)`", row[3])}
    ends = {True: r"\w+", False: "s?"}
    return {rf"\b{re.escape(word.rstrip('-'))}{ends[word[-1] == '-']}\b": say for word, say in found.items()}


def spoken(language: str) -> Iterator[tuple[str, str]]:
    """Every sentence, with its key; of the places that are filled, the words alone."""
    for key, form in sentences(language).items():
        for one in form.values() if isinstance(form, dict) else [form]:
            yield key, PLACE.sub(lambda place: (place[1] or "").replace("|", " "), one)


def pages(language: str) -> Iterator[tuple[str, str]]:
    """The prose of every page of a language, without what is code, with its name."""
    ending = ENDINGS[language]
    found = [ROOT / f"README{ending}.md", *sorted(DOCS.glob("*.md")), *sorted((ROOT / "notebooks" / language).glob("*.ipynb"))]
    for path in found:
        name, _, rest = path.name.partition(".")
        if path.suffix == ".ipynb" or (name not in MADE and f".{rest}" == f"{ending}.md"):
            yield path.name, LINKED.sub(" ", CODE.sub(" ", path.read_text(encoding="utf-8")))


@LANGUAGES
def test_the_glossary_names_words_to_leave_unsaid(language):
    assert len(not_said(language)) > 5


@LANGUAGES
def test_one_thing_has_one_word(language):
    said = [*spoken(language), *pages(language)]
    found = [
        (where, match[0], f"say: {word}")
        for pattern, word in not_said(language).items()
        for where, text in said
        for match in re.finditer(pattern, text, re.IGNORECASE)
    ]
    assert not found


def test_both_glossaries_have_the_same_rows():
    texts = [(DOCS / f"glossary{ending}.md").read_text(encoding="utf-8") for ending in ENDINGS.values()]
    english, portuguese = (re.findall(r"^\| (.+?) \| (.+?) \| .+ \|", text, re.MULTILINE)[1:] for text in texts)
    assert english == [row[::-1] for row in portuguese]


def filled(form: str, language: str, number: int) -> str:
    """A sentence with one number in every place for a number; what may be empty is, and elsewhere stands a word."""
    parts = [(name, spec) for _, name, spec, _ in texts._Filler(language).parse(form) if name]
    numbers = {name for name, spec in parts if name in COUNTS or (spec and spec != "typed")}
    words = {name: "" if name in MAY_BE_EMPTY else "word" for name, _ in parts}
    return texts._Filler(language).vformat(form, (), words | dict.fromkeys(numbers, number))


def counted(language: str, number: int) -> Iterator[tuple[str, str]]:
    """Every sentence with a number in every place, in the form that goes with it."""
    for key, form in sentences(language).items():
        yield key, filled(form["one" if number == 1 else "other"] if isinstance(form, dict) else form, language, number)


def nouns(language: str) -> set[tuple[str, str]]:
    """The one form and the other of every word that a number brings."""
    found = re.findall(
        r"\{\w+:(?:[^{}|]*\|)??(\w+)[^{}|]*\|(\w+)[^{}|]*\}", " ".join(str(form) for form in sentences(language).values())
    )
    return {(one, many) for one, many in found if one != many}


@LANGUAGES
def test_one_is_one_and_others_are_many(language):
    ones, many = zip(*nouns(language), strict=True)
    assert len(ones) > 20
    for number, wrong in ((0, ones), (1, many), (2, ones)):
        pattern = re.compile(rf"(?<![\d.,×=/-] )(?<![\w.,%]){number} (?:{'|'.join(wrong)})\b")
        assert not [(key, text) for key, text in counted(language, number) if pattern.search(text)]


@LANGUAGES
def test_no_blank_is_left_where_nothing_is_filled_in(language):
    for key, text in counted(language, 2):
        assert not re.search(r" [,;:!?](?=\s|$)| \.(?![.\w])", text), (key, text)
        assert key in COLUMNS or not re.search(r"(?<! ) {2}(?! )", text.strip()), (key, text)


def test_portuguese_numbers_have_commas_and_portuguese_commands_portuguese_words():
    for key, text in spoken("pt-BR"):
        assert not re.search(r"\d\.\d(?!\d{2}\b)", TYPED.sub(" ", text)), (key, text)
        assert not re.search(r"\b(DATA|FOLDER|FILE|NAME|RUN|ADDRESS|MODEL|PICTURES?|COLUMN|LEVELS)\b", text), (key, text)


@LANGUAGES
def test_a_size_is_width_by_height_with_the_sign_for_it(language):
    for where, text in [*spoken(language), *pages(language)]:
        assert not re.search(r"\d ?x ?\d|\bN x N\b", text), (where, text)
    for key, form in sentences(language).items():
        assert not re.search(r"\{height\} ?[x×] ?\{width\}|\} x \{", str(form)), key


@pytest.mark.parametrize("page", [ROOT / "README.pt-BR.md", *sorted(DOCS.glob("*.pt-BR.md"))], ids=lambda page: page.name)
def test_a_portuguese_page_says_what_is_in_english_only(page):
    text = page.read_text(encoding="utf-8")
    links = re.finditer(r"\]\(([^)#]*)(#[^)]*)?\)(.{0,14})", text, re.DOTALL)
    english = [link for link in links if link[1].endswith(ENGLISH_ALONE)]
    assert not [link[0] for link in english if "(em inglês)" not in " ".join(link[3].split())]


PRINTED = {
    "en": ("always answering", "weakest class", "among the first", "loss", "brier score", "expected calibration error"),
    "pt-BR": (
        *("responder sempre", "classe mais fraca", "primeiras respostas"),
        *("perda", "índice de brier", "erro de calibração esperado"),
    ),
}
"""Words that ``olhar evaluate`` prints around its table."""
HEADS = ("run.precision", "run.recall", "run.f1", "run.support", "run.accuracy_row", "run.macro", "run.weighted")


@LANGUAGES
def test_the_page_of_evaluate_explains_every_word_that_it_prints(language):
    said = {key: str(form) for key, form in sentences(language).items()}
    printed = f"{said['cli.loss_and_brier']} {said['cli.calibration']}"
    page = (DOCS / f"evaluate{ENDINGS[language]}.md").read_text(encoding="utf-8")
    words = [row.split("|")[1].lower() for row in page.splitlines() if row.startswith("| ")]
    for word in (*(said[key] for key in HEADS), *PRINTED[language]):
        assert any(word.lower() in row for row in words), word
    for word in PRINTED[language][-3:]:
        assert word.lower() in printed.lower()


@LANGUAGES
def test_terminal_and_report_name_the_numbers_of_a_class_alike(language):
    said = {key: str(form).lower() for key, form in sentences(language).items()}
    pairs = [("run.support", "report.support"), ("run.macro", "report.classes.mean"), ("run.precision", "report.precision")]
    assert all(said[terminal] == said[report] for terminal, report in pairs)
