import pytest

from olhar.base.texts import speaking
from tests.exports.web.browsers import ARGS, CHROMIUM
from tests.reporting.stories import make_story


@pytest.fixture(autouse=True)
def _in_english():
    with speaking("en"):
        yield


@pytest.fixture
def story():
    """A function: number of classes and whatever else should differ -> a Story."""
    return make_story


@pytest.fixture(autouse=True)
def _plain_figures():
    """Here they are drawn."""


@pytest.fixture(scope="module")
def browser():
    """A real Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield opened
        opened.close()
