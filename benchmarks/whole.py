"""What large JPEGs cost: decoded at a half or less, as the rule has it, against whole, by size of picture and network.

python benchmarks/whole.py --pictures photos.zip --into whole.jsonl runs/lite0/model.onnx runs/digits/model.onnx

A row a network and size: milliseconds a picture until it is prepared, the least of three rounds in turn; the largest and the
mean difference of a probability, and how many pictures get another class. Photographs are brought to a size by Lanczos and
get a sensor's noise (4 of 255), as enlarged ones are smoother than a camera's.
"""

import argparse
import functools
import io
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from rows import missing

from olhar.base.images import Pixels, to_pixels
from olhar.bundle.predictor import Predictor

MEGAPIXELS = (0.3, 1, 3, 12)
ROUNDS = 3


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("models", nargs="+", type=Path)
    words.add_argument("--pictures", type=Path, required=True, help="a zip of JPEGs")
    words.add_argument("--many", type=int, default=40)
    words.add_argument("--into", type=Path, required=True)
    asked = words.parse_args()
    for megapixels in MEGAPIXELS:
        pictures = enlarged(asked.pictures, asked.many, megapixels)
        for path in asked.models:
            predictor = Predictor.open(path, threads=1)
            side = predictor.signature.height
            key = {"model": path.parent.name, "side": side, "megapixels": megapixels, "pictures": asked.many}
            missing(asked.into, key, functools.partial(measured, predictor, pictures))


def enlarged(archive: Path, many: int, megapixels: float) -> list[bytes]:
    """Photographs of so many megapixels, as JPEG."""
    pictures, rng = list[bytes](), np.random.default_rng(0)
    with zipfile.ZipFile(archive) as opened:
        names = sorted(name for name in opened.namelist() if name.lower().endswith((".jpg", ".jpeg")))
        for name in names[:: max(1, len(names) // many)][:many]:
            image = Image.open(io.BytesIO(opened.read(name))).convert("RGB")
            scale = (megapixels * 1e6 / (image.width * image.height)) ** 0.5
            size = round(image.width * scale), round(image.height * scale)
            large = np.asarray(image.resize(size, Image.Resampling.LANCZOS)).astype(np.float32)
            noisy = np.clip(large + rng.normal(0, 4, large.shape).astype(np.float32), 0, 255).astype(np.uint8)
            out = io.BytesIO()
            Image.fromarray(noisy).save(out, "JPEG", quality=90)
            pictures.append(out.getvalue())
    return pictures


def measured(predictor: Predictor, pictures: list[bytes]) -> dict[str, Any]:
    times: dict[bool, list[float]] = {False: [], True: []}
    prepared: dict[bool, list[Pixels]] = {}
    signature = predictor.signature
    size = signature.height, signature.width
    for _ in range(ROUNDS):
        for whole in (False, True):
            begun = time.perf_counter()
            prepared[whole] = [to_pixels(p, size, signature.channels, signature.fit, whole=whole) for p in pictures]
            times[whole].append(1000 * (time.perf_counter() - begun) / len(pictures))
    answers = [predictor.probabilities(np.stack(prepared[whole])) for whole in (False, True)]
    differences = np.abs(answers[0] - answers[1]).max(1)
    return {
        "ms_by_rule": round(min(times[False]), 2),
        "ms_whole": round(min(times[True]), 2),
        "largest_difference": round(float(differences.max()), 5),
        "mean_difference": round(float(differences.mean()), 5),
        "other_class": int((answers[0].argmax(1) != answers[1].argmax(1)).sum()),
    }


if __name__ == "__main__":
    main()
