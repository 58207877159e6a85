"""``--on`` and ``on=``: without it nothing of a cluster is imported; what it needs is told."""

import subprocess
import sys

import pytest

import olhar
from olhar.base.errors import ExtraError, UsageError
from olhar.base.progress import Quiet
from olhar.cli.app import main
from olhar.verbs.on import runner_on
from tests.conftest import assert_says


def test_nothing_of_a_cluster_is_imported_without_it(run, pictures):
    code = (
        "import sys, olhar\n"
        f"olhar.predict({str(run.path)!r}, {str(pictures)!r})\n"
        "assert not [name for name in sys.modules if name.split('.')[0] in ('ray', 'grpc') or name.startswith('olhar.scale')]"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_without_ray_the_command_that_installs_it_is_told(run, pictures, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setattr("olhar.base.extras.find_spec", lambda _: None)
    with pytest.raises(ExtraError) as told:
        olhar.predict(run.path, pictures, on="local")
    assert_says(told, "olhar[ray]", "predict --on")


def test_without_token_belongs_to_on():
    with pytest.raises(UsageError) as told:
        runner_on(None, Quiet(), without_token=True)
    assert_says(told, "--without-token", "--on")


@pytest.mark.parametrize("command", [["predict"], ["train"]])
def test_the_command_takes_it(run, pictures, capsys, monkeypatch, command):
    monkeypatch.setattr("olhar.scale.cluster.need", lambda *_: None)
    words = [*command, *([str(run.path)] if command == ["predict"] else []), str(pictures), "--on", "nowhere"]
    assert main(words) == 2
    assert "OLH802" in capsys.readouterr().err
    assert main([*words[:-2], "--onde", "nowhere", "--sem-token"]) == 2
    assert "OLH802" in capsys.readouterr().err
