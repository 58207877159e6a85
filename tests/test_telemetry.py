"""Nothing is told to anybody: no look-up of a name and no connection, by system calls, and no file outside run and cache.

ONNX Runtime's wheel has an uploader of events that works from a thread of its own some seconds later; Python's audit of sockets
does not see it. So the process is kept alive after its answers, and the kernel is asked.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scenes import write_scenes

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="system calls are counted by strace, which is not here")

_ALIVE = 12
VERBS = f"""
import sys, threading, time
from olhar.cli.app import main
import olhar
from olhar.serving.server import serve
from olhar.serving.settings import Settings
data, made = sys.argv[1:]
def ask(*words, codes=(0,)):
    assert main(list(words)) in codes, words
ask("train", data, "--model", "lite0", "--size", "64", "--into", made + "/run")
ask("check", data)
ask("predict", made + "/run", data)
ask("inspect", made + "/run")
ask("export", made + "/run", "--into", made + "/out.onnx")
ask("tune", data, "--model", "cnn", "--minutes", "0.3", "--epochs", "1", "--size", "16", "--into", made + "/tune", codes=(0, 2))
serving = threading.Thread(target=serve, args=(olhar.load(made + "/run"), Settings(port=0, token="")), daemon=True)
serving.start()
time.sleep({_ALIVE})
"""
FIRST = f"""
import time, onnxruntime
time.sleep({_ALIVE})
"""


def calls(folder: Path, script: str, *arguments: str, **variables: str) -> list[str]:
    """Every socket's family that is not of this machine alone, and every address outside it that was connected to."""
    trace = folder / "trace.txt"
    home = folder / "home"
    home.mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    environment |= {"HOME": str(home), "OLHAR_CACHE": str(folder / "cache"), **variables}
    command = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-e",
        "trace=connect,sendto,sendmmsg",
        "-o",
        str(trace),
        sys.executable,
        "-c",
        script,
        *arguments,
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    outside = re.compile(r"sa_family=AF_INET6?,(?!.*(127\.0\.0\.1|::1))")
    return [line for line in trace.read_text().splitlines() if outside.search(line)]


def test_no_verb_asks_anybody_and_no_file_is_left_outside(tmp_path):
    data = write_scenes(tmp_path / "data", 6)
    assert calls(tmp_path, VERBS, str(data), str(tmp_path / "made")) == []
    left = [path.relative_to(tmp_path / "home").as_posix() for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert left == []


def test_the_kernel_shows_it_where_nobody_switches_it_off(tmp_path):
    shown = calls(tmp_path, FIRST)
    if not shown:
        pytest.skip("ONNX Runtime tells nobody anything on this machine: there is nothing to switch off")
    assert (tmp_path / "home" / ".cache").exists()
