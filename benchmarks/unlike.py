"""Does a model tell pictures of none of its classes? By the shipped score, beside maximum probability, energy and other scores.

    python benchmarks/unlike.py --features FOLDER --rows unlike.jsonl
    python benchmarks/unlike.py --features FOLDER --rows unlike.jsonl --only networks

For each set seven tenths of the pictures of the known classes teach, three tenths judge beside pictures of other sets (far) and
of classes that were left out, or of other animals (near). AUROC; the share of unknown pictures that pass where 95% of the known
ones do (fpr95); at the threshold that ``train`` writes into the file, the share of known pictures that are flagged (alarms)
and of unknown ones (found). The score was chosen on hand signs, insects and tiles (``choose``); the other sets only judge. Heads
on Lite0, whose features are kept in FOLDER; ``networks``: networks from nothing, trained and asked as anybody would; what tells
by the picture itself was chosen on hand signs, refuse, and cats and dogs (``choose-networks``).
"""

import argparse
import io
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper
from PIL import Image, ImageEnhance, ImageFilter
from rows import missing, rows, table
from sklearn.metrics import roc_auc_score

import olhar
from olhar.base import runtime
from olhar.base.errors import PictureError
from olhar.base.images import to_pixels
from olhar.bodies.features import columns_of, picture_contract
from olhar.bodies.heads.learning import learn_head
from olhar.bodies.looking import AskedBody, compute
from olhar.bodies.opened import published_body
from olhar.bodies.unlikeness import learn_unlikeness
from olhar.data.dataset import Dataset
from olhar.data.formats.pixels import ArraySource
from olhar.data.sources import read
from olhar.jobs.unlike import FoldedFeatures

DATA = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
TAUGHT, MOST, SEEDS = 0.7, 4000, 3
FAR = ("digits", "fer2013", "chest-xray")
CHOOSE = (
    ("hand-digits", 3, ("ants-bees", "magnetic-tile")),
    ("ants-bees", 0, ("hand-digits", "magnetic-tile")),
    ("magnetic-tile", 0, ("hand-digits", "ants-bees")),
)
JUDGE = (
    ("cifar10", 3, FAR),
    ("cifar10", ("cat", "dog"), ("cats-dogs-32",)),
    ("trash", 2, FAR),
    ("brazil-coins", 2, FAR),
    ("cats-dogs", 0, (*FAR, "ants-bees")),
)
"""Known pictures, how many of their classes are left out (or which), and the sets that none of them is of."""

CHOOSE_NETWORKS = (
    ("hand-digits", 3, 64, 20, ("ants-bees", "brazil-coins", "magnetic-tile", "trash")),
    ("trash", 2, 64, 20, ("ants-bees", "brazil-coins", "magnetic-tile", "hand-digits")),
    ("cats-dogs", 0, 64, 12, ("ants-bees", "brazil-coins", "magnetic-tile", "trash", "hand-digits")),
)
NETWORKS = (
    ("digits", 3, 32, 8, ("fer2013", "chest-xray", "cifar10", "cats-dogs-32")),
    ("cifar10", 3, 32, 8, ("fer2013", "chest-xray", "digits", "cats-dogs-32", "trash")),
    ("fer2013", 2, 48, 8, ("cifar10", "chest-xray", "digits", "cats-dogs-32", "trash")),
)
"""Known pictures, how many of their classes are left out, the pictures' side, epochs, and sets that none of them is of."""
MOST_FOR_NETWORKS = 6000

SCORES = ("shipped", "its last block alone", "check's", "energy", "maximum probability")

Rows = NDArray[np.floating]


@dataclass(frozen=True)
class Pictures:
    """What Lite0 says of N pictures, float16 (N, F); their labels (N,), and the classes."""

    features: NDArray[np.float16]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, required=True, help="a folder for what Lite0 says of the pictures")
    parser.add_argument("--rows", type=Path, required=True, help="JSON lines; what stands in it is not measured again")
    parser.add_argument("--only", nargs="+", default=["choose", "judge", "networks"])
    given = parser.parse_args()
    for what, sets in (("choose", CHOOSE), ("judge", JUDGE)):
        for name, left, others in sets if what in given.only else ():
            for seed in range(SEEDS):
                key = {"what": what, "set": name, "left": str(left), "seed": seed}
                missing(given.rows, key, lambda n=name, k=left, o=others, s=seed: judged(given.features, n, k, o, s))
    for what, sets in (("choose-networks", CHOOSE_NETWORKS), ("networks", NETWORKS)):
        for name, left, side, epochs, others in sets if what in given.only else ():
            key = {"what": what, "set": name, "left": str(left), "seed": 0}
            missing(given.rows, key, lambda n=name, k=left, p=side, e=epochs, o=others: by_network(n, k, p, e, o))
    print(table(["pictures", "unknown", "score", "AUROC", "FPR at 95%", "alarms", "found"], list(lines(rows(given.rows)))))


