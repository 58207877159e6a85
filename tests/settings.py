"""Run the tests under settings that change a processor's arithmetic, and keep the figures.

    python tests/settings.py --results ~/settings.csv                     each setting: what trains three times, then all tests
    python tests/settings.py --results ~/settings.csv --only avx2 fp32    two of them
    python tests/settings.py --results ~/settings.csv --once tests/cli    each setting, some tests once

A row a round: commit, processor, setting, tests, round, passed, failed, seconds, which failed. Rounds of this commit that
stand in the file are not run again: who is interrupted types the same once more.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from olhar.runs.environment import processor

ROOT = Path(__file__).parents[1]
SETTINGS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "default": ({}, ()),
    "avx2": ({"ONEDNN_MAX_CPU_ISA": "AVX2"}, ()),
    "avx512": ({"ONEDNN_MAX_CPU_ISA": "AVX512_CORE"}, ()),
    "aten-default": ({"ATEN_CPU_CAPABILITY": "default"}, ()),
    "one-thread": ({"OMP_NUM_THREADS": "1"}, ()),
    "two-threads": ({"OMP_NUM_THREADS": "2"}, ()),
    "fp32": ({}, ("--precision", "fp32")),
    "bf16": ({}, ("--precision", "bf16")),
    "in-order": ({}, ("-p", "no:randomly")),
}
"""By name: the environment, and what pytest is told."""

TRAINING = (
    *("tests/training", "tests/networks", "tests/exports", "tests/jobs", "tests/studies", "tests/models", "tests/verbs"),
    *("tests/cli", "tests/data/files/test_folder.py", "tests/test_privacy.py"),
)
"""The tests in which something learns."""

COLUMNS = ("commit", "processor", "setting", "tests", "round", "passed", "failed", "seconds", "which")


def rounds(settings: list[str], tests: list[str]) -> Iterator[dict[str, str]]:
    """What is to be run, the first columns of its row."""
    known = {"commit": commit(), "processor": processor()}
    if tests:
        yield from (known | {"setting": name, "tests": " ".join(tests), "round": "1"} for name in settings)
        return
    for name in settings:
        yield from (known | {"setting": name, "tests": "training", "round": str(each)} for each in (1, 2, 3))
    yield from (known | {"setting": name, "tests": "all", "round": "1"} for name in settings)


def commit() -> str:
    """The commit of the tree, with a plus where something is changed."""
    said = [["git", "rev-parse", "--short", "HEAD"], ["git", "status", "--porcelain"]]
    head, changes = (subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() for words in said)
    return head + ("+" if changes else "")


def run(setting: str, tests: list[str]) -> dict[str, str]:
    """Run tests under a setting; the last columns of its row."""
    environment, options = SETTINGS[setting]
    with tempfile.TemporaryDirectory() as folder:
        told, begun = Path(folder) / "told.xml", time.monotonic()
        words = [sys.executable, "-m", "pytest", f"--junitxml={told}", *options, *tests]
        subprocess.run(words, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)} | environment, check=False)
        seconds, cases = time.monotonic() - begun, list(ElementTree.parse(told).iter("testcase"))
    failed = [f"{case.get('classname')}::{case.get('name')}" for case in cases if case.find("failure") is not None]
    failed += [f"{case.get('classname')}::{case.get('name')}" for case in cases if case.find("error") is not None]
    passed = sum(not len(case) for case in cases)
    return {"passed": str(passed), "failed": str(len(failed)), "seconds": f"{seconds:.0f}", "which": " ".join(failed)}


def main() -> None:
    """Run what is not in the results, and write a row after each round."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, required=True, help="a CSV file outside the tree")
    parser.add_argument("--only", nargs="+", choices=SETTINGS, default=list(SETTINGS), help="settings")
    parser.add_argument("--once", nargs="+", default=[], metavar="TESTS", help="these tests, once")
    asked = parser.parse_args()
    new = not asked.results.exists()
    with asked.results.open("a+", newline="", encoding="utf-8") as file:
        file.seek(0)
        done = [tuple(row[name] for name in COLUMNS[:5]) for row in csv.DictReader(file)]
        writer = csv.DictWriter(file, COLUMNS)
        if new:
            writer.writeheader()
        for each in rounds(asked.only, asked.once):
            if tuple(each.values()) in done:
                continue
            tests = {"all": [], "training": list(TRAINING)}.get(each["tests"], asked.once)
            row = each | run(each["setting"], tests)
            writer.writerow(row)
            file.flush()
            print(row, flush=True)


if __name__ == "__main__":
    main()
