"""Packets to other addresses than the cluster's, counted: none, or those that the page names."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import olhar
from olhar.scale.settings import SHUT_IN
from tests.conftest import write_pictures

SENT = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('203.0.113.1', 9))"
"""One packet, so that it is seen that they are counted."""
COUNTED = ("203.0.113.1", 9, "-")
ALIVE = 12
"""Seconds after the answers: what is told is told by processes that live longer than the work."""
LOCAL = f"""
import sys, time
import olhar
from olhar.base.progress import Quiet
from olhar.bundle.answers import ask
from olhar.scale.cluster import runner_on

with runner_on("local", Quiet()) as runner:
    assert len(ask(olhar.load(sys.argv[1]), olhar.read(sys.argv[2]), Quiet(), runner)) == 90
    time.sleep({ALIVE})
{SENT}
"""
CLUSTER = f"""
set -e
"$PYTHON" -m olhar predict "$RUN" pictures --csv --on auto >answers.csv
sleep {ALIVE}
"$PYTHON" -c "{SENT}"
"""
CLOUD = ("169.254.169.254", 80, "-")


def code():
    """Where Olhar lies, for a process of its own."""
    return {"PYTHONPATH": os.pathsep.join([str(Path(olhar.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])}


def test_a_cluster_of_this_machine_sends_nothing_out(run, outside, namespaces, tmp_path):
    data = write_pictures(tmp_path / "pictures", 30)
    subprocess.run(["ip", "netns", "add", namespaces], check=True)
    try:
        subprocess.run(outside.join(namespaces, "local"), shell=True, check=True)
        words = ["ip", "netns", "exec", namespaces, sys.executable, "-c", LOCAL, str(run.path), str(data)]
        done = subprocess.run(words, env=os.environ | code(), capture_output=True, text=True, check=False)
    finally:
        subprocess.run(["ip", "netns", "del", namespaces], check=True)
    assert done.returncode == 0, done.stderr
    assert outside.left() == {("local", *COUNTED): 1}


@pytest.mark.parametrize("shut_in", [True, False])
def test_two_nodes_send_out_what_the_page_names(shut_in, run, outside, two_nodes, ray_command, tmp_path):
    write_pictures(tmp_path / "pictures", 30)
    before = f"{outside.join('$TWO_A', 'head')} && {outside.join('$TWO_B', 'second')}"
    world = {"RAY": str(ray_command(**SHUT_IN if shut_in else {})), "PRE": before, "PYTHON": sys.executable, "RUN": str(run.path)}
    words = ["bash", str(two_nodes), "bash", "-c", CLUSTER]
    environment = os.environ | world | code()
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    left = {told: n for told, n in outside.left().items() if not told[1].startswith("10.77.0.")}  # as a node is taken away
    assert left.pop(("head", *COUNTED)) == 1
    if shut_in:
        assert left == {}
    else:
        assert ("head", *CLOUD) in left
        named = {told for told in left if told[1:] == CLOUD or told[2:] == (53, "metadata.google.internal")}
        assert {told[0] for told in named} == {"head"}
        assert left.keys() - named == set()