def judged(folder: Path, name: str, left: int | tuple[str, ...], others: tuple[str, ...], seed: int) -> Mapping[str, Any]:
    """Each score, on each kind of unknown pictures."""
    pictures = pictures_of(folder, name)
    out = left_out(pictures.classes, left, seed)
    unknown = np.isin(pictures.labels, out)
    known = np.random.default_rng(seed).permutation(np.flatnonzero(~unknown))
    taught, judging = known[: int(TAUGHT * len(known))], known[int(TAUGHT * len(known)) :]
    labels = np.unique(pictures.labels[taught], return_inverse=True)[1].astype(np.int64)
    asked = {"known": pictures.features[judging]} | ({"left out": pictures.features[unknown]} if len(out) else {})
    asked |= {other: pictures_of(folder, other).features for other in others}
    begun = time.perf_counter()
    scores, seconds = scored(pictures.features[taught], labels, asked)
    found = {
        kind: {
            score: numbers(each["known"], each[kind], flag=1.0 if score == "shipped" else None) for score, each in scores.items()
        }
        for kind in asked
        if kind != "known"
    }
    return {"taught": len(taught), "judging": len(judging), "found": found, "fit": seconds, "took": time.perf_counter() - begun}


def scored(taught: NDArray[np.float16], labels: NDArray[np.int64], asked: Mapping[str, Rows]) -> tuple[dict[str, Any], float]:
    """Score -> kind of pictures -> numbers, higher where stranger; and the seconds that the shipped one took to learn."""
    columns, groups = columns_of(body()), np.arange(len(labels))
    learnt = learn_head({n: taught[None, :, c] for n, c in columns.items()}, labels, groups, int(labels.max()) + 1)
    last = [*columns][-3:]
    begun = time.perf_counter()
    ours, _ = FoldedFeatures({n: taught[:, columns[n]] for n in last}, labels, learnt.fold, learnt.out_of_fold).unlikeness()
    seconds = round(time.perf_counter() - begun, 2)
    alone, _ = FoldedFeatures({last[-1]: taught[:, columns[last[-1]]]}, labels, learnt.fold, learnt.out_of_fold).unlikeness()
    tenth, _ = learn_unlikeness(taught[:, columns[last[-1]]], labels, groups, 100)
    assert ours is not None
    assert alone is not None
    scores: dict[str, Any] = {
        name: {} for name in ("shipped", "its last block alone", "check's", "energy", "maximum probability")
    }
    for kind, features in asked.items():
        blocks = {name: features[:, places] for name, places in columns.items()}
        logits = learnt.head.logits(blocks)
        shares = learnt.head.probabilities(blocks)
        scores["shipped"][kind] = ours(blocks, shares)
        scores["its last block alone"][kind] = alone(blocks, shares)
        scores["check's"][kind] = tenth.scores(features[:, columns[last[-1]]])
        scores["energy"][kind] = -np.logaddexp.reduce(logits, axis=1)
        scores["maximum probability"][kind] = -shares.max(axis=1)
    return scores, seconds


def numbers(known: Rows, unknown: Rows, flag: float | None) -> dict[str, float]:
    truth = np.repeat([0, 1], [len(known), len(unknown)])
    told = {
        "auroc": round(float(roc_auc_score(truth, np.concatenate([known, unknown]))), 4),
        "fpr95": round(float((unknown <= np.quantile(known, 0.95)).mean()), 4),
    }
    at = (
        {}
        if flag is None
        else {"alarms": round(float((known > flag).mean()), 4), "found": round(float((unknown > flag).mean()), 4)}
    )
    return told | at


def by_network(name: str, left: int, side: int, epochs: int, others: tuple[str, ...]) -> Mapping[str, Any]:
    """A network from nothing that ``olhar.train`` makes of folders, and what its file says."""
    data = source(name)
    out = left_out(data.classes, left, 0)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        chosen = np.sort(np.random.default_rng(0).permutation(len(data))[:MOST_FOR_NETWORKS])
        for row in chosen.tolist():
            part = folder / ("unknown" if data.labels[row] in out else "known") / data.classes[data.labels[row]]
            saved(data, row, side, part)
        run = olhar.train(folder / "known", into=folder / "run", model="quick", epochs=epochs, seed=0, folds=0)
        own = (run.path / "predictions-test.csv").read_text(encoding="utf-8").splitlines()[1:]
        names = {line.split(",")[0] for line in own}
        known = [file for file in sorted((folder / "known").rglob("*.png")) if str(file.relative_to(folder / "known")) in names]
        asked = {"known": known, "left out": sorted((folder / "unknown").rglob("*.png"))}
        for other in others:
            strange = source(other)
            for row in np.random.default_rng(0).permutation(len(strange))[:300].tolist():
                saved(strange, row, side, folder / other)
            asked[other] = sorted((folder / other).iterdir())
        told = {kind: said(run.path / "model.onnx", files) for kind, files in asked.items() if files}
        changed = {kind: said(run.path / "model.onnx", known, change)["shipped"] > 1 for kind, change in CHANGES.items()}
        accuracy = run.metrics.accuracy.value
    found = {
        kind: {score: numbers(told["known"][score], each, 1.0 if score == "shipped" else None) for score, each in scores.items()}
        for kind, scores in told.items()
        if kind != "known"
    }
    alarms = {kind: round(float(flags.mean()), 4) for kind, flags in changed.items()}
    return {"judging": len(known), "accuracy": accuracy, "found": found, "changed": alarms}


