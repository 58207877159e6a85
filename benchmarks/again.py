"""How long does ``olhar train`` take, with its report, nothing cached and again? Whole processes, from the shell's side.

    python benchmarks/again.py --into rows.jsonl [--runs 5] [--fresh 1] [--sets 40 trash cats-dogs]

Forty photographs of ``few/ants-bees.zip``, ``few/trash.zip``, ``cats-dogs.zip``. Again: another run over the same pictures, whose
features lie in the cache, the sets taking turns. Beside the wall time stands the processor's, and what Lite0 takes a picture here
and now. A row a command; as many as stand in the file already are not measured again. ``--tree FOLDER`` times another checkout.
On a busy machine ``chrt -r 1 python ...`` puts these processes before all others.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from functools import partial
from itertools import product
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

from rows import missing, rows, table

from olhar.bodies.features import milliseconds
from olhar.bodies.opened import published_body

HERE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("OLHAR_TEST_DATA", HERE.parent / "shared" / "data"))
FEW = 40
SETS = (str(FEW), "trash", "cats-dogs")


def main() -> None:
    """Measure what is missing, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--fresh", type=int, default=1, help="runs with nothing cached")
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--tree", type=Path, default=HERE)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        places = {name: pictures(name, Path(folder)) for name in given.sets}
        asked = [(False, number) for number in range(given.fresh)] + [(True, number) for number in range(given.runs)]
        for (again, number), name in product(asked, given.sets):
            key = {"checkout": given.tree.name, "set": name, "again": again, "number": number}
            missing(given.into, key, partial(timed, given.tree, places[name], Path(folder), again=again))
    print(written(rows(given.into)))


def pictures(name: str, folder: Path) -> Path:
    """What a person would hand over: a zip, or a small folder of photographs."""
    if name != str(FEW):
        return DATA / f"{name}.zip" if name == "cats-dogs" else DATA / "few" / f"{name}.zip"
    counts: dict[str, int] = {}
    with zipfile.ZipFile(DATA / "few" / "ants-bees.zip") as archive:
        for member in sorted(archive.namelist()):
            kind = Path(member).parent.name
            if member.lower().endswith(".jpg") and counts.setdefault(kind, 0) < FEW // 2:
                place = folder / "few" / kind / Path(member).name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(archive.read(member))
                counts[kind] += 1
    return folder / "few"


def timed(tree: Path, data: Path, folder: Path, *, again: bool) -> dict[str, Any]:
    """Wall and processor seconds of one command; before the first, one compiles the modules and keeps the features."""
    kept, cache = folder / "cache", folder / ("cache" if again else f"cache-{time.monotonic_ns()}")
    known = kept / f"{data.name}.known"
    if not known.exists():
        command(tree, data, folder, kept)
        known.touch()
    before, begun = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    command(tree, data, folder, cache)
    seconds, after = time.perf_counter() - begun, getrusage(RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": seconds, "spent": spent, "ms_a_picture": milliseconds(published_body("lite0"))}


def command(tree: Path, data: Path, folder: Path, cache: Path) -> None:
    """``olhar train`` of a checkout, in a process of its own, its modules compiled as an installation has them."""
    with tempfile.TemporaryDirectory(dir=folder) as run:
        words = [sys.executable, "-m", "olhar", "train", str(data), "--into", f"{run}/run"]
        settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        places = {"OLHAR_CACHE": str(cache), "PYTHONPATH": str(tree), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        subprocess.run(words, check=True, capture_output=True, env=settings | places, cwd=run)


def written(measured: list[dict[str, Any]]) -> str:
    """A line a checkout and set: the median, from the shortest to the longest."""
    lines: list[list[str]] = []
    for name, again, checkout in sorted({(row["set"], row["again"], row["checkout"]) for row in measured}):
        own = [row for row in measured if (row["set"], row["again"], row["checkout"]) == (name, again, checkout)]
        lite = statistics.median(row["ms_a_picture"] for row in own)
        times = [_middle([row[what] for row in own]) for what in ("seconds", "spent")]
        lines.append([name, "again" if again else "nothing cached", checkout, *times, f"{lite:.1f}", str(len(own))])
    return table(["pictures", "", "checkout", "wall, s", "processor, s", "Lite0, ms", "runs"], lines)


def _middle(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


if __name__ == "__main__":
    main()
