"""How many threads should one picture take at the server, how many pictures at once? Requests a second at 1 and 8 connections.

    python benchmarks/serving_threads.py MODEL PICTURES [--seconds 3] [--rounds 3] [--busy 0]

One server a setting, in a process of its own, all of them asked in turn in each round; clients are threads of this process with a
connection each. ``--busy N`` keeps N cores busy with other work meanwhile. Prints the median over rounds, with p50 and p99 of the
seconds a request took.
"""

import argparse
import http.client
import itertools
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

SERVE = [sys.executable, "-u", "-c", "import sys; from olhar.cli.app import main; sys.exit(main())", "serve"]
SPIN = "while True: pass"


def ask(url: str, pictures: list[bytes], ends: float, took: list[float]) -> None:
    """Ask over one connection until the time is over."""
    place = urlsplit(url)
    client = http.client.HTTPConnection(place.hostname or "", place.port)
    for picture in itertools.cycle(pictures):
        begun = time.perf_counter()
        if begun > ends:
            break
        client.request("POST", "/predict", picture, {"Content-Type": "application/octet-stream"})
        answer = client.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        took.append(time.perf_counter() - begun)
    client.close()


def load(url: str, pictures: list[bytes], connections: int, seconds: float) -> list[float]:
    """The seconds that each request took."""
    took: list[float] = []
    ends = time.perf_counter() + seconds
    clients = [threading.Thread(target=ask, args=(url, pictures, ends, took)) for _ in range(connections)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--busy", type=int, default=0)
    told = parser.parse_args()
    files = sorted(file for file in told.pictures.rglob("*") if file.suffix.lower() in (".jpg", ".jpeg", ".png"))[:40]
    pictures = [file.read_bytes() for file in files]
    settings = [(1, 1), (1, 2), (2, 1), (2, 2)]
    servers, urls, found = [], {}, {}
    others = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(told.busy)]
    try:
        for threads, workers in settings:
            words = [*SERVE, told.model, "--port", "0", "--threads", str(threads), "--workers", str(workers)]
            servers.append(subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True))
            urls[threads, workers] = servers[-1].stdout.readline().split()[-1]
        for url in urls.values():
            load(url, pictures, 1, 0.5)
        for _ in range(told.rounds):
            for (setting, url), connections in itertools.product(urls.items(), (1, 8)):
                took = load(url, pictures, connections, told.seconds)
                found.setdefault((setting, connections), []).append(
                    (len(took) / told.seconds, *statistics.quantiles(took, n=100))
                )
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {told.busy} busy loops, {len(pictures)} pictures")
        for (setting, connections), rounds in sorted(found.items()):
            rate, half, most = (statistics.median(one[column] for one in rounds) for column in (0, 50, 99))
            told_setting = f"threads {setting[0]}, workers {setting[1]}, {connections} connections"
            print(f"{told_setting}: {rate:6.1f}/s, p50 {1000 * half:.0f} ms, p99 {1000 * most:.0f} ms")
    finally:
        for one in (*others, *servers):
            one.kill()
            one.wait()


if __name__ == "__main__":
    main()
