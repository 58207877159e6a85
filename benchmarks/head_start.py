"""A head start beside the way of the tutorials: the same body, the same pictures in the same parts, in one run.

    python benchmarks/head_start.py --into rows.jsonl [--runs 3]

The peer is ``peers/head_torch.py``: a frozen body in torch, a linear layer, ten epochs with augmentation, in float32 and in
bfloat16; and the same with the body asked once. Beside them ``olhar train``, the whole command with split, check, report and
bundle, with nothing in its cache. Each row is added as soon as it is there; what stands in the file is not measured again.
Pictures: ``cats-dogs.zip`` of OLHAR_TEST_DATA, a fifth of them, drawn by the seed, for the test. Needs the extra ``dev``.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

from olhar.runs.environment import environment

HERE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("OLHAR_TEST_DATA", HERE.parent / "shared" / "data")) / "cats-dogs.zip"
PEER = Path(__file__).parent / "peers" / "head_torch.py"
WAYS = ("olhar", "cached float32", "epochs bfloat16", "epochs float32")


def main() -> None:
    """Measure what is missing, a seed at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    for seed in range(given.runs):
        for way in WAYS:
            if any((row["way"], row["seed"]) == (way, seed) for row in _rows(given.into)):
                continue
            with tempfile.TemporaryDirectory() as folder:
                pictures = _dealt(Path(folder) / "data", seed)
                row = _ours(pictures, Path(folder), seed) if way == "olhar" else _peer(pictures, way, seed)
            row |= {"way": way, "seed": seed, "processor": environment()["processor"]}
            with given.into.open("a") as file:
                file.write(json.dumps(row) + "\n")
            print(json.dumps(row), flush=True)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _dealt(folder: Path, seed: int) -> Path:
    """The pictures in ``train`` and ``test``, byte-identical ones once only."""
    with zipfile.ZipFile(DATA) as archive:
        unique = {archive.read(name): name for name in archive.namelist() if name.lower().endswith((".jpg", ".jpeg", ".png"))}
    pictures = sorted(unique.items(), key=lambda pair: pair[1])
    random.Random(seed).shuffle(pictures)
    for number, (content, name) in enumerate(pictures):
        place = folder / ("test" if number < len(pictures) / 5 else "train") / Path(name).parent.name
        place.mkdir(parents=True, exist_ok=True)
        (place / Path(name).name).write_bytes(content)
    return folder


def _ours(pictures: Path, folder: Path, seed: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "olhar", "train", str(pictures), "--into", str(folder / "run"), "--seed", str(seed)]
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"OLHAR_CACHE": str(folder / "cache")})
    seconds = time.perf_counter() - begun
    accuracy = json.loads((folder / "run" / "metrics.json").read_text())["test"]["accuracy"]
    shutil.rmtree(folder / "cache")
    return {"right": round(accuracy["value"] * accuracy["n"]), "n": accuracy["n"], "seconds": seconds}


def _peer(pictures: Path, way: str, seed: int) -> dict[str, Any]:
    command = [sys.executable, str(PEER), str(pictures), *way.split(), str(seed)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
