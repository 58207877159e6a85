"""Two machines brought up by what the page on clusters has to be typed, and nothing else; a tuning and a prediction on them."""

import re
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import olhar
from tests.conftest import write_pictures

DOCS = Path(__file__).parents[2] / "docs"
ADDRESSES = {"first": "192.168.0.7", "second": "192.168.0.8"}
LONG = """
import time
from olhar.base.progress import Quiet
from olhar.scale.cluster import runner_on

with runner_on("192.168.0.7:6379", Quiet()):
    import ray

    (second,) = [node["NodeID"] for node in ray.nodes() if node["NodeManagerAddress"] == "192.168.0.8"]
    where = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(second, soft=False)
    work = ray.remote(max_retries=0)(lambda: time.sleep(45))
    ray.get(work.options(scheduling_strategy=where).remote())
"""
"""Work that says nothing for longer than a node bears to be asked whether it is there, unless all are set alike."""


def blocks(page: str) -> list[str]:
    """What is to be typed on the first machine, and on the others."""
    text = (DOCS / page).read_text(encoding="utf-8")
    section = next(part for part in re.split(r"^## ", text, flags=re.MULTILINE) if "ray start --head" in part)
    return re.findall(r"```bash\n(.*?)```", section, re.DOTALL)[:2]


class Machine:
    """A network namespace with processes, a home and a ``/dev/shm`` of its own."""

    def __init__(self, namespace: str, home: Path, commands: Path) -> None:
        self.namespace, self.home, self.commands = namespace, home, commands
        self.temporary = tempfile.mkdtemp(prefix="m", dir="/tmp")  # short: a socket's path ends at 107 bytes
        inside = "mount --make-rprivate / && mount -t tmpfs none /dev/shm && echo up && exec sleep infinity"
        words = ["ip", "netns", "exec", namespace, "unshare", "-mpf", "--mount-proc", "--kill-child", "sh", "-c", inside]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "up\n"
        self.first = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii").strip()

    def type(self, text: str) -> str:
        """What a new terminal there says to some lines."""
        world = {"HOME": self.home, "PATH": f"{self.commands}:/usr/sbin:/usr/bin:/bin", "OLHAR_CACHE": self.home / "cache"}
        world |= {"RAY_TMPDIR": self.temporary, "PYTHONPATH": DOCS.parent, "LANG": "C.UTF-8", "OMP_NUM_THREADS": 1}
        world |= {"COLUMNS": 200, "ORT_DISABLE_TELEMETRY": 1}
        words = ["env", "-i", *(f"{name}={value}" for name, value in world.items())]
        words += ["nsenter", "-t", self.first, "-m", "-p", "-n", f"--wd={self.home}", "bash", "-e"]
        done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def close(self) -> None:
        """End all that runs there."""
        self.process.kill()
        self.process.communicate()
        shutil.rmtree(self.temporary, ignore_errors=True)


@pytest.fixture
def machines(namespaces, outside, ray_command, tmp_path):
    """Two, joined by a cable; whatever goes elsewhere is counted."""
    ray_command()
    (tmp_path / "olhar").write_text(f'#!/bin/sh\nexec {sys.executable} -m olhar "$@"\n', encoding="utf-8")
    (tmp_path / "olhar").chmod(0o700)
    names = {which: f"{namespaces}-{which}" for which in ADDRESSES}
    for name in names.values():
        subprocess.run(["ip", "netns", "add", name], check=True)
    first, second = names.values()
    subprocess.run(["ip", "link", "add", "eth0", "netns", first, "type", "veth", "peer", "eth0", "netns", second], check=True)
    made = {}
    for which, name in names.items():
        subprocess.run(["ip", "-n", name, "addr", "add", f"{ADDRESSES[which]}/24", "dev", "eth0"], check=True)
        subprocess.run(["ip", "-n", name, "link", "set", "eth0", "up"], check=True)
        subprocess.run(outside.join(name, which), shell=True, check=True)
        (tmp_path / which).mkdir()
        made[which] = Machine(name, tmp_path / which, tmp_path)
    yield made
    for machine in made.values():
        machine.close()
    for name in names.values():
        subprocess.run(["ip", "netns", "del", name], check=True)


def test_both_pages_have_the_same_typed():
    assert blocks("cluster.md") == blocks("cluster.pt-BR.md")


def test_the_page_alone_brings_up_two_machines_and_a_tuning_runs_on_them(machines, outside, run, tmp_path):
    first, second = machines["first"], machines["second"]
    head, joins = blocks("cluster.md")
    first.type(head)
    second.type(joins.replace("scp 192.168.0.7:", f"cp {first.home}/"))  # there is no server for scp
    for machine in machines.values():
        assert stat.S_IMODE((machine.home / ".ray" / "auth_token").stat().st_mode) == 0o600
    write_pictures(first.home / "photos", 30)
    tuned = first.type("olhar tune photos --model cnn --size 16 --epochs 1 --minutes 1 --into tuned --on 192.168.0.7:6379")
    assert re.search(r"192\.168\.0\.7 \d", tuned), tuned
    assert re.search(r"192\.168\.0\.8 \d", tuned), tuned
    assert (first.home / "tuned" / "best.toml").is_file()
    shutil.copytree(run.path, second.home / "run")
    write_pictures(second.home / "photos", 30)
    second.type("olhar predict run photos --csv --on 192.168.0.7:6379 >answers.csv")
    answers = olhar.predict(second.home / "run", second.home / "photos").predictions.to_csv()
    assert (second.home / "answers.csv").read_text(encoding="utf-8") == answers
    (tmp_path / "long.py").write_text(LONG, encoding="utf-8")
    first.type(f"{sys.executable} {tmp_path / 'long.py'}")
    assert {told: n for told, n in outside.left().items() if not told[1].startswith("192.168.0.")} == {}
