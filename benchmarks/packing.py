"""How long until pictures are ready? Olhar's packing beside Keras's ``flow_from_directory`` and one-by-one Pillow, in one run.

    python benchmarks/packing.py cifar10.zip [--peer-python PYTHON] [--runs 3] [--folder 200000] [--work DIR]

Three tables: all pictures of a zip decoded once (each way in a process of its own; the peers get the zip unpacked, which is
not counted); the second start of a training, from the command to its first step; and the memory that a folder of small
pictures takes. ``--peer-python`` is a Python with TensorFlow, Keras and Pillow; without it that row is left out. Files lie in the
system's cache: a first round is not counted.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from olhar.runs.environment import environment

PACK = """
import json, sys, time
begun = time.perf_counter()
from olhar.data.sources import read
from olhar.data.cache.store import pack
loaded = time.perf_counter()
data = read(sys.argv[1])
listed = time.perf_counter()
n = len(pack(data, (32, 32), 3, "stretch").rows)
done = time.perf_counter()
print(json.dumps({"seconds": done - loaded, "n": n, "listing": listed - loaded, "decoding": done - listed}))
"""
PILLOW = """
import json, sys, time
from pathlib import Path
import numpy as np
from PIL import Image
begun = time.perf_counter()
files = sorted(Path(sys.argv[1]).rglob("*.jpg"))
found = np.empty((len(files), 32, 32, 3), np.uint8)
for row, path in enumerate(files):
    with open(path, "rb") as file:
        found[row] = np.asarray(Image.open(file).convert("RGB"))
print(json.dumps({"seconds": time.perf_counter() - begun, "n": len(files)}))
"""
KERAS = """
import json, sys, time
from pathlib import Path
import keras
from tensorflow.keras.preprocessing.image import ImageDataGenerator
begun = time.perf_counter()
n = 0
for part in sorted(Path(sys.argv[1]).iterdir()):
    flow = ImageDataGenerator().flow_from_directory(part, target_size=(32, 32), batch_size=256, shuffle=False)
    for step in range(len(flow)):
        n += len(flow[step][0])
seconds = time.perf_counter() - begun
print(json.dumps({"seconds": seconds, "n": n, "version": keras.__version__}))
"""
START = """
import os, sys
import olhar.jobs.learn as learn
from olhar.cli.app import main
def stepped(self):
    os._exit(0)
