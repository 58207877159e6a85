"""What --on costs and brings: predictions and seeds here and by workers of this machine, and on a cluster where one is named.

    python benchmarks/cluster.py --into rows.jsonl [--runs 5] [--on local HOST:6379]

Pictures are made by the script: 2,000 JPEGs of 256 pixels in two classes. ``predict`` asks a head start's bundle
(EfficientNet-Lite0); ``seeds`` trains four small networks of one thread each. ``start`` is a prediction of two pictures: what a
cluster costs before it works. Seconds are of the whole command. Answers and models are compared by their hash with those made
here. Needs ``[train]`` and ``[ray]``.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from rows import commit, missing, processor

OLHAR = [sys.executable, "-m", "olhar"]
SEEDS = "--model cnn --width 16 --size 48 --epochs 4 --batch 32 --threads 1 --precision fp32 --folds 0 --seeds 4"


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


def seeds(place: Path, on: list[str]) -> tuple[float, bytes]:
    shutil.rmtree(place / "seeds", ignore_errors=True)
    seconds, _ = command(["train", "few", *SEEDS.split(), "--into", "seeds", *on], place)
    return seconds, b"".join((place / "seeds" / f"seed-{seed}" / "model.onnx").read_bytes() for seed in range(4))


def measure(place: Path, work: str, on: str) -> dict[str, object]:
    where = [] if on == "here" else ["--on", on]
    asked = {"predict": "many", "start": "two"}
    seconds, made = seeds(place, where) if work == "seeds" else command(["predict", "model", asked[work], "--csv", *where], place)
    about = {"seconds": round(seconds, 2), "sha256": hashlib.sha256(made).hexdigest()[:16]}
    return about | {"commit": commit(), "machine": processor()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--on", nargs="*", default=["local"])
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        pictures(place / "two", 2, 256), pictures(place / "few", 600, 48), pictures(place / "many", 2000, 256)
        command(["train", "few", "--into", "model"], place)
        command(["train", "few", *SEEDS.split(), "--into", "packed"], place)
        for run in range(wanted.runs):
            for work in ("start", "predict", "seeds"):
                for on in ("here", *wanted.on):
                    missing(wanted.into, {"work": work, "on": on, "run": run}, lambda w=work, o=on: measure(place, w, o))


if __name__ == "__main__":
    main()
