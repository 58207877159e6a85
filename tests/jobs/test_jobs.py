"""Faults that a training meets: a full disk, too little memory, SIGTERM, a second training in the same folder."""

import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import olhar
from olhar.base.errors import RunError, Stopped
from olhar.jobs import learn
from olhar.runs import checkpoint
from olhar.runs.folder import RunFolder
from olhar.runs.lock import locked
from tests.conftest import assert_says, write_pictures
from tests.trained import QUICK, SAVING, Hook

CHANGED = QUICK | {"epochs": 5, "patience": 0}


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of two megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = sys.platform == "linux" and os.geteuid() == 0
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if not mounted or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs a user who may mount a small file system")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(place):
    """Leave no byte free."""
    with (place / "filler").open("wb") as file, contextlib.suppress(OSError):
        while True:
            os.write(file.fileno(), bytes(4096))


def test_a_full_disk_is_told_the_checkpoint_before_is_whole_and_the_training_goes_on(coloured, small_disk, monkeypatch):
    monkeypatch.setattr(learn, "Session", SAVING)
    run = small_disk / "run"
    with pytest.raises(RunError) as error:
        olhar.train(coloured, into=run, progress=Hook(2, lambda: fill(small_disk)), **CHANGED)
    assert_says(error, "needs", "MB", "No space left", str(run))
    assert error.value.code == "OLH305"
    assert checkpoint.read(RunFolder.open(run))[1]["step"] >= 4
    (small_disk / "filler").unlink()
    assert [path for path in run.rglob("*") if path.name.endswith(".draft")] == []
    assert olhar.train(into=run, resume=True).metrics.accuracy.n
    assert checkpoint.read(RunFolder.open(run))[1]["step"] == 20


def test_a_run_that_another_training_works_in_is_refused(coloured, tmp_path):
    with pytest.raises(Stopped):
        olhar.train(coloured, into=tmp_path / "run", progress=Hook(1, lambda: os.kill(os.getpid(), signal.SIGTERM)), **CHANGED)
    for changes in ({"resume": True}, {}):
        with locked(RunFolder.open(tmp_path / "run")), pytest.raises(RunError) as error:
            olhar.train(coloured, into=tmp_path / "run", **(changes or CHANGED))
        assert_says(error, "another training is at work", "--into", "run-2")
        assert error.value.code == "OLH330"
    with pytest.raises(RunError) as error:
        olhar.train(coloured, into=tmp_path / "run", **CHANGED)
    assert_says(error, "exists already", "--resume")


def test_while_it_trains_a_run_is_held(coloured, tmp_path):
    refused = []

    def again():
        with pytest.raises(RunError) as error:
            olhar.train(into=tmp_path / "run", resume=True)
        refused.append(error.value.code)
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(Stopped):
        olhar.train(coloured, into=tmp_path / "run", progress=Hook(1, again), **CHANGED)
    assert refused == ["OLH330"]


def test_weights_that_are_no_numbers_are_never_saved(coloured, tmp_path, monkeypatch):
    from olhar.training.loop import Training

    update = Training._update

    def broken(self, loss):
        update(self, loss)
        if self.step == 6:
            self.network.head.weight.data.fill_(float("nan"))

    monkeypatch.setattr(Training, "_update", broken)
    monkeypatch.setattr(learn, "Session", SAVING)
    with pytest.raises(olhar.TrainingError) as error:
        olhar.train(coloured, into=tmp_path / "run", **CHANGED)
    assert_says(error, "step 7", "checkpoint written before stays", "--learning-rate")
    tensors, values = checkpoint.read(RunFolder.open(tmp_path / "run"))
    assert values["step"] == 6
    assert all(bool(tensor.isfinite().all()) for tensor in tensors.values())


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit of the process's memory that the system keeps")
def test_too_little_memory_is_told_with_a_batch_that_fits(coloured, tmp_path):
    code = textwrap.dedent(f"""
        import resource
        import olhar
        from olhar.base.progress import Quiet

        class Tight(Quiet):
            def line(self, text):
                text = str(text)
                if text.startswith("Network"):
                    kilobytes = next(row for row in open("/proc/self/status") if row.startswith("VmSize")).split()[1]
                    resource.setrlimit(resource.RLIMIT_AS, (int(kilobytes) * 1024 + 350 * 2**20,) * 2)

        asked = {{"size": 96, "width": 64, "batch": 64, "model": "cnn", "threads": 1, "precision": "fp32"}}
        try:
            olhar.train({str(coloured)!r}, into={str(tmp_path / "run")!r}, progress=Tight(), **asked)
        except olhar.TrainingError as error:
            print(error.code, error)
    """)
    few_arenas = {**os.environ, "MALLOC_ARENA_MAX": "1"}  # each reserves 64 MB of addresses, and how many there are is chance
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=few_arenas)
    assert done.returncode == 0, done.stderr
    words = done.stdout.split()
    assert words[0] == "OLH332", done.stdout + done.stderr
    assert int(words[words.index("--batch") + 1].strip(",")) in (2, 4, 8, 16, 32)


def refusing(monkeypatch, whose):
    """From here on no folder ``checkpoints`` can be made below folders of this name."""
    mkdir = Path.mkdir

    def refused(self, *how, **more):
        if self.name == "checkpoints" and self.parent.name == whose:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        mkdir(self, *how, **more)

    monkeypatch.setattr(Path, "mkdir", refused)


@pytest.mark.parametrize(("whose", "folds"), [("empty", 0), ("fold-1", 2)])
def test_a_folder_that_may_not_be_written_is_told(tmp_path, monkeypatch, whose, folds):
    data = write_pictures(tmp_path / "colours", 12)
    (tmp_path / "empty").mkdir()
    refusing(monkeypatch, whose)
    with pytest.raises(RunError) as error:
        olhar.train(data, into=tmp_path / "empty", **QUICK | {"folds": folds, "epochs": 1, "batch": 8})
    assert_says(error, whose, "Permission denied", "--into")
    assert error.value.code == "OLH302"


def test_a_full_disk_leaves_the_figures_of_a_report_as_they_were(run, tmp_path, monkeypatch):
    copy = tmp_path / "run"
    shutil.copytree(run.path, copy)
    before = {path.name: path.read_bytes() for path in copy.iterdir() if path.is_file()}

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError) as error:
        olhar.report(copy, language="pt-BR")
    assert_says(error, "loss.png", "No space left")
    assert error.value.code == "OLH305"
    assert {path.name: path.read_bytes() for path in copy.iterdir() if path.is_file()} == before
