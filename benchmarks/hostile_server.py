"""Is a good request answered beside ten hostile pictures at once, and does the server end when it is told to?

    python benchmarks/hostile_server.py RUN --into rows.jsonl

RUN is any finished run or ``model.onnx``. A server is started on it with its defaults. Good requests (a JPEG of 640 x 480), one
after the other: alone, beside ten clients that send the slowest pictures that are not refused from their header, again and again,
and beside 450 connections that ask nothing. Then SIGTERM in the middle of ten such pictures. Appends a row for each and prints
the table; memory is that of the server and of its decoder processes. Linux.
"""

import argparse
import http.client
import io
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("run")
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=15.0, help="how long hostile pictures are sent")
    settings = parser.parse_args()
    hostile = [*slow_pictures().values()]
    with Server(settings.run) as server:
        server.ask(jpeg())
        rows = [timed("alone", server, lambda: False, 200)]
        rows.append(timed("alone, TIFF", server, lambda: False, 100, tiff()))
        rows.append(beside_hostile(server, hostile, settings.seconds))
        rows.append(beside_idle(server))
        rows.append(ended(server, hostile))
    with settings.into.open("a", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row | about()) + "\n")
    print("| good requests | n | p50, ms | p99, ms | worst, ms | not answered | memory, MB |\n|---|---|---|---|---|---|---|")
    for row in rows[:-1]:
        print("| {what} | {n} | {p50:.1f} | {p99:.1f} | {worst:.1f} | {refused} | {memory:.0f} |".format(**row))
    print(f"SIGTERM beside ten hostile pictures: ended after {rows[-1]['seconds']:.1f} s, exit code {rows[-1]['code']}")


class Server:
    """The server in a process of its own."""

    def __init__(self, run: str) -> None:
        words = [sys.executable, "-m", "olhar", "serve", run, "--port", "0", "--language", "en"]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self.process.stdout
        self.port = 0
        while not self.port:
            found = re.search(r"http://[^:]+:(\d+)/", self.process.stdout.readline())
            self.port = int(found[1]) if found else 0
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()

    def ask(self, picture: bytes, wait: float = 60) -> int:
        """The status of one question, on a connection of its own; 0 where there is none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=wait)
        try:
            connection.request("POST", "/predict", picture, {"Content-Type": "application/octet-stream"})
            answer = connection.getresponse()
            answer.read()
        except OSError:
            return 0
        finally:
            connection.close()
        return answer.status

    def memory(self) -> float:
        """MB held by the server and all that it started."""
        mine = [str(self.process.pid)]
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
        return sum(int(rss) for pid, above, rss in map(str.split, listed.splitlines()) if pid in mine or above in mine) / 1024


def timed(what: str, server: Server, over: Callable[[], bool], most: int, picture: bytes | None = None) -> dict[str, Any]:
    """Good requests, one after the other, until ``over`` or so many."""
    picture, seconds, refused, memory = picture or jpeg(), list[float](), 0, server.memory()
    while len(seconds) < most and not over():
        begun = time.perf_counter()
        refused += server.ask(picture) != 200
        seconds.append(time.perf_counter() - begun)
        memory = max(memory, server.memory()) if len(seconds) % 10 == 0 else memory
    p50, p99, worst = (1000 * float(np.quantile(seconds, share)) for share in (0.5, 0.99, 1))
    return {"what": what, "n": len(seconds), "p50": p50, "p99": p99, "worst": worst, "refused": refused, "memory": memory}


def beside_hostile(server: Server, hostile: list[bytes], seconds: float) -> dict[str, Any]:
    """Good requests while ten clients send slow pictures."""
    end = time.monotonic() + seconds
    sent: list[int] = []

    def send(number: int) -> None:
        while time.monotonic() < end:
            status = server.ask(hostile[number % len(hostile)])
            sent.append(status)
            time.sleep(0.2 if status == 503 else 0)

    clients = [threading.Thread(target=send, args=(number,), daemon=True) for number in range(10)]
    for client in clients:
        client.start()
    time.sleep(1)
    row = timed("beside ten hostile pictures at once", server, lambda: time.monotonic() > end, 10**6)
    for client in clients:
        client.join(60)
    return row | {"hostile": {str(status): sent.count(status) for status in sorted(set(sent))}}


def beside_idle(server: Server) -> dict[str, Any]:
    """Good requests beside 450 connections that ask nothing."""
    idle = [socket.create_connection(("127.0.0.1", server.port), timeout=5) for _ in range(450)]
    row = timed("beside 450 idle connections", server, lambda: False, 100)
    for client in idle:
        client.close()
    return row


def ended(server: Server, hostile: list[bytes]) -> dict[str, Any]:
    """SIGTERM while ten slow pictures are asked about."""
    for number in range(10):
        threading.Thread(target=server.ask, args=(hostile[number % len(hostile)],), daemon=True).start()
    time.sleep(1.5)
    begun = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    code = server.process.wait(120)
    return {"what": "SIGTERM", "seconds": time.monotonic() - begun, "code": code}


def slow_pictures() -> dict[str, bytes]:
    """The slowest that are known and not refused from their header, each below the 16 MB of a request."""
    Image.init()
    blocks = np.random.default_rng(0).integers(0, 256, (680, 680, 3), dtype=np.uint8)
    large = Image.fromarray(np.kron(blocks, np.ones((6, 6, 1), np.uint8)))
    found = {"BMP": _runs(1990, 2000), "PPM": b"P3 1150 1150 255\n" + b"1 " * (3 * 1150 * 1150)}
    found["progressive JPEG"] = _saved(large.resize((7000, 7000)), "JPEG", progressive=True, quality=30)
    for form in ("JPEG2000", "AVIF", "TIFF"):
        if form in Image.SAVE:
            options = {"JPEG2000": {"quality_layers": [20]}, "AVIF": {"speed": 10}, "TIFF": {"compression": "tiff_lzw"}}[form]
            found[form] = _saved(large, form, **options)
    return {form: data for form, data in found.items() if len(data) < 15_900_000}


def _runs(wide: int, high: int) -> bytes:
    """A BMP in which each dot is a run of its own."""
    runs = (b"\x01\x07" * wide + b"\0\0") * high + b"\0\1"
    info = struct.pack("<IiiHHIIiiII", 40, wide, high, 1, 8, 1, len(runs), 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", 1078 + len(runs), 0, 0, 1078) + info + bytes(1024) + runs


def jpeg() -> bytes:
    """A photograph as a telephone sends it to a page."""
    return _saved(_photo(), "JPEG", quality=85)


def tiff() -> bytes:
    """The same in a form that is decoded in a process of its own."""
    return _saved(_photo(), "TIFF")


def _photo() -> Image.Image:
    return Image.fromarray(np.random.default_rng(1).integers(0, 256, (60, 80, 3), dtype=np.uint8)).resize((640, 480))


def _saved(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def about() -> dict[str, Any]:
    """Which code, on which processor, beside what."""
    named = [line.partition(": ")[2] for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    return {"commit": commit, "cpu": named[0] if named else "", "cores": os.cpu_count(), "load": os.getloadavg()[0]}


if __name__ == "__main__":
    main()
