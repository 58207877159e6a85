"""What tests of a cluster need of a machine: Ray, network namespaces, and the tool that makes two nodes."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.scale.outside import Outside

SHARED = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")).parent
TOOL = SHARED / "tools" / "two_nodes.sh"


@pytest.fixture
def namespaces():
    """A name that no network namespace has; skipped, with the reason, where Ray is missing or none can be made."""
    if not (find_spec("ray") and find_spec("grpc")):
        pytest.skip("Ray is not installed (the extra [ray])")
    name = f"olhar-{os.getpid()}"
    made = shutil.which("ip") and subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode == 0
    if not made:
        pytest.skip("network namespaces cannot be made here (that takes root)")
    subprocess.run(["ip", "netns", "del", name], check=True)
    return name


@pytest.fixture
def two_nodes(request):
    """The tool that makes two nodes."""
    request.getfixturevalue("namespaces")
    if not TOOL.is_file():
        pytest.skip("the tool two_nodes.sh is not beside the real data (set OLHAR_TEST_DATA)")
    return TOOL


@pytest.fixture
def outside(namespaces, tmp_path):
    """An outside to which nodes can have their default route."""
    place = Outside(f"{namespaces}-out", tmp_path)
    yield place
    place.close()


@pytest.fixture
def ray_command(tmp_path):
    """The command ``ray`` of the Python that runs the tests; variables to set before it may be given."""

    def made(**variables):
        path = tmp_path / "ray"
        before = "".join(f"export {name}='{value}'\n" for name, value in variables.items())
        script = f'{before}exec {sys.executable} -c "from ray.scripts.scripts import main; main()" "$@"\n'
        path.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
        path.chmod(0o700)
        return path

    return made
