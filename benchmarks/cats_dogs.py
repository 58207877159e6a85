"""Fine-tuning a Teachable Machine file on cats and dogs: Olhar beside tf_keras, the same pictures in the same parts, in one run.

    python benchmarks/cats_dogs.py keras_model.h5 --peer-python PEER/bin/python --into rows.jsonl [--runs 3]

PEER is an environment with ``tf_keras``. Two jobs: ``document`` (its whole network at 1e-5, ten epochs, its augmentation and its
callbacks, the file's own two outputs taken for cats and dogs) and ``head`` (the body frozen, a new head). Each row is added as
soon as it is there; what stands in the file already is not measured again. Pictures: ``cats-dogs.zip`` of OLHAR_TEST_DATA.
Expected: at least tf_keras's accuracy in each job.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import olhar
from olhar.runs.environment import environment

HERE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("OLHAR_TEST_DATA", HERE.parent / "shared" / "data")) / "cats-dogs.zip"
PEER = Path(__file__).parent / "peers" / "cats_dogs_keras.py"
OLHAR = [sys.executable, "-c", "import sys; from olhar.cli.app import main; sys.exit(main())"]
JOBS = {
    "document": ["--recipe", "cats-dogs", "--learn", "all"],
    "head": ["--new-head", "--epochs", "10"],
}


def main() -> None:
    """Measure what is missing, a job and a seed at a time, Olhar first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--peer-python", required=True)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    for seed in range(given.runs):
        for job in JOBS:
            if any((row["job"], row["seed"]) == (job, seed) for row in _rows(given.into)):
                continue
            with tempfile.TemporaryDirectory() as folder:
                row = _measured(given.file, given.peer_python, Path(folder), job, seed)
            with given.into.open("a") as file:
                file.write(json.dumps(row) + "\n")
            print(json.dumps(row), flush=True)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _measured(file: Path, peer: str, folder: Path, job: str, seed: int) -> dict[str, Any]:
    model = folder / "keras_model.h5"
    shutil.copyfile(file, model)
    (folder / "labels.txt").write_text("0 cats\n1 dogs\n")
    run = folder / "run"
    command = [*OLHAR, "train", str(DATA), "--model", str(model), "--into", str(run), "--seed", str(seed), *JOBS[job]]
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - begun
    metrics = json.loads((run / "metrics.json").read_text())
    ours = {"test": metrics["test"]["accuracy"], "before": metrics.get("before", {}).get("accuracy"), "seconds": seconds}
    _unpack(run, folder / "pictures")
    said = subprocess.run(
        [peer, str(PEER), str(model), str(folder / "pictures"), job, str(seed)], check=True, capture_output=True
    )
    theirs = json.loads(said.stdout.splitlines()[-1])
    about = environment()
    kept = {name: about[name] for name in ("processor", "cores", "torch", "onnxruntime")}
    return {"job": job, "seed": seed, "commit": _commit(), "olhar": ours, "tf_keras": theirs, **kept}


def _unpack(run: Path, into: Path) -> None:
    """The same pictures in the parts that Olhar dealt, as folders."""
    pictures = olhar.read(DATA)
    places = {where: row for row, where in enumerate(pictures.where)}
    with (run / "split.csv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            place = into / row["part"] / row["label"]
            place.mkdir(parents=True, exist_ok=True)
            data = pictures.read(places[row["picture"]])
            (place / f"{number:05}.jpg").write_bytes(data if isinstance(data, bytes) else data.tobytes())


def _commit() -> str:
    return subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=HERE, capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    main()
