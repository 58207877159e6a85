"""Does drift raise an alarm where there is none, and is it seen where there is some? Random halves of a set of pictures.

    python benchmarks/drift.py RUN DATA --draws 400

Every picture of DATA is measured once, as it is and changed (darker, blurred, of half the size, gray, other classes); then one
random half plays what a model learnt from, and pictures of the other half, as they are or changed, play the new ones. RUN is a
head start that gives the features; it may have learnt from other pictures.
"""

import argparse
import io
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter

import olhar
from olhar.base.progress import Quiet
from olhar.bundle.predictor import Predictor
from olhar.data.cache.on_demand import OnDemand
from olhar.data.checks.survey import survey
from olhar.data.dataset import Dataset
from olhar.evaluation.drift.distribution import Distribution, Quantiles
from olhar.evaluation.drift.drift import drift
from olhar.jobs.distribution import SAMPLE, features, measured, sharpness

SIZES = (10, 50, 200, 1000)
CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "darker by 10%": lambda image: ImageEnhance.Brightness(image).enhance(0.9),
    "darker by 30%": lambda image: ImageEnhance.Brightness(image).enhance(0.7),
    "blurred by 1% of the width": lambda image: image.filter(ImageFilter.GaussianBlur(image.width / 100)),
    "blurred by 2% of the width": lambda image: image.filter(ImageFilter.GaussianBlur(image.width / 50)),
    "half the size": lambda image: image.resize((max(1, image.width // 2), max(1, image.height // 2))),
    "three quarters of the colour": lambda image: ImageEnhance.Color(image).enhance(0.75),
}


@dataclass(frozen=True)
class Measured:
    """All that is measured of N pictures."""

    values: dict[str, NDArray[np.floating]]
    features: NDArray[np.float32]
    labels: NDArray[np.int64]

    def of(self, rows: NDArray[np.int64], rng: np.random.Generator) -> Distribution:
        """Some of them, as a run keeps them."""
        sample = rng.permutation(rows)[:SAMPLE]
        values = {name: numbers[sample if name == "sharpness" else rows] for name, numbers in self.values.items()}
        measures = {name: told for name, numbers in values.items() if (told := Quantiles.of(numbers)) is not None}
        mix = Counter(map(str, self.labels[rows].tolist()))
        return Distribution(len(rows), len(rows), measures, dict(mix), self.features[sample])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("data")
    parser.add_argument("--most", type=int, default=2000, help="so many pictures are measured, evenly taken")
    parser.add_argument("--draws", type=int, default=400)
    asked = parser.parse_args()
    predictor, data = olhar.load(asked.run), olhar.read(asked.data, progress=Quiet())
    data = data.only(np.unique(np.linspace(0, len(data) - 1, asked.most).astype(int)).tolist())
    plain = _measured(data, predictor)
    for n in (size for size in SIZES if size <= len(data) // 2):
        _tell("as they are", plain, plain, n, asked.draws)
    for name, change in CHANGES.items():
        with tempfile.TemporaryDirectory() as folder:
            changed = _measured(olhar.read(_changed(data, change, Path(folder)), progress=Quiet()), predictor)
        for n in (size for size in SIZES if size <= len(data) // 2):
            _tell(name, plain, changed, n, max(20, asked.draws // 8))


def _changed(data: Dataset, change: Callable[[Image.Image], Image.Image], folder: Path) -> Path:
    """Changed copies in class folders, in the order of the pictures."""
    for row in range(len(data)):
        place = folder / data.classes[data.labels[row]] / f"{row:06}.png"
        place.parent.mkdir(exist_ok=True)
        picture = data.read(row)
        image = Image.open(io.BytesIO(picture)) if isinstance(picture, bytes) else Image.fromarray(picture)
        change(image.convert("RGB")).save(place)
    return folder


def _measured(data: Dataset, predictor: Predictor) -> Measured:
    order = (
        np.argsort([Path(name).stem for name in data.where], kind="stable")
        if data.where[0].endswith(".png")
        else np.arange(len(data))
    )
    signature, looks = predictor.signature, survey(data, Quiet())
    shown = OnDemand(data, order, (signature.height, signature.width), signature.channels, signature.fit, signature.levels)
    sharp, seen = [], []
    for start in range(0, len(data), 64):
        pixels = shown[np.arange(start, min(start + 64, len(data)))]
        sharp.append(sharpness(pixels))
        seen.append(features(predictor, pixels))
    values = {name: numbers[order] for name, numbers in measured(looks, looks.rows).items()}
    return Measured({**values, "sharpness": np.concatenate(sharp)}, np.concatenate(seen), data.labels[order])


def _tell(name: str, plain: Measured, other: Measured, n: int, draws: int) -> None:
    """How often something is said to be other, and what, and how often nothing can be told."""
    alarms, untold, which, half = 0, 0, Counter[str](), len(plain.labels) // 2
    for draw in range(draws):
        rng = np.random.default_rng(draw)
        order = rng.permutation(len(plain.labels))
        found = drift(plain.of(order[:half], rng), other.of(order[half : half + n], rng))
        significant = [one.measure for one in found.shifts if one.verdict in ("drifted", "little")]
        alarms, untold = alarms + bool(significant), untold + (not significant and bool(found.untold))
        which.update(significant)
    shown = ", ".join(f"{key} {count / draws:.0%}" for key, count in which.most_common())
    print(
        f"{name}: {n} beside {half}: alarm {alarms / draws:.1%}, cannot tell {untold / draws:.1%} ({draws} draws) {shown}",
        flush=True,
    )


if __name__ == "__main__":
    main()
