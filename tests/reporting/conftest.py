import pytest

from olhar.base.texts import speaking
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
