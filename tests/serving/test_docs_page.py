"""The page of the API: every address, in both languages, with commands that work when they are pasted."""

import json
import re
import shutil
import subprocess
from html import unescape

import pytest

from tests.serving.kit import picture


def commands(html: str) -> dict[str, str]:
    """What can be pasted, by operation."""
    sections = re.findall(r'<section id="(\w+)".*?</section>', html, re.DOTALL)
    found = re.findall(r'<section id="\w+".*?<pre[^>]*><code>(.*?)</code></pre>', html, re.DOTALL)
    return {name: unescape(command) for name, command in zip(sections, found, strict=True)}


@pytest.mark.parametrize(("language", "title"), [("en", "Asking this server"), ("pt-BR", "Como perguntar a este servidor")])
def test_every_address_stands_there_in_the_language_asked_for(served, language, title):
    got = served.get("docs", params={"language": language})
    assert got.headers["content-type"].startswith("text/html")
    assert f'<html lang="{language}">' in got.text
    assert f"<h1>{title}</h1>" in got.text
    for path, methods in served.get("openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            assert f'<section id="{operation["operationId"]}"' in got.text
            assert f"{method.upper()}</span> <code>{path}</code></h3>" in got.text


def test_it_needs_no_script_and_nothing_from_elsewhere(served):
    got = served.get("docs")
    assert "<script" not in got.text
    assert "style=" not in got.text
    own = served.url.rstrip("/")
    assert "//" not in got.text.replace(own, "")
    assert served.get("docs.css").headers["content-type"].startswith("text/css")


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("base64")), reason="curl or base64 is not there")
def test_every_command_works_as_it_is_pasted(served, tmp_path):
    (tmp_path / "picture.jpg").write_bytes(picture(kind="JPEG"))
    told = commands(served.get("docs", params={"language": "en"}).text)
    assert "predict" in told
    for name, command in told.items():
        done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=20, check=True)
        if command.startswith("curl -i"):
            assert " 200 " in done.stdout.splitlines()[0], name
        else:
            assert "error" not in json.loads(done.stdout), name


def test_with_a_token_it_is_open_and_names_no_model(start, predictor):
    server = start({"secret-name": predictor}, token="hush")
    got = server.get("docs", params={"language": "en"})
    assert got.status_code == 200
    assert "secret-name" not in got.text
    assert "Authorization: Bearer $OLHAR_TOKEN" in unescape(got.text)
    assert server.get("openapi.json").status_code == 401
