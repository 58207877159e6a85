"""The weights of a run know when they were changed."""

import shutil

import pytest
from safetensors import safe_open
from safetensors.numpy import load_file

import olhar
from olhar.runs.folder import RunFolder
from olhar.runs.weights import WEIGHTS, sound_weights
from tests.conftest import assert_says


@pytest.fixture
def copy(run, tmp_path) -> RunFolder:
    return RunFolder(shutil.copytree(run.path, tmp_path / "run"))


def test_weights_are_safetensors_with_a_checksum(copy):
    path = sound_weights(copy)
    assert load_file(path)
    with safe_open(path, "np") as file:
        assert len(file.metadata()["sha256"]) == 64


def test_a_bit_that_changed_is_noticed_and_what_needs_no_weights_goes_on(copy, coloured):
    path = copy.path / WEIGHTS
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)
    with pytest.raises(olhar.RunError) as error:
        sound_weights(copy)
    assert_says(error, WEIGHTS, "damaged", "olhar predict")
    assert len(olhar.predict(copy.path, coloured / "test").predictions) == 36


def test_weights_of_a_run_from_before_are_read(copy):
    path = copy.path / WEIGHTS
    path.write_bytes(path.read_bytes().replace(b'"sha256":', b'"unused":', 1))
    assert sound_weights(copy) == path
