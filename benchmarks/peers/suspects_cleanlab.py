"""cleanlab's lists of suspect labels, for ``suspects.py`` and ``check_features.py``; runs in an environment of its own.

    peer/bin/python benchmarks/peers/suspects_cleanlab.py answers.npz

Prints a JSON line a list: who, the rows best first, the seconds taken.
"""

import json
import sys
import time
import warnings
from typing import Any

import cleanlab
import numpy as np
from cleanlab.classification import CleanLearning
from cleanlab.filter import find_label_issues


def main() -> None:
    warnings.simplefilter("ignore")
    with np.load(sys.argv[1]) as file:
        labels, probabilities = file["labels"], file["probabilities"]
        pixels = file.get("pixels")
    name = f"cleanlab {cleanlab.__version__}"
    begun = time.perf_counter()
    rows = find_label_issues(labels, probabilities, return_indices_ranked_by="self_confidence")
    tell(f"{name}, our answers", rows, begun)
    if pixels is None:
        return
    begun = time.perf_counter()
    found: Any = CleanLearning(seed=0).find_label_issues(pixels.reshape(len(pixels), -1) / 255, labels)
    issues = found[found["is_label_issue"]].sort_values("label_quality")
    tell(f"{name}, its default", issues.index.to_numpy(), begun)


def tell(who: str, rows: Any, begun: float) -> None:
    print(json.dumps({"who": who, "rows": [int(row) for row in rows], "seconds": time.perf_counter() - begun}))


if __name__ == "__main__":
    main()
