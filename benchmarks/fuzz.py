"""Damage files of every kind thousands of times, and ask what is asked of them: an answer or an error that is told, nothing else.

    python benchmarks/fuzz.py --into rows.jsonl --pictures 20000 --models 10000 --data 3000 --runs 5000

Each few hundred tries have a process of their own, so that a crash of a library is seen as one; a try may take no more than
5 s of CPU and 600 MB above what the process held before it. Rows go to ``--into``, a line a process, and it goes on after them.
Models are the small ones of the tests and, where ``OLHAR_TEST_DATA`` has them, real ones of less than 600 KB.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.fuzzed import KINDS, models
from tests.fuzzed_runs import runs

AT_ONCE = {"pictures": 500, "models": 500, "data": 250, "runs": 100}
MOST_SECONDS, MOST_MEGABYTES = 5.0, 600
ALL = {**KINDS, "runs": runs}
REAL = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[2] / "shared" / "data")) / "keras-models"


def main() -> None:
    """Fuzz, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--portion", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--until", type=float, default=float("inf"), help="seconds after which no further process begins")
    for kind in ALL:
        parser.add_argument(f"--{kind}", type=int, default=0)
    settings = parser.parse_args()
    if settings.portion:
        portion(settings.portion[0], int(settings.portion[1]))
        return
    begun = time.monotonic()
    for kind in ALL:
        done = sum(row["kind"] == kind for row in rows(settings.into))
        for number in range(done, -(-getattr(settings, kind) // AT_ONCE[kind])):
            if time.monotonic() - begun > settings.until:
                return
            with settings.into.open("a", encoding="utf-8") as file:
                file.write(json.dumps(in_own_process(kind, number, settings.into)) + "\n")
    table(rows(settings.into))


def rows(path: Path) -> list[dict[str, Any]]:
    """What was done so far."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def in_own_process(kind: str, number: int, into: Path) -> dict[str, Any]:
    """A portion of the tries; where they end the process, that is what the row says."""
    words = [sys.executable, __file__, "--into", str(into), "--portion", kind, str(number)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    last = (done.stdout.strip().splitlines() or [""])[-1]
    if done.returncode == 0:
        return json.loads(last)
    said = f"{last}: ended with {done.returncode}: {done.stderr[-600:]}"
    return {"kind": kind, "number": number, "tries": AT_ONCE[kind], "faults": [said], "slowest": [0, ""], "largest": [0, ""]}


def portion(kind: str, number: int) -> None:
    """A portion of the tries in this process, and a line of JSON; a line before each, for the case that it is the last."""
    faults: list[str] = []
    slowest, largest = (0.0, ""), (0.0, "")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["OLHAR_CACHE"] = str(Path(folder) / "cache")
        attempt = made(kind, Path(folder))
        for place in range(number * AT_ONCE[kind], (number + 1) * AT_ONCE[kind]):
            print(f"{kind} {place}", flush=True)
            before, begun = peak(forget=True), time.process_time()
            try:
                what = attempt(Random(f"{kind}-{place}"))
            except Exception as error:
                what = f"{type(error).__name__}: {str(error)[:400]}"
                faults.append(f"{place}: {what}")
            slowest = max(slowest, (time.process_time() - begun, f"{place}: {what}"))
            largest = max(largest, (peak() - before, f"{place}: {what}"))
    faults += [f"slow, {slowest}"] if slowest[0] > MOST_SECONDS else []
    faults += [f"large, {largest}"] if largest[0] > MOST_MEGABYTES else []
    row = {"kind": kind, "number": number, "tries": AT_ONCE[kind], "faults": faults, "slowest": slowest, "largest": largest}
    print(json.dumps(row))


def made(kind: str, folder: Path) -> Any:
    """The kind's attempts; real models beside the small ones."""
    if kind != "models":
        return ALL[kind](folder)
    endings = (".h5", ".hdf5", ".keras", ".json")
    real = [path for path in sorted(REAL.rglob("*")) if path.suffix in endings and path.stat().st_size < 600_000]
    return models(folder, tuple(real))


def peak(forget: bool = False) -> float:
    """The most memory that this process has held, in MB; since now, where it is to forget what was (Linux)."""
    if forget:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def table(done: list[dict[str, Any]]) -> None:
    """A row a kind, then each fault."""
    tries = Counter[str]()
    for row in done:
        tries[row["kind"]] += row["tries"]
    print("| files | tries | faults | slowest, s of CPU | most memory above the start, MB |\n|---|---|---|---|---|")
    for kind, count in tries.items():
        own = [row for row in done if row["kind"] == kind]
        faults = sum(len(row["faults"]) for row in own)
        slowest, largest = (max(row[name][0] for row in own) for name in ("slowest", "largest"))
        print(f"| {kind} | {count:,} | {faults} | {slowest:.1f} | {largest:.0f} |")
    for row in done:
        for fault in row["faults"]:
            print(f"- {row['kind']} {fault}")


if __name__ == "__main__":
    main()
