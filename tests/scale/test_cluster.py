"""``--on local`` with Ray itself, in a process of its own: the same answers, a token, ports of this machine, what is refused."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

import olhar
from olhar.base.errors import UsageError
from olhar.jobs.logs import NOWHERE
from olhar.runs.request import Request
from olhar.scale import cluster
from olhar.studies.several import train_seeds
from tests.conftest import write_pictures
from tests.trained import QUICK, Said
from tests.travelling import files

pytestmark = pytest.mark.skipif(not (find_spec("ray") and find_spec("grpc")), reason="Ray is not installed (the extra [ray])")

SCRIPT = '''
import os, stat, sys
from pathlib import Path

import olhar
from olhar.base.errors import UsageError
from olhar.base.progress import Quiet
from olhar.runs.request import Request
from olhar.scale import cluster
from olhar.scale.address import ClusterAddress
from olhar.scale.look import look, refuse_other_versions
from olhar.studies.several import train_seeds
from olhar.jobs.logs import NOWHERE
from olhar.bundle.answers import ask


def refused(key, *arguments):
    try:
        look(*arguments)
    except UsageError as error:
        assert error.key == key, (key, str(error))
    else:
        raise AssertionError(key)


def listening():
    """The addresses at which the processes that this one has started listen, as /proc has them."""
    parents = {}
    for stat_file in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat_file.parent.name)] = int(stat_file.read_text().rpartition(")")[2].split()[1])
        except OSError:
            pass
    ours, sockets = {os.getpid()}, set()
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    for pid in ours:
        for file in Path("/proc", str(pid), "fd").glob("*"):
            try:
                sockets.add(os.readlink(file))
            except OSError:
                pass
    lines = [line.split() for name in ("tcp", "tcp6") for line in Path("/proc/net", name).read_text().splitlines()[1:]]
    return {line[1] for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in sockets}


run, data, into, fields = sys.argv[1], sys.argv[2], Path(sys.argv[3]), eval(sys.argv[4])
with cluster.runner_on("local", Quiet()) as runner:
    import ray

    path = Path(os.environ["RAY_AUTH_TOKEN_PATH"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    head = ray.get_runtime_context().gcs_address
    assert head.startswith("127.0.0.1:")
    if sys.platform == "linux":
        places = {place.split(":")[0] for place in listening()}
        assert places, places
        assert all(place.endswith("0100007F") for place in places), places
    assert ray.get(ray.remote(lambda: os.nice(0)).remote()) == os.nice(0)
    address, token = ClusterAddress.parse(head, {}), path.read_text()
    look(address, token, False)
    refused("scale.token_wrong", address, "0" * 64, False)
    refused("scale.token_missing", address, "", False)
    refused("scale.unreachable", ClusterAddress.parse("127.0.0.1:9", {}), token, False)
    version, ray.__version__ = ray.__version__, "0.1"
    refused("scale.other_ray", address, token, False)
    ray.__version__ = version
    answers = ask(olhar.load(run), olhar.read(data), Quiet(), runner)
    Path(into, "answers.csv").write_text(answers.predictions.to_csv(), encoding="utf-8")
    train_seeds(Request(data=data, fields=fields), 2, into / "seeds", resume=False, progress=Quiet(), logs=NOWHERE, runner=runner)
assert not path.exists()
assert "RAY_AUTH_TOKEN_PATH" not in os.environ
'''


@pytest.fixture
def data(tmp_path):
    root = write_pictures(tmp_path / "pictures", 30)
    (root / "blue" / "002.png").write_bytes(b"no picture")
    return root


def test_on_this_machine(run, data, tmp_path):
    fields = QUICK | {"epochs": 1, "threads": 1, "precision": "fp32"}
    words = [str(run.path), str(data), str(tmp_path), repr(fields)]
    elsewhere = os.environ | {"RAY_ADDRESS": "127.0.0.1:9"}  # of another cluster, which nobody asked for
    done = subprocess.run([sys.executable, "-c", SCRIPT, *words], env=elsewhere, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answers = olhar.predict(run.path, data)
    assert (tmp_path / "answers.csv").read_text(encoding="utf-8") == answers.predictions.to_csv()
    how = {"resume": False, "progress": Said(), "logs": NOWHERE}
    train_seeds(Request(data=data, fields=fields), 2, tmp_path / "here", **how)
    same = ("model.onnx", "split.csv", "predictions-*.csv", "signature.json", "golden.json")
    assert files(tmp_path / "here", *same) == files(Path(tmp_path, "seeds"), *same)


@pytest.mark.parametrize(("aborted", "tried"), [(1, 2), (5, 2), (0, 1)])
def test_a_head_that_is_busy_is_asked_once_more(monkeypatch, aborted, tried):
    asked = []

    def init(**_):
        asked.append(1)
        if len(asked) <= aborted:
            raise ConnectionAbortedError

    monkeypatch.setitem(sys.modules, "ray", SimpleNamespace(init=init, shutdown=lambda: None))
    began = cluster._started("ray://here")
    if aborted > 1:
        with pytest.raises(UsageError), began:
            pass
    else:
        with began:
            pass
    assert len(asked) == tried