learn._Ticker.__call__ = stepped
main(sys.argv[1:])
"""
FOLDER = """
import gc, json, os, resource, sys
from pathlib import Path
from olhar.data.sources import read
from olhar.data.cache.store import pack
import olhar.base.images
def now():
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
pack(read(sys.argv[2]), (8, 8), 3, "stretch")
before = now()
data = read(sys.argv[1])
table, most = now(), peak()
n = len(pack(data, (8, 8), 3, "stretch").rows)
print(json.dumps({"n": n, "table": (table - before) / n, "reading": (most - before) / n, "packing": (peak() - before) / n}))
"""


def child(code: str, *arguments: str, python: str = sys.executable, cache: Path | None = None) -> dict[str, float]:
    """What a process of its own prints as JSON on its last line."""
    environ = {**os.environ, **({"OLHAR_CACHE": str(cache)} if cache else {}), "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run([python, "-c", code, *arguments], check=True, capture_output=True, text=True, env=environ)
    return json.loads(done.stdout.strip().splitlines()[-1])


def spread(times: list[float]) -> str:
    """Median, and lowest to highest."""
    return f"{statistics.median(times):.2f} | {min(times):.2f} to {max(times):.2f}"


def packing(data: Path, peer: str | None, runs: int, work: Path) -> None:
    """All pictures of a zip, decoded once by each way in turn."""
    with zipfile.ZipFile(data) as archive:
        archive.extractall(work / "unpacked")
    folder = work / "unpacked"
    while len(below := [path for path in folder.iterdir() if path.is_dir()]) == 1:
        folder = below[0]
    found: dict[str, list[dict[str, float]]] = {}
    for number in range(runs + 1):
        rows = {
            "Olhar, from the zip into the store": child(PACK, str(data), cache=work / f"cache-{number}"),
            "Pillow, one by one, from the folder": child(PILLOW, str(folder)),
        }
        if peer:
            rows["Keras, flow_from_directory, one epoch"] = child(KERAS, str(folder), python=peer)
        for name, row in rows.items():
            if number:
                found.setdefault(name, []).append(row)
    print(f"\n## All pictures of {data.name} decoded once, {runs} runs\n")
    print("| way | pictures | s, median | lowest to highest |\n|---|---|---|---|")
    for name, rows in found.items():
        version = f" {rows[0]['version']}" if "version" in rows[0] else ""
        print(f"| {name}{version} | {rows[0]['n']:,} | {spread([row['seconds'] for row in rows])} |")
    ours = found["Olhar, from the zip into the store"]
    listing, decoding = (statistics.median(row[part] for row in ours) for part in ("listing", "decoding"))
    print(f"\nOlhar's time: listing {listing:.2f} s, decoding and writing {decoding:.2f} s.")


def starting(data: Path, runs: int, work: Path) -> None:
    """From the command to the first step, pictures packed already."""
    cache = work / "cache-start"
    child(PACK, str(data), cache=cache)
    threads = str(os.cpu_count())
    ways = {f"--threads {threads}": ["--threads", threads], "with the trial of threads": []}
    found: dict[str, list[float]] = {name: [] for name in [*ways, "python -c 'import torch'"]}
    for number in range(runs + 1):
        for name, times in found.items():
            into = work / f"run-{number}-{len(name)}"
            train = ["train", str(data), "--size", "32", "--epochs", "1", "--into", str(into), *ways.get(name, [])]
            command = [START, *train] if name in ways else ["import torch"]
            begun = time.perf_counter()
            environ = {**os.environ, "OLHAR_CACHE": str(cache)}
            subprocess.run([sys.executable, "-c", *command], check=True, capture_output=True, env=environ)
            if number:
                times.append(time.perf_counter() - begun)
    print(f"\n## The second start: from the command to the first step, {runs} runs\n")
    print("| command | s, median | lowest to highest |\n|---|---|---|")
    for name, times in found.items():
        shown = f"olhar train {data.name} {name}" if name in ways else name
        print(f"| {shown} | {spread(times)} |")


def remembering(count: int, work: Path) -> None:
    """Memory of a process that reads and packs a folder of small pictures, a picture."""
    import numpy as np
    from PIL import Image

    for folder, n in ((work / "small", count), (work / "few", 20)):
        for row in range(n):
            path = folder / f"class-{row % 10}" / f"picture-{row:06}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            pixels = np.frombuffer(row.to_bytes(4, "little") * 48, np.uint8).reshape(8, 8, 3)
            Image.fromarray(pixels).save(path, compress_level=0)
    found = child(FOLDER, str(work / "small"), str(work / "few"), cache=work / "cache-small")
    print(f"\n## A folder of {found['n']:,} small pictures: memory a picture, one run\n")
    print("| what | bytes a picture |\n|---|---|")
    for key, what in (("table", "the table, once read"), ("reading", "most while reading"), ("packing", "most while packing")):
        print(f"| {what} | {found[key]:,.0f} |")


def main() -> None:
    """Three tables, each under its head."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--peer-python")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=int, default=200_000)
    parser.add_argument("--work", type=Path, help="where the temporary files lie")
    asked = parser.parse_args()
    about = environment()
    print(f"{about['processor']}, {about['cores']} cores, Python {about['python']}")
    with tempfile.TemporaryDirectory(dir=asked.work) as folder:
        work = Path(folder)
        if asked.data:
            packing(asked.data, asked.peer_python, asked.runs, work)
            starting(asked.data, asked.runs, work)
        if asked.folder:
            remembering(asked.folder, work)


if __name__ == "__main__":
    main()
