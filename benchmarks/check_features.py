"""What does ``check`` see through a body: swapped labels beside cleanlab, strangers, one scene again, telling colour?

    python benchmarks/check_features.py --rows check.jsonl --peer-python /path/to/venv/bin/python
    python benchmarks/check_features.py --rows check.jsonl --only time strangers --sheets sheets/

Labels: 5% and 10% are swapped on purpose (seeds 0 to 2); our list beside cleanlab's by the first heads' out-of-fold answers, with
its defaults; a label that a set itself has wrong counts as a false alarm for everybody. FER2013 and CIFAR-10: 3,000 pictures.
Strangers: 2% pictures of another set, or drawn ones, take the label of a class by chance. Scenes: a copy of each of 100 cats and
dogs is cut, turned or otherwise exposed. Time: the command itself with an empty cache, beside what the body takes a picture
then. A row that stands in the file already is not made again. ``--sheets`` writes the first suspects and strangers of cats and
dogs as pictures, to be judged by eye. The peer lives in an environment of its own, into which cleanlab is installed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance

from olhar.base.images import decode
from olhar.base.progress import Quiet
from olhar.bodies.features import milliseconds, picture_contract
from olhar.bodies.heads.learning import learn_head
from olhar.bodies.looking import AskedBody, compute
from olhar.bodies.opened import published_body
from olhar.bodies.unlikeness import UNUSUAL, learn_unlikeness
from olhar.data.checks.audit import Audit, audit
from olhar.data.checks.check import Evidence
from olhar.data.checks.survey import survey
from olhar.data.checks.suspects import suspects, wrong_labels
from olhar.data.copies.by_features import ONE_SCENE
from olhar.data.dataset import Dataset
from olhar.data.sources import read
from olhar.studies.by_features import OF_A_CLASS
from olhar.studies.feature_sample import Looks, fair_order
from olhar.studies.looked_at import LookedAt

DATA = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
PEER = Path(__file__).parent / "peers" / "suspects_cleanlab.py"
FEW = ("ants-bees", "brazil-coins", "chest-xray", "hand-digits", "magnetic-tile", "trash")
SWAPPED = ("cats-dogs", "trash", "brazil-coins", "fer2013", "cifar10")
HOSTS = ("cats-dogs", "trash", "brazil-coins")
SEEDS, MOST = 3, 3000

Row = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=Path, required=True, help="JSON lines; what stands in it is not measured again")
    parser.add_argument("--only", nargs="+", default=["colour", "time", "labels", "strangers", "scenes"])
    parser.add_argument("--peer-python", help="the Python of an environment with cleanlab")
    parser.add_argument("--sheets", type=Path, help="a folder for pictures of what was found")
    given = parser.parse_args()
    known = [json.loads(line) for line in given.rows.read_text().splitlines()] if given.rows.exists() else []
    for asked, measure in questions(given.only, given.peer_python):
        if not any(asked.items() <= row.items() for row in known):
            for row in measure():
                print(json.dumps(asked | row), flush=True)
                with given.rows.open("a") as file:
                    file.write(json.dumps(asked | row) + "\n")
    if given.sheets:
        draw(given.sheets)


def questions(only: list[str], peer: str | None) -> Iterator[tuple[Row, Callable[[], Iterator[Row]]]]:
    """Each question as it stands in a row, and what answers it."""
    for name in ("cats-dogs", *FEW, "cifar10", "fer2013") if "colour" in only else ():
        yield {"what": "colour", "set": name}, lambda name=name: colour(name)
    for name in ("cats-dogs", "trash") if "time" in only else ():
        yield {"what": "time", "set": name}, lambda name=name: seconds(name)
    for name in SWAPPED if "labels" in only else ():
        for share in (0.05, 0.1):
            for seed in range(SEEDS):
                asked: Row = {"what": "labels", "set": name, "share": share, "seed": seed}
                yield asked, lambda asked=asked: labels(asked["set"], asked["share"], asked["seed"], peer)
    for host in HOSTS if "strangers" in only else ():
        for guest in ("drawn", *(name for name in ("cats-dogs", *FEW) if name != host)):
            yield {"what": "strangers", "set": host, "of": guest}, lambda host=host, guest=guest: strangers(host, guest)
    for edit in EDITS if "scenes" in only else ():
        yield {"what": "scenes", "edit": edit}, lambda edit=edit: scenes(edit)


@cache
def pictures(name: str) -> LookedAt:
    """A set, or a fair sample of it, looked at."""
    dataset = read(DATA / "few" / f"{name}.zip" if name in FEW else DATA / f"{name}.zip")
    looks = Looks.of(quick(dataset), published_body("lite0"), Quiet())
    return LookedAt.through(looks, fair_order(looks.audited.evidence.labels, looks.survey.hashes)[:MOST])


def quick(dataset: Dataset) -> Audit:
    return audit(Evidence(dataset, survey(dataset, Quiet()), mirrored=dataset.mirrorable))


def colour(name: str) -> Iterator[Row]:
    """What the check of colour says."""
    found = next(one for one in pictures(name).looks.audited.findings if one.code == "CHK034")
    yield {"outcome": found.outcome, "found": str(found.found) if found.outcome == "issue" else ""}


def seconds(name: str) -> Iterator[Row]:
    """The command, with an empty cache and again."""
    path = str(DATA / "few" / f"{name}.zip" if name in FEW else DATA / f"{name}.zip")
    with tempfile.TemporaryDirectory() as folder:
        for again in (False, True):
            begun = time.perf_counter()
            command = [sys.executable, "-m", "olhar", "check", path]
            subprocess.run(command, check=True, capture_output=True, env=os.environ | {"OLHAR_CACHE": folder})
            taken = time.perf_counter() - begun
            yield {"again": again, "seconds": taken, "ms_a_picture": milliseconds(published_body("lite0"))}


def labels(name: str, share: float, seed: int, peer: str | None) -> Iterator[Row]:
    """Swapped labels: our list, and cleanlab's."""
    looked_at = pictures(name)
    given, wrong = swapped(looked_at.labels, len(looked_at.dataset.classes), share, seed)
    classes = len(looked_at.dataset.classes)
    first = learn_head(looked_at.blocks, given, looked_at.groups, classes)
    own = first.out_of_fold[np.arange(len(given)), given].astype(np.float64)
    again = learn_head(looked_at.blocks, given, looked_at.groups, classes, fold=first.fold, weights=np.maximum(own, 1e-3))
    about = {"right": float((first.out_of_fold.argmax(1) == given).mean())}
    yield (
        about
        | {"who": "olhar"}
        | scores([case.rows[0] for case in suspects(given, again.out_of_fold, wrong_labels(given, first.out_of_fold))], wrong)
    )
    yield about | {"who": "olhar, first heads"} | scores([case.rows[0] for case in suspects(given, first.out_of_fold)], wrong)
    for who, rows in by_peer(peer, given, first.out_of_fold) if peer else ():
        yield about | {"who": who} | scores(rows, wrong)
        as_many = suspects(given, again.out_of_fold, len(rows))[: len(rows)]
        yield about | {"who": "olhar, a list as long"} | scores([case.rows[0] for case in as_many], wrong)


