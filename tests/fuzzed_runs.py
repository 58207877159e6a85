"""Fuzzing of run folders: small trainings of each kind, one of whose files is damaged by chance, and each verb asked of them."""

import contextlib
import shutil
import signal
from pathlib import Path
from random import Random
from typing import Any

import pytest

import olhar
from olhar.jobs import learn
from tests.conftest import write_pictures
from tests.damaging import QUESTIONS, asked, damage
from tests.fuzzed import Attempt
from tests.trained import SAVING, StopAtOnce

TRAINED: dict[str, Any] = {"model": "cnn", "width": 4, "epochs": 2, "batch": 16, "folds": 0, "size": 16}
READ_BY_NOBODY = ("report.html", "model-card.md", "history.csv", "labels.txt")
_SHOWN = ("report", "runs", "evaluate", "evaluate data", "inspect")
ASKED = {
    "finished": (*_SHOWN * 2, *QUESTIONS),
    "head": (*_SHOWN * 2, *QUESTIONS),
    "stopped": ("resume", "watch", "runs"),
    "seeds": ("resume", "watch"),
    "tuning": ("tune on", "watch"),
}
"""What is asked of each training; what takes seconds is asked less often."""


def runs(folder: Path) -> Attempt:
    """Run folders, one file of each damaged, and one question."""
    data = write_pictures(folder / "colours", 12)
    sources = trained(data, folder)

    def attempt(chance: Random) -> str:
        source = chance.choice(sources)
        question = chance.choice(ASKED[source.name])
        place = folder / "tries" / "run"
        shutil.rmtree(place.parent, ignore_errors=True)
        shutil.copytree(source, place)
        files = sorted(path for path in place.rglob("*.*") if path.name not in READ_BY_NOBODY and path.suffix != ".png")
        done = damage(chance.choice(files), chance)
        status, printed = asked(question, place, data, place.parent)
        if status not in (0, 2) or "Traceback" in printed:
            raise AssertionError(f"{source.name}: {done}, {question}: exit {status}: {printed.strip()[-300:]}")
        return f"{source.name}: {done}, {question}"

    return attempt


def trained(data: Path, folder: Path) -> list[Path]:
    """Small trainings, each in a folder that is a key of ``ASKED``."""
    olhar.train(data, into=folder / "finished", **TRAINED)
    olhar.train(data, into=folder / "head")
    olhar.train(data, into=folder / "seeds", seeds=2, **TRAINED)
    olhar.tune(data, into=folder / "tuning", minutes=0.25, model="cnn", width=4, size=16, epochs=1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with pytest.MonkeyPatch.context() as patch, contextlib.suppress(olhar.Stopped):
        patch.setattr(learn, "Session", SAVING)
        olhar.train(data, into=folder / "stopped", progress=StopAtOnce(), **TRAINED | {"epochs": 6})
    return [folder / name for name in ASKED]
