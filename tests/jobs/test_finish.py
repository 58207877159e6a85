"""Every number about answers that a finished run keeps, told again from its answers by scikit-learn or by another formula."""

import csv
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

import olhar
from olhar.bodies.heads.interval import DESIGN
from tests.trained import QUICK, Said

Z = 1.959963984540054
ROUNDED, TINY = 5e-5, 1e-9
"""Probabilities in the file have six places; floats have sixteen digits."""
SCORES = ("precision", "recall", "f1")
BY_CHANCE = {"macro", "weighted"}
"""Intervals by a bootstrap, of which only the middle has another formula."""


def read(path: Path) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Classes, labels and probabilities as the CSV has them, by no reader of Olhar's."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    columns = [i for i, name in enumerate(rows[0]) if name.startswith("p:")]
    classes = [rows[0][i].removeprefix("p:") for i in columns]
    labels = np.array([classes.index(row[rows[0].index("label")]) for row in rows[1:]])
    return classes, labels, np.array([[float(row[i]) for i in columns] for row in rows[1:]])


def bounds(share: float, n: float) -> tuple[float, float]:
    """Where the share lies 1.96 standard errors of a binomial away: the roots of (s - p)^2 = z^2 p (1 - p) / n."""
    roots = np.roots([1 + Z**2 / n, -2 * share - Z**2 / n, share**2]).real
    return float(roots.min()), float(roots.max())


def interval(share: float, n: int, design: float = 1.0) -> dict[str, float]:
    low, high = bounds(share, n / design)
    return {"value": share, "low": low, "high": high, "n": n, "groups": 0}


def f1_interval(share: float, n: int, design: float) -> dict[str, float]:
    told = interval(share, n, design)
    return told | {key: 2 * told[key] / (1 + told[key]) for key in ("value", "low", "high")}


def binned(confidence: np.ndarray, right: np.ndarray) -> list[dict[str, Any]]:
    """Fifteen bins over the confidence, those that hold a picture."""
    edges = np.linspace(0, 1, 16)
    found = []
    for low, high in pairwise(edges):
        within = (confidence > low) & (confidence <= high)
        if n := int(within.sum()):
            own = {"confidence": confidence[within].mean(), "accuracy": interval(right[within].mean(), n)}
            found.append({"low": low, "high": high, "n": n} | own)
    return found


def told_again(classes: list[str], labels: np.ndarray, shares: np.ndarray, design: float) -> dict[str, Any]:
    every, answers, n = list(range(len(classes))), shares.argmax(axis=1), len(labels)
    right, confidence = answers == labels, shares.max(axis=1)
    table = sklearn_metrics.precision_recall_fscore_support(labels, answers, labels=every, zero_division=0)
    occur = sorted({*labels.tolist(), *answers.tolist()})
    means = {
        kind: sklearn_metrics.precision_recall_fscore_support(labels, answers, labels=occur, average=kind, zero_division=0)[:3]
        for kind in ("macro", "weighted")
    }
    by_class = [
        {
            "key": key, "precision": table[0][k], "recall": table[1][k], "f1": table[2][k], "support": table[3][k],
            "precision_interval": interval(table[0][k], int((answers == k).sum()), design) if (answers == k).any() else None,
            "recall_interval": interval(table[1][k], int((labels == k).sum()), design),
            "f1_interval": f1_interval(
                sklearn_metrics.jaccard_score(labels == k, answers == k), int(((labels == k) | (answers == k)).sum()), design
            ),
            "auc": sklearn_metrics.roc_auc_score(labels == k, shares[:, k]),
            "average_precision": sklearn_metrics.average_precision_score(labels == k, shares[:, k]),
        }
        for k, key in enumerate(classes)
    ]  # fmt: skip
    top = [(k, sklearn_metrics.top_k_accuracy_score(labels, shares, k=k, labels=every)) for k in (1, 5) if len(classes) >= 10]
    apart, _ = np.histogram(confidence, np.linspace(0, 1, 16), weights=confidence - right)
    truth = np.eye(len(classes))[labels]
    return {
        "accuracy": interval(sklearn_metrics.accuracy_score(labels, answers), n, design),
        "loss": sklearn_metrics.log_loss(labels, np.clip(shares, 1e-7, 1) / np.clip(shares, 1e-7, 1).sum(1, keepdims=True)),
        **{f"macro_{name}": means["macro"][i] for i, name in enumerate(SCORES)},
        **{kind: {name: {"value": of[i], "n": n} for i, name in enumerate(SCORES)} for kind, of in means.items()},
        "majority": np.bincount(labels).max() / n,
        "by_class": by_class,
        "confusion": sklearn_metrics.confusion_matrix(labels, answers, labels=every).tolist(),
        "balanced_accuracy": sklearn_metrics.balanced_accuracy_score(labels, answers),
        "top": [{"k": k, "accuracy": interval(share, n, design)} for k, share in top],
        "calibration": {
            "ece": np.abs(apart).sum() / n,
            "brier": ((shares - truth) ** 2).sum(axis=1).mean() / (2 if len(classes) == 2 else 1),
            "bins": binned(confidence, right),
        },
    }  # fmt: skip


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, f"{path}.{key}")
    elif isinstance(value, list):
        for i, one in enumerate(value):
            yield from leaves(one, f"{path}.{i}")
    else:
        yield path, value


