import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from olhar.base.texts import number, percent, speaking
from olhar.evaluation.baselines import Baseline
from olhar.evaluation.intervals import wilson
from olhar.reporting import page
from olhar.reporting.page import render
from olhar.reporting.pictures import png_uri
from tests.exports.web.browsers import needs_chromium
from tests.reporting.stories import (
    Hostile,
    make_curve,
    make_head,
    make_head_story,
    make_history,
    make_metrics,
    make_story,
    metrics_of,
)

DOT = png_uri(b"a figure")


@pytest.fixture(autouse=True)
def _figures_undrawn(request, monkeypatch):
    """Figures have their tests; here they are drawn only where a test asks for it with ``drawn``."""
    if "drawn" not in request.fixturenames:
        monkeypatch.setattr(page, "_themed", lambda *_, **__: (DOT, DOT))


@pytest.fixture
def drawn():
    """The page with its true figures."""


class Page(HTMLParser):
    """A page as its tags and the text of its tables' cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.text = ""
        self._cells: list[list[str]] = []
        self._open = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self._cells = self.tables.setdefault((dict(attrs)["class"] or "").split()[0], [])
        if tag == "tr":
            self._cells.append([])
        if tag in ("th", "td"):
            self._cells[-1].append("")
            self._open = True
        if tag == "small":
            self._cells[-1][-1] += "|"

    def handle_endtag(self, tag):
        self._open = self._open and tag not in ("th", "td")

    def handle_data(self, data):
        self.text += data
        if self._open:
            self._cells[-1][-1] += data


def read(html: str) -> Page:
    return Page(html)


def test_the_first_screen_says_how_good_on_how_many_and_beside_what(story):
    told = story(10)
    shown = render(told)
    accuracy = told.metrics.accuracy
    for figure in (percent(accuracy.value), percent(accuracy.low), percent(accuracy.high), percent(told.metrics.majority)):
        assert figure in shown
    assert f"Accuracy on {number(accuracy.n)} test pictures" in shown


def test_what_next_names_the_commands_with_the_run_as_it_is_typed(story):
    shown = render(story(3, where="runs/my flowers"))
    assert "olhar predict &#39;runs/my flowers&#39; picture.jpg" in shown
    assert "olhar serve &#39;runs/my flowers&#39;" in shown
    assert "olhar train DATA --recipe &#39;runs/my flowers/recipe.toml&#39;" in shown
    assert "olhar train photos.zip --epochs 3" in render(story(3, command="olhar train photos.zip --epochs 3"))


def test_every_number_of_the_class_table_is_the_storys(story):
    told = story(10)
    rows = read(render(told)).tables["classes"][1:-1]
    assert [row[:5] for row in rows] == [
        [one.key, percent(one.precision), percent(one.recall), percent(one.f1), number(one.support)]
        for one in told.metrics.by_class
    ]


def test_the_means_of_the_classes_and_the_loss_are_the_storys(story):
    told = story(10)
    shown = read(render(told))
    m = told.metrics
    assert shown.tables["classes"][-1][1:5] == [
        percent(m.macro_precision), percent(m.macro_recall), percent(m.macro_f1), number(m.accuracy.n)
    ]  # fmt: skip
    assert number(m.loss, 4) in shown.text


@pytest.mark.parametrize("classes", [2, 10, 20])
def test_every_cell_of_the_confusion_matrix_is_the_storys_in_counts_and_per_cent(classes):
    told = make_story(classes)
    assert told.metrics is not None
    rows = read(render(told)).tables["matrix"][1:]
    for counts, row in zip(told.metrics.confusion, rows, strict=True):
        for count, cell in zip(counts, row[1:], strict=True):
            assert cell == (f"{count}|{percent(count / counts.sum())}" if count else "0")


@pytest.mark.parametrize("classes", [3, 10, 20])
def test_names_at_the_confusion_matrix_stay_apart(story, classes):
    shown = read(render(story(classes, names=tuple(f"Heliconius melpomene of the kind {k}" for k in range(classes)))))
    heads, rows = shown.tables["matrix"][0][1:], [row[0] for row in shown.tables["matrix"][1:]]
    assert heads == rows
    assert len(set(heads)) == classes


def test_two_hundred_classes_are_condensed_into_a_picture_and_the_commonest_confusions(story):
    told = story(200)
    shown = read(render(told))
    assert "matrix" not in shown.tables
    assert len(shown.tables["classes"]) == 202
    assert len(shown.tables["most"]) == 21
    most = told.metrics.confusion - np.diag(np.diag(told.metrics.confusion))
    assert shown.tables["most"][1][2] == number(int(most.max()))


def test_weakest_classes_come_first_where_there_are_many(story):
    rows = read(render(story(50))).tables["classes"][1:-1]
    scores = [float(row[3].rstrip("%")) for row in rows]
    assert scores == sorted(scores)


def test_pictures_by_part_are_the_storys(story):
    rows = read(render(story(4))).tables["sizes"][1:]
    assert [row[:2] for row in rows] == [["training", "640"], ["validation", "80"], ["test", "80"]]
    uneven = {"train": {"class 0": 1200, "class 1": 7}}
    assert read(render(story(2, counts=uneven))).tables["sizes"][1] == ["training", "1,207", "class 1 (7)", "class 0 (1,200)"]


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("classes", [2, 10, 200])
def test_the_page_opens_with_no_network_and_runs_nothing(classes):
    html = render(make_story(classes))
    shown = read(html)
    assert not {tag for tag, _ in shown.tags} & {"script", "link", "iframe", "object", "embed", "form", "base"}
    for tag, attributes in shown.tags:
        for key, value in attributes.items():
            assert not key.startswith("on"), (tag, key)
            if key in ("src", "srcset", "href"):
                assert (value or "").startswith(("data:image/", "#")), (tag, key)
    assert not re.search(r"https?://|url\(|@import", html)
    assert "default-src &#39;none&#39;" in html or "default-src 'none'" in html


@pytest.mark.parametrize(("language", "lang", "word"), [("en", "en", "Can I trust it?"), ("pt", "pt-BR", "Posso confiar?")])
def test_the_page_speaks_the_language_in_use(story, language, lang, word):
    with speaking(language):
        html = render(story(3))
    assert f'<html lang="{lang}">' in html
    assert word in html


def test_numbers_take_the_marks_of_the_language(story):
    told = story(10, metrics=make_metrics(tuple(f"class {k}" for k in range(10)), each=300))
    with speaking("pt-BR"):
        html = render(told)
        assert percent(told.metrics.accuracy.value) in html
        assert "3.009 imagens de teste" in html
    assert "21 de novembro de 2026" in html
    assert not re.search(r"\d\.\d+%", read(html).text)


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_hostile_class_names_stay_text(language):
    names = Hostile().all()
    hostile = "<script>alert(3)</script>\u202e"
    told = make_story(
        len(names), names, name=hostile, recipe={hostile: hostile}, environment={hostile: hostile}, findings=[hostile],
        where=hostile, made=hostile,
    )  # fmt: skip
    told = replace(told, signature=replace(told.signature, origin=hostile + names[-1], licence=hostile))
    with speaking(language):
        html = render(told)
    shown = read(html)
    assert not [tag for tag, attributes in shown.tags if tag == "script" or any(key.startswith("on") for key in attributes)]
    assert "\u202e" not in html
    assert "\x1b" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert "49" not in shown.tables["matrix"][0][5]


def test_a_long_name_is_cut_and_its_whole_stands_in_the_title(story):
    shown = render(story(2, names=("x" * 300, "short")))
    assert f'title="{"x" * 300}"' in shown
    assert "x" * 33 not in shown.replace("x" * 300, "")


def test_a_number_measured_on_validation_is_said_to_flatter(story):
    shown = render(story(3, measured="validation"))
    assert "so it flatters" in shown
    assert "used once, at the end" not in shown
    assert "--split 80/10/10" in shown
    assert "--folds" not in shown


def test_where_the_data_s_own_parts_have_no_test_folds_are_the_way_to_an_honest_number(story):
    shown = render(story(3, measured="validation", brought=True))
    assert "olhar train DATA --folds 5" in shown
    assert "--split" not in shown


def test_what_was_measured_before_the_first_epoch_is_none(story):
    before = {"epoch": 0, "val_loss": 2.0, "val_accuracy": 0.4}
    assert "4 epochs; the weights of epoch 3" in render(story(2, history=[before, *make_history(4)]))
    assert "Epochs: 4." in render(story(2, history=[before, *make_history(4)], kept=0))


def test_without_metrics_the_page_says_that_nothing_was_measured(story):
    shown = read(render(story(3, metrics=None)))
    assert "Not measured yet" in shown.text
    assert "olhar evaluate runs/flowers DATA" in shown.text
    assert "classes" not in shown.tables


def test_a_story_of_which_little_is_known_is_still_told(story):
    bare = story(2, metrics=None, history=[], kept=0, counts={}, samples=(), mistakes=(), findings=(), agreement=None, made="")
    shown = render(replace(bare, recipe={}, environment={}, where=""))
    assert "<img" not in shown
    assert "flowers-cnn-1" in shown


@pytest.mark.usefixtures("drawn")
def test_a_history_with_gaps_is_drawn_where_there_is_something(story):
    history = [{"epoch": 1, "loss": float("nan")}, {"epoch": 2, "loss": 0.5, "val_loss": None}]
    shown = render(story(2, history=history, kept=2))
    assert "Loss by epoch" in shown
    assert "Accuracy by epoch" not in shown


def test_a_class_without_test_pictures_has_no_share_to_divide(story):
    confusion = np.array([[5, 0, 1], [0, 0, 0], [0, 0, 4]])
    shown = read(render(story(3, metrics=metrics_of(("class 0", "class 1", "class 2"), confusion))))
    assert shown.tables["matrix"][2] == ["class 1", "0", "0|0.0%", "0"]
    assert "One class has fewer than 10" not in shown.text
    assert "3 classes have fewer than 10 pictures here" in shown.text


def test_every_picture_has_a_text_in_its_place(story):
    shown = read(render(story(10)))
    pictures = [attributes for tag, attributes in shown.tags if tag == "img"]
    assert len(pictures) == 30 + 5 + 2 * 6
    assert all(attributes["alt"] for attributes in pictures)


def test_pictures_carry_nothing_but_pixels(story):
    html = render(story(2))
    assert "data:image/webp;base64," in html
    assert "picture-1.jpg" in html
    assert "exif" not in html.lower().replace("data:", "")[:2000]


def test_findings_and_agreement_are_told(story):
    shown = render(story(2))
    assert "2 pictures occur more than once." in shown
    assert "differ by at most 0.000001" in shown


@pytest.mark.usefixtures("drawn")
def test_the_page_is_modest():
    assert 50_000 < len(render(make_story(10)).encode()) < 1_500_000


def test_a_head_start_is_told_where_a_training_s_curves_would_stand():
    shown = read(render(make_head_story()))
    assert "A head start" in shown.text
    assert "How it learned" not in shown.text
    assert [row[1:] for row in shown.tables["tried"][1:]] == [["0.597", "0.22"], ["0.431", "0.59"], ["0.493", "0.33"]]
    assert "A head start" not in read(render(make_story())).text


def test_of_a_head_that_all_pictures_judged_nothing_is_said_of_trainings_that_were_not():
    shown = read(render(make_head_story())).text
    assert "each picture judged by a copy of the network that had not learnt from it" in shown
    assert "63 pictures were dealt into 5 parts" in shown
    assert "Each picture teaches, and is judged by a copy" in shown
    assert not re.search(r"epoch|validation|models of the folds|--minutes|varied", shown)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "on 63 pictures, each held back once;"), ("pt-BR", "em 63 imagens, cada uma deixada de fora uma vez;")],
)
def test_pictures_that_were_held_back_in_turn_are_named_so(language, said):
    with speaking(language):
        assert said in render(make_head_story())


def test_a_head_of_which_no_picture_could_be_held_back_is_not_to_be_trusted():
    shown = read(render(make_head_story(head=make_head(kind="nearest mean"), metrics=None))).text
    assert "Nobody can say how good" in shown
    assert "none is left to judge by" in shown


@pytest.mark.usefixtures("drawn")
def test_the_learning_curve_is_drawn_by_day_and_by_night_and_told():
    plain, curved = (render(make_head_story(learning_curve=curve)) for curve in (None, make_curve()))
    assert curved.count('class="by-night"') == plain.count('class="by-night"') + 1
    assert "Would more pictures help?" in curved
    assert "Would more pictures help?" not in plain


def test_plain_models_stand_beside_the_accuracy():
    plain = [Baseline("nearest_mean", wilson(30, 100)), Baseline("linear", wilson(45, 100))]
    shown = render(make_story(3, baselines=plain))
    assert "a linear model would be right on 45.0%, choosing the class of the nearest mean on 30.0%." in shown
    lead = shown[shown.index('<p class="lead">') : shown.index("</p>")]
    assert "A simple method, which sees colours and coarse shapes alone, would be right on 45.0%." in lead
    assert "16 × 16" not in lead
    assert 'class="linear" style="left:45.00%"' in shown
    assert 'class="linear"' not in render(make_story(3))


NAMES = [f"{word} melpomene_{kind}" for word in ("Heliconius", "Pestalotiopsis") for kind in "abcdefghij"]
CLIPPED = "[...document.querySelectorAll('th, th span, th bdi')].filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth)"


@needs_chromium
@pytest.mark.parametrize("classes", [3, 10, 20])
@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (390, "screen"), (680, "print")])
def test_names_are_shown_whole_and_nothing_sticks_out(browser, tmp_path, classes, width, media):
    (tmp_path / "report.html").write_text(render(make_story(classes, tuple(NAMES[:classes]))), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.emulate_media(media=media)
    page.goto((tmp_path / "report.html").as_uri())
    assert page.evaluate(f"{CLIPPED}.map(e => e.textContent)") == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.close()


@needs_chromium
@pytest.mark.parametrize("classes", [3, 10, 40])
def test_the_table_of_classes_fits_a_phone(browser, tmp_path, classes):
    names = tuple(f"Heliconius melpomene of the kind {k}" for k in range(classes))
    (tmp_path / "report.html").write_text(render(make_story(classes, names)), encoding="utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((tmp_path / "report.html").as_uri())
    box = "document.querySelector('.scores').parentElement"
    assert page.evaluate(f"{box}.scrollWidth - {box}.clientWidth") <= 0
    page.close()
