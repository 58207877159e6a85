"""Does a server of several models stay what it is under half an hour of good and bad requests?

    python benchmarks/soak.py NAME=MODEL NAME=MODEL NAME=MODEL --pictures FOLDER --minutes 30 --into soak.json

Some clients ask each model by each protocol for pictures whose answers are known from the model asked here, and every answer is
checked; others send what is hostile meanwhile: no pictures, pictures cut off, bombs, broken forms and JSON, unknown addresses
and methods, bodies that come slowly or are left, heads without end. Memory (PSS, with all processes) is taken every few seconds.
Ends with 1 where an answer is wrong or refused, a hostile request is not refused as it should be, the server dies, or memory
in the last third is higher by more than a tenth than in the second. Linux.
"""

import argparse
import asyncio
import base64
import io
import json
import random
import statistics
import sys
import time
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

from load import form, request, sending
from PIL import Image
from serving_load import OLHAR, memory, sample, standing

import olhar

_BUSY = {503}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("models", nargs="+", metavar="NAME=MODEL")
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--into", type=Path)
    told = parser.parse_args()
    named = dict(one.split("=", 1) for one in told.models)
    known = {name: olhar.load(path, threads=1) for name, path in named.items()}
    pictures = sample(told.pictures)
    good = [ask for name, model in known.items() for ask in questions(name, model, pictures)]
    random.Random(0).shuffle(good)
    with standing({"Olhar": [*OLHAR, *told.models, "--body-seconds", "5", "--port"]}, good[0][0]) as servers:
        port, pid = servers["Olhar"]
        found = asyncio.run(soaked(port, pid, good, [*hostile(pictures[0])], told.minutes * 60, told.clients))
    text = json.dumps(found, indent=2)
    print(text)
    if told.into:
        told.into.write_text(text + "\n", encoding="utf-8")
    return int(bool(found["wrong"] or found["unexpected"] or found["lost"] or found["grown"] > 0.1))


Question = tuple[bytes, Any, Any]
"""A request, how its answer's probabilities are read, and what they should be."""


def questions(name: str, model: Any, pictures: list[bytes]) -> list[Question]:
    """Each picture by each protocol."""
    found: list[Question] = []
    for picture in pictures:
        shares = model(picture).probabilities.tolist()
        ranked, text = dict(zip(model.classes, shares, strict=True)), base64.b64encode(picture).decode()
        instances = {"instances": [{"b64": text}]}
        tensor = {"name": "image", "datatype": "BYTES", "shape": [1], "data": [text]}
        path = f"/models/{name}/predict?top=100"
        found += [
            (form(picture, path), own, ranked),
            (request(picture, "image/jpeg", path), own, ranked),
            (told(path, {"image": text}), own, ranked),
            (told(f"/v1/models/{name}:predict", instances), lambda answer: answer["predictions"][0], shares),
            (told(f"/v2/models/{name}/infer", {"inputs": [tensor]}), lambda answer: answer["outputs"][0]["data"], shares),
        ]
    return found


def told(path: str, document: Any) -> bytes:
    return request(json.dumps(document).encode(), "application/json", path)


def own(answer: dict[str, Any]) -> dict[str, float]:
    return {one["class"]: one["probability"] for one in answer["predictions"]}


def near(found: Any, wanted: Any) -> bool:
    """Whether probabilities are those that are known; another number of threads adds up in another order."""
    if isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(abs(found[key] - wanted[key]) < 1e-4 for key in wanted)
    return len(found) == len(wanted) and all(abs(a - b) < 1e-4 for a, b in zip(found, wanted, strict=True))