def swapped(truth: NDArray[np.int64], classes: int, share: float, seed: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    rng = np.random.default_rng(seed)
    wrong = np.zeros(len(truth), bool)
    wrong[rng.permutation(len(truth))[: round(share * len(truth))]] = True
    return np.where(wrong, (truth + rng.integers(1, classes, len(truth))) % classes, truth), wrong


def by_peer(python: str, given: NDArray[np.int64], probabilities: NDArray[np.float32]) -> Iterator[tuple[str, list[int]]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.npz"
        np.savez(path, labels=given, probabilities=probabilities)
        said = subprocess.run([python, str(PEER), str(path)], check=True, capture_output=True, text=True)
    for line in said.stdout.splitlines():
        told = json.loads(line)
        yield told["who"], told["rows"]


def scores(rows: list[int], wrong: NDArray[np.bool_]) -> Row:
    hits = wrong[np.array(rows, dtype=np.int64)]
    shares = {"precision": hits.mean() if len(hits) else 0.0, "recall": hits.sum() / wrong.sum()}
    shares |= {"first_50": hits[:50].mean() if len(hits) else 0.0}
    return {"suspects": len(rows), "swapped": int(wrong.sum())} | {name: float(value) for name, value in shares.items()}


def strangers(host: str, guest: str) -> Iterator[Row]:
    """Pictures of another set among those of a set."""
    own, rng = pictures(host), np.random.default_rng(0)
    others = drawings() if guest == "drawn" else pictures(guest).ends
    others = others[rng.permutation(len(others))[: max(4, round(0.02 * len(own.ends)))]]
    features = np.concatenate([own.ends, others])
    given = np.concatenate([own.labels, rng.integers(0, len(own.dataset.classes), len(others))])
    groups = np.concatenate([own.groups, own.groups.max() + 1 + np.arange(len(others))])
    _, found = learn_unlikeness(features, given, groups, OF_A_CLASS)
    strange, told = np.arange(len(found)) >= len(own.ends), found >= UNUSUAL
    first = strange[np.argsort(-found)[:50]].sum()
    shares = {"recall": told[strange].mean(), "first_50": first / min(50, len(others))}
    yield {"planted": len(others), "told": int(told.sum()), "others_told": int((told & ~strange).sum())} | {
        name: float(value) for name, value in shares.items()
    }


@dataclass(frozen=True)
class _Made:
    """Pictures in memory as a source."""

    images: list[NDArray[np.uint8]]

    def read(self, index: int) -> NDArray[np.uint8]:
        return self.images[index]

    def fingerprint(self) -> Iterator[bytes]:
        yield from map(bytes, self.images)


@cache
def drawings(n: int = 60) -> NDArray[np.float16]:
    """What a body says of logos, screenshots, tables and line drawings, made here."""
    return looked([np.asarray(drawing(i)) for i in range(n)])


def looked(images: list[NDArray[np.uint8]]) -> NDArray[np.float16]:
    """The features at the body's end of pictures in memory."""
    body = published_body("lite0")
    dataset = Dataset(
        "made", _Made(images), list(map(str, range(len(images)))), (), np.full(len(images), -1), tuple("" for _ in images)
    )
    asked = AskedBody(body, picture_contract(body, 3), ("plain",))
    rows = list(compute(dataset, range(len(images)), asked, lambda _n, _total=None, /: None))
    return np.stack([row[0, -1280:] for row in rows if isinstance(row, np.ndarray)])


def drawing(seed: int) -> Image.Image:
    rng = np.random.default_rng(seed)
    width, height = int(rng.integers(200, 500)), int(rng.integers(150, 400))
    image = Image.new("RGB", (width, height), "white" if rng.random() < 0.6 else ink(rng))
    (logo, letters, cells, lines)[seed % 4](ImageDraw.Draw(image), rng, width, height)
    return image


def ink(rng: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = rng.integers(0, 255, 3).tolist()
    return red, green, blue


def logo(pen: ImageDraw.ImageDraw, rng: np.random.Generator, width: int, height: int) -> None:
    pen.ellipse((width * 0.2, height * 0.1, width * 0.8, height * 0.9), fill=ink(rng), outline=ink(rng), width=8)
    pen.polygon([(width * 0.5, height * 0.2), (width * 0.35, height * 0.7), (width * 0.7, height * 0.6)], fill=ink(rng))
    pen.text((width * 0.3, height * 0.5), "ACME Inc.", fill="black", font_size=int(height * 0.15))


def letters(pen: ImageDraw.ImageDraw, rng: np.random.Generator, width: int, height: int) -> None:
    pen.rectangle((0, 0, width, 24), fill=(60, 90, 160))
    for down in range(30, height, 16):
        pen.text((10, down), "".join(map(chr, rng.integers(97, 122, width // 9).tolist())), fill="black", font_size=12)


def cells(pen: ImageDraw.ImageDraw, rng: np.random.Generator, width: int, height: int) -> None:
    for down in range(0, height, 20):
        pen.line((0, down, width, down), fill=(180, 180, 180))
        for right in range(0, width, 60):
            pen.line((right, 0, right, height), fill=(180, 180, 180))
            pen.text((right + 5, down + 4), str(int(rng.integers(0, 9999))), fill="black", font_size=11)


def lines(pen: ImageDraw.ImageDraw, rng: np.random.Generator, width: int, height: int) -> None:
    points = zip(rng.normal(width / 2, width / 5, 9).tolist(), rng.normal(height / 2, height / 5, 9).tolist(), strict=True)
    pen.line(list(points), fill=ink(rng), width=4)
    pen.ellipse((width * 0.4, height * 0.3, width * 0.6, height * 0.5), outline=ink(rng), width=4)


def cut(image: Image.Image, share: float) -> Image.Image:
    side = (1 - share**0.5) / 2
    return image.crop(
        (int(side * image.width), int(side * image.height), int((1 - side) * image.width), int((1 - side) * image.height))
    )


EDITS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "80% of the area": lambda image: cut(image, 0.8),
    "60% of the area": lambda image: cut(image, 0.6),
    "turned by 5 degrees": lambda image: cut(image.rotate(5, Image.Resampling.BILINEAR), 0.8),
    "turned by 15 degrees": lambda image: cut(image.rotate(15, Image.Resampling.BILINEAR), 0.6),
    "on its side": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "half the light": lambda image: ImageEnhance.Brightness(image).enhance(0.5),
    "twice the light": lambda image: ImageEnhance.Brightness(image).enhance(2.0),
}


def scenes(edit: str) -> Iterator[Row]:
    """How close a copy of a cat or a dog is to its original, and how many are told."""
    own = pictures("cats-dogs")
    images = [decode(own.dataset.read(row), "").convert("RGB") for row in own.rows[:100].tolist()]  # pyright: ignore
    edited = looked([np.asarray(EDITS[edit](image)) for image in images])
    whole = own.ends.astype(np.float32)
    first, second = whole[:100] - whole.mean(0), edited.astype(np.float32) - whole.mean(0)
    close = (first * second).sum(1) / np.linalg.norm(first, axis=1) / np.linalg.norm(second, axis=1)
    yield {"told": float((close >= ONE_SCENE).mean()), "median": float(np.median(close))}


def draw(folder: Path) -> None:
    """The first 50 suspects, and the first 50 strangers, of cats and dogs."""
    folder.mkdir(parents=True, exist_ok=True)
    own = pictures("cats-dogs")
    again = own.head_again(own.head()).out_of_fold
    doubt = 1 - again[np.arange(len(own.labels)), own.labels]
    _, far = learn_unlikeness(own.ends, own.labels, own.groups, OF_A_CLASS)
    for name, found in (("suspects", doubt), ("strangers", far)):
        first = np.argsort(-found)[:50]
        sheet(own, first, [f"{own.dataset.classes[own.labels[i]]} {found[i]:.2f}" for i in first.tolist()]).save(
            folder / f"{name}.png"
        )


def sheet(own: LookedAt, first: NDArray[np.int64], words: list[str], columns: int = 10, side: int = 150) -> Image.Image:
    whole = Image.new("RGB", (columns * side, -(-len(first) // columns) * (side + 14)), "white")
    pen = ImageDraw.Draw(whole)
    for place, (i, word) in enumerate(zip(first.tolist(), words, strict=True)):
        image = decode(own.dataset.read(int(own.rows[i])), "").convert("RGB")  # pyright: ignore
        image.thumbnail((side - 4, side - 4))
        left, top = place % columns * side, place // columns * (side + 14)
        whole.paste(image, (left, top + 13))
        pen.text((left, top), f"{place + 1} {word}", fill="red")
    return whole


if __name__ == "__main__":
    main()
