"""How long does ``olhar train`` take, with its report, nothing cached and again? Whole processes, from the shell's side.

    python benchmarks/again.py --into rows.jsonl [--runs 5] [--fresh 1] [--sets 40 trash cats-dogs 20000]

Forty photographs of ``few/ants-bees.zip``, ``few/trash.zip``, ``cats-dogs.zip``; 20,000 crops of those, for time only. Again:
another run over the same pictures, whose features lie in the cache, the sets taking turns. Beside the wall time stand the
processor's, the command's most memory, and what Lite0 takes a picture here and now. A row a command; as many as stand in the file
already are not measured again. ``--tree FOLDER`` times another checkout.
On a busy machine ``chrt -r 1 python ...`` puts these processes before all others.
"""

import argparse
import io
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from functools import partial
from itertools import product
from pathlib import Path
from resource import struct_rusage
from typing import Any

from PIL import Image
from rows import missing, rows, table

from olhar.bodies.features import milliseconds
from olhar.bodies.opened import published_body

HERE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("OLHAR_TEST_DATA", HERE.parent / "shared" / "data"))
FEW, MANY = 40, 20_000
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
    if name == str(MANY):
        return crops(folder / "many")
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


def crops(place: Path) -> Path:
    """Random crops of the cats and dogs, each of half its sides or more, in two class folders."""
    rng = random.Random(0)
    with zipfile.ZipFile(DATA / "cats-dogs.zip") as archive:
        members = sorted(name for name in archive.namelist() if name.lower().endswith(".jpg"))
        for number in range(MANY):
            member = rng.choice(members)
            kind = place / Path(member).parent.name
            kind.mkdir(parents=True, exist_ok=True)
            with Image.open(io.BytesIO(archive.read(member))) as picture:
                sides = [int(side * rng.uniform(0.5, 1)) for side in picture.size]
                left, top = (rng.randint(0, whole - side) for whole, side in zip(picture.size, sides, strict=True))
                picture.crop((left, top, left + sides[0], top + sides[1])).convert("RGB").save(kind / f"{number}.jpg", quality=90)
    return place


def timed(tree: Path, data: Path, folder: Path, *, again: bool) -> dict[str, Any]:
    """Wall and processor seconds of one command; before the first, one compiles the modules and keeps the features."""
    kept, cache = folder / "cache", folder / ("cache" if again else f"cache-{time.monotonic_ns()}")
    known = kept / f"{data.name}.known"
    if not known.exists():
        command(tree, data, folder, kept)
        known.touch()
    begun = time.perf_counter()
    used = command(tree, data, folder, cache)
    seconds, memory = time.perf_counter() - begun, used.ru_maxrss * 1024 / 1e9
    row = {"seconds": seconds, "spent": used.ru_utime + used.ru_stime, "memory_gb": memory}
    return row | {"ms_a_picture": milliseconds(published_body("lite0"))}


def command(tree: Path, data: Path, folder: Path, cache: Path) -> struct_rusage:
    """``olhar train`` of a checkout, in a process of its own, its modules compiled as an installation has them; what it used."""
    with tempfile.TemporaryDirectory(dir=folder) as run:
        words = [sys.executable, "-m", "olhar", "train", str(data), "--into", f"{run}/run"]
        settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        places = {"OLHAR_CACHE": str(cache), "PYTHONPATH": str(tree), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        asked = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=settings | places, cwd=run)
        _, status, used = os.wait4(asked.pid, 0)
        asked.returncode = os.waitstatus_to_exitcode(status)
        if asked.returncode:
            raise subprocess.CalledProcessError(asked.returncode, words)
        return used


def written(measured: list[dict[str, Any]]) -> str:
    """A line a checkout and set: the median, from the shortest to the longest."""
    lines: list[list[str]] = []
    for name, again, checkout in sorted({(row["set"], row["again"], row["checkout"]) for row in measured}):
        own = [row for row in measured if (row["set"], row["again"], row["checkout"]) == (name, again, checkout)]
        lite = statistics.median(row["ms_a_picture"] for row in own)
        times = [_middle([row[what] for row in own]) for what in ("seconds", "spent", "memory_gb")]
        lines.append([name, "again" if again else "nothing cached", checkout, *times, f"{lite:.1f}", str(len(own))])
    return table(["pictures", "", "checkout", "wall, s", "processor, s", "memory, GB", "Lite0, ms", "runs"], lines)


def _middle(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


if __name__ == "__main__":
    main()
