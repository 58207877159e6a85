"""The live camera on the page: held, switched, lost, refused; Chromium's two fake cameras stand for those of a phone."""

from collections.abc import Iterator

import pytest

from tests.serving.test_page import ARGS, CHROMIUM, expect, pytestmark, sync_api  # noqa: F401 (the mark skips)

CAMERAS = ["--use-fake-device-for-media-stream=device-count=2", "--use-fake-ui-for-media-stream"]
TRACK = "document.querySelector('#video').srcObject.getVideoTracks()[0]"


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGS, *CAMERAS])
        yield opened
        opened.close()


@pytest.fixture
def live(browser, served) -> Iterator["sync_api.Page"]:
    """A phone's page with the camera on and its first answer shown; a word of the console against it fails the test."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="en-GB", permissions=["camera"], has_touch=True, is_mobile=True
    )
    opened, said = context.new_page(), []
    opened.set_default_timeout(20000)
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(served.url)
    try:
        _until_seen(opened)
    except sync_api.TimeoutError:  # the browser's made-up camera gave one frame and stood still
        opened.reload()
        _until_seen(opened)
    yield opened
    context.close()
    assert said == []


def _until_seen(page) -> None:
    page.tap("#live")
    page.wait_for_selector("#seeing .best:not(:empty)")


def asked(page) -> list[str]:
    """The addresses that the page asks from here on."""
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    return addresses


def test_the_camera_is_asked_again_and_again_until_it_is_held_and_then_goes_on(live):
    questions = asked(live)
    live.wait_for_timeout(1500)
    assert len(questions) >= 3
    live.tap("#hold")
    expect(live.locator("#hold")).to_have_attribute("aria-pressed", "true")
    live.wait_for_timeout(500)
    held, before = live.inner_text("#seeing .told"), len(questions)
    live.wait_for_timeout(1000)
    assert len(questions) == before
    assert live.evaluate("document.querySelector('#video').paused")
    assert live.inner_text("#seeing .told") == held
    live.tap("#hold")
    expect(live.locator("#hold")).to_have_attribute("aria-pressed", "false")
    live.wait_for_timeout(1000)
    assert len(questions) > before
    assert not live.evaluate("document.querySelector('#video').paused")


def test_a_photograph_of_what_is_held_is_asked_about(live):
    live.tap("#hold")
    live.tap("#shoot")
    live.wait_for_selector("#cards .told:not([hidden])")
    assert live.locator(".card").count() == 1
    assert live.evaluate("document.documentElement.scrollWidth") == 390


def test_while_a_camera_opens_the_button_says_that_it_takes_no_tap(live):
    live.evaluate("""() => {
      const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (what) => {
        await new Promise((done) => (window.letOpen = done));
        return real(what);
      };
    }""")
    live.tap("#turn")
    live.wait_for_function("() => window.letOpen")
    assert live.locator("#turn").get_attribute("aria-disabled") == "true"
    live.evaluate("window.letOpen()")
    live.wait_for_selector("#turn:not([aria-disabled])")


def test_the_other_camera_takes_over_and_then_the_first_again(live):
    labels = [live.evaluate(f"{TRACK}.label")]
    for _ in range(2):
        live.tap("#turn")
        live.wait_for_function(f"label => document.querySelector('#video').srcObject && {TRACK}.label !== label", arg=labels[-1])
        labels.append(live.evaluate(f"{TRACK}.label"))
        live.wait_for_selector("#seeing .best:not(:empty)")
    assert labels[0] == labels[2] != labels[1]
    assert live.evaluate("document.querySelector('#video').srcObject.getTracks().length") == 1


FACING = """() => {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.wishes = [];
  navigator.mediaDevices.getUserMedia = async ({ video }) => {
    window.wishes.push(video.facingMode || "by name");
    const stream = await real({ video: true });
    const [track] = stream.getVideoTracks();
    const settings = track.getSettings.bind(track);
    track.getSettings = () => ({ ...settings(), facingMode: video.facingMode });
    return stream;
  };
}"""


def test_a_phone_whose_cameras_say_where_they_face_is_asked_for_the_other_side(live):
    live.tap("#dark")
    live.evaluate(FACING)
    live.tap("#live")
    live.wait_for_selector("#seeing:not([hidden])")
    live.tap("#turn")
    live.wait_for_selector("#video.mirrored")
    live.wait_for_selector("#seeing:not([hidden])")
    live.tap("#turn")
    live.wait_for_selector("#video:not(.mirrored)")
    assert live.evaluate("wishes") == ["environment", "user", "environment"]


def test_two_quick_touches_open_one_camera(live):
    live.evaluate("() => { document.querySelector('#turn').click(); document.querySelector('#turn').click(); }")
    live.wait_for_function(f"() => document.querySelector('#video').srcObject && {TRACK}.label !== 'fake_device_0'")
    live.wait_for_selector("#seeing .best:not(:empty)")
    assert live.is_visible("#viewfinder")
    assert live.is_hidden("#notice")


def test_a_camera_that_is_unplugged_is_told_and_the_other_one_can_be_used(live):
    live.evaluate(f"{TRACK}.dispatchEvent(new Event('ended'))")
    expect(live.locator("#notice")).to_contain_text("no camera that this page could use")
    assert live.is_hidden("#viewfinder")
    live.tap("#live")
    live.wait_for_selector("#seeing .best:not(:empty)")
    assert live.is_hidden("#notice")


def test_a_server_that_has_gone_holds_the_camera_and_is_said_once(live):
    live.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('gone')); }")
    expect(live.locator("#notice")).to_contain_text("The server does not answer.")
    expect(live.locator("#hold")).to_have_attribute("aria-pressed", "true")
    assert live.is_visible("#viewfinder")


def test_a_phone_that_may_not_have_the_camera_is_told_why_and_takes_photos(browser, served):
    phone = {"viewport": {"width": 390, "height": 844}, "locale": "pt-BR", "has_touch": True, "is_mobile": True}
    context = browser.new_context(**phone)
    context.add_init_script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })")  # as over http
    page = context.new_page()
    page.goto(served.url)
    expect(page.locator("#insecure")).to_be_visible()
    expect(page.locator("#insecure")).to_contain_text("olhar serve --lan")
    expect(page.locator("label[for=photograph]")).to_be_visible()
    expect(page.locator("#live")).to_be_hidden()
    context.close()
