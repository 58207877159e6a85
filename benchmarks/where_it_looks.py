"""Whether heat maps point at what they are of: mosaics of four pictures of four classes, beside a head with random weights.

    python benchmarks/where_it_looks.py --into rows.jsonl [--mosaics 100] [--sets trash brazil-coins ...]

A fifth of a set teaches nothing. Of it four pictures of four classes are shrunk into the quarters of one picture; for each of the
four classes the map is made that ``olhar.heat_map`` gives. Counted is the share of the heat (what is above 0) that lies in the
quarter of that class: 0.25 by chance. Beside it the same network with the weights of its last layer drawn anew (normal, of the
same spread), and occlusion on the first of the same mosaics. A mosaic counts once, as the mean of its four classes; the spread is
the standard deviation over mosaics, the interval that of their mean. Choices were made on ``trash``; the others only judge.
Pictures: the sets of OLHAR_TEST_DATA; ``four-animals`` is ants and bees with as many cats and dogs.
"""

import argparse
import json
import os
import random
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper
from PIL import Image

import olhar
from olhar.base.images import Pixels
from olhar.base.signature import Signature
from olhar.bundle.heat.looking import Method, heat_maps
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import signed
from olhar.runs.environment import environment

DATA = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
SETS = ("trash", "brazil-coins", "hand-digits", "four-animals", "cifar10")
OF_A_CLASS = {"cifar10": 2000, "four-animals": 110}
"""Pictures of a class that take part, where not all do."""

Mosaic = tuple[Pixels, list[int]]
"""Four quarters, and the class of each, row by row."""


def main() -> None:
    """Measure what is missing, a set at a time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--mosaics", type=int, default=100)
    parser.add_argument("--occluded", type=int, default=20, help="mosaics on which occlusion is tried: 400 questions each")
    parser.add_argument("--network", default="cnn", help="that learns from cifar10")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--sets", nargs="*", default=SETS)
    given = parser.parse_args()
    for name in given.sets:
        with tempfile.TemporaryDirectory() as folder:
            run = _trained(name, Path(folder), {"model": given.network, "epochs": given.epochs})
            mosaics = _mosaics(run, Path(folder) / "data", given.mosaics)
            for row in _rows(run, {"activation": mosaics, "occlusion": mosaics[: given.occluded]}):
                row |= {"set": name, "network": "lite0" if run.head else given.network, "processor": environment()["processor"]}
                with given.into.open("a") as file:
                    file.write(json.dumps(row) + "\n")
                print(json.dumps(row), flush=True)


def _trained(name: str, folder: Path, network: dict[str, Any]) -> olhar.Run:
    """A model that a fifth of the pictures did not teach: a head start, of CIFAR a network from nothing."""
    _unpacked(name, folder / "data")
    choices = network if name == "cifar10" else {}
    run = olhar.train(folder / "data", into=folder / "run", split="70/10/20", **choices)
    assert isinstance(run, olhar.Run)
    return run


def _unpacked(name: str, into: Path) -> None:
    zips = {"cifar10": ["cifar10.zip"], "four-animals": ["few/ants-bees.zip", "cats-dogs.zip"]}.get(name, [f"few/{name}.zip"])
    counts: dict[str, int] = {}
    for place in zips:
        with zipfile.ZipFile(DATA / place) as archive:
            names = sorted(one for one in archive.namelist() if one.lower().endswith((".jpg", ".jpeg", ".png")))
            random.Random(0).shuffle(names)
            for one in names:
                label = one.rsplit("/", 2)[-2]
                counts[label] = counts.get(label, 0) + 1
                if counts[label] <= OF_A_CLASS.get(name, 10**9):
                    target = into / label / f"{counts[label]}{Path(one).suffix}"
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(archive.read(one))


def _mosaics(run: olhar.Run, data: Path, count: int) -> list[Mosaic]:
    """Pictures of four quarters, and the class of each, row by row."""
    eye, rng = run.predictor(), random.Random(0)
    by_class: dict[str, list[Path]] = {}
    for line in (run.path / "predictions-test.csv").read_text().splitlines()[1:]:
        picture = data / line.split(",")[0]
        by_class.setdefault(picture.parent.name, []).append(picture)
    mosaics: list[Mosaic] = []
    for _ in range(count):
        classes = rng.sample(sorted(by_class), 4)
        quarters = [_quarter(eye, rng.choice(by_class[label])) for label in classes]
        whole = np.concatenate([np.concatenate(quarters[:2], axis=1), np.concatenate(quarters[2:], axis=1)])
        mosaics.append((whole, [eye.classes.index(label) for label in classes]))
    return mosaics


def _quarter(eye: Predictor, picture: Path) -> Pixels:
    pixels = eye.prepare(picture)
    image = Image.fromarray(pixels.squeeze())
    half = image.resize((pixels.shape[1] // 2, pixels.shape[0] // 2), Image.Resampling.LANCZOS)
    return np.asarray(half).reshape(half.height, half.width, -1)


def _rows(run: olhar.Run, ways: Mapping[Method, Sequence[Mosaic]]) -> Iterator[dict[str, Any]]:
    """A row a way: the model's own head, and one with random weights."""
    eye = run.predictor()
    for method, mosaics in ways.items():
        if method == "activation" and olhar.heat_map(eye, mosaics[0][0]).method != method:
            continue  # its network does not end in pooled maps
        own, random_head = (_shares(model, mosaics, method) for model in (eye, _random_head(eye, run.signature)))
        yield (
            {"method": method, "accuracy": run.metrics.accuracy.value}
            | {"mosaics": len(mosaics), "share": _told(own), "random": _told(random_head), "ahead": _told(own - random_head)}
        )