def saved(data: Dataset, row: int, side: int, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        Image.fromarray(pixels(data, row, side)).save(folder / f"{row}.png")
    except PictureError as error:
        print(error)


def as_jpeg(picture: Image.Image) -> Image.Image:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=60)
    return Image.open(out).convert(picture.mode)


CHANGES = {
    "lighter": lambda one: ImageEnhance.Brightness(one).enhance(1.2),
    "darker": lambda one: ImageEnhance.Brightness(one).enhance(0.8),
    "JPEG at 60": as_jpeg,
    "softer": lambda one: one.filter(ImageFilter.GaussianBlur(0.5)),
}
"""What may happen to pictures of the known classes, which are no strangers for it."""


def said(model: Path, files: list[Path], change: Any = None) -> dict[str, Rows]:
    """What a file says of pictures, (N,) by score, higher where stranger: the two that make up the shipped one beside it."""
    graph = onnx.load(model)
    (larger,) = (node for node in graph.graph.node if node.op_type == "Max" and "div" in node.input[0] and "div" in node.input[1])
    graph.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch"]) for name in larger.input)
    session, predictor = runtime.session(graph.SerializeToString(), 1), olhar.load(model)
    wanted = ["unlikeness", *larger.input, "logits", "probabilities"]
    answers = []
    for start in range(0, len(files), 64):
        batch = [Image.open(file) for file in files[start : start + 64]]
        shown = np.stack([predictor.prepare(change(one) if change else one) for one in batch])
        answers.append(session.run(wanted, {"pictures": shown}))
    shipped, network, picture, logits, shares = (np.concatenate(parts) for parts in zip(*answers, strict=True))
    alone = {"shipped": shipped, "the network alone": network, "the picture alone": picture}
    return alone | {"energy": -np.logaddexp.reduce(logits, axis=1), "maximum probability": -shares.max(axis=1)}


def left_out(classes: tuple[str, ...], left: int | tuple[str, ...], seed: int) -> NDArray[np.int64]:
    if isinstance(left, tuple):
        return np.array([classes.index(name) for name in left])
    return np.random.default_rng(seed).permutation(len(classes))[:left]


@cache
def body() -> Any:
    return published_body("lite0")


def source(name: str) -> Dataset:
    """A set as Olhar reads it."""
    if name == "digits":
        return read("digits")
    if name == "cats-dogs-32":
        photos = source("cats-dogs")
        shrunk = np.stack([pixels(photos, row, 32) for row in range(len(photos))])
        return Dataset(name, ArraySource(shrunk), photos.where, photos.classes, photos.labels, photos.brought)
    return read(DATA / ("" if name in ("cifar10", "fer2013", "cats-dogs") else "few") / f"{name}.zip")


def pixels(data: Dataset, row: int, side: int) -> NDArray[np.uint8]:
    return to_pixels(data.read(row), (side, side), 3, "stretch", data.where[row])


def pictures_of(folder: Path, name: str) -> Pictures:
    """What Lite0 says of a set, of ``MOST`` of its pictures at most; computed once."""
    kept = folder / f"{name}.npz"
    if not kept.exists():
        data, contract = source(name), picture_contract(body(), 3)
        chosen = np.sort(np.random.default_rng(0).permutation(len(data))[:MOST])
        told = list(compute(data, chosen.tolist(), AskedBody(body(), contract, ("plain",)), _nothing_told))
        good = [i for i, each in enumerate(told) if not isinstance(each, PictureError)]
        features = np.stack([told[i][0] for i in good])  # pyright: ignore[reportIndexIssue]
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(kept, features=features, labels=data.labels[chosen[good]], classes=np.array(data.classes))
    with np.load(kept) as stored:
        return Pictures(stored["features"], stored["labels"], tuple(stored["classes"].tolist()))


def _nothing_told(_n: int, _total: int | None = None, /) -> None:
    """The bar of a computation that nobody watches."""


def lines(measured: list[dict[str, Any]]) -> Iterator[list[str]]:
    """A line a set, kind of unknown pictures and score: the mean over seeds."""
    for name in dict.fromkeys((row["what"], row["set"], row["left"]) for row in measured):
        own = [row for row in measured if (row["what"], row["set"], row["left"]) == name]
        for kind, scores in own[0]["found"].items():
            for score in scores:
                cells = [
                    np.mean([row["found"][kind][score][key] for row in own]) if key in scores[score] else None
                    for key in ("auroc", "fpr95", "alarms", "found")
                ]
                told = [f"{cells[0]:.3f}", *("" if cell is None else f"{cell:.1%}" for cell in cells[1:])]
                yield [f"{name[0]}: {name[1]}" + ("" if name[2] == "0" else f" without {name[2]}"), kind, score, *told]


if __name__ == "__main__":
    main()
