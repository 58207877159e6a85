"""The page in a real browser."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest

from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import with_signature
from tests.serving.kit import NAMES, Running, picture

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
FAKE_CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGS, *FAKE_CAMERA])
        yield opened
        opened.close()


@pytest.fixture
def page(browser, served: Running) -> Iterator["sync_api.Page"]:
    """The page in English at 390 x 844; anything that the console says against it fails the test."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    opened = context.new_page()
    opened.set_default_timeout(20000)
    said: list[str] = []
    opened.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(served.url)
    expect(opened.locator("#model")).to_have_text("model.onnx")
    yield opened
    context.close()
    assert [line for line in said if "status of 400" not in line] == []


def one(data: bytes, name: str = "a.png") -> dict[str, object]:
    return {"name": name, "mimeType": "image/png", "buffer": data}


def test_a_chosen_picture_is_shown_with_its_answer_as_bars(page):
    page.set_input_files("#choose", [one(picture("blue"))])
    page.wait_for_selector("#cards .told:not([hidden])")
    assert page.inner_text("#cards .best") == "Blue"
    assert page.inner_text("#cards .share >> nth=0") == "99.9%"
    assert page.locator("#cards .bars li").count() == 2  # the best one stands above them, once
    assert page.eval_on_selector(".card img", "image => image.naturalWidth") == 40
    expect(page.locator("#cards .fill").first).to_have_css("width", re.compile(r"^[23]\d\d"))
    assert page.inner_text("#status").strip() == "a.png: Blue, 99.9%"
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize(("language", "told"), [("en-GB", "I don’t know"), ("pt-BR", "Não sei")])
def test_a_model_that_is_not_sure_enough_says_that_it_does_not_know(browser, start, predictor, language, told):
    signature = replace(predictor.signature, threshold=0.9999)
    cautious = Predictor.from_bytes(with_signature(predictor.serialised(), signature), "model.onnx")
    context = browser.new_context(locale=language)
    opened = context.new_page()
    opened.goto(start(cautious).url)
    opened.set_input_files("#choose", [one(picture("gray"))])
    opened.wait_for_selector("#cards .told:not([hidden])")
    assert opened.inner_text("#cards .best") == told
    assert opened.inner_text("#cards .share >> nth=0") == ""
    assert opened.locator("#cards .bars li").count() == 3
    assert told in opened.inner_text("#status")
    context.close()


@pytest.mark.parametrize(
    ("language", "told"), [("en-GB", "Unlike anything it has seen"), ("pt-BR", "Diferente de tudo o que ele já viu")]
)
def test_a_picture_unlike_anything_seen_keeps_its_answer_and_is_told(browser, start, strangers_told, language, told):
    context = browser.new_context(locale=language)
    opened = context.new_page()
    opened.goto(start(strangers_told).url)
    opened.set_input_files("#choose", [one(picture("gray"))])
    opened.wait_for_selector("#cards .told:not([hidden])")
    assert opened.inner_text("#cards .best") == "Blue"
    assert opened.inner_text("#cards .doubt") == told
    assert told in opened.inner_text("#status")
    opened.set_input_files("#choose", [one(picture("blue"))])
    expect(opened.locator("#cards .tile .doubt").first).to_have_text("")
    context.close()


def test_a_hostile_class_name_stays_text(page):
    page.set_input_files("#choose", [one(picture("lime"), "<img src=x onerror=alert(1)>.png")])
    page.wait_for_selector("#cards .told:not([hidden])")
    assert page.inner_text("#cards .best") == NAMES[1]
    assert page.locator(".card img").count() == 1


def test_several_pictures_and_a_bad_one_stand_side_by_side(page):
    page.set_input_files("#choose", [one(picture("red")), one(b"no picture"), one(picture("blue"))])
    expect(page.locator(".best:visible")).to_have_count(2)
    expect(page.locator(".wrong:visible")).to_have_count(1)
    assert page.locator(".tile").count() == 3
    assert "not a picture that can be read" in page.inner_text(".wrong:visible")
    page.click(".tile.refused .open")
    assert "OLH159" in page.inner_text("#large .wrong")
    page.click("#large-close")
    page.click("#clear")
    assert page.locator("#cards li").count() == 0
    assert page.is_visible("h1")


def test_the_language_can_be_switched_with_answers_and_errors_kept(page):
    page.set_input_files("#choose", [one(picture("blue")), one(b"no picture")])
    page.wait_for_selector(".wrong:not([hidden])")
    page.click("[data-language='pt-BR']")
    expect(page.locator("html")).to_have_attribute("lang", "pt-BR")
    expect(page.locator(".wrong:visible")).to_contain_text("a.png: não é uma imagem")
    assert page.inner_text("#status").strip().startswith("a.png: não é uma imagem")  # once, not behind its name again
    assert page.locator("#cards .share").all_inner_texts().count("99,9%") == 1
    assert "Limpar tudo" in page.inner_text("body")
    assert page.get_attribute("[data-language='pt-BR']", "aria-pressed") == "true"
    page.reload()
    assert page.inner_text("h1") == "O que há na imagem?"


