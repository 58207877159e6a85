"""Rows of a measurement, a line of JSON each: what stands in the file is not measured again; each says where it was made."""

import json
import os
import platform
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


def commit() -> str:
    """What the code was; ``+`` where it had been changed since."""

    def git(*words: str) -> str:
        here = Path(__file__).parent
        return subprocess.run(["git", *words], cwd=here, capture_output=True, text=True, check=False).stdout.strip()

    return f"{git('rev-parse', '--short', 'HEAD')}{'+' if git('status', '--porcelain', '-uno') else ''}"


def processor() -> str:
    """The processor, its cores and how busy it is."""
    lines = Path("/proc/cpuinfo").read_text(encoding="ascii").splitlines() if Path("/proc/cpuinfo").is_file() else []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor())
    return f"{name}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def rows(path: Path) -> list[dict[str, Any]]:
    """What was measured before."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def missing(path: Path, key: Mapping[str, Any], measure: Callable[[], Mapping[str, Any]]) -> None:
    """Measure what no row of the file has under this key, and add it."""
    if any(all(row.get(name) == value for name, value in key.items()) for row in rows(path)):
        return
    begun = time.perf_counter()
    row = {**key, **measure()}
    row |= {"wall": round(time.perf_counter() - begun, 1), "commit": commit(), "processor": processor()}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    print(json.dumps(row), flush=True)


def table(heads: list[str], lines: list[list[str]]) -> str:
    """A table for a page."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [heads, ["---"] * len(heads), *lines])
