"""The TFLite file beside onnxruntime: the same bundles and photographs, one thread each, rounds in turn.

python benchmarks/tflite.py --pictures photos.zip --into tflite.jsonl runs/lite0/model.onnx runs/digits/model.onnx

A row a network: bytes of the two files, the largest difference of a probability, how many photographs get another class, and
milliseconds a picture, the median of the rounds and the least, by LiteRT's kernels for phones (XNNPACK) and by onnxruntime.
Photographs are prepared beforehand, by the signature's rule.
"""

import argparse
import functools
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from rows import missing

from olhar.bundle.predictor import Predictor
from olhar.exports.tflite.interpreter import asked, interpreter
from olhar.exports.tflite.network import planned
from olhar.exports.tflite.schema import written


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("models", nargs="+", type=Path)
    words.add_argument("--pictures", type=Path, required=True, help="a zip of photographs")
    words.add_argument("--many", type=int, default=40)
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--into", type=Path, required=True)
    told = words.parse_args()
    pictures = photographs(told.pictures, told.many)
    for path in told.models:
        name = path.parent.name if path.stem == "model" else path.stem
        missing(told.into, {"model": name, "pictures": len(pictures)}, functools.partial(measured, path, pictures, told.rounds))


def photographs(archive: Path, many: int) -> list[bytes]:
    """So many of an archive, evenly from its names."""
    with zipfile.ZipFile(archive) as opened:
        names = sorted(name for name in opened.namelist() if name.lower().endswith((".jpg", ".jpeg", ".png")))
        return [opened.read(name) for name in names[:: max(1, len(names) // many)][:many]]


def measured(path: Path, pictures: list[bytes], rounds: int) -> dict[str, Any]:
    predictor = Predictor.open(path, threads=1)
    pixels = [predictor.prepare(picture) for picture in pictures]
    model = written(planned(path.read_bytes(), path.name), {})
    opened = interpreter(model)
    asks = {"": lambda one: asked(opened, one), "peer_": lambda one: predictor.probabilities(one[np.newaxis])[0]}
    answers, times = dict[str, Any](), {prefix: list[float]() for prefix in asks}
    for _ in range(rounds):
        for prefix, ask in asks.items():
            begun = time.perf_counter()
            answers[prefix] = np.stack([ask(one) for one in pixels])
            times[prefix].append((time.perf_counter() - begun) * 1000 / len(pixels))
    ours, theirs = answers[""], answers["peer_"]
    row: dict[str, Any] = {"bytes": len(model), "peer_bytes": path.stat().st_size}
    row |= {"difference": float(np.abs(ours - theirs).max()), "other_class": int((ours.argmax(1) != theirs.argmax(1)).sum())}
    for prefix, each in times.items():
        row |= {f"{prefix}median_ms": round(float(np.median(each)), 3), f"{prefix}least_ms": round(min(each), 3)}
    return row


if __name__ == "__main__":
    main()
