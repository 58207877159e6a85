"""Suspect labels as a finding: which, of how many, and how far models that never saw the pictures can be trusted."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from olhar.base.texts import Sentence
from olhar.data.checks.check import MOST_CASES
from olhar.data.checks.findings import Finding
from olhar.data.checks.suspects import TRUSTED, suspects
from olhar.evaluation.intervals import Interval

FIRST = 50
"""Where models are right too seldom to be trusted (``TRUSTED``), the finding says so, and tells no more than these."""


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
