"""How far it reaches: what a picture costs the command and its workers, and so the hours for ten million on 1, 10 and 100 nodes.

    python benchmarks/how_far.py --into rows.jsonl [--counts 500 4000] [--pictures 10000000] [--cores 8]

JPEGs of 256 pixels, made up, in class folders; the model is a head start on EfficientNet-Lite0. Each verb runs ``--on local`` on
two numbers of pictures; the processor seconds of the command's own process and of all workers are read from ``/proc``. Their
difference by that of the numbers is what a picture costs, whatever a start costs and whoever else wants the processor. Hours of
``predict`` are the longer of two, the workers' by all their processors and the command's by one; of ``check``, which does one
after the other, their sum. Linux only; needs ``[train]`` and ``[ray]``.
"""

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from million_predict import OLHAR, family
from PIL import Image
from rows import missing, rows, table

TICKS = os.sysconf("SC_CLK_TCK")
VERBS = {"predict": ["predict", "model", "{data}", "--csv"], "check --deep": ["check", "{data}", "--deep", "--minutes", "30"]}


def pictures(root: Path, n: int, side: int) -> None:
    """JPEGs in two classes that are easy to tell apart, no two alike."""
    rng = np.random.default_rng(0)
    for name, colour in {"blue": (40, 60, 200), "green": (50, 180, 60)}.items():
        (root / name).mkdir(parents=True)
        for i in range(n // 2):
            blots = np.kron(rng.normal(0, 60, (8, 8, 3)), np.ones((side // 8, side // 8, 1)))
            pixels = np.clip(np.array(colour) + blots + rng.normal(0, 20, (side, side, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(root / name / f"{i:05}.jpg", quality=85)


def seconds(pid: int) -> float:
    """Of a processor that a process took."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def cost(work: Path, verb: str, n: int) -> dict[str, float]:
    """Processor seconds of the command and of its workers."""
    words = [word.format(data=f"many-{n}") for word in VERBS[verb]]
    taken = dict[int, tuple[str, float]]()
    with (work / "out").open("wb") as out:
        driver = subprocess.Popen([*OLHAR, *words, "--on", "local"], cwd=work, stdout=out, stderr=subprocess.STDOUT)
        while driver.poll() is None:
            for pid, name in family(driver.pid).items():
                before = taken.get(pid, ("", 0.0))
                taken[pid] = (name or before[0], max(before[1], seconds(pid)))
            time.sleep(0.3)
    if driver.returncode:
        raise SystemExit((work / "out").read_text(encoding="utf-8"))
    workers = sum(used for name, used in taken.values() if name.startswith("ray::"))
    return {"command": round(taken[driver.pid][1], 2), "workers": round(workers, 2)}


def told(path: Path, counts: list[int], n: int, cores: int) -> None:
    """The table."""
    lines = list[list[str]]()
    for verb in VERBS:
        few, many = (next(row for row in rows(path) if row["verb"] == verb and row["n"] == count) for count in counts)
        one = {who: (many[who] - few[who]) / (counts[1] - counts[0]) for who in ("command", "workers")}
        together = max if verb == "predict" else sum
        hours = [together((one["workers"] * n / (nodes * cores), one["command"] * n)) / 3600 for nodes in (1, 10, 100)]
        lines.append([verb, *(f"{one[who] * 1e3:.2f} ms" for who in one), *(f"{value:.1f} h" for value in hours)])
    print(table(["verb", "command, a picture", "workers, a picture", "1 node", "10 nodes", "100 nodes"], lines))


def main() -> None:
    """Measure what is missing, and tell the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--counts", type=int, nargs=2, default=[500, 4000])
    parser.add_argument("--pictures", type=int, default=10_000_000)
    parser.add_argument("--cores", type=int, default=8, help="of a node")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        work = Path(folder)
        os.environ["OLHAR_CACHE"] = str(work / "cache")
        pictures(work / "few", 200, 48)
        subprocess.run([*OLHAR, "train", "few", "--into", "model"], cwd=work, check=True, capture_output=True)
        for n in asked.counts:
            pictures(work / f"many-{n}", n, 256)
            for verb in VERBS:
                missing(asked.into, {"verb": verb, "n": n}, lambda verb=verb, n=n: cost(work, verb, n))
    told(asked.into, asked.counts, asked.pictures, asked.cores)


if __name__ == "__main__":
    main()