def _told(values: NDArray[np.float64]) -> dict[str, float]:
    half = 1.96 * values.std(ddof=1) / np.sqrt(len(values))
    mean = values.mean()
    return {
        "mean": round(mean, 3),
        "low": round(mean - half, 3),
        "high": round(mean + half, 3),
        "sd": round(values.std(ddof=1), 3),
    }


def _random_head(eye: Predictor, signature: Signature) -> Predictor:
    """The same network with the weights of its last layer drawn anew."""
    model = onnx.load_from_string(eye.serialised())
    last = next(node for node in reversed(model.graph.node) if node.op_type in ("Gemm", "MatMul"))
    kernel = next(array for array in model.graph.initializer if array.name == last.input[1])
    weights = numpy_helper.to_array(kernel)
    drawn = np.random.default_rng(0).normal(0, weights.std(), weights.shape).astype(np.float32)
    kernel.CopyFrom(numpy_helper.from_array(drawn, kernel.name))
    return Predictor.from_bytes(signed(model, signature), "random.onnx")


def _shares(eye: Predictor, mosaics: Sequence[Mosaic], method: Method) -> NDArray[np.float64]:
    """Of each mosaic the share of the heat that lies in its own quarter, the mean of its four classes."""
    pixels = np.repeat(np.stack([picture for picture, _ in mosaics]), 4, axis=0)
    maps = heat_maps(eye, pixels, [label for _, labels in mosaics for label in labels], method).values
    heat = np.maximum(maps, 0)
    rows, columns = (_halves(side) for side in heat.shape[1:])
    quarters = np.einsum("nhw,ah,bw->nab", heat, rows, columns).reshape(-1, 4, 4)
    own = quarters[:, range(4), range(4)] / np.maximum(quarters.sum(axis=2), 1e-9)
    return np.asarray(np.where(quarters.sum(axis=2) > 0, own, 0.25).mean(axis=1), np.float64)


def _halves(side: int) -> NDArray[np.float64]:
    """How much of each of so many cells lies in either half."""
    first = np.clip(side / 2 - np.arange(side), 0, 1)
    return np.stack([first, 1 - first])


if __name__ == "__main__":
    main()
