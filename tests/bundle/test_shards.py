"""Pictures in batches are answered alike here and by a model and pictures that were carried elsewhere."""

import tracemalloc

import numpy as np
import pytest

import olhar
from olhar.base.progress import Quiet
from olhar.bundle.answers import ask
from olhar.bundle.predictor import BATCH
from tests.conftest import write_pictures
from tests.travelling import Pickled


@pytest.fixture
def many(tmp_path):
    """84 pictures, of which two cannot be read, one in each batch."""
    root = write_pictures(tmp_path / "many", 28)
    (root / "blue" / "003.png").write_bytes(b"no picture")
    (root / "red" / "020.png").write_bytes(b"")
    return root


def test_answers_are_the_same_bytes_in_the_same_order(run, many):
    model, pictures, runner = olhar.load(run.path), olhar.read(many), Pickled()
    here, there = ask(model, pictures, Quiet()), ask(model, pictures, Quiet(), runner)
    assert len(runner.weights) == -(-len(pictures) // BATCH) == 2
    assert there.predictions.to_csv() == here.predictions.to_csv()
    assert there.probabilities.tobytes() == here.probabilities.tobytes()
    assert there.rows == here.rows
    assert [str(picture.reason) for picture in there.bad] == [str(picture.reason) for picture in here.bad]
    assert len(here.bad) == 2
    assert len(here) == 82


def test_arrays_travel_too(run, tmp_path):
    np.savez(tmp_path / "arrays.npz", x=np.full((6, 16, 16, 3), 90, np.uint8), y=np.arange(6) % 2)
    model, pictures = olhar.load(run.path), olhar.read(tmp_path / "arrays.npz")
    here, there = ask(model, pictures, Quiet()), ask(model, pictures, Quiet(), Pickled())
    assert there.probabilities.tobytes() == here.probabilities.tobytes()


def test_an_answer_takes_some_bytes_and_no_objects(run):
    model, most = olhar.load(run.path), {}
    for n in (1_000, 5_000):
        pictures = olhar.read({"x": np.full((n, 16, 16, 3), 90, np.uint8), "y": np.arange(n) % 2})
        tracemalloc.start()
        ask(model, pictures, Quiet())
        most[n] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert (most[5_000] - most[1_000]) / 4_000 < 150
