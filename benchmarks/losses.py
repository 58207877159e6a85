"""What is lost when something of a cluster goes away: one case on two nodes in network namespaces, the seconds and what was said.

    two_nodes.sh python benchmarks/losses.py CASE --into rows.jsonl

Run beside the head by the tool that makes the nodes (``TWO_B`` names the second one's namespace). ``CASE``: ``killed`` (the
second node's processes), ``cable`` (its link goes down), ``driver`` (kill -9 of the command, then ``--resume``), ``ctrl-c``,
``disk`` (the second node's ``TMPDIR`` holds 64 kB), ``store`` (more pictures than the object store holds). Six small networks are
trained; models are compared by their hash with those made here. ``after`` is from the loss to the command's end, ``alone`` the
same work on the node that is left. Needs ``[train]`` and ``[ray]``.
"""

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cluster import pictures

OLHAR = [sys.executable, "-m", "olhar"]
SEEDS = [
    *("train", "few", "--model", "cnn", "--width", "8", "--size", "32", "--epochs", "3", "--batch", "32"),
    *("--threads", "1", "--precision", "fp32", "--folds", "0"),
]
MANY = ["--seeds", "6"]


def begun(place: Path, words: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen([*OLHAR, *words], cwd=place, stderr=subprocess.PIPE, text=True)


def models(folder: Path) -> str:
    made = b"".join(path.read_bytes() for path in sorted(folder.rglob("model.onnx")))
    return hashlib.sha256(made).hexdigest()[:16]


def lose(case: str, driver: subprocess.Popen[str]) -> None:
    """Take something away."""
    other = os.environ["TWO_B"]
    pids = subprocess.run(["ip", "netns", "pids", other], capture_output=True, text=True, check=True).stdout.split()
    if case == "killed":
        subprocess.run(["kill", "-9", *pids], check=False)
    elif case == "cable":
        subprocess.run(["ip", "-n", other, "link", "set", "v0", "down"], check=True)
    elif case == "driver":
        driver.kill()
    elif case == "ctrl-c":
        driver.send_signal(signal.SIGINT)


def measure(case: str, place: Path) -> dict[str, object]:
    if case == "disk":
        other, folder = os.environ["TWO_B"], os.environ["TMPDIR"]
        pid = subprocess.run(["ip", "netns", "pids", other], capture_output=True, text=True, check=True).stdout.split()[0]
        subprocess.run(["nsenter", "-m", "-t", pid, "mount", "-o", "remount,size=64k", folder], check=True)
    size = ["--size", "256"] if case == "store" else []
    driver = begun(place, [*SEEDS, *size, *MANY, "--into", "there", "--on", "auto"])
    first = place / "there" / "seed-0" / "metrics.json"
    while not first.exists() and driver.poll() is None:
        time.sleep(0.2)
    lost = time.monotonic()
    if case not in ("disk", "store"):
        lose(case, driver)
    said = driver.communicate(timeout=300)[1]
    about = {"after": round(time.monotonic() - lost, 1), "rc": driver.returncode, "said": said.splitlines()[-4:]}
    kept = len(list((place / "there").rglob("metrics.json")))
    if case in ("driver", "ctrl-c", "disk"):
        again = time.monotonic()
        where = [] if case == "disk" else ["--on", "auto"]
        subprocess.run([*OLHAR, "train", "--resume", "--into", "there", *where], cwd=place, check=True, capture_output=True)
        about["resumed"] = round(time.monotonic() - again, 1)
    if case == "store":
        return about
    subprocess.run([*OLHAR, *SEEDS, *MANY, "--into", "here"], cwd=place, check=True, capture_output=True)
    return about | {"kept": kept, "same": models(place / "there") == models(place / "here")}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("case", choices=("killed", "cable", "driver", "ctrl-c", "disk", "store"))
    parser.add_argument("--into", type=Path, required=True)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        place = Path(folder)
        pictures(place / "few", 900 if wanted.case == "store" else 300, 64)
        row = {"case": wanted.case, **measure(wanted.case, place)}
    with wanted.into.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
