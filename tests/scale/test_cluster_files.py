"""The files for Kubernetes ask for what Olhar asks of a cluster: a token, this Ray, and that nothing is told to others."""

import json
import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest

from olhar.scale.settings import QUIET, SHUT_IN

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "cluster"
DOCKERFILE = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
PINNED = re.findall(r"^ray==(\S+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)[0]


@pytest.fixture
def documents():
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    return list(yaml.safe_load_all((FOLDER / "raycluster.yaml").read_text(encoding="utf-8")))


@pytest.fixture
def groups(documents):
    """The head's part and the workers'."""
    spec = documents[0]["spec"]
    return [spec["headGroupSpec"], *spec["workerGroupSpecs"]]


def containers(group):
    return group["template"]["spec"]["containers"]


def test_a_token_is_asked_for_and_it_is_in_no_file(documents):
    cluster = documents[0]
    assert (cluster["apiVersion"], cluster["kind"]) == ("ray.io/v1", "RayCluster")
    assert cluster["spec"]["authOptions"] == {"mode": "token", "secretName": "olhar-token"}
    assert "olhar-token --from-literal=auth_token=" in (FOLDER / "raycluster.yaml").read_text(encoding="utf-8")
    assert [document["kind"] for document in documents] == ["RayCluster", "NetworkPolicy"]


def test_versions_are_those_that_olhar_is_tested_with(documents, groups):
    assert documents[0]["spec"]["rayVersion"] == PINNED
    (base,) = re.findall(r"^FROM rayproject/ray:(\S+)-py(\d)(\d+)-cpu$", DOCKERFILE, re.MULTILINE)
    assert base[0] == PINNED
    assert f"Python ({base[1]}.{base[2]})" in DOCKERFILE
    (image,) = {one["image"] for group in groups for one in containers(group)}
    assert not image.endswith(":latest")
    assert image in DOCKERFILE


def test_what_is_copied_into_the_image_is_there():
    copied = [word for line in DOCKERFILE.splitlines() if line.startswith("COPY") for word in shlex.split(line)[2:-1]]
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_no_machine_tells_others_that_it_is_used(groups):
    wanted = {name: value for name, value in {**QUIET, **SHUT_IN}.items() if "USAGE" in name or "proxy" in name}
    for group in groups:
        for one in containers(group):
            assert {entry["name"]: entry["value"] for entry in one["env"]} == wanted
            assert one["resources"]["limits"] == one["resources"]["requests"]
        assert group["template"]["spec"]["automountServiceAccountToken"] is False


def test_the_head_is_begun_as_the_page_says(groups):
    parameters = groups[0]["rayStartParams"]
    assert parameters["num-cpus"] == "0"
    (setting,) = shlex.split(parameters["system-config"])
    page = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
    told = re.findall(r"--system-config='(.*?)'", page, re.DOTALL)
    assert json.loads(setting) == json.loads(told[0])


@pytest.mark.skipif(not find_spec("ray"), reason="Ray is not installed (the extra [ray])")
def test_ray_knows_every_word_that_it_is_begun_with(groups):
    from ray.scripts.scripts import start

    known = {name for parameter in start.params for name in parameter.opts}
    assert {f"--{name}" for group in groups for name in group["rayStartParams"]} <= known
