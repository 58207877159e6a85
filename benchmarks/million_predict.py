"""A million pictures through ``predict``, here and ``--on local``: time, the order of the answers, and memory while it works.

    python benchmarks/million_predict.py --into rows.jsonl [--counts 100000 1000000] [--on here local] [--work DIR]

The pictures are 8 x 8 in colour, made up, in one ``.npz`` (192 MB for a million); the network is a small one from nothing. The
command is the person's: ``olhar predict RUN pictures.npz --csv --on local``. Every second the memory of its own that each of its
processes has is looked at (``RssAnon``, ``RssShmem`` of ``/proc/PID/status``); told are megabytes at the quarters of the time
and the most, of the command, of all workers, of the object store, and of the rest of Ray. Answers are counted, their order is
compared with that of the pictures, and their bytes by a hash with those made without ``--on``. Rows that are in the file are not
measured again. Linux only; needs ``[train]`` and ``[ray]``.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image
from rows import missing

OLHAR = [sys.executable, "-m", "olhar"]
SIDE = 8
NETWORK = ["--model", "cnn", "--width", "8", "--size", str(SIDE), "--epochs", "1", "--threads", "1", "--precision", "fp32"]
ROLES = {"ray::": "workers", "raylet": "store", "olhar": "command"}


def model(work: Path) -> None:
    """A network for two classes."""
    rng = np.random.default_rng(0)
    for name, tone in {"dark": 60, "light": 190}.items():
        (work / "few" / name).mkdir(parents=True)
        for i in range(40):
            pixels = np.clip(rng.normal(tone, 40, (SIDE, SIDE, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(work / "few" / name / f"{i:02}.png")
    subprocess.run([*OLHAR, "train", "few", *NETWORK, "--into", "model"], cwd=work, check=True, capture_output=True)


def pictures(work: Path, n: int) -> None:
    """``n`` of them, in one file, with classes that are told and do not matter."""
    parts = [np.random.default_rng(start).integers(0, 256, (100_000, SIDE, SIDE, 3), np.uint8) for start in range(0, n, 100_000)]
    np.savez(work / "pictures.npz", x=np.concatenate(parts)[:n], y=np.arange(n) % 2)


def family(root: int) -> dict[int, str]:
    """The processes that one has begun, and itself: what each was called with."""
    parents, names = dict[int, int](), dict[int, str]()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            names[int(folder.name)] = (folder / "cmdline").read_text(errors="replace").replace("\0", " ")
        except OSError:
            continue
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return {pid: names.get(pid, "") for pid in found}


def memory(root: int) -> dict[str, float]:
    """Megabytes by who has them."""
    taken = defaultdict[str, float](float)
    for pid, name in family(root).items():
        try:
            lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            continue
        size = {line.split()[0]: int(line.split()[1]) / 1024 for line in lines if line.startswith(("RssAnon", "RssShmem"))}
        role = next((role for start, role in ROLES.items() if start in name.partition(" -")[0]), "rest of Ray")
        role = "command" if pid == root else "rest of Ray" if role == "command" else role
        taken["rest of Ray" if role == "store" else role] += size.get("RssAnon:", 0.0)
        taken["store"] = max(taken["store"], size.get("RssShmem:", 0.0))
    return dict(taken)


def ask(work: Path, on: str) -> Mapping[str, object]:
    """The command's seconds, what it wrote, and its memory."""
    where = [] if on == "here" else ["--on", on]
    begun, seen = time.perf_counter(), list[dict[str, float]]()
    with (work / "answers.csv").open("wb") as file, (work / "said.txt").open("wb") as said:
        command = [*OLHAR, "predict", "model", "pictures.npz", "--csv", *where]
        driver = subprocess.Popen(command, cwd=work, stdout=file, stderr=said)
        while driver.poll() is None:
            seen.append(memory(driver.pid))
            time.sleep(1)
    seconds = time.perf_counter() - begun
    if driver.returncode:
        raise SystemExit((work / "said.txt").read_text(encoding="utf-8"))
    quarters = [seen[min(len(seen) - 1, len(seen) * k // 4)] for k in (1, 2, 3)]
    most = {role: max(one.get(role, 0.0) for one in seen) for role in sorted(set().union(*seen))}
    told = {role: [round(one.get(role, 0.0)) for one in quarters] + [round(most[role])] for role in most}
    return {"seconds": round(seconds, 1), "megabytes at quarters, and most": told}


def checked(work: Path, n: int) -> Mapping[str, object]:
    """How many answers there are, whether they stand in the pictures' order, and their hash."""
    digest, rows = hashlib.sha256(), list[int]()
    with (work / "answers.csv").open("rb") as file:
        for line in file:
            digest.update(line)
            if line.startswith(b"x/"):
                rows.append(int(line.partition(b",")[0][2:]))
    return {"answers": len(rows), "all, in order": rows == list(range(n)), "sha256": digest.hexdigest()[:16]}


def main() -> None:
    """A row for each number of pictures and each place."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--counts", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--on", nargs="+", default=["here", "local"])
    parser.add_argument("--work", type=Path, help="where the temporary files lie")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.work) as folder:
        work = Path(folder)
        os.environ["OLHAR_CACHE"] = str(work / "cache")
        model(work)
        for n in asked.counts:
            pictures(work, n)
            for on in asked.on:
                missing(asked.into, {"n": n, "on": on}, lambda n=n, on=on: {**ask(work, on), **checked(work, n)})


if __name__ == "__main__":
    main()
