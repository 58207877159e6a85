import csv
import io
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser

import numpy as np
import pytest

from olhar.base.texts import speaking
from olhar.data.checks.findings import Case, Finding
from olhar.data.keep_list import KeepList
from olhar.reporting import check_story
from olhar.reporting.check_page import render_check
from olhar.reporting.check_story import CheckStory, ShownCase, ShownFinding, ShownPicture
from tests.reporting.stories import Hostile

CLASSES = ("cat", "dog", "=1+1")
WHERE = ("cat/1.png", "cat/2.png", "dog/3.png", '=1+1/"4",5.png', "dog/copy.png", "dog/broken.png")
LABELS = (0, 0, 1, 2, 1, 1)


def shown(row: int, where=WHERE) -> ShownPicture:
    pixels = np.full((8, 8, 3), 40 * row, np.uint8)
    return ShownPicture(row, where[row], LABELS[row], "train" if row else "", None if row == 5 else pixels)


def made(classes=CLASSES, where=WHERE, **other) -> CheckStory:
    """Two suspects, a pair of copies of which the second is dropped by suggestion, and a broken picture."""
    suspects = [Case((0,), 1, 0.9, {"answer": 0.97, "own": 0.01}), Case((2,), 0, 0.5, {"answer": 0.7, "own": 0.2})]
    numbers = {"n": 2, "total": 6, "accuracy": 0.9, "low": 0.85, "high": 0.93, "trust": "", "sample": "", "share": 0.3}
    findings = [
        (Finding("CHK001", "issue", {"n": 1, "first": where[5]}, (Case((5,)),))),
        (Finding("CHK024", "tip", {"n": 1, "pictures": 2, "first": where[2]}, (Case((2, 4)),))),
        (Finding("CHK051", "tip", numbers, tuple(suspects))),
    ]
    known = {
        "origin": "photos",
        "pictures": 6,
        "classes": classes,
        "names": classes,
        "findings": [
            ShownFinding(one, tuple(ShownCase(case, tuple(shown(row, where) for row in case.rows)) for case in one.cases))
            for one in findings
        ],
        "others": [Finding("CHK033", "passed")],
        "where": where,
        "labels": LABELS,
        "contents": ["a1", "b2", "c3", "d4", "c3", ""],
        "kept": [0, 1, 2, 3],
        "made": "2026-11-21T06:36:45+00:00",
        "train": "olhar train photos/",
    }
    return CheckStory(**(known | other))


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, dict(attrs)))


def test_each_finding_says_what_it_is_what_it_means_and_what_to_do():
    html = render_check(made())
    for words in ("Suspect labels", "2 labels of 6 are doubtful", "What it means", "What to do", "looks like", "97.0%"):
        assert words in html
    assert html.index("Unreadable pictures") < html.index("Suspect labels") < html.index("Small classes")


@pytest.mark.parametrize(("language", "lang", "word"), [("en", "en", "What it means"), ("pt", "pt-BR", "O que significa")])
def test_the_page_speaks_the_language_in_use(language, lang, word):
    with speaking(language):
        html = render_check(made())
    assert f'<html lang="{lang}">' in html
    assert word in html


def test_the_page_loads_nothing_and_runs_its_own_script_alone():
    html = render_check(made())
    for tag, attributes in Tags(html).all:
        assert tag not in ("link", "iframe", "object", "embed", "form", "base")
        for key, value in attributes.items():
            assert not key.startswith("on"), (tag, key)
            if key in ("src", "href"):
                assert (value or "").startswith(("data:image/", "#")), (tag, key)
    assert not re.search(r"https?://|url\(|@import", html)
    assert "default-src 'none'" in html
    assert "script-src 'sha256-" in html
    assert "unsafe-inline'; script" in html
    assert len(html) < 200_000


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_hostile_names_stay_text(language):
    names = Hostile().all()
    with speaking(language):
        html = render_check(made(names, (*names[:6],), origin=names[0], names=names))
    tags = Tags(html).all
    assert sum(tag == "script" for tag, _ in tags) == 2
    assert not [tag for tag, attributes in tags if any(key.startswith("on") for key in attributes)]
    assert "\u202e" not in html
    assert "\x1b" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_a_page_of_too_many_pictures_says_how_to_get_the_list(monkeypatch):
    monkeypatch.setattr(check_story, "MOST_LISTED", 5)
    html = render_check(made())
    assert "--write-keep" in html
    assert 'id="data"' not in html


def of_all(code: str, **values: object) -> CheckStory:
    """A page of one finding that is about all pictures together."""
    finding = Finding(code, "tip", values, (Case((0,)), Case((1,))))
    cases = tuple(ShownCase(case, (shown(case.rows[0]),)) for case in finding.cases)
    return made(findings=[ShownFinding(finding, cases, judged=False)], kept=list(range(6)))


@pytest.mark.parametrize(
    ("language", "said"), [("en", "No picture waits for a decision"), ("pt", "Nenhuma imagem espera uma decisão")]
)
def test_pictures_that_nothing_is_wrong_with_are_examples_and_not_to_judge(language, said):
    with speaking(language):
        html = render_check(of_all("CHK005", n=2, share=1.0))
    assert said in html
    assert sum(tag == "img" for tag, _ in Tags(html).all) == 2
    assert not [tag for tag, attributes in Tags(html).all if "data-row" in attributes]
    assert 'id="review"' not in html


@pytest.mark.parametrize(("language", "said"), [("en", "Nothing wrong was found"), ("pt", "Nada de errado foi achado")])
def test_where_all_is_well_the_page_says_so(language, said):
    with speaking(language):
        html = render_check(made(findings=[]))
    assert said in html
    assert 'id="review"' not in html


