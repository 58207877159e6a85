"""Trials that are trained elsewhere, two at once, are those that would be trained here; what was under way is asked again."""

import pytest

from olhar.base.errors import Stopped
from olhar.runs.request import Request
from olhar.studies.tuning import run_tuning
from tests.conftest import assert_says
from tests.trained import Said
from tests.travelling import Pickled
from tests.verbs.test_tune import FIXED, RANGES, searched, trials_in

FIELDS = FIXED | {"precision": "fp32"}


@pytest.fixture(autouse=True)
def _optuna():
    pytest.importorskip("optuna", reason="the extra [tune] is not installed")


def tuned(data, into, runner, said=None, minutes=5, resume=False):
    request = Request(data=data, fields={} if resume else FIELDS)
    how = {"resume": resume, "progress": said or Said()} | ({"runner": runner} if runner else {})
    return run_tuning(request, None if resume else minutes, into, None if resume else RANGES, **how)


def test_two_at_once_are_told_kept_and_gone_on_with(coloured, tmp_path):
    said, into = Said(), tmp_path / "tune"
    with pytest.raises(Stopped) as told:
        tuned(coloured, into, Pickled(most=6, error=Stopped("scale.stopped")), said)
    assert_says(told, "olhar tune --resume")
    assert any("order in which they come to their end" in line for line in said.lines)
    rows = trials_in(into)
    running = [row["number"] for row in rows if row["state"] == "running"]
    assert len(running) == 2
    assert len({row["number"] for row in rows}) == len(rows) == 7
    with pytest.raises(Stopped):
        tuned(coloured, into, Pickled(most=3, error=Stopped("scale.stopped")), resume=True)
    again = trials_in(into)
    assert len({row["number"] for row in again}) == len(again)
    chosen = [row["params"] for row in again]
    assert all(row["params"] in chosen for row in rows)


def test_the_same_choices_give_the_same_numbers_here_and_elsewhere(coloured, tmp_path):
    with pytest.raises(Stopped):
        tuned(coloured, tmp_path / "there", Pickled(most=1, workers=1, error=Stopped("scale.stopped")))
    first = trials_in(tmp_path / "there")
    here = searched(coloured, tmp_path / "here", trials=1, precision="fp32")
    assert first[0]["params"] == here[0]["params"]
    assert first[0]["values"] == here[0]["values"] != []