def by_bootstrap(path: str) -> bool:
    """Of a bootstrap's interval: its bounds, and the groups that it counts by."""
    parts = path.split(".")
    return parts[1] in BY_CHANCE and parts[-1] in ("low", "high", "groups")


def assert_told_again(run: Path, part: str, design: float = 1.0) -> None:
    stored = json.loads((run / "metrics.json").read_text(encoding="utf-8"))[part]
    for extra in ("each", "mean", "spread"):  # of folds: how far they lie apart
        stored.pop(extra, None)
    expected = dict(leaves(told_again(*read(run / f"predictions-{part}.csv"), design)))
    found = dict(leaves(stored))
    assert {path for path in found if not by_bootstrap(path)} == expected.keys()
    for path, value in expected.items():
        assert found[path] == (pytest.approx(value, abs=ROUNDED) if isinstance(value, float) else value), path
    for path in filter(by_bootstrap, found):
        stem = path.rpartition(".")[0]
        assert found[f"{stem}.low"] - TINY <= found[f"{stem}.value"] <= found[f"{stem}.high"] + TINY


def test_every_number_of_a_network_is_told_again_by_its_answers(tmp_path):
    fields = QUICK | {"epochs": 1, "width": 4}
    assert_told_again(olhar.train("digits", into=tmp_path / "run", progress=Said(), **fields).path, "test")


def test_every_number_of_folds_is_told_again_by_their_answers(scenes, tmp_path):
    run = olhar.train(scenes, into=tmp_path / "run", model="lite0", size=64, folds=3, progress=Said())
    assert_told_again(run.path, "folds", DESIGN)


def test_plain_models_are_judged_by_the_same_pictures(run):
    stored = json.loads((run.path / "metrics.json").read_text(encoding="utf-8"))
    kinds = {one["kind"]: one["accuracy"] for one in stored["baselines"]}
    assert kinds.keys() == {"nearest_mean", "linear"}
    assert {told["n"] for told in kinds.values()} == {stored["test"]["accuracy"]["n"]}
    assert all(told["value"] > 0.95 for told in kinds.values())  # three colours, which need no network


def test_plain_models_see_little_in_what_no_colour_tells_apart(scenes, tmp_path):
    run = olhar.train(scenes, into=tmp_path / "run", model="lite0", size=64, folds=3, progress=Said())
    told = {one.kind: one.accuracy for one in run._results.baselines}
    assert told["nearest_mean"].n == run.metrics.accuracy.n
    assert told["nearest_mean"].value < run.metrics.accuracy.value


def test_the_bundle_takes_its_model_card_along(run):
    import onnx

    proto = onnx.load(run.path / "model.onnx")
    card = next(entry.value for entry in proto.metadata_props if entry.key == "model_card")
    assert card.startswith("# Model card: colours")
    assert run.name not in card or run.name == "colours"
    assert "**To be filled in:**" in card
    assert len(card.encode()) < 8000
    assert (run.path / "model-card.md").read_text(encoding="utf-8").count("\n## ") == card.count("\n## ") == 9
    assert run.predictor().classes == ("blue", "green", "red")  # the checksum fits
