"""A Teachable Machine network in Olhar's page and by Teachable Machine's own library, in Chromium, rounds in turn.

npm install --legacy-peer-deps @teachablemachine/image@0.8.5 @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
python benchmarks/teachable.py --peer node_modules --pictures photos.zip --into teachable.jsonl keras_model.h5

A row a network: seconds of `olhar export --to web`; of each way the bytes of a first visit (as they lie, and packed by gzip),
milliseconds from the visit to the first answer (by a browser that was never there, then once more), milliseconds a picture from
its file to its probabilities, and of the network alone. Each is the median of the rounds, the least and the most.

Then how far the answers are from Python's: the way as it is (`ask`), the network alone on Python's pixels (`askPixels`), and the
library's canvas, its pixels scaled as Olhar scales them (`askCanvas`). Every way computes with one thread. Where there is
no graphics card webgl runs on the processor.
"""

import argparse
import base64
import functools
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np
from layers_model import BACKENDS, write_peer
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from rows import missing
from tflite import photographs
from web import Plain
from whole import enlarged

import olhar
from olhar.exports.web.site import own
from olhar.graph.graph import Floats

SCRIPT = Path(__file__).parent / "peers" / "teachable.js"
WAYS = ("site", "file", *BACKENDS)
ARGS = ["--no-sandbox", "--enable-unsafe-swiftshader"]


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("models", nargs="+", type=Path)
    words.add_argument("--peer", type=Path, required=True, help="node_modules")
    words.add_argument("--pictures", type=Path, required=True, help="a zip of JPEGs")
    words.add_argument("--many", type=int, default=40)
    words.add_argument("--megapixels", type=float, default=0, help="bring the photographs to this size first")
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS, help="the slow ones may be left out")
    words.add_argument("--into", type=Path, required=True)
    told = words.parse_args()
    if told.megapixels:
        pictures = enlarged(told.pictures, told.many, told.megapixels)
    else:
        pictures = list(photographs(told.pictures, told.many).values())
    for path in told.models:
        key = {"model": path.parent.name, "pictures": len(pictures), "megapixels": told.megapixels}
        key |= {"rounds": told.rounds, "ways": list(told.ways)}
        missing(told.into, key, functools.partial(measured, path, told.peer, pictures, told.rounds, told.ways))


