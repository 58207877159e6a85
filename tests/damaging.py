"""Damage to the files of a run: a byte, a cut, any value of what they hold replaced by any other, and questions."""

import contextlib
import csv
import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from olhar.cli.app import main

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 7, 1.5, -0.25, 1e308, float("nan"), float("inf"), 10**30, -(2**63)),
    *("", "a", "relu", "train", "..", "../../up", "/", "1.0", "\0", "\ud800", "{x}", "a.b", "run.taken", "x" * 5000),
    *([], {}, [0], [[0]], [None], ["a", "b"], {"a": 1}, {"a": {}}, [[[[]]]], {"key": "run.taken", "values": {}}),
)
"""What stands in the place of what Olhar wrote."""

QUESTIONS: dict[str, tuple[str, ...]] = {
    "report": ("report", "RUN", "--into", "PAGE"),
    "report in its place": ("report", "RUN"),
    "runs": ("runs", "ABOVE"),
    "watch": ("watch", "RUN", "--once"),
    "evaluate": ("evaluate", "RUN"),
    "evaluate data": ("evaluate", "RUN", "DATA"),
    "inspect": ("inspect", "RUN"),
    "predict": ("predict", "RUN", "DATA"),
    "export": ("export", "RUN", "--into", "COPY.onnx"),
    "export weights": ("export", "RUN", "--into", "COPY.safetensors"),
    "resume": ("train", "--resume", "--into", "RUN"),
    "tune on": ("tune", "--resume", "--into", "RUN"),
    "split from": ("train", "DATA", "--split-from", "RUN", "--model", "cnn", "--epochs", "1", "--folds", "0", "--into", "OTHER"),
}


def asked(question: str, run: Path, data: Path, folder: Path) -> tuple[int, str]:
    """The exit code and all that was printed of a question to a run, in this process."""
    places = {"RUN": run, "ABOVE": run.parent, "DATA": data, "PAGE": folder / "page.html", "OTHER": folder / "other"}
    names = {**places, "COPY.onnx": folder / "copy.onnx", "COPY.safetensors": folder / "copy.safetensors"}
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        status = main([str(names.get(word, word)) for word in QUESTIONS[question]])
    return status, out.getvalue()


def damage(path: Path, chance: Random) -> str:
    """Damage one file in one of the ways that its kind allows; what was done, in a few words."""
    ways = list(BYTES)
    by_kind = {".json": _json, ".jsonl": _lines, ".csv": _table, ".toml": _toml, ".npz": _arrays, ".safetensors": _tensors}
    if path.suffix in by_kind:
        ways += [by_kind[path.suffix]] * 6
    way = chance.choice(ways)
    data = path.read_bytes()
    path.write_bytes(way(data, chance) if data else b"x")
    return f"{path.name} {way.__name__.strip('_')}"


def _flipped(data: bytes, chance: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 4))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _doubled(data: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(data))
    return data[: start + chance.randrange(40)] + data[start:]


def _zeroed(data: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(data))
    size = min(len(data) - start, chance.choice((1, 16, 512)))
    return data[:start] + bytes(size) + data[start + size :]


BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (_flipped, _cut, _doubled, _zeroed)
"""Ways to damage what has bytes, whatever they mean; at least one of them is wanted."""


def _json(data: bytes, chance: Random) -> bytes:
    return _dumped(_replaced(json.loads(data), chance))


def _lines(data: bytes, chance: Random) -> bytes:
    lines = data.split(b"\n")
    place = chance.randrange(max(1, len(lines) - 1))
    lines[place] = _json(lines[place], chance)
    return b"\n".join(lines)


def _table(data: bytes, chance: Random) -> bytes:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))
    row = chance.choice(rows)
    if chance.random() < 0.3:
        row.pop(chance.randrange(len(row)))
    else:
        row[chance.randrange(len(row))] = str(chance.choice(VALUES)).replace("\0", "")
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def _toml(data: bytes, chance: Random) -> bytes:
    lines = data.decode("utf-8").split("\n")
    place = chance.randrange(max(1, len(lines) - 1))
    name = lines[place].partition(" = ")[0]
    lines[place] = f"{name} = {json.dumps(chance.choice(VALUES))}".replace("NaN", "nan").replace("Infinity", "inf")
    return "\n".join(lines).encode("utf-8")


def _arrays(data: bytes, chance: Random) -> bytes:
    with np.load(io.BytesIO(data)) as file:
        arrays = dict(file)
    name = chance.choice(sorted(arrays))
    if name == "about" and chance.random() < 0.8:
        arrays[name] = np.array(json.dumps(_replaced(json.loads(str(arrays[name])), chance)))
    else:
        arrays[name] = chance.choice(
            (np.zeros(0), np.zeros((2, 2)), np.atleast_1d(arrays[name])[..., :1], np.array("[]"), np.float32(3))
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for key, array in arrays.items():
            with file.open(f"{key}.npy", "w") as member:
                np.lib.format.write_array(member, np.asarray(array))
    return out.getvalue()


def _tensors(data: bytes, chance: Random) -> bytes:
    """A value in the header, or in what a checkpoint keeps beside its tensors; without the checksum, as of an earlier version."""
    size = int.from_bytes(data[:8], "little")
    head = json.loads(data[8 : 8 + size])
    kept = head.get("__metadata__", {})
    kept.pop("sha256", None)
    if "olhar" in kept and chance.random() < 0.8:
        kept["olhar"] = json.dumps(_replaced(json.loads(kept["olhar"]), chance))
    else:
        name = chance.choice(sorted(head))
        head[name] = _replaced(head[name], chance)
    text = _dumped(head)
    return struct.pack("<Q", len(text)) + text + data[8 + size :]


def _replaced(value: Any, chance: Random) -> Any:
    """The same with one value, at any depth, replaced, or one that is gone."""
    if not isinstance(value, (dict, list)) or not value or chance.random() < 0.1:
        return chance.choice(VALUES)
    keys = sorted(value) if isinstance(value, dict) else range(len(value))
    key = chance.choice(list(keys))
    changed: Any = value.copy()
    if chance.random() < 0.15:
        del changed[key]
    else:
        changed[key] = _replaced(value[key], chance)
    return changed


def _dumped(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8")