PASTE = """([event, target, bytes]) => {
    const bag = new DataTransfer();
    bag.items.add(new File([new Uint8Array(bytes)], "x.png", { type: "image/png" }));
    const key = event === "paste" ? "clipboardData" : "dataTransfer";
    document.querySelector(target).dispatchEvent(
      new (event === "paste" ? ClipboardEvent : DragEvent)(event, { [key]: bag, bubbles: true, cancelable: true }));
}"""


@pytest.mark.parametrize("event", ["paste", "drop"])
def test_a_picture_can_be_pasted_and_dropped(page, event):
    page.evaluate(PASTE, [event, "body", list(picture("blue"))])
    page.wait_for_selector("#cards .told:not([hidden])")
    assert page.inner_text("#cards .best") == "Blue"


def test_everything_can_be_reached_and_used_by_keyboard(page):
    page.on("filechooser", lambda chooser: chooser.set_files([one(picture("blue"))]))
    reached = []
    for _ in range(5):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.dataset.language || document.activeElement.id"))
    assert reached[:4] == ["more", "en", "pt-BR", "choose"]
    page.focus("#choose")
    page.keyboard.press("Enter")
    page.wait_for_selector("#cards .told:not([hidden])")
    assert "Remove: a.png" in page.get_attribute(".remove", "aria-label")
    page.focus(".remove")
    page.keyboard.press("Enter")
    assert page.locator("#cards li").count() == 0


def test_a_server_that_has_gone_is_said(page):
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('gone')); }")
    page.set_input_files("#choose", [one(picture("blue"))])
    page.wait_for_selector(".wrong:not([hidden])")
    assert page.inner_text(".wrong").startswith("The server does not answer.")


def test_a_token_is_asked_for_and_then_kept_for_the_session(browser, start):
    server = start(token="hush")
    context = browser.new_context(locale="pt-BR")
    opened = context.new_page()
    opened.goto(server.url)
    opened.fill("#secret", "hash")
    opened.click("#token button")
    expect(opened.locator("#notice")).to_have_text("Esse não é o token. Confira cada letra, número e hífen.")
    opened.fill("#secret", "hush")
    opened.click("#token button")
    opened.wait_for_selector("#token", state="hidden")
    expect(opened.locator("#notice")).to_be_hidden()
    opened.set_input_files("#choose", [one(picture("blue"))])
    opened.wait_for_selector("#cards .told:not([hidden])")
    opened.reload()
    expect(opened.locator("#model")).to_have_text("model.onnx")
    context.close()


@pytest.mark.parametrize(("language", "told"), [("en-GB", "Type this server’s token"), ("pt-BR", "Digite acima o token")])
def test_a_picture_chosen_before_the_token_is_answered_once_it_is_typed(browser, start, language, told):
    context = browser.new_context(locale=language)
    opened, said = context.new_page(), []
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(start(token="hush").url)
    opened.set_input_files("#choose", [one(picture("blue"))])
    opened.wait_for_selector("#notice:not([hidden])")
    assert opened.inner_text("#notice").startswith(told)
    assert "Authorization" not in opened.inner_text("body")
    assert opened.evaluate("document.activeElement.id") == "secret"
    opened.keyboard.type("hush")
    opened.keyboard.press("Enter")
    opened.wait_for_selector("#cards .told:not([hidden])")
    assert opened.inner_text("#cards .best") == NAMES[0]
    expect(opened.locator("#notice")).to_be_hidden()
    refusal = {"error": {"code": "OLH000", "message": "Send it as Authorization"}}
    opened.route("**/predict?*", lambda route: route.fulfill(status=401, json=refusal))  # the server has another token by now
    opened.set_input_files("#choose", [one(picture("gray"), "b.png")])
    expect(opened.locator("#cards .wrong").first).to_contain_text(told)
    assert opened.is_visible("#token")
    assert said == []
    context.close()


def test_a_token_in_the_address_opens_the_page_and_is_taken_out_of_it(browser, start):
    address = start(token="hush").url.rstrip("/")
    context = browser.new_context(locale="en-GB")
    opened = context.new_page()
    opened.goto(f"{address}/#token=hush")
    expect(opened.locator("#model")).to_have_text("model.onnx")
    assert opened.is_hidden("#token")
    assert opened.url.rstrip("/") == address
    context.close()


def test_the_camera_is_opened_asked_and_switched_off(browser, served):
    context = browser.new_context(locale="en-GB", permissions=["camera"])
    opened = context.new_page()
    opened.goto(served.url)
    opened.click("#live")
    opened.wait_for_selector("#viewfinder:not([hidden])")
    assert opened.evaluate("document.activeElement.id") == "shoot"
    opened.click("#shoot")
    opened.wait_for_selector("#cards .told:not([hidden])")
    assert opened.locator(".card").count() == 1
    track = "document.querySelector('#video').srcObject"
    assert opened.evaluate(f"{track}.getTracks().length") == 1
    opened.click("#dark")
    assert opened.is_hidden("#viewfinder")
    assert opened.evaluate(track) is None
    context.close()


def test_a_camera_that_may_not_be_used_is_told(page):
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    page.click("#live")
    expect(page.locator("#notice")).to_contain_text("may not use the camera")
    assert page.is_hidden("#viewfinder")