def hostile(picture: bytes) -> list[tuple[bytes, set[int]]]:
    """Requests, and the statuses that each may get; 0 is a connection that is closed."""
    octets = "application/octet-stream"
    broken = form(picture).replace(b"--\r\n", b"", 1)
    text = base64.b64encode(picture).decode()
    several = [
        (request(b"", octets, "/predict"), {400}),
        (request(b"no picture at all", octets, "/predict"), {400}),
        (request(picture[: len(picture) // 2], octets, "/predict"), {400}),
        (request(bomb(), octets, "/predict"), {400}),
        (request(tiff(), octets, "/predict"), {200}),
        (request(b"x" * 17_000_000, octets, "/predict"), {413}),
        (request(picture, "text/plain", "/predict"), {415}),
        (request(b"--x--\r\n", "multipart/form-data; boundary=x", "/predict"), {400}),
        (request(b"{" * 200_000, "application/json", "/predict"), {400}),
        (told("/predict", {"image": "http://127.0.0.1:1/"}), {400}),
        (told("/v1/models/none:predict", {"instances": [{"b64": text}]}), {404}),
        (told("/v1/models/none:predict", {"instances": [[0.1] * 1000]}), {404}),
        (told("/v2/models/none/infer", {"inputs": []}), {404}),
        (told("/v2/repository/index", {"x": [0.5] * 100}), {200}),
        (request(b"", octets, "/nothing"), {404}),
        (broken.replace(b"POST", b"BREW", 1), {0, 400, 405}),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", {403}),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", {0, 431}),
        (b"\x16\x03\x01 no HTTP\r\n\r\n", {0, 400}),
        (b"POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nslow", {408}),
    ]
    return [(sent, statuses | _BUSY) for sent, statuses in several]


def bomb() -> bytes:
    """A PNG of a few bytes whose header says 30,000 by 30,000 pixels."""
    out = io.BytesIO()
    Image.new("L", (8, 8)).save(out, "PNG")
    data = bytearray(out.getvalue())
    data[16:24] = (30_000).to_bytes(4) * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4)
    return bytes(data)


def tiff() -> bytes:
    """A picture that is decoded in a process of its own."""
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "red").save(out, "TIFF")
    return out.getvalue()


async def soaked(
    port: int, pid: int, good: list[Question], bad: list[tuple[bytes, set[int]]], seconds: float, clients: int
) -> dict[str, Any]:
    """Everything at once, for so long."""
    statuses: Counter[int] = Counter()
    hostile_statuses: Counter[int] = Counter()
    wrong: list[str] = []
    unexpected: list[str] = []

    def checked(place: int, status: int, body: bytes) -> None:
        statuses[status] += 1
        _, read, wanted = good[place]
        if status != 200 and status not in _BUSY:
            wrong.append(f"{status} {body[:200]!r}")
        elif status == 200 and not near(read(json.loads(body)), wanted):
            wrong.append(f"{good[place][0][:60]!r} {body[:200]!r}")

    def refused(place: int, status: int, body: bytes) -> None:
        hostile_statuses[status] += 1
        if status not in bad[place][1]:
            unexpected.append(f"{bad[place][0][:60]!r}: {status} {body[:200]!r}")

    held: list[float] = []
    asking = sending(port, [one[0] for one in good], clients, seconds, checked)
    attacking = sending(port, [one[0] for one in bad], 4, seconds, refused)
    sent, _, _ = await asyncio.gather(asking, attacking, watched(pid, seconds, held))
    third = len(held) // 3
    middle, last = (statistics.median(part or held) for part in (held[third : 2 * third], held[2 * third :]))
    cuts = statistics.quantiles(sent.seconds, n=100)
    return {
        "minutes": round(seconds / 60, 1),
        "good": dict(sorted(statuses.items())),
        "hostile": dict(sorted(hostile_statuses.items())),
        "p50": round(1000 * cuts[49], 1),
        "p99": round(1000 * cuts[98], 1),
        "memory": [held[min(len(held) - 1, len(held) * part // 12)] for part in range(13)],
        "grown": round(last / middle - 1, 3),
        "wrong": wrong[:10],
        "unexpected": unexpected[:10],
        "lost": statuses[0],
    }


async def watched(pid: int, seconds: float, held: list[float]) -> None:
    """The memory of the server, every few seconds."""
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        held.append(memory(pid))
        await asyncio.sleep(min(3.0, seconds / 30))


if __name__ == "__main__":
    sys.exit(main())
