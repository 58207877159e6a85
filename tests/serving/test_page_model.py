"""What there is to know of models on the page: the card, several models, sets of classes; and what is no picture."""

import time
from dataclasses import replace

import pytest

from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import with_card, with_signature
from tests.serving.kit import picture, write_bundle
from tests.serving.test_page import browser, expect, one, page, pytestmark  # noqa: F401 (fixtures)

CARD = """# Flowers

Made for **garden** pictures. <script>alert(1)</script> [a link](javascript:alert(1))

| class | pictures |
|---|---|
| rose | 12 |
"""


@pytest.fixture
def open_page(browser):  # noqa: F811 (fixture)
    """Opens a page as a phone does; what its console says against it fails the test."""
    contexts, said = [], []

    def opened(url, **options):
        contexts.append(browser.new_context(**{"viewport": {"width": 390, "height": 844}, "locale": "en-GB"} | options))
        made = contexts[-1].new_page()
        made.set_default_timeout(20000)
        made.on("console", lambda message: said.append(message.text))
        made.on("pageerror", lambda error: said.append(str(error)))
        made.goto(url)
        expect(made.locator("#classes")).not_to_be_empty()
        return made

    yield opened
    for context in contexts:
        context.close()
    assert said == []


def carded(predictor: Predictor, **signature) -> Predictor:
    told = with_signature(predictor.serialised(), replace(predictor.signature, **signature))
    return Predictor.from_bytes(with_card(told, CARD), "flowers")


def test_the_card_opens_closes_by_escape_and_gives_the_focus_back(open_page, start, predictor):
    opened = open_page(start(carded(predictor)).url)
    opened.focus("#more")
    opened.keyboard.press("Enter")
    expect(opened.locator("#about")).to_be_visible()
    assert opened.evaluate("document.querySelector('#about').contains(document.activeElement)")
    assert "Made for garden pictures." in opened.inner_text("#card-text")
    assert opened.inner_text("#card-text td >> nth=1") == "12"
    assert opened.locator("#about script, #about a").count() == 0
    assert opened.locator("#labels li").count() == 3
    assert "16 × 16" in opened.inner_text("#facts")
    assert opened.evaluate("document.documentElement.scrollWidth") == 390
    opened.keyboard.press("Escape")
    expect(opened.locator("#about")).to_be_hidden()
    assert opened.evaluate("document.activeElement.id") == "more"
    opened.click("#more")
    opened.click("#about-close")
    expect(opened.locator("#about")).to_be_hidden()


def test_a_model_without_a_card_shows_what_is_known(open_page, served):
    opened = open_page(served.url, locale="pt-BR")
    opened.click("#more")
    expect(opened.locator("#facts")).to_contain_text("Ele vê a imagem inteira")
    assert opened.is_hidden("#card-part")


@pytest.mark.parametrize("locale", ["en-GB", "pt-BR"])
def test_the_head_of_the_page_stands_in_one_line_on_a_phone(open_page, served, locale):
    opened = open_page(served.url, locale=locale, viewport={"width": 390, "height": 844})
    middles = [
        box["y"] + box["height"] / 2 for box in (opened.locator(part).bounding_box() for part in (".mark", "#more", ".languages"))
    ]
    assert max(middles) - min(middles) < 3


def test_another_model_answers_the_same_pictures_and_its_page_is_kept(open_page, start, predictor, tmp_path):
    letters = Predictor.open(write_bundle(tmp_path / "m.onnx", ("b", "g", "r"), ("bee", "gee", "are")), threads=1)
    server = start({"colours": predictor, "às três": letters})
    opened = open_page(server.url)
    opened.set_input_files("#choose", [one(picture("blue")), one(picture("red"), "b.png")])
    expect(opened.locator("#cards .best")).to_have_text(["Blue", predictor.signature.names[2]])
    opened.select_option("#which", "às três")
    expect(opened.locator("#cards .best")).to_have_text(["bee", "are"])
    expect(opened.locator("#filter")).to_contain_text("bee")
    assert opened.url == f"{server.url}models/%C3%A0s%20tr%C3%AAs/"
    opened.reload()
    expect(opened.locator("#which")).to_have_value("às três")
    opened.select_option("#which", "colours")
    opened.set_input_files("#choose", [one(picture("blue"))])
    expect(opened.locator("#cards .best")).to_have_text(["Blue"])


@pytest.mark.parametrize(("language", "told"), [("en-GB", "One of these: Blue, "), ("pt-BR", "Uma destas: Blue, ")])
def test_a_doubtful_answer_names_the_classes_that_it_is_among(open_page, start, predictor, language, told):
    several = carded(predictor, prediction_sets=0.9, set_threshold=0.05)
    opened = open_page(start(several).url, locale=language)
    opened.set_input_files("#choose", [one(picture("gray"))])
    expect(opened.locator("#cards .set")).to_contain_text(told)
    assert told in opened.inner_text("#status")
    opened.click("#clear")
    opened.set_input_files("#choose", [one(picture("blue"))])
    opened.wait_for_selector("#cards .told:not([hidden])")
    assert opened.inner_text("#cards .set") == ""


WORDS = """([event, kind, text]) => {
    const bag = new DataTransfer();
    bag.setData(kind, text);
    const key = event === "paste" ? "clipboardData" : "dataTransfer";
    const made = new (event === "paste" ? ClipboardEvent : DragEvent)(event, { [key]: bag, bubbles: true, cancelable: true });
    document.body.dispatchEvent(made);
    return made.defaultPrevented;
}"""


@pytest.mark.parametrize("event", ["paste", "drop"])
@pytest.mark.parametrize("kind", ["text/plain", "text/uri-list", "text/html"])
def test_a_link_is_answered_with_a_sentence_and_is_not_opened(page, event, kind):  # noqa: F811 (fixture)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    stopped = page.evaluate(WORDS, [event, kind, "http://127.0.0.1:9/rose.jpg"])
    expect(page.locator("#notice")).to_contain_text("A link or text cannot be asked about")
    assert page.get_attribute("#notice", "role") == "alert"
    assert stopped or event == "paste", "a dropped link must not lead the browser away"
    assert asked == []
    page.set_input_files("#choose", [one(picture("blue"))])
    page.wait_for_selector("#cards .told:not([hidden])")
    assert page.is_hidden("#notice")


def test_many_pictures_are_stopped_and_go_on_where_they_were(open_page, start, bundle):
    slow = Predictor.open(bundle, threads=1)
    at_once = slow.probabilities
    slow.probabilities = lambda pixels: (time.sleep(0.05), at_once(pixels))[1]  # type: ignore[method-assign]
    opened = open_page(start(slow, workers=1).url)
    opened.set_input_files("#choose", [one(picture("blue"), f"{i}.png") for i in range(40)])
    opened.wait_for_selector(".tile .told:not([hidden])")
    opened.click("#stop")
    expect(opened.locator("#resume")).to_be_visible()
    assert opened.is_hidden("#stop")
    opened.wait_for_timeout(1000)
    answered = opened.locator(".tile .told:visible").count()
    opened.wait_for_timeout(500)
    assert opened.locator(".tile .told:visible").count() == answered < 40
    opened.click("#resume")
    expect(opened.locator(".tile .told:visible")).to_have_count(40, timeout=15000)
    expect(opened.locator("#progress")).to_be_hidden()
    assert "answered" in opened.inner_text("#status")
