import os
import signal
import subprocess
import sys
import textwrap

import pytest

from olhar.base.errors import RunError
from olhar.runs.folder import RunFolder
from olhar.runs.lock import busy, locked
from tests.conftest import assert_says


def test_a_run_is_held_by_one_at_a_time(tmp_path):
    run = RunFolder.create(tmp_path / "run")
    assert not busy(run.path)
    with locked(run):
        assert busy(run.path)
        with pytest.raises(RunError) as error, locked(RunFolder(run.path)):
            pass
        assert_says(error, "run", "--into", "run-2")
    assert not busy(run.path)
    with locked(run):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="locks of files that are only read are another matter there")
def test_who_may_only_read_a_run_can_ask_whether_it_is_busy(tmp_path, monkeypatch):
    run = RunFolder.create(tmp_path / "run")
    with locked(run):
        monkeypatch.setattr("olhar.runs.lock.os.access", lambda *_: False)
        monkeypatch.setattr("olhar.base.lock.exclusive", lambda *_: pytest.fail("it must not be written"))
        assert busy(run.path)
    assert not busy(run.path)


def test_a_place_without_a_run_is_not_busy_and_stays_as_it_was(tmp_path):
    assert not busy(tmp_path / "none")
    assert not busy(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_killed_holder_leaves_no_lock_and_its_drafts_are_swept(tmp_path):
    run = RunFolder.create(tmp_path / "run")
    code = textwrap.dedent(f"""
        import time
        from pathlib import Path
        from olhar.runs.folder import RunFolder
        from olhar.runs.lock import locked
        run = RunFolder(Path({str(run.path)!r}))
        with locked(run):
            (run.path / ".best.safetensors.1.draft").write_bytes(b"half")
            (run.checkpoints / ".last.safetensors.1.draft").write_bytes(b"half")
            print("held", flush=True)
            time.sleep(60)
    """)
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout
    assert child.stdout.readline() == "held\n"
    assert busy(run.path)
    os.kill(child.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    child.wait()
    child.stdout.close()
    with locked(run):
        assert sorted(path.name for path in run.path.rglob("*")) == ["checkpoints", "lock"]
