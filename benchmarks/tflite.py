"""The TFLite files of floats and of int8 beside onnxruntime: the same bundles and photographs, one thread each, rounds in turn.

python benchmarks/tflite.py --pictures photos.zip --into tflite.jsonl runs/lite0/model.onnx runs/digits/model.onnx

A row a network: bytes of the files, the largest difference of a probability, how many photographs get another class, and
milliseconds a picture, the median of the rounds and the least, by LiteRT's kernels for phones (XNNPACK) and by onnxruntime.
Photographs are prepared beforehand, by the signature's rule.

int8: of all photographs (1,000 at most) every other one, at most 200, settles the ranges, the others measure; classes are the
folders' names, where the model knows them.
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
from olhar.exports.tflite.boards import least_arena
from olhar.exports.tflite.int8.cost import Int8Cost
from olhar.exports.tflite.int8.export import int8_plan
from olhar.exports.tflite.interpreter import answers as tflite_answers
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
        about = {"model": name, "pictures": len(pictures)}
        missing(told.into, about, functools.partial(measured, path, told.pictures, list(pictures.values()), told.rounds))


def photographs(archive: Path, many: int) -> dict[str, bytes]:
    """So many of an archive, evenly from its names."""
    with zipfile.ZipFile(archive) as opened:
        names = sorted(name for name in opened.namelist() if name.lower().endswith((".jpg", ".jpeg", ".png")))
        return {name: opened.read(name) for name in names[:: max(1, len(names) // many)][:many]}


def eight_bits(path: Path, predictor: Predictor, archive: Path) -> tuple[bytes, dict[str, Any]]:
    """The file of int8, and what it costs."""
    pictures = photographs(archive, 1000)
    pixels = np.stack([predictor.prepare(picture) for picture in pictures.values()])
    keys = [Path(name).parent.name for name in pictures]
    labels = np.array([predictor.classes.index(key) if key in predictor.classes else -1 for key in keys])
    plan = int8_plan(path.read_bytes(), path.name, pixels[::2][:: max(1, len(pixels) // 400)])
    model, others = written(plan, {}), pixels[1::2]
    cost = Int8Cost.of(predictor.probabilities(others), tflite_answers(model, others), labels[1::2])
    accuracy = dict(zip(("accuracy_before", "accuracy_after"), cost.accuracy, strict=True)) if cost.labelled else {}
    row = {"bytes": len(model), "measured_on": cost.n, "agreement": cost.agreement, "difference": cost.difference, **accuracy}
    return model, {f"int8_{name}": value for name, value in (row | {"arena": least_arena(plan)}).items()}


def measured(path: Path, archive: Path, pictures: list[bytes], rounds: int) -> dict[str, Any]:
    predictor = Predictor.open(path, threads=1)
    pixels = [predictor.prepare(picture) for picture in pictures]
    model = written(planned(path.read_bytes(), path.name), {})
    small, cost = eight_bits(path, predictor, archive)
    opened, opened_small = interpreter(model), interpreter(small)
    asks = {
        "": lambda one: asked(opened, one),
        "int8_": lambda one: asked(opened_small, one),
        "peer_": lambda one: predictor.probabilities(one[np.newaxis])[0],
    }
    answers, times = dict[str, Any](), {prefix: list[float]() for prefix in asks}
    for _ in range(rounds):
        for prefix, ask in asks.items():
            begun = time.perf_counter()
            answers[prefix] = np.stack([ask(one) for one in pixels])
            times[prefix].append((time.perf_counter() - begun) * 1000 / len(pixels))
    ours, theirs = answers[""], answers["peer_"]
    row: dict[str, Any] = {"bytes": len(model), "peer_bytes": path.stat().st_size} | cost
    row |= {"difference": float(np.abs(ours - theirs).max()), "other_class": int((ours.argmax(1) != theirs.argmax(1)).sum())}
    for prefix, each in times.items():
        row |= {f"{prefix}median_ms": round(float(np.median(each)), 3), f"{prefix}least_ms": round(min(each), 3)}
    return row


if __name__ == "__main__":
    main()
