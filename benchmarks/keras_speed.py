"""A saved ``.h5``: Olhar beside ``model.predict`` of tf_keras, the same file and the same arrays, in one run.

    python benchmarks/keras_speed.py keras_model.h5 --peer-python PEER/bin/python [--rounds 7]

PEER is an environment with ``tf_keras`` (``pip install tf_keras tensorflow``). Both are warm and take turns in every round, one
picture and batches of 32, so that the machine's moods meet both. Also times a new process from its start to the first answer.
Expected: one picture 15 times sooner, batches 1.5 times; a Teachable Machine file answers in a new process within 1.2 s.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

import olhar
from olhar.runs.environment import environment

PEER = Path(__file__).parent / "peers" / "keras_predict.py"
CALLS = {1: 20, 32: 3}
FIRST_ANSWER = (
    "import sys, numpy, olhar; m = olhar.open_keras(sys.argv[1]); m.predict(numpy.zeros((1, *m.input_shape[1:]), 'float32'))"
)


def ours(model: olhar.KerasModel, batch: int, rounds: int) -> list[float]:
    """Seconds of each call."""
    x = np.random.default_rng(0).uniform(-1, 1, (batch, *model.input_shape[1:])).astype(np.float32)
    model.predict(x)
    times: list[float] = []
    for _ in range(rounds):
        begun = time.perf_counter()
        model.predict(x)
        times.append(time.perf_counter() - begun)
    return times


def first_answer(file: str) -> float:
    """Seconds of a new process that opens the file and answers once."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", FIRST_ANSWER, file], check=True)
    return time.perf_counter() - begun


def main() -> None:
    """Take turns, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--peer-python", required=True)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    model = olhar.open_keras(given.file)
    command = [given.peer_python, str(PEER), given.file]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as peer:
        assert peer.stdin is not None
        assert peer.stdout is not None
        versions = json.loads(peer.stdout.readline())
        found: dict[tuple[str, int], list[float]] = {}
        for _ in range(given.rounds):
            for batch, calls in CALLS.items():
                peer.stdin.write(f"{batch} {calls}\n")
                peer.stdin.flush()
                found.setdefault(("keras", batch), []).append(statistics.median(json.loads(peer.stdout.readline())))
                found.setdefault(("olhar", batch), []).append(statistics.median(ours(model, batch, calls)))
        peer.stdin.close()
    starts = [first_answer(given.file) for _ in range(given.rounds)]
    about = environment()
    print(
        f"{about['processor']}, {about['cores']} cores, ONNX Runtime {about['onnxruntime']}, {versions}, {given.rounds} rounds\n"
    )
    print("| | `model.predict`, ms | Olhar, ms | ratio |\n|---|---|---|---|")
    for batch in CALLS:
        theirs, mine = (sorted(1000 * each for each in found[name, batch]) for name in ("keras", "olhar"))
        ratio = statistics.median(theirs) / statistics.median(mine)
        print(f"| {batch} | {_spread(theirs)} | {_spread(mine)} | {ratio:.1f} |")
    print(f"\nA new process, from its start to the first answer: {_spread(sorted(starts), 2)} s.")


def _spread(times: list[float], digits: int = 1) -> str:
    return f"{statistics.median(times):.{digits}f} ({times[0]:.{digits}f} to {times[-1]:.{digits}f})"


if __name__ == "__main__":
    main()
