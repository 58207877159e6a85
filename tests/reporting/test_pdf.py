import os
import shutil
import sys

import pytest

from olhar.base.errors import RunError
from olhar.reporting import pdf
from olhar.reporting.pdf import find_browser, write_pdf
from tests.conftest import assert_says


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("<!doctype html><title>x</title><p>a page", encoding="utf-8")
    return path


def test_without_a_browser_one_line_says_so(page, monkeypatch):
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    with pytest.raises(RunError) as error:
        write_pdf(page, page.with_suffix(".pdf"))
    assert_says(error, "report.html", "no Chromium")
    assert not page.with_suffix(".pdf").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for the browser")
@pytest.mark.parametrize("what", ["exit 1", "echo no > /dev/null"])
def test_a_browser_that_does_not_print_is_named(page, tmp_path, monkeypatch, what):
    browser = tmp_path / "chromium"
    browser.write_text(f"#!/bin/sh\n{what}\n")
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert find_browser() == str(browser)
    with pytest.raises(RunError) as error:
        write_pdf(page, tmp_path / "r.pdf")
    assert_says(error, "report.html", "chromium did not print it")


@pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium on the path")
def test_a_browser_prints_the_page(page, tmp_path):
    assert write_pdf(page, tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