def test_every_picture_has_a_text_in_its_place():
    pictures = [attributes for tag, attributes in Tags(render_check(made())).all if tag == "img"]
    assert len(pictures) == 4
    assert pictures[0]["alt"] == "dog/3.png, labelled dog"


sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
browsed = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser, tmp_path) -> Iterator["sync_api.Page"]:
    """The page at 390 x 844, from a file; anything that the console says against it fails the test."""
    path = tmp_path / "check.html"
    path.write_text(render_check(made()), encoding="utf-8")
    context = browser.new_context(viewport={"width": 390, "height": 844})
    opened = context.new_page()
    opened.set_default_timeout(8000)
    said: list[str] = []
    opened.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(path.as_uri())
    opened.wait_for_selector("#review:not([hidden])")
    yield opened
    context.close()
    assert said == []


def saved(page) -> list[list[str]]:
    with page.expect_download() as waiting:
        page.click("#download")
    assert waiting.value.suggested_filename == "keep.csv"
    text = waiting.value.path().read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


@browsed
def test_the_page_s_list_without_decisions_is_the_suggested_one_to_the_byte(page):
    with page.expect_download() as waiting:
        page.click("#download")
    story = made()
    kept = [WHERE[row] for row in story.kept], [CLASSES[LABELS[row]] for row in story.kept], ["a1", "b2", "c3", "d4"]
    assert waiting.value.path().read_bytes() == KeepList("keep.csv", *kept).to_csv().encode()


@browsed
def test_what_was_saved_is_said_with_the_place_and_the_next_command(page):
    assert page.inner_text("section.first .script-on code") == "olhar train photos/ --keep keep.csv"
    assert not page.is_visible("#saved")
    saved(page)
    told = page.inner_text("#saved")
    assert "Downloads" in told
    assert told.endswith("olhar train photos/ --keep keep.csv")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@browsed
def test_pictures_are_dropped_kept_and_relabelled_by_mouse(page):
    assert page.inner_text("#counts") == "Decided: 0 of 3. In the list: 4; with another label: 0; left out: 2."
    page.click("#CHK024 .card[data-row='4'] .keep")
    page.click("#CHK051 .card[data-row='0'] .proposed")
    page.click("#CHK024 .card[data-row='2'] .drop")
    assert page.inner_text("#counts") == "Decided: 3 of 3. In the list: 4; with another label: 1; left out: 2."
    assert "dropped" in page.get_attribute("#CHK051 .card[data-row='2']", "class")
    assert [row[:2] for row in saved(page)] == [
        ["cat/1.png", "dog"], ["cat/2.png", "cat"], ["'=1+1/\"4\",5.png", "'=1+1"], ["dog/copy.png", "dog"]
    ]  # fmt: skip


@browsed
def test_nothing_looks_decided_before_somebody_decides_and_a_decision_is_taken_back(page):
    pressed = page.locator(".act [aria-pressed='true']")
    assert pressed.count() == 0
    assert page.locator(".hint").all_inner_texts() == ["suggestion: drop"]
    for button, said in ((".keep", "Decided: 1 of 3. In the list: 5;"), (".keep", "Decided: 0 of 3. In the list: 4;")):
        page.click(f"#CHK024 .card[data-row='4'] {button}")
        assert page.inner_text("#counts").startswith(said)
    assert pressed.count() == 0


@browsed
def test_another_label_is_chosen_from_all_classes(page):
    select = page.locator("#CHK051 .card[data-row='0'] select")
    select.focus()
    select.select_option("2")
    assert page.inner_text("#CHK051 .card[data-row='0'] .new") == "=1+1"
    assert saved(page)[0][:2] == ["cat/1.png", "'=1+1"]


@browsed
def test_everything_can_be_done_by_keyboard_and_keys_can_be_turned_off(page):
    for key in ("j", "j", "1", "j", "3", "j", "2"):
        page.keyboard.press(key)
    assert [row[0] for row in saved(page)] == ["cat/1.png", "cat/2.png", '\'=1+1/"4",5.png', "dog/copy.png"]
    assert saved(page)[0][1] == "dog"
    page.keyboard.press("k")
    page.click("#keys")
    page.focus("#CHK051 .card[data-row='0']")
    page.keyboard.press("2")
    assert "dropped" not in page.get_attribute("#CHK051 .card[data-row='0']", "class")


@browsed
def test_decisions_last_and_can_be_forgotten(page):
    page.click("#CHK051 .card[data-row='0'] .drop")
    page.reload()
    page.wait_for_selector("#review:not([hidden])")
    assert page.inner_text("#counts").startswith("Decided: 1 of 3. In the list: 3;")
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#reset")
    assert page.inner_text("#counts").startswith("Decided: 0 of 3. In the list: 4;")


@browsed
def test_a_browser_that_remembers_nothing_still_decides(browser, tmp_path):
    path = tmp_path / "check.html"
    path.write_text(render_check(made()), encoding="utf-8")
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }})")
    opened = context.new_page()
    opened.goto(path.as_uri())
    opened.click("#CHK051 .card[data-row='0'] .drop")
    assert opened.inner_text("#counts").startswith("Decided: 1 of 3. In the list: 3;")
    context.close()


@browsed
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_sticks_out_and_without_script_there_are_no_dead_buttons(browser, tmp_path, width):
    path = tmp_path / "check.html"
    path.write_text(render_check(made()), encoding="utf-8")
    for script in (True, False):
        context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
        opened = context.new_page()
        opened.goto(path.as_uri())
        if script:
            opened.wait_for_selector("#review:not([hidden])")
            assert opened.evaluate("document.documentElement.scrollWidth") == width
        else:
            assert opened.locator("button:visible, select:visible").count() == 0
            assert opened.locator("img:visible").count() == 4
            assert opened.locator(".script-off:visible").count() == 1
        context.close()
