"""Labels swapped on purpose: how many does ``check --deep`` find, and how many does cleanlab, on the same answers and on its own?

    python benchmarks/suspects.py --rows suspects.jsonl --peer-python /path/to/venv/bin/python
    python benchmarks/suspects.py --rows suspects.jsonl --pairs cat,dog --share 0.05 --minutes 10 --most 4000

For each pair of CIFAR-10 classes, 5% of the labels are swapped (seed 0), the deep check answers out of fold, and three lists are
compared with what was swapped: ours, cleanlab's from our out-of-fold probabilities, and cleanlab's own (``CleanLearning``
with its default, a logistic regression on the pixels). A row that stands in the file already is not made again. The peer lives in
an environment of its own: ``python -m venv peer; peer/bin/pip install cleanlab``. Prints a table; a label that CIFAR-10 itself
has wrong counts as a false alarm for everybody.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.progress import Terminal
from olhar.data.checks.suspects import suspects
from olhar.data.dataset import Dataset
from olhar.data.sources import read
from olhar.runs.environment import environment
from olhar.studies.label_check import MINUTES, out_of_fold

DATA = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[2] / "shared" / "data")) / "cifar10.zip"
PAIRS = "cat,dog automobile,truck deer,horse airplane,ship"
PEER = Path(__file__).parent / "peers" / "suspects_cleanlab.py"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=Path, required=True, help="JSON lines; what stands in it is not measured again")
    parser.add_argument("--pairs", nargs="+", default=PAIRS.split())
    parser.add_argument("--share", type=float, default=0.05)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--most", type=int, default=0, help="pictures of a pair; 0 takes all")
    parser.add_argument("--peer-python", help="the Python of an environment with cleanlab")
    given = parser.parse_args()
    known = [json.loads(line) for line in given.rows.read_text().splitlines()] if given.rows.exists() else []
    for pair in given.pairs:
        asked = {"pair": pair, "share": given.share, "minutes": given.minutes, "most": given.most}
        if any(asked.items() <= row.items() for row in known):
            continue
        for row in measured(asked, given.peer_python):
            known.append(row)
            with given.rows.open("a") as file:
                file.write(json.dumps(row) + "\n")
    table(known)


def measured(asked: dict[str, Any], peer: str | None) -> Iterator[dict[str, Any]]:
    """A row a list of suspects."""
    dataset, wrong = swapped(asked)
    begun = time.perf_counter()
    found = out_of_fold(dataset, np.arange(len(dataset)), asked["minutes"], Terminal())
    labels, probabilities = found.ready.labels, found.probabilities
    rows = [case.rows[0] for case in suspects(labels, probabilities)]
    seconds = time.perf_counter() - begun
    wrong = wrong[found.ready.packed.rows]
    about = asked | {"processor": environment()["processor"], "accuracy": float((probabilities.argmax(1) == labels).mean())}
    yield about | {"who": "olhar", "seconds": seconds} | scores(rows, wrong)
    if peer:
        for who, theirs, taken in by_peer(peer, found.ready.packed.pixels, labels, probabilities):
            yield about | {"who": who, "seconds": taken} | scores(theirs, wrong)


def swapped(asked: dict[str, Any]) -> tuple[Dataset, NDArray[np.bool_]]:
    """Two classes of CIFAR-10, a share of their labels swapped, and which."""
    whole = read(DATA)
    keys = tuple(sorted(asked["pair"].split(",")))
    rows = np.flatnonzero(np.isin(whole.labels, [whole.classes.index(key) for key in keys]))
    rng = np.random.default_rng(0)
    if asked["most"]:
        rows = np.sort(rng.permutation(rows)[: asked["most"]])
    labels = (whole.labels[rows] == whole.classes.index(keys[1])).astype(np.int64)
    wrong = np.zeros(len(rows), bool)
    wrong[rng.permutation(len(rows))[: round(asked["share"] * len(rows))]] = True
    dataset = replace(whole.only(rows.tolist()), classes=keys, names=(), labels=np.where(wrong, 1 - labels, labels))
    return dataset, wrong


def by_peer(
    python: str, pixels: NDArray[np.uint8], labels: NDArray[np.int64], probabilities: NDArray[np.float32]
) -> Iterator[tuple[str, list[int], float]]:
    """cleanlab's lists, best first, and the seconds that each took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.npz"
        np.savez(path, pixels=np.asarray(pixels), labels=labels, probabilities=probabilities)
        said = subprocess.run([python, str(PEER), str(path)], check=True, capture_output=True, text=True)
    for line in said.stdout.splitlines():
        told = json.loads(line)
        yield told["who"], told["rows"], told["seconds"]


def scores(rows: list[int], wrong: NDArray[np.bool_]) -> dict[str, float]:
    """Precision of the list, of its first 50, and recall."""
    hits = wrong[np.array(rows, dtype=np.int64)]
    return {
        "suspects": len(rows),
        "swapped": int(wrong.sum()),
        "precision": float(hits.mean()) if len(hits) else 0.0,
        "recall": float(hits.sum() / wrong.sum()),
        "first_50": float(hits[:50].mean()) if len(hits) else 0.0,
        "as_many": float(hits[: wrong.sum()].sum() / wrong.sum()),
    }


def table(rows: list[dict[str, Any]]) -> None:
    print("| pair, swapped | who | suspects | precision | recall | first 50 | found among as many as were swapped | seconds |")
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        shares = [f"{100 * row[key]:.1f}%" for key in ("precision", "recall", "first_50", "as_many")]
        print(
            f"| {row['pair']}, {row['swapped']} | {row['who']} | {row['suspects']} "
            f"| {' | '.join(shares)} | {row['seconds']:.0f} |"
        )


if __name__ == "__main__":
    main()
