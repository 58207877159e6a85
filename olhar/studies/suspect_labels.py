"""Suspect labels as a finding: which, of how many, and how far models that never saw the pictures can be trusted."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from olhar.base.texts import Sentence
from olhar.data.checks.check import MOST_CASES
from olhar.data.checks.findings import Finding
from olhar.data.checks.suspects import suspects
from olhar.evaluation.intervals import Interval

TRUSTED = 0.6
"""Models that are right on fewer pictures name mostly hard ones: the finding says so, and tells no more than ``FIRST``. Of labels
swapped on purpose (5% and 10%) in FER2013, right on 41%: 9% and 17% of the list were swapped, of its first 50 49% and 67%; in
CIFAR-10, right on 67% to 73%, 31% and 43% of the list."""

FIRST = 50


def suspect_labels(
    rows: NDArray[np.int64],
    labels: NDArray[np.int64],
    probabilities: NDArray[np.float32],
    whole: Interval,
    expected: int | None = None,
) -> Finding:
    """``CHK051``.

    Args:
        rows: int64 (M,), the dataset's rows of the pictures asked about.
        labels: int64 (M,).
        probabilities: float32 (M, K), each row by a model that did not learn from that picture.
        whole: how often such models are right.
        expected: how many labels are thought to be wrong, where that is known better.
    """
    suspected, trusted = suspects(labels, probabilities, expected), whole.value >= TRUSTED
    told = suspected[: MOST_CASES if trusted else FIRST]
    cases = tuple(replace(case, rows=(int(rows[case.rows[0]]),)) for case in told)
    values = {"n": len(suspected) if trusted else len(told), "total": whole.n, "share": len(suspected) / whole.n}
    values |= {"accuracy": whole.value, "low": whole.low, "high": whole.high}
    trust: dict[str, Sentence | str] = {
        "sample": "",
        "trust": "" if trusted or not told else Sentence("check.by_features.unsure"),
    }
    return Finding("CHK051", "tip" if suspected else "passed", values | trust, cases)
