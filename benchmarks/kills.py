"""Is a killed training lost? After as many SIGKILLs as wanted: are its weights those of an unbroken one?

    python benchmarks/kills.py cifar10.zip --kills 100 --pictures 2000
    python benchmarks/kills.py cifar10.zip --kills 5

A folder with so many pictures is made from the archive (without --pictures, the archive is taken whole). One training runs
unbroken; another is killed with SIGKILL again and again, a random while after its start, and started anew with --resume.
What was done lies in --into: the script goes on where it stopped.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from safetensors.numpy import load_file

from olhar.runs.checkpoint import read as checkpoint
from olhar.runs.folder import RunFolder

PICTURE = (".jpg", ".jpeg", ".png")


def part(archive: Path, pictures: int, folder: Path) -> Path:
    """So many pictures of the archive's training part, the same number a class."""
    with zipfile.ZipFile(archive) as file:
        names = sorted(name for name in file.namelist() if "train/" in name and name.lower().endswith(PICTURE))
        classes = sorted({Path(name).parent.name for name in names})
        for each in classes:
            for name in [name for name in names if Path(name).parent.name == each][: pictures // len(classes)]:
                target = folder / each / Path(name).name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read(name))
    return folder


def command(data: Path, run: Path, options: argparse.Namespace) -> list[str]:
    """The ordinary command: to begin, or to go on."""
    words = [sys.executable, "-m", "olhar", "train", str(data), "--into", str(run)]
    if (run / "request.json").is_file():
        return [*words, "--resume"]
    wanted = ["--epochs", str(options.epochs), "--threads", "1", "--patience", "0", "--averaging", "ema"]
    return [*words, *wanted, "--model", options.model, "--optimizer", "muon"]


def whole(data: Path, run: Path, options: argparse.Namespace) -> float:
    """The unbroken run; its seconds."""
    if not (run / "metrics.json").is_file():
        shutil.rmtree(run, ignore_errors=True)
        subprocess.run(command(data, run, options), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return float(json.loads((run / "environment.json").read_text(encoding="utf-8"))["seconds"])


def kill_once(data: Path, run: Path, after: float, options: argparse.Namespace) -> bool:
    """Start, and kill after so many seconds; whether it was still running by then."""
    words = command(data, run, options)
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True) as process:
        try:
            _, said = process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return True
    if process.returncode:
        raise SystemExit(f"it does not go on: {said.decode()[-500:]}")
    return False


def broken(data: Path, folder: Path, seconds: float, options: argparse.Namespace) -> list[float]:
    """Kill, go on, kill ..., each time a random while after the start; after each kill the checkpoint must open."""
    log = folder / "kills.json"
    done: list[float] = json.loads(log.read_text(encoding="utf-8")) if log.is_file() else []
    draw = random.Random(f"{options.seed}-{len(done)}")
    number = len(list(folder.glob("killed-*"))) or 1
    while len(done) < options.kills:
        run = folder / f"killed-{number}"
        if (run / "metrics.json").is_file():
            number += 1
            continue
        after = draw.uniform(0, options.within or seconds)
        if not kill_once(data, run, after, options):
            continue
        step = 0
        if (run / "checkpoints" / "last.safetensors").is_file():
            step = checkpoint(RunFolder(run))[1]["step"]
        done.append(round(after, 2))
        log.write_text(json.dumps(done), encoding="utf-8")
        print(f"{len(done):>4} of {options.kills}: killed after {after:5.1f} s, checkpoint at step {step}", flush=True)
    last = folder / f"killed-{number}"
    while not (last / "metrics.json").is_file():
        kill_once(data, last, 1e6, options)
    return done


def same(one: Path, other: Path) -> bool:
    """Whether two runs have the same weights, bit for bit."""
    tables = [load_file(run / "best.safetensors") for run in (one, other)]
    return tables[0].keys() == tables[1].keys() and all((tables[0][key] == tables[1][key]).all() for key in tables[0])


def main() -> None:
    """Kill, and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--pictures", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--model", default="cnn")
    parser.add_argument("--within", type=float, default=0.0, help="seconds after a start; by default those of the unbroken run")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--into", type=Path, default=Path("runs/kills"))
    options = parser.parse_args()
    options.into.mkdir(parents=True, exist_ok=True)
    folder = options.into / "pictures"
    if options.pictures and not folder.is_dir():
        part(options.data, options.pictures, folder)
    data = folder if options.pictures else options.data
    begun = time.monotonic()
    seconds = whole(data, options.into / "whole", options)
    done = broken(data, options.into, seconds, options)
    runs = sorted(options.into.glob("killed-*"))
    equal = sum(same(options.into / "whole", run) for run in runs)
    orphans = [path for run in runs for path in run.rglob("*.draft")]
    heads = ["pictures", "unbroken", "kills", "trainings", "weights as unbroken", "drafts left", "all in all"]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    cells = [options.pictures or "all", f"{seconds:.0f} s", len(done), len(runs), equal, len(orphans)]
    print(f"| {' | '.join(map(str, cells))} | {time.monotonic() - begun:.0f} s |")


if __name__ == "__main__":
    main()
