"""Runs as somebody sees them who did not begin them: the list, and one that is watched."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import time

import pytest

from olhar.base.texts import percent
from olhar.cli.app import main
from olhar.runs.folder import RunFolder
from olhar.runs.lock import locked


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


def states(capsys):
    assert main(["runs", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["runs"]
    return {os.path.basename(one["run"]): one for one in found}  # noqa: PTH119


def test_the_list_says_how_far_each_is_and_what_to_type(shelf, capsys):
    assert main(["runs"]) == 0
    said = capsys.readouterr().out
    for word in (
        "finished",
        "stopped",
        "cannot be read",
        "on test",
        "so far on validation",
        "colours",
        "--resume --into runs/stopped",
    ):
        assert word in said
    found = states(capsys)
    assert set(found) == {"done", "stopped", "odd"}
    assert found["done"]["accuracy"]["n"] == 36
    assert found["stopped"]["accuracy"] is None
    with locked(RunFolder(shelf / "stopped")):
        assert states(capsys)["stopped"]["state"] == "running"
        assert main(["runs"]) == 0
        assert "olhar watch runs/stopped" in capsys.readouterr().out


def test_what_to_type_stands_in_one_line_and_can_be_typed(shelf, capsys, monkeypatch):
    name = " ".join(6 * ["a run with a long name"])
    (shelf / "stopped").rename(shelf / name)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    commands = []
    for words in (["runs"], ["watch", f"runs/{name}", "--once"]):
        assert main(words) == 0
        commands += [line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith("  olhar train")]
    assert [shlex.split(one) for one in commands] == 2 * [["olhar", "train", "--resume", "--into", f"runs/{name}"]]


def test_of_folds_and_of_several_seeds_all_are_gone_on_with(shelf, capsys):
    (shelf / "seeds").mkdir()
    (shelf / "stopped").rename(shelf / "seeds" / "seed-1")
    shutil.copytree(shelf / "seeds" / "seed-1", shelf / "seeds" / "seed-1" / "fold-2")
    (shelf / "seeds" / "several.json").write_text("{}")
    for words in (["runs"], *(["watch", f"runs/seeds{path}", "--once"] for path in ("", "/seed-1", "/seed-1/fold-2"))):
        assert main(words) == 0
        assert "  olhar train --resume --into runs/seeds\n" in capsys.readouterr().out


def test_an_empty_shelf_and_a_missing_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["runs"]) == 2
    assert "no such folder" in capsys.readouterr().err
    (tmp_path / "runs").mkdir()
    assert main(["runs"]) == 0
    assert "olhar train digits" in capsys.readouterr().out


@pytest.mark.usefixtures("shelf")
def test_a_run_that_is_over_is_shown_once(capsys):
    assert main(["watch", "runs/done"]) == 0
    said = capsys.readouterr().out
    assert [line.split()[1] for line in said.splitlines() if line.startswith("epoch")] == ["1", "2", "3", "4"]
    assert "finished" in said
    assert main(["watch", "runs/done", "--once"]) == 0
    said = capsys.readouterr().out
    assert "report.html" in said
    assert any("\u2801" <= c <= "\u28ff" for c in said)
    assert main(["watch", "runs/done", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "finished"
    assert main(["watch", "runs/none"]) == 2


@pytest.mark.parametrize(("seconds", "told"), [(45.2, "about 45\u00a0s left"), (1690.0, "about 28\u00a0min left")])
def test_who_looks_on_sees_what_is_left(shelf, capsys, seconds, told):
    run = RunFolder(shelf / "stopped")
    row = json.loads(run.read("history.jsonl").splitlines()[0]) | {"seconds_left": seconds}
    run.write("history.jsonl", json.dumps(row) + "\n")
    with locked(run):
        assert main(["watch", "runs/stopped", "--once"]) == 0
    said = capsys.readouterr().out
    assert told in said
    assert f"F1 {percent(row['val_f1'])}" in said
    assert main(["watch", "runs/stopped", "--once"]) == 0
    assert "left" not in capsys.readouterr().out


def test_of_folds_and_of_several_seeds_the_one_at_work_is_watched(shelf, capsys):
    (shelf / "seeds").mkdir()
    for name in ("seed-0", "seed-1"):
        shutil.copytree(shelf / "done", shelf / "seeds" / name)
    shutil.copytree(shelf / "stopped", shelf / "seeds" / "seed-1" / "fold-2")
    with locked(RunFolder(shelf / "seeds" / "seed-1")), locked(RunFolder(shelf / "seeds" / "seed-1" / "fold-2")):
        for path in ("runs/seeds", "runs/seeds/seed-1"):
            assert main(["watch", path, "--once"]) == 0
            assert os.path.join("seed-1", "fold-2") in capsys.readouterr().out  # noqa: PTH118
    assert main(["watch", "runs/seeds"]) == 0
    assert "epoch 4" in capsys.readouterr().out
    assert main(["watch", "runs/notes"]) == 2
    assert "not a run" in capsys.readouterr().err


def test_a_run_is_watched_while_it_learns(shelf):
    command = [sys.executable, "-c", "from olhar.cli.app import main; import sys; sys.exit(main())", "watch", "runs/stopped"]
    run = RunFolder(shelf / "stopped")
    rows = run.read("history.jsonl").splitlines(keepends=True)
    run.write("history.jsonl", rows[0])
    with locked(run):
        watching = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert watching.stdout is not None
        assert watching.stdout.readline().startswith("epoch 1")
        run.write("history.jsonl", "".join(rows[:2]))
        assert watching.stdout.readline().startswith("epoch 2")
        time.sleep(0.1)
        assert watching.poll() is None
    rest = watching.communicate(timeout=60)[0]
    assert "stopped" in rest
    assert watching.returncode == 0
