"""Two nodes in network namespaces, the pictures and runs hidden from the second: the same answers, and what is refused."""

import json
import os
import subprocess
import sys
from pathlib import Path

import olhar
from olhar.jobs.logs import NOWHERE
from olhar.runs.request import Request
from olhar.studies.several import train_seeds
from tests.conftest import write_pictures
from tests.trained import QUICK, Said
from tests.travelling import files

SAME = ("model.onnx", "split.csv", "predictions-*.csv", "signature.json", "golden.json")
"""What holds no time, no address and no order of a table."""

COMMANDS = """
olhar() { "$PYTHON" -m olhar "$@"; }
set -e
olhar predict "$RUN" pictures --csv --on 10.77.0.1:6379 >node.csv
olhar predict "$RUN" pictures --csv --on ray://10.77.0.1:10001 >client.csv
olhar train pictures $FIELDS --seeds 2 --into seeds --on auto
olhar train pictures --into head --on auto
olhar pack pictures --to packed.npz --size 12 --on auto
olhar evaluate "$RUN" pictures --json --on auto >evaluated.json
olhar check pictures --deep --minutes 1 --json --on auto >checked.json
olhar tune pictures $FIELDS --minutes 0.15 --into tuned --on auto 2>tuned.txt
set +e
olhar train pictures $FIELDS --threads 2 --seeds 2 --into threads --on auto 2>threads.txt
RAY_AUTH_TOKEN=wrong olhar predict "$RUN" pictures --on 10.77.0.1:6379 2>wrong.txt
RAY_AUTH_TOKEN=wrong olhar predict "$RUN" pictures --on ray://10.77.0.1:10001 2>>wrong.txt
olhar predict "$RUN" pictures --on 10.77.0.9:6379 2>absent.txt
exit 0
"""


def assert_the_rest_is_the_same(run, place):
    """A head, whose features came from two nodes; packed pictures; numbers; a deep check; a tuning by both."""
    olhar.train(place / "pictures", into=place / "head-here", progress=Said())
    assert files(place / "head", *SAME) == files(place / "head-here", *SAME)
    olhar.pack(place / "pictures", place / "here.npz", size=12)
    assert (place / "packed.npz").read_bytes() == (place / "here.npz").read_bytes()
    evaluated = json.loads((place / "evaluated.json").read_text(encoding="utf-8"))
    here = json.loads(json.dumps(olhar.evaluate(run.path, place / "pictures").to_dict()))
    assert {name: evaluated[name] for name in here} == here
    checked = json.loads((place / "checked.json").read_text(encoding="utf-8"))
    assert checked["findings"]
    tried = [json.loads(line) for line in (place / "tuned" / "trials.jsonl").read_text(encoding="utf-8").splitlines()]
    assert any(trial["state"] == "complete" for trial in tried)
    told = (place / "tuned.txt").read_text(encoding="utf-8")
    assert "10.77.0.1" in told
    assert "10.77.0.2" in told


def test_two_nodes_give_the_same_bytes(run, two_nodes, ray_command, tmp_path):
    write_pictures(tmp_path / "pictures", 30)
    fields = QUICK | {"epochs": 1, "threads": 1, "precision": "fp32"}
    flags = " ".join(f"--{name.replace('_', '-')} {value}" for name, value in fields.items())
    hidden = f"{tmp_path / 'pictures'} {run.path}"
    cache = {"OLHAR_CACHE": str(tmp_path / "cache")}
    world = cache | {"RAY": str(ray_command()), "HIDE": hidden, "PYTHON": sys.executable, "RUN": str(run.path), "FIELDS": flags}
    code = os.pathsep.join([str(Path(olhar.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    words = ["bash", str(two_nodes), "bash", "-c", COMMANDS]
    done = subprocess.run(
        words, cwd=tmp_path, env=os.environ | world | {"PYTHONPATH": code}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answers = olhar.predict(run.path, tmp_path / "pictures").predictions.to_csv()
    assert (tmp_path / "node.csv").read_text(encoding="utf-8") == answers
    assert (tmp_path / "client.csv").read_text(encoding="utf-8") == answers
    request = Request(data=tmp_path / "pictures", fields=fields)
    train_seeds(request, 2, tmp_path / "here", resume=False, progress=Said(), logs=NOWHERE)
    assert files(tmp_path / "here", *SAME) == files(tmp_path / "seeds", *SAME)
    assert_the_rest_is_the_same(run, tmp_path)
    assert "OLH817" in (tmp_path / "threads.txt").read_text(encoding="utf-8")
    assert (tmp_path / "wrong.txt").read_text(encoding="utf-8").count("OLH805") == 2
    assert "OLH803" in (tmp_path / "absent.txt").read_text(encoding="utf-8")
