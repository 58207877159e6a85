"""How long does a person wait for the command's first word? Whole processes, from the shell's side.

    python benchmarks/start.py [--runs 9]

Trains a small run on the digits once, then times ``olhar --help``, a cold ``olhar predict`` of one picture (a new process each
time, files in the system's cache) and ``import olhar``, beside the bare interpreter. Prints the processor, versions, the
median and the spread.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from olhar.runs.environment import environment

PICTURE = Path(__file__).parents[1] / "examples" / "digits" / "one.png"
OLHAR = [sys.executable, "-c", "import sys; from olhar.cli.app import main; sys.exit(main())"]


def seconds(command: list[str]) -> float:
    """Wall seconds of one whole process."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main() -> None:
    """Time the four commands, one after the other in each round, so that the machine's moods meet them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        run = str(Path(folder) / "run")
        subprocess.run(
            [*OLHAR, "train", "digits", "--model", "cnn", "--epochs", "3", "--into", run], check=True, stderr=subprocess.DEVNULL
        )
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "import olhar": [sys.executable, "-c", "import olhar"],
            "olhar --help": [*OLHAR, "--help"],
            "olhar predict RUN one.png": [*OLHAR, "predict", run, str(PICTURE)],
        }
        found: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(runs + 1):
            for name, command in commands.items():
                taken = seconds(command)
                if number:
                    found[name].append(taken)
    about = environment()
    print(
        f"{about['processor']}, {about['cores']} cores, Python {about['python']}, "
        f"ONNX Runtime {about['onnxruntime']}, {runs} runs\n"
    )
    print("| command | median, s | lowest to highest, s |\n|---|---|---|")
    for name, times in found.items():
        print(f"| `{name}` | {statistics.median(times):.2f} | {min(times):.2f} to {max(times):.2f} |")


if __name__ == "__main__":
    main()