def measured(path: Path, peer: Path, pictures: list[bytes], rounds: int, ways: Sequence[str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        exports = [exported(path, root / "site") for _ in range(rounds)]
        exported(path, root / "page.html")
        (root / "site" / "network.js").write_text(own("network.js"), encoding="utf-8")
        write_peer(path, list(olhar.load(path).classes), peer, root / "peer")
        return {"export_s": spread(exports), "load": os.getloadavg()[0]} | in_chromium(path, root, pictures, rounds, ways)


def exported(path: Path, into: Path) -> float:
    """Seconds of the command, from its start."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "olhar", "export", path, "--to", "web", "--into", into, "--force"]
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun


def in_chromium(path: Path, root: Path, pictures: list[bytes], rounds: int, ways: Sequence[str]) -> dict[str, Any]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Plain, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"http://127.0.0.1:{server.server_port}"
    addresses = {"site": f"{host}/site/", "file": (root / "page.html").as_uri()}
    addresses |= {backend: f"{host}/peer/{backend}.html" for backend in BACKENDS}
    with sync_playwright() as playwright:
        where = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=where, args=ARGS)
        asked = {way: addresses[way] for way in ways}
        row = compared(browser, asked, path, root, pictures, rounds) | {"chromium": browser.version}
        browser.close()
    server.shutdown()
    return row


def compared(
    browser: Browser, ways: dict[str, str], path: Path, root: Path, pictures: list[bytes], rounds: int
) -> dict[str, Any]:
    """All ways, in turn in each round; a page of each stays open for the questions."""
    predictor = olhar.load(path, threads=1)
    pixels = np.stack([predictor.prepare(picture) for picture in pictures])
    scripts = {way: script(way, pictures[0]) for way in ways}
    pages = {way: visited(browser.new_context(), address, scripts[way])[0] for way, address in ways.items()}
    row: dict[str, Any] = {way: loaded(page, root) for way, page in pages.items()}
    times: dict[str, dict[str, list[float]]] = {way: {} for way in ways}
    for page in pages.values():
        page.evaluate("([files, pixels]) => keep(files, pixels)", [coded(pictures), coded(each.tobytes() for each in pixels)])
    for _ in range(rounds):
        for way, page in pages.items():
            for name, number in (visits(browser, ways[way], scripts[way]) | questions(page)).items():
                times[way].setdefault(name, []).append(number)
    expected = predictor.probabilities(pixels)
    for way, page in pages.items():
        row[way] |= {name: spread(each) for name, each in times[way].items()} | {"from_python": apart(page, expected)}
    return row


def script(way: str, picture: bytes) -> str:
    """What is put into a page of a way before it begins."""
    source = SCRIPT.read_text(encoding="utf-8").replace("OLHAR", "false" if way in BACKENDS else "true")
    return source.replace("PICTURE", coded([picture])[0])


def coded(data: Iterable[bytes]) -> list[str]:
    return [base64.b64encode(each).decode() for each in data]


def visited(context: BrowserContext, address: str, script: str) -> tuple[Page, float]:
    """A page, and milliseconds to its first answer."""
    page = context.new_page()
    page.add_init_script(script)
    page.goto(address, wait_until="commit")
    return page, page.evaluate("first")


def visits(browser: Browser, address: str, script: str) -> dict[str, float]:
    """The first visit of a browser, and its second, when all is kept that the page keeps."""
    context, times = browser.new_context(), dict[str, float]()
    for name in ("cold_ms", "warm_ms"):
        page, times[name] = visited(context, address, script)
        page.wait_for_timeout(1000)
        page.close()
    context.close()
    return times


def questions(page: Page) -> dict[str, float]:
    """Milliseconds a picture."""
    asked = {"picture_ms": "ask", "network_ms": "askPixels"}
    return {name: float(np.median(page.evaluate(f"timed('{ask}')"))) for name, ask in asked.items() if has(page, ask)}


def has(page: Page, name: str) -> bool:
    return page.evaluate(f"typeof {name} === 'function'")


def loaded(page: Page, root: Path) -> dict[str, int]:
    """Bytes of what a page asked for, as they lie and as a host packs them."""
    names = page.evaluate("[location.href, ...performance.getEntriesByType('resource').map((entry) => entry.name)]")
    files = {file_of(name, root) for name in names if not name.startswith(("blob:", "data:"))}
    contents = [file.read_bytes() for file in files]
    return {"bytes": sum(map(len, contents)), "packed_bytes": sum(len(gzip.compress(each)) for each in contents)}


def file_of(address: str, root: Path) -> Path:
    place = unquote(urlsplit(address).path)
    path = Path(place) if address.startswith("file:") else root / place.removeprefix("/")
    return path / "index.html" if path.is_dir() else path


def apart(page: Page, expected: Floats) -> dict[str, Any]:
    """How far the answers are from Python's, by each question that the page knows."""
    found = dict[str, Any]()
    for ask in ("ask", "askPixels", "askCanvas"):
        if has(page, ask):
            answers = np.array(page.evaluate(f"answers('{ask}')"))
            differences = np.abs(answers - expected).max(1)
            found[ask] = {"largest": float(differences.max()), "mean": float(differences.mean())}
            found[ask]["other_class"] = int((answers.argmax(1) != expected.argmax(1)).sum())
    return found


def spread(numbers: list[float]) -> list[float]:
    """The median, the least and the most."""
    return [round(float(number), 2) for number in (np.median(numbers), min(numbers), max(numbers))]


if __name__ == "__main__":
    main()
