"""How does the server keep up beside the usual ones, with the same network, on a quiet machine and on a busy one?

    python benchmarks/serving_load.py MODEL.onnx PICTURES --into rows.jsonl --peers PYTHON [--keras PYTHON MODEL.keras]

PYTHON is that of an environment with Flask, waitress, LitServe, python-multipart and onnxruntime, and of one with Flask and
Keras. All servers stand at the same time, and are asked in turn in each round, at 1, 8 and 64 connections, without and with as
many busy loops as there are cores; a form with a JPEG in it each time. A row for each; what stands in the file is not measured
again. ``--table`` prints what is there. Memory (PSS) and time of the processor are of a server with all its processes. Linux.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from load import form, send
from rows import missing, rows, table

OLHAR = [sys.executable, "-u", "-c", "import sys; from olhar.cli.app import main; sys.exit(main())", "serve"]
PEERS = Path(__file__).parent / "peers"
SPIN = "while True: pass"
CONNECTIONS = (1, 8, 64)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--peers", help="the Python that has Flask, waitress, LitServe and onnxruntime")
    parser.add_argument(
        "--keras", nargs=2, metavar=("PYTHON", "MODEL"), help="the Python that has Flask and Keras, and its model"
    )
    parser.add_argument("--olhar", nargs="*", default=[""], help="options of olhar serve, in one word; several are compared")
    parser.add_argument("--connections", type=int, nargs="*", default=CONNECTIONS)
    parser.add_argument("--busy", type=int, nargs="*", default=[0, os.cpu_count() or 1])
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--table", action="store_true")
    told = parser.parse_args()
    if not told.table:
        requests = [form(picture) for picture in sample(told.pictures)]
        with standing(commands(told), requests[0]) as servers:
            for busy in told.busy:
                with loops(busy):
                    rounds(told, servers, requests, busy)
    print(tables(rows(told.into)))


def sample(folder: Path) -> list[bytes]:
    """Forty JPEGs."""
    return [file.read_bytes() for file in sorted(folder.rglob("*.jp*g"))[:40]]


def commands(told: argparse.Namespace) -> dict[str, list[str]]:
    """What starts each server; the port comes behind it."""
    found: dict[str, list[str]] = {}
    if told.peers:
        for by in ("flask", "waitress"):
            name = f"Flask{'' if by == 'flask' else ', ' + by} + ONNX Runtime"
            found[name] = [told.peers, str(PEERS / "serve_flask.py"), "--by", by, str(told.model)]
        found["LitServe + ONNX Runtime"] = [told.peers, str(PEERS / "serve_litserve.py"), str(told.model)]
    if told.keras:
        found["Flask + Keras"] = [told.keras[0], str(PEERS / "serve_flask.py"), told.keras[1]]
    for options in told.olhar:
        found[f"Olhar {options}".strip()] = [*OLHAR, str(told.model), *options.split(), "--port"]
    return found


@contextmanager
def standing(started: dict[str, list[str]], first: bytes) -> Iterator[dict[str, tuple[int, int]]]:
    """Servers that answer with 200: port and process of each."""
    running: list[subprocess.Popen[bytes]] = []
    servers: dict[str, tuple[int, int]] = {}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        for name, words in started.items():
            port = free_port()
            environment = {key: value for key, value in os.environ.items() if key != "OMP_NUM_THREADS"}
            running.append(subprocess.Popen([*words, str(port)], env=environment, start_new_session=True, **quiet))
            servers[name] = port, running[-1].pid
        for name, (port, _) in servers.items():
            wait(name, port, first)
        yield servers
    finally:
        for process in running:
            os.killpg(process.pid, 9)
            process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def wait(name: str, port: int, first: bytes) -> None:
    """Until it answers."""
    for _ in range(600):
        if send(port, [first], 1, 0.01).status[200]:
            return
        time.sleep(0.1)
    raise SystemExit(f"{name} does not answer")


@contextmanager
def loops(count: int) -> Iterator[None]:
    """So many processes that keep a core each busy."""
    others = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(count)]
    try:
        yield
    finally:
        for one in others:
            one.kill()
            one.wait()


def rounds(told: argparse.Namespace, servers: dict[str, tuple[int, int]], requests: list[bytes], busy: int) -> None:
    """All servers in turn, as often as there are rounds."""
    for port, _ in servers.values():
        send(port, requests, 8, 1)
    for turn in range(told.rounds):
        for connections in told.connections:
            for name, (port, pid) in servers.items():
                key = {"model": told.model.stem, "server": name, "busy": busy, "connections": connections, "round": turn}
                missing(told.into, key, lambda port=port, pid=pid, n=connections: measured(port, pid, requests, n, told.seconds))


def measured(port: int, pid: int, requests: list[bytes], connections: int, seconds: float) -> dict[str, Any]:
    """One server for a few seconds."""
    before, begun = processor_seconds(pid), time.perf_counter()
    sent = send(port, requests, connections, seconds)
    took, cost = time.perf_counter() - begun, processor_seconds(pid) - before
    good = sent.status[200]
    cuts = statistics.quantiles(sent.seconds, n=100) if len(sent.seconds) > 1 else [*sent.seconds * 99]
    numbers = {"rate": good / took, "p50": 1000 * cuts[49], "p99": 1000 * cuts[98], "cpu": 1000 * cost / max(good, 1)}
    return {name: round(value, 2) for name, value in numbers.items()} | {"other": len(sent.seconds) - good, "memory": memory(pid)}


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    above: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            above[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = [pid]
    for one in found:
        found += [child for child, parent in above.items() if parent == one]
    return found


def memory(pid: int) -> float:
    """MB; what processes share is counted once (PSS)."""
    held = 0
    for one in family(pid):
        lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        held += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return round(held / 1024, 1)


def processor_seconds(pid: int) -> float:
    """What all of it has used of the processor."""
    ticks = 0
    for one in family(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def tables(found: list[dict[str, Any]]) -> str:
    """Medians over the rounds, a table a model."""
    heads = [
        "server",
        "busy loops",
        "connections",
        "requests/s",
        "p50, ms",
        "p99, ms",
        "CPU ms a request",
        "memory, MB",
        "refused",
    ]
    pieces: list[str] = []
    for model in dict.fromkeys(row["model"] for row in found):
        groups: dict[tuple[int, int, str], list[dict[str, Any]]] = {}
        for row in found:
            if row["model"] == model:
                groups.setdefault((row["busy"], row["connections"], row["server"]), []).append(row)
        lines = [
            [server, str(busy), str(connections)]
            + [f"{statistics.median(row[name] for row in group):.0f}" for name in ("rate", "p50", "p99")]
            + [f"{statistics.median(row['cpu'] for row in group):.1f}", f"{max(row['memory'] for row in group):.0f}"]
            + [str(sum(row["other"] for row in group))]
            for (busy, connections, server), group in sorted(groups.items())
        ]
        pieces.append(f"{model}, {found[-1]['processor']}\n\n{table(heads, lines)}\n")
    return "\n".join(pieces)


if __name__ == "__main__":
    main()
