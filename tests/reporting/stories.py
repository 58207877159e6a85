"""Stories made up for the tests: any number of classes, with or without anything that may be missing."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from olhar.base.signature import Signature
from olhar.evaluation.confusion import scores
from olhar.evaluation.folds import Folds
from olhar.evaluation.intervals import wilson
from olhar.evaluation.learning_curve import CurvePoint, LearningCurve, Promise
from olhar.evaluation.metrics import ClassMetrics, Metrics
from olhar.reporting.story import Story
from olhar.runs.head_record import HeadRecord, TriedHead
from olhar.runs.samples import Sample


def make_metrics(keys: tuple[str, ...], each: int = 20) -> Metrics:
    rng = np.random.default_rng(len(keys))
    right = np.eye(len(keys)) * 0.8 + 0.2 / len(keys)
    confusion = np.array([rng.multinomial(each + k % 3, row / row.sum()) for k, row in enumerate(right)], dtype=np.int64)
    return metrics_of(keys, confusion)


def metrics_of(keys: tuple[str, ...], confusion: Any) -> Metrics:
    precision, recall, f1 = scores(confusion)
    support = confusion.sum(axis=1)
    numbers = zip(keys, precision.tolist(), recall.tolist(), f1.tolist(), support.tolist(), strict=True)
    return Metrics(
        accuracy=wilson(int(np.trace(confusion)), int(confusion.sum())),
        loss=0.4321,
        macro_f1=float(f1.mean()),
        macro_precision=float(precision.mean()),
        macro_recall=float(recall.mean()),
        majority=float(support.max() / support.sum()),
        by_class=tuple(ClassMetrics(*row) for row in numbers),
        confusion=confusion,
    )


def make_history(epochs: int) -> list[dict[str, Any]]:
    return [
        {
            "epoch": e,
            "loss": 2 / e,
            "accuracy": 1 - 0.5 / e,
            "val_loss": 2.2 / e,
            "val_accuracy": 1 - 0.6 / e,
            "val_f1": 1 - 0.61 / e,
            "val_precision": 1 - 0.59 / e,
            "val_recall": 1 - 0.6 / e,
        }
        for e in range(1, epochs + 1)
    ]


def make_sample(k: int, predicted: int = -1, side: int = 8, channels: int = 3) -> Sample:
    pixels = np.full((side, side, channels), (37 * k) % 256, dtype=np.uint8)
    return Sample(f"picture-{k}.jpg", pixels, k, predicted, 0.875 if predicted >= 0 else 0.0)


def make_head(**other: Any) -> HeadRecord:
    tried = (
        TriedHead(("pooled",), 0.597, 0.22),
        TriedHead(("block_9", "block_5", "block_1", "pooled"), 0.431, 0.59),
        TriedHead(("block_9", "block_5"), 0.493, 0.33),
    )
    known: dict[str, Any] = {
        "body": "lite0", "licence": "Apache-2.0", "origin": "ImageNet", "kind": "logistic regression", "tried": tried,
        "temperature": 0.88, "views": 1, "blocks": ("block_9", "block_5", "block_1", "pooled"),
    }  # fmt: skip
    return HeadRecord(**(known | other))


def make_curve(*promises: Promise, points: tuple[tuple[int, float], ...] = ((60, 0.7), (120, 0.8), (240, 0.9))) -> LearningCurve:
    return LearningCurve([CurvePoint(n, wilson(round(share * 240), 240)) for n, share in points], promises)


def make_head_story(classes: int = 3, **other: Any) -> Story:
    """A head start in which everything taught and everything judged."""
    metrics = make_metrics(tuple(f"class {k}" for k in range(classes)))
    folds = Folds(metrics, tuple(wilson(16, 20) for _ in range(5)))
    known: dict[str, Any] = {
        "head": make_head(), "history": [], "kept": 0, "measured": "folds", "folds": folds, "metrics": metrics,
        "recipe": {"model": "lite0", "size": 224}, "counts": {"train": {f"class {k}": 21 for k in range(classes)}},
    }  # fmt: skip
    return make_story(classes, **(known | other))


def make_story(classes: int = 10, names: tuple[str, ...] = (), **other: Any) -> Story:
    keys = tuple(f"class {k}" for k in range(classes))
    known: dict[str, Any] = {
        "name": "flowers-cnn-1",
        "signature": Signature(keys, names or keys, 8, 8, origin="flowers"),
        "recipe": {"model": "cnn", "epochs": 4, "learning_rate": 0.003, "flip": "auto"},
        "environment": {"python": "3.12.3", "gadget": "x"},
        "history": make_history(4),
        "kept": 3,
        "counts": {part: dict.fromkeys(keys, n) for part, n in (("train", 160), ("validation", 20), ("test", 20))},
        "metrics": make_metrics(keys),
        "measured": "test",
        "samples": [make_sample(k) for k in range(classes) for _ in range(3)],
        "mistakes": [make_sample(k, (k + 1) % classes) for k in range(min(classes, 5))],
        "findings": ["2 pictures occur more than once."],
        "agreement": 2e-7,
        "made": "2026-11-21T06:36:45+00:00",
        "where": "runs/flowers",
    }
    return Story(**(known | other))


@dataclass(frozen=True)
class Hostile:
    """Names that try to break a page."""

    script: str = "<img src=x onerror=alert(1)>"
    turned: str = "abc\u202egpj.exe"
    endless: str = "x" * 300
    quotes: str = "\"' onload='alert(2)"
    template: str = "{{ 7 * 7 }} {n} %s"
    mathtext: str = "$\\frac{1$ $a_b$"
    far: str = "猫の写真"
    right_to_left: str = "قطة صغيرة"
    newline: str = "two\nlines\x1b[31m"
    marks: str = "\ue0000\ue001\ue0009\ue001"

    def all(self) -> tuple[str, ...]:
        return tuple(vars(self).values())
