"""The clients of examples/clients, as docs/serve.md shows them: each tells of a golden.json's pictures what stands in it."""

import functools
import http.server
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from olhar.bundle.parity import golden
from olhar.bundle.predictor import Predictor
from tests.serving.kit import write_bundle

ROOT = Path(__file__).parents[2]
CLASSES = ('pão "doce"', "azul\\escuro", "red")
PAGES = ("serve.md", "serve.pt-BR.md")


def commands(page: str) -> list[str]:
    """The lines that start a client, as they are shown."""
    return re.findall(r"^\w+ (?:run )?examples/clients/.*$", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Predictor:
    return Predictor.open(write_bundle(tmp_path_factory.mktemp("model") / "m.onnx", CLASSES, CLASSES), threads=1)


@pytest.fixture(scope="module")
def proof(model, tmp_path_factory) -> Path:
    """A golden.json, with its pictures beside it as files."""
    rng = np.random.default_rng(1)
    colours = np.array([(200, 90, 60), (60, 90, 200), (90, 100, 80)])[:, None, None] + rng.integers(-30, 31, (3, 16, 16, 3))
    folder = tmp_path_factory.mktemp("golden")
    document = json.dumps(golden(model, colours.astype(np.uint8)))
    (folder / "golden.json").write_text(document, encoding="utf-8")
    for i, pixels in enumerate(pictures_of(json.loads(document))):
        Image.fromarray(pixels).save(folder / f"{i} ü.png")
    return folder / "golden.json"


def pictures_of(document) -> list[np.ndarray]:
    return [np.frombuffer(b64decode(text), np.uint8).reshape(document["shape"]) for text in document["pictures"]]


def told(out: str, names: list[str]) -> list[dict[str, float]]:
    """The probabilities of each picture by class, as a client printed them."""
    if out.startswith("{"):
        answers = [json.loads(line) for line in out.splitlines() if line]
        return [{one["class"]: one["probability"] for one in answer["predictions"]} for answer in answers]
    lines = out.splitlines()
    assert [line for line in lines if "\t" not in line] == names
    each = re.split("|".join(re.escape(f"{name}\n") for name in names), out)[1:]
    rows = [[line.rsplit("\t", 1) for line in part.splitlines()] for part in each]
    return [{key: float(share) for key, share in row} for row in rows]


def run(command: str, url: str, names: list[str], folder: Path, token: str = "") -> subprocess.CompletedProcess[str]:
    words = shlex.split(command)
    words[0] = sys.executable if words[0] == "python" else words[0]
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not on this machine")
    words = [str(ROOT / word) if word.startswith("examples/") else word for word in words[:-1]]
    filled = [url.rstrip("/") if word == "http://127.0.0.1:8000" else word for word in words]
    kept = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")} | {"OLHAR_TOKEN": token}
    return subprocess.run([*filled, *names], capture_output=True, encoding="utf-8", check=False, cwd=folder, env=kept)


@pytest.mark.parametrize("command", commands("serve.md"), ids=lambda command: command.split()[0])
def test_every_client_tells_what_golden_json_says(command, start, model, proof):
    document = json.loads(proof.read_text(encoding="utf-8"))
    names = sorted(path.name for path in proof.parent.glob("*.png"))
    done = run(command, start(model, token="hush").url, names, proof.parent, "hush")
    assert (done.returncode, done.stderr) == (0, "")
    answers = told(done.stdout, names)
    assert len(answers) == len(document["pictures"]) == 3
    for answer, expected in zip(answers, document["probabilities"], strict=True):
        received = [answer[key] for key in document["classes"]]
        np.testing.assert_allclose(received, expected, rtol=0, atol=document["tolerance"])


@pytest.mark.parametrize("command", commands("serve.md"), ids=lambda command: command.split()[0])
def test_every_client_tells_a_refusal_by_the_servers_sentence_and_fails(command, start, model, proof):
    done = run(command, start(model, token="hush").url, ["0 ü.png"], proof.parent, "wrong")
    assert done.returncode == 1
    assert "This server wants a token." in done.stdout + done.stderr


def test_both_languages_show_the_same_commands_and_every_client():
    assert commands(PAGES[0]) == commands(PAGES[1])
    shown = {re.search(r"examples/clients/(\S+)", line)[1] for line in commands(PAGES[0])}
    assert shown | {"browser.html"} == {path.name for path in (ROOT / "examples" / "clients").iterdir()}


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_) -> None:
        pass


@pytest.fixture
def own_page() -> Iterator[str]:
    """The origin of a page of somebody's own."""
    own = functools.partial(Quiet, directory=str(ROOT / "examples" / "clients"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), own) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def opened(own_page):
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(locale="en-GB", viewport={"width": 390, "height": 844})
        page.set_default_timeout(20000)
        page.goto(f"{own_page}/browser.html")
        yield page
        browser.close()


def test_a_page_of_ones_own_tells_what_golden_json_says(opened, own_page, start, model, proof):
    document = json.loads(proof.read_text(encoding="utf-8"))
    opened.fill("#address", start(model, token="hush", allow_origin=(own_page,)).url)
    opened.fill("#token", "hush")
    opened.set_input_files("#pictures", sorted(map(str, proof.parent.glob("*.png"))))
    opened.wait_for_selector("section:nth-child(3) li")
    for i, expected in enumerate(document["probabilities"], 1):
        lines = opened.locator(f"section:nth-child({i}) li")
        shares = [float(line.get_attribute("data-probability")) for line in lines.all()]
        np.testing.assert_allclose(shares, sorted(expected, reverse=True), rtol=0, atol=document["tolerance"])
        best = document["classes"][int(np.argmax(expected))]
        assert lines.first.inner_text().startswith(best)
    assert opened.evaluate("document.documentElement.scrollWidth") == 390


def test_a_page_that_the_server_does_not_name_is_not_answered(opened, start, model, proof):
    opened.fill("#address", start(model).url)
    opened.set_input_files("#pictures", [str(proof.parent / "0 ü.png")])
    assert "fetch" in opened.inner_text("section p")
