"""Runs as somebody sees them who did not begin them."""

import json
import os
import shlex
import shutil
import sys

from olhar.cli.app import main
from olhar.runs.folder import RunFolder
from olhar.runs.lock import locked


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


def test_a_finished_run_that_learnt_no_epochs_has_none_in_the_list(shelf, capsys):
    (shelf / "done" / "history.jsonl").unlink()  # a head start keeps none
    assert states(capsys)["done"]["epoch"] is None
    assert states(capsys)["stopped"]["epoch"] > 0
    assert main(["runs"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if "done" in line)
    assert " 0 " not in line


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
