"""What --on costs and brings: predictions and seeds here, by workers of this machine, and on a cluster that is up.

    python benchmarks/cluster.py --into rows.jsonl --work DIR [--run 0] [--case here] [--on local|HOST:6379]

One round of one case; a case is a name for the rows (``here``, ``one node``, ``two nodes``), so that rounds can go in turn over
clusters that are started and ended between them. Pictures are made by the script and kept in DIR: JPEGs of 256 pixels in two
classes, 8,000 of them for ``predict`` (``--pictures``). ``predict`` asks a head start's bundle (EfficientNet-Lite0); ``seeds``
trains eight small networks of ``--threads`` (1) each. ``start`` is a prediction of two pictures: what a cluster costs before it
works. Seconds are of the whole command. Answers and models are compared by their hash. Needs ``[train]`` and ``[ray]``.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image
from rows import missing

OLHAR = [sys.executable, "-m", "olhar"]
SEEDS = "--model cnn --width 16 --size 48 --epochs 4 --batch 32 --precision fp32 --folds 0 --seeds 8"
ASKED = {"predict": "many", "start": "two"}


def pictures(root: Path, n: int, side: int) -> Path:
    rng = np.random.default_rng(0)
    for name, colour in {"blue": (40, 60, 200), "green": (50, 180, 60)}.items():
        (root / name).mkdir(parents=True)
        for i in range(n // 2):
            pixels = np.clip(np.array(colour) + rng.normal(0, 60, (side, side, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(root / name / f"{i:05}.jpg", quality=85)
    return root


def command(words: list[str], place: Path) -> tuple[float, bytes]:
    begun = time.perf_counter()
    done = subprocess.run([*OLHAR, *words], cwd=place, capture_output=True, check=True)
    return time.perf_counter() - begun, done.stdout


def all_seeds(place: Path, asked: list[str]) -> tuple[float, bytes]:
    shutil.rmtree(place / "seeds", ignore_errors=True)
    seconds, _ = command(["train", "few", *SEEDS.split(), "--into", "seeds", *asked], place)
    return seconds, b"".join((place / "seeds" / f"seed-{seed}" / "model.onnx").read_bytes() for seed in range(8))


def measure(place: Path, work: str, on: str | None, threads: int) -> dict[str, object]:
    where = ["--on", on] if on else []
    if work == "seeds":
        seconds, made = all_seeds(place, ["--threads", str(threads), *where])
    else:
        seconds, made = command(["predict", "model", ASKED[work], "--csv", *where], place)
    return {"seconds": round(seconds, 2), "sha256": hashlib.sha256(made).hexdigest()[:16]}


def prepared(place: Path, asked: int) -> Path:
    """The pictures and the model, as they were made by the first call."""
    if not (place / "model" / "request.json").exists():
        for name, n, side in (("two", 2, 256), ("few", 600, 48), ("many", asked, 256)):
            pictures(place / name, n, side)
        command(["train", "few", "--into", "model"], place)
    return place


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--run", type=int, default=0)
    parser.add_argument("--case", default="here")
    parser.add_argument("--on")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--pictures", type=int, default=8000)
    parser.add_argument("--measure", nargs="*", default=["start", "predict", "seeds"])
    wanted = parser.parse_args()
    place = prepared(wanted.work, wanted.pictures)
    for work in wanted.measure:
        key = {"work": work, "case": wanted.case, "run": wanted.run}
        missing(wanted.into, key, lambda w=work: measure(place, w, wanted.on, wanted.threads))


if __name__ == "__main__":
    main()
