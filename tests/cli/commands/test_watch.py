import json
import os
import shutil
import subprocess
import sys
import time

import pytest

from olhar.base.texts import percent
from olhar.cli.app import main
from olhar.runs.folder import RunFolder
from olhar.runs.lock import locked


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
