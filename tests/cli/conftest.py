"""What the tests of the command line share: a way to run a command, and a shelf of runs."""

import shutil
import sys

import pytest

from olhar.cli.app import main
from tests.trained import QUICK

OLHAR = [sys.executable, "-c", "import sys; from olhar.cli.app import main; sys.exit(main())"]
"""The command in a process of its own."""

FLAGS = [f"--{name.replace('_', '-')}={value}" for name, value in QUICK.items()]
"""What makes a training quick."""


@pytest.fixture
def say(capsys):
    """Run a command; its exit code, what it printed, and what it said on standard error."""

    def run(*arguments):
        code = main([str(word) for word in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def shelf(run, tmp_path, monkeypatch):
    """A folder ``runs`` with one finished, one stopped and one damaged run."""
    for name in ("done", "stopped", "odd"):
        shutil.copytree(run.path, tmp_path / "runs" / name)
    (tmp_path / "runs" / "stopped" / "metrics.json").unlink()
    (tmp_path / "runs" / "odd" / "history.jsonl").write_text("{")
    (tmp_path / "runs" / "notes").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "runs"
