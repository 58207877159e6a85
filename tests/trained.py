"""A small training, as tests of the verbs, of the command line and of the documents share it."""

import pytest

import olhar
from tests.conftest import write_pictures

QUICK = {"model": "cnn", "width": 4, "epochs": 4, "batch": 16, "learning_rate": 0.02, "label_smoothing": 0.0, "folds": 0}


@pytest.fixture(scope="session")
def coloured(tmp_path_factory):
    """A folder with parts of its own: 72 pictures to learn from, 36 to test."""
    root = tmp_path_factory.mktemp("data") / "colours"
    write_pictures(root, 24, prefix="train")
    write_pictures(root, 12, prefix="test", start=500)
    return root


@pytest.fixture(scope="session")
def run(coloured, tmp_path_factory):
    """A run that has learnt to tell three colours apart."""
    patch = pytest.MonkeyPatch()
    patch.setenv("OLHAR_CACHE", str(tmp_path_factory.mktemp("cache")))
    patch.setenv("OLHAR_LANGUAGE", "en")
    try:
        return olhar.train(coloured, into=tmp_path_factory.mktemp("runs") / "colours", **QUICK)
    finally:
        patch.undo()
