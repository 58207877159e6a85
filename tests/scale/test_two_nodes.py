"""Two nodes in network namespaces, the pictures and runs hidden from the second: the same answers, and what is refused."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import olhar
from olhar.jobs.logs import NOWHERE
from olhar.runs.request import Request
from olhar.studies.several import train_seeds
from tests.conftest import write_pictures
from tests.trained import QUICK, Said
from tests.travelling import files

SHARED = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")).parent
TOOL = SHARED / "tools" / "two_nodes.sh"

COMMANDS = """
olhar() { "$PYTHON" -m olhar "$@"; }
set -e
olhar predict "$RUN" pictures --csv --on 10.77.0.1:6379 >node.csv
olhar predict "$RUN" pictures --csv --on ray://10.77.0.1:10001 >client.csv
olhar train pictures $FIELDS --seeds 2 --into seeds --on auto
set +e
RAY_AUTH_TOKEN=wrong olhar predict "$RUN" pictures --on 10.77.0.1:6379 2>wrong.txt
RAY_AUTH_TOKEN=wrong olhar predict "$RUN" pictures --on ray://10.77.0.1:10001 2>>wrong.txt
olhar predict "$RUN" pictures --on 10.77.0.9:6379 2>absent.txt
exit 0
"""


@pytest.fixture
def two_nodes():
    """The tool that makes them; the test is skipped, with the reason, where it cannot."""
    if not (find_spec("ray") and find_spec("grpc")):
        pytest.skip("Ray is not installed (the extra [ray])")
    if not TOOL.is_file():
        pytest.skip("the tool two_nodes.sh is not beside the real data (set OLHAR_TEST_DATA)")
    name = f"olhar-{os.getpid()}"
    made = shutil.which("ip") and subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode == 0
    if not made:
        pytest.skip("network namespaces cannot be made here (that takes root)")
    subprocess.run(["ip", "netns", "del", name], check=True)
    return TOOL


def test_two_nodes_give_the_same_bytes(run, two_nodes, tmp_path):
    write_pictures(tmp_path / "pictures", 30)
    fields = QUICK | {"epochs": 1, "threads": 1, "precision": "fp32"}
    ray = tmp_path / "ray"
    ray.write_text(f'#!/bin/sh\nexec {sys.executable} -c "from ray.scripts.scripts import main; main()" "$@"\n', encoding="utf-8")
    ray.chmod(0o700)
    flags = " ".join(f"--{name.replace('_', '-')} {value}" for name, value in fields.items())
    hidden = f"{tmp_path / 'pictures'} {run.path}"
    world = {"RAY": str(ray), "HIDE": hidden, "PYTHON": sys.executable, "RUN": str(run.path), "FIELDS": flags}
    code = os.pathsep.join([str(Path(olhar.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    words = ["bash", str(two_nodes), "bash", "-c", COMMANDS]
    done = subprocess.run(
        words, cwd=tmp_path, env=os.environ | world | {"PYTHONPATH": code}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answers = olhar.predict(run.path, tmp_path / "pictures").predictions.to_csv(truth=False)
    assert (tmp_path / "node.csv").read_text(encoding="utf-8") == answers
    assert (tmp_path / "client.csv").read_text(encoding="utf-8") == answers
    request = Request(data=tmp_path / "pictures", fields=fields)
    train_seeds(request, 2, tmp_path / "here", resume=False, progress=Said(), logs=NOWHERE)
    same = ("model.onnx", "split.csv", "predictions-*.csv", "signature.json", "golden.json")
    assert files(tmp_path / "here", *same) == files(tmp_path / "seeds", *same)
    assert (tmp_path / "wrong.txt").read_text(encoding="utf-8").count("OLH805") == 2
    assert "OLH803" in (tmp_path / "absent.txt").read_text(encoding="utf-8")
