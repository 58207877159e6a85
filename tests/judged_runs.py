"""Finished runs written by hand: what each said of its test pictures, and which pictures taught it; no training, no model."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np

from olhar.base.signature import Signature
from olhar.data.cache.content_hash import content_hash
from olhar.data.dataset import Part
from olhar.evaluation.measuring import measure
from olhar.evaluation.predictions import Predictions
from olhar.runs.folder import REQUEST, RunFolder
from olhar.runs.request import StoredRequest
from olhar.runs.split import to_csv
from olhar.training.recipe import Recipe

CLASSES = ("cat", "dog")


def content(text: str) -> bytes:
    """The content hash of a picture that is only spoken of."""
    return blake2b(text.encode(), digest_size=16).digest()


def write_judged_run(
    path: Path,
    said: Mapping[str, tuple[str, str]],
    *,
    taught: Sequence[str] = ("taught.png",),
    contents: Mapping[str, bytes] | None = None,
    groups: Mapping[str, str] | None = None,
    by: str = "test",
    classes: tuple[str, ...] = CLASSES,
    seed: int = 0,
    model: str = "lite0",
    data: str = "no-such-place",
    sure: float = 0.9,
) -> Path:
    """A run folder as `compare` reads it.

    Args:
        path: of the folder.
        said: picture -> its class, and the answer.
        taught: the pictures that taught it.
        contents: picture -> its content hash, where that is not of its name.
        groups: picture -> the name of its group.
        by: ``test``, ``folds`` or ``validation``.
        classes: the model's.
        seed, model: of its recipe.
        data: where its pictures lay.
        sure: the probability of each answer.
    """
    run = RunFolder.create(path)
    known, together = contents or {}, groups or {}
    labels = np.array([classes.index(label) for label, _ in said.values()], dtype=np.int64)
    shares = np.full((len(said), len(classes)), (1 - sure) / (len(classes) - 1), np.float32)
    shares[np.arange(len(said)), [classes.index(answer) for _, answer in said.values()]] = sure
    predictions = Predictions(list(said), classes, labels, shares)
    part: Part = {"test": "test", "folds": "train", "validation": "validation"}[by]  # pyright: ignore[reportAssignmentType]
    rows = [(name, label, part) for name, (label, _) in said.items()] + [(name, classes[0], "train") for name in taught]
    split = [
        (name, label, own, known.get(name, content(name)), content(together[name]) if name in together else b"")
        for name, label, own in rows
    ]
    run.write("split.csv", to_csv(split))
    run.write(f"predictions-{by}.csv", predictions.to_csv())
    run.write_json("metrics.json", {by: measure(predictions).to_dict()})
    run.write("signature.json", Signature(classes, classes, 8, 8, 3, "stretch", (0.0,) * 3, (1.0,) * 3).to_json())
    run.write("recipe.toml", Recipe().with_({"seed": seed, "model": model}).to_toml())
    run.write_json(REQUEST, StoredRequest(data, {}, {}).to_dict())
    return path


def answers(right: Sequence[bool], prefix: str = "") -> dict[str, tuple[str, str]]:
    """Pictures of the two classes in turn, answered rightly or wrongly."""
    return {f"{prefix}{i}.png": (CLASSES[i % 2], CLASSES[(i + (not good)) % 2]) for i, good in enumerate(right)}


def file_contents(root: Path) -> dict[str, bytes]:
    """The content hash of each picture of a folder, by its name in it."""
    return {path.relative_to(root).as_posix(): content_hash(path.read_bytes()) for path in sorted(root.rglob("*.png"))}
