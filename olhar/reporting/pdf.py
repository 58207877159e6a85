"""A page as PDF, printed by a browser of the Chromium family, where there is one. The page runs no script and loads nothing."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from olhar.base.errors import RunError
from olhar.base.files import read_file, write_error, write_whole

_COMMANDS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge", "brave-browser", "brave"),
)
_MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_WINDOWS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe", "Chromium/Application/chrome.exe")
_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")

SECONDS = 120
"""A browser that takes longer is stopped."""


def find_browser() -> str | None:
    """A browser that can print: on the path, or where such browsers are installed; None where there is none."""
    on_path = (shutil.which(name) for name in _COMMANDS)
    return next(filter(None, on_path), None) or next((str(place) for place in _places() if place.is_file()), None)


def _places() -> Sequence[Path]:
    if sys.platform == "darwin":
        return [Path(place) for place in _MAC]
    roots = [os.environ[name] for name in _FOLDERS if sys.platform == "win32" and name in os.environ]
    return [Path(root) / place for root in roots for place in _WINDOWS]


def write_pdf(page: Path, into: Path) -> Path:
    """Print a page.

    Args:
        page: the HTML file.
        into: the PDF, which is replaced.

    Raises:
        RunError: there is no browser, it does not print, or the file cannot be written.
    """
    browser = find_browser()
    if browser is None:
        raise RunError("report.no_browser", where=str(page))
    with tempfile.TemporaryDirectory(prefix="olhar-", ignore_cleanup_errors=True) as folder:
        printed = Path(folder) / "page.pdf"
        _print(browser, page, printed, Path(folder) / "profile")
        content = read_file(printed) if printed.is_file() else b""
    if not content.startswith(b"%PDF"):
        raise RunError("report.not_printed", where=str(page), browser=Path(browser).name)
    try:
        write_whole(into, content)
    except OSError as error:
        raise write_error(into, error, len(content)) from error
    return into


def _print(browser: str, page: Path, printed: Path, profile: Path) -> None:
    """Ask the browser, with a profile of its own; as root it prints only without its sandbox, and the page is our own."""
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    quiet = ["--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions"]
    own = [f"--user-data-dir={profile}", "--no-pdf-header-footer", f"--print-to-pdf={printed}"]
    nothing = subprocess.DEVNULL
    try:
        command = [browser, *quiet, *as_root, *own, page.resolve().as_uri()]
        subprocess.run(command, stdin=nothing, stdout=nothing, stderr=nothing, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return  # nothing was printed, which the caller tells
