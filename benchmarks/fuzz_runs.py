"""Damage each file of small runs thousands of times, and ask each verb: an answer or an error that is told, nothing else.

    python benchmarks/fuzz_runs.py --tries 5000

Two small trainings are made, one finished and one stopped; each try damages one file in a copy (a byte, a cut, any value of its
JSON, CSV, TOML, arrays or header replaced by any other) and asks one question. Prints what ended in OLH999, and the slowest.
"""

import argparse
import collections
import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

import olhar
from tests.conftest import write_pictures
from tests.damaging import QUESTIONS, asked, damage
from tests.trained import SAVING, StopAtOnce

TRAINED = {"model": "cnn", "width": 4, "epochs": 2, "batch": 16, "folds": 0, "size": 16}
READ_BY_NOBODY = ("report.html", "history.csv", "labels.txt", "predictions-test.csv")
_SHOWN = ("report", "runs", "evaluate", "evaluate data", "inspect")
ASKED = {
    "finished": (*_SHOWN * 2, *QUESTIONS),
    "head": (*_SHOWN * 2, *QUESTIONS),
    "stopped": ("resume", "watch", "runs"),
    "seeds": ("resume", "watch"),
    "tuning": ("tune on", "watch"),
}
"""What is asked of each training; what takes seconds is asked less often."""


def main() -> None:
    """Fuzz, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tries", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    settings = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["OLHAR_CACHE"] = str(Path(folder) / "cache")
        fuzz(Path(folder), settings.tries, settings.seed)


def fuzz(folder: Path, tries: int, seed: int) -> None:
    """So many tries; the seed gives the same ones again."""
    data = write_pictures(folder / "colours", 12)
    sources = trained(data, folder)
    outcomes, slowest = collections.Counter[str](), (0.0, "")
    for number in range(tries):
        chance = Random(f"{seed}-{number}")
        source = chance.choice(list(sources))
        question = chance.choice(ASKED[source.name])
        place = folder / "tries" / "run"
        shutil.rmtree(place.parent, ignore_errors=True)
        shutil.copytree(source, place)
        files = sorted(path for path in place.rglob("*.*") if path.name not in READ_BY_NOBODY and path.suffix != ".png")
        done = damage(chance.choice(files), chance)
        begun = time.process_time()
        status, printed = asked(question, place, data, place.parent)
        seconds = time.process_time() - begun
        slowest = max(slowest, (seconds, f"{source.name}: {done}, {question}"))
        outcomes[{0: "answered", 2: "an error that is told"}.get(status, f"exit {status}")] += 1
        if status not in (0, 2) or "Traceback" in printed:
            print(f"try {number}: {source.name}: {done}, {question}: {printed.strip().splitlines()[-1][:300]}", flush=True)
        if number % 100 == 99:
            print(number + 1, dict(outcomes), flush=True)
    print(dict(outcomes), f"slowest: {slowest[0]:.1f} s of CPU ({slowest[1]})")


def trained(data: Path, folder: Path) -> list[Path]:
    """Small trainings, each in a folder that is a key of ``ASKED``."""
    olhar.train(data, into=folder / "finished", **TRAINED)
    olhar.train(data, into=folder / "head")
    olhar.train(data, into=folder / "seeds", seeds=2, **TRAINED)
    olhar.tune(data, into=folder / "tuning", minutes=0.05, model="cnn", width=4, size=16, epochs=1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    olhar.jobs.learn.Session = SAVING
    with contextlib.suppress(olhar.Stopped):
        olhar.train(data, into=folder / "stopped", progress=StopAtOnce(), **TRAINED | {"epochs": 6})
    return [folder / name for name in ASKED]


if __name__ == "__main__":
    main()
