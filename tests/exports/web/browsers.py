"""A real Chromium for the tests of this room, where there is one."""

import shutil
from importlib.util import find_spec

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
ARGS += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None or find_spec("playwright") is None, reason="no Chromium, or no playwright, on this machine"
)
