"""A body whose scaling nobody says: it is found with pictures that teach, and with no other."""

from dataclasses import replace

import numpy as np
import pytest

import olhar
from olhar.base.progress import Quiet
from olhar.data.cache.store import content_hash
from olhar.data.sources import read
from olhar.jobs import scaling_found
from olhar.jobs.body import open_body
from olhar.runs.split import read_split
from olhar.training.recipe import Recipe
from tests.bodies.test_onnx_file import FREE, Classifier, exported
from tests.scenes import scene, write_scenes


@pytest.fixture
def file(tmp_path):
    return exported(Classifier(), tmp_path / "net.onnx", side=64, **FREE)


class Others:
    """A source that gives other pictures for some rows."""

    def __init__(self, source, rows):
        self.source, self.rows = source, set(rows)

    def __getattr__(self, name):
        return getattr(self.source, name)

    def read(self, row):
        return scene("dots", 7) if row in self.rows else self.source.read(row)


def losses_with(file, dataset, teaching, monkeypatch):
    """The log-loss of each way, as it was weighed."""
    found: list[float] = []
    weigh = scaling_found._loss

    def kept(*asked):
        found.append(weigh(*asked))
        return found[-1]

    with monkeypatch.context() as patch:
        patch.setattr(scaling_found, "_loss", kept)
        open_body(Recipe(model=str(file)), dataset, Quiet(), lambda: teaching)
    return found


def test_other_pictures_that_judge_weigh_nothing(file, scenes, monkeypatch):
    dataset = read(scenes, progress=Quiet())
    teaching, judging = np.arange(0, len(dataset), 2), range(1, len(dataset), 2)
    others = replace(dataset, source=Others(dataset.source, judging))
    assert losses_with(file, dataset, teaching, monkeypatch) == losses_with(file, others, teaching, monkeypatch)
    taught = replace(dataset, source=Others(dataset.source, teaching.tolist()[1::2]))
    assert losses_with(file, dataset, teaching, monkeypatch) != losses_with(file, taught, teaching, monkeypatch)


def test_a_test_part_that_olhar_deals_does_not_choose_the_scaling(file, tmp_path, monkeypatch):
    data, seen = write_scenes(tmp_path / "data", 40), set[bytes]()
    compute = scaling_found.compute

    def watched(dataset, rows, *others):
        seen.update(dataset.read(row) for row in rows)
        return compute(dataset, rows, *others)

    monkeypatch.setattr(scaling_found, "compute", watched)
    run = olhar.train(data, model=str(file), split="60/10/30", folds=0, into=tmp_path / "run", progress=Quiet())
    parts = read_split(run.path)
    assert sum(part == "test" for part in parts.values()) > 20
    chose = {parts[content_hash(picture)] for picture in seen}
    assert "test" not in chose
    assert len(seen) > 60


def test_other_test_pictures_leave_the_choice_as_it_is(file, tmp_path):
    choices = []
    for number in range(2):
        folder = tmp_path / str(number)
        write_scenes(folder / "train", 10)
        write_scenes(folder / "test", 10, start=100 * (number + 1))
        run = olhar.train(folder, model=str(file), into=tmp_path / f"run-{number}", progress=Quiet())
        choices.append(run.signature.mean)
    assert choices[0] == choices[1]
