"""The page's engine beside onnxruntime-web: the same bundles and pictures in Chromium, one thread each, rounds in turn.

npm install onnxruntime-web@1.30.0
python benchmarks/web.py --peer node_modules/onnxruntime-web/dist --into web.jsonl runs/lite0/model.onnx runs/digits/model.onnx

A row a network: bytes that a visitor loads (the engine with its network), milliseconds from there to the first answer, then the
median and the least of the rounds, and by how much the two differ.
"""

import argparse
import functools
import json
import shutil
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from rows import missing

from olhar.base.progress import Quiet
from olhar.bundle.predictor import Predictor
from olhar.exports.web.export import check_pictures, export_web
from olhar.exports.web.site import own
from olhar.serving.page import page_source

PEER = ("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm")
PAGE = """<!doctype html><title>engines</title><script type="module">
import * as ort from "./ort.wasm.min.mjs";
import { openNetwork } from "./network.js";
ort.env.wasm.numThreads = 1;
const bytes = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());
window.measured = async (rounds) => {
  const model = JSON.parse(new TextDecoder().decode(await bytes("model.json")));
  const pixels = await bytes("pixels"), { width, height, channels } = model.wanted;
  const [kernels, weights, bundle] = [await bytes("kernels.wasm"), await bytes("network.bin"), await bytes("model.onnx")];
  const asks = {}, first = {}, times = { olhar: [], peer: [] };
  let begun = performance.now();
  asks.olhar = await openNetwork(model.plan, kernels, weights);
  const ours = asks.olhar(pixels);
  first.olhar = performance.now() - begun;
  begun = performance.now();
  const session = await ort.InferenceSession.create(bundle, { executionProviders: ["wasm"] });
  asks.peer = async () => {
    const question = { [session.inputNames[0]]: new ort.Tensor("uint8", pixels, [1, height, width, channels]) };
    return (await session.run(question, ["probabilities"])).probabilities.data;
  };
  const theirs = await asks.peer();
  first.peer = performance.now() - begun;
  for (let round = 0; round < rounds; round += 1)
    for (const name of ["olhar", "peer"]) {
      begun = performance.now();
      await asks[name](pixels);
      times[name].push(performance.now() - begun);
    }
  const difference = Math.max(...ours.map((share, i) => Math.abs(share - theirs[i])));
  return { first, times, difference };
};
window.ready = true;
</script>"""


class Plain(SimpleHTTPRequestHandler):
    """A static host that knows what modules are."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".mjs": "text/javascript", ".wasm": "application/wasm"}

    def log_message(self, *_: Any) -> None:
        """Nothing is told."""


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("models", nargs="+", type=Path)
    words.add_argument("--peer", type=Path, required=True, help="onnxruntime-web's dist folder")
    words.add_argument("--rounds", type=int, default=40)
    words.add_argument("--into", type=Path, required=True)
    asked = words.parse_args()
    for path in asked.models:
        name = path.parent.name if path.stem == "model" else path.stem
        missing(asked.into, {"model": name}, functools.partial(measured, path, asked.peer, asked.rounds))


def measured(path: Path, peer: Path, rounds: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as place:
        site = Path(place) / "site"
        bundle = path.read_bytes()
        export_web(bundle, path.stem, site, page_source(), half=False, force=False, progress=Quiet())
        ours = sum((site / name).stat().st_size for name in ("kernels.wasm", "network.bin", "model.json", "worker.js"))
        for name in PEER:
            shutil.copy(peer / name, site / name)
        (site / "model.onnx").write_bytes(bundle)
        (site / "network.js").write_text(own("network.js"), encoding="utf-8")
        (site / "pixels").write_bytes(check_pictures(Predictor.open(path).signature, 1).tobytes())
        (site / "index.html").write_text(PAGE, encoding="utf-8")
        theirs = sum((site / name).stat().st_size for name in PEER) + len(bundle)
        result = asked_in_chromium(site, rounds)
    row: dict[str, Any] = {"difference": result["difference"], "bytes": ours, "peer_bytes": theirs}
    for name, prefix in (("olhar", ""), ("peer", "peer_")):
        times = sorted(result["times"][name])
        row |= {f"{prefix}first_ms": round(result["first"][name]), f"{prefix}median_ms": round(times[len(times) // 2], 2)}
        row |= {f"{prefix}least_ms": round(times[0], 2)}
    return row


def asked_in_chromium(site: Path, rounds: int) -> dict[str, Any]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Plain, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        where = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=where, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(300_000)
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        page.wait_for_function("window.ready")
        result = json.loads(page.evaluate(f"measured({rounds}).then(JSON.stringify)"))
        browser.close()
    server.shutdown()
    return result


if __name__ == "__main__":
    main()
