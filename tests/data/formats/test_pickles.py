import io
import os
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar.base.errors import DataError
from olhar.data.formats.pickles import FileStretch, PickledArray, load_pickle
from olhar.data.sources import read
from tests.conftest import assert_says
from tests.data import forms

SMALL = np.arange(6, dtype=np.uint8).reshape(2, 3)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda each: st.lists(each) | st.dictionaries(st.text(), each) | st.tuples(each, each),
    max_leaves=12,
)


class Evil:
    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.system, (f"touch {self.marker}",)


@settings(max_examples=60)
@given(plain, st.sampled_from([2, 3, 4, 5]))
def test_plain_things_come_back_as_they_were(value, protocol):
    assert load_pickle(io.BytesIO(pickle.dumps(value, protocol)), "x") == value


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
@pytest.mark.parametrize("dtype", ["u1", ">i4", "<f8"])
def test_arrays_are_described_not_built(protocol, dtype):
    found = load_pickle(io.BytesIO(pickle.dumps({b"data": SMALL.astype(dtype)}, protocol)), "x")["data"]
    assert isinstance(found, PickledArray)
    assert np.frombuffer(found.data, found.dtype).reshape(found.shape).tolist() == SMALL.tolist()


def test_large_bytes_stay_in_the_file():
    pixels = np.random.default_rng(0).integers(0, 256, (20, 3072), dtype=np.uint8)
    content = pickle.dumps({"data": pixels}, 4)
    found = load_pickle(io.BytesIO(content), "x")["data"].data
    assert isinstance(found, FileStretch)
    assert content[found.start : found.start + found.size] == pixels.tobytes()


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_a_pickle_that_would_run_something_is_refused_and_runs_nothing(tmp_path, protocol):
    marker = tmp_path / "marker"
    folder = forms.as_cifar_python(tmp_path / "set")
    for evil in (Evil(marker), {"data": Evil(marker), "labels": [1]}, [SMALL, Evil(marker)]):
        (folder / "data_batch_2").write_bytes(pickle.dumps(evil, protocol))
        with pytest.raises(DataError) as error:
            load_pickle(io.BytesIO(pickle.dumps(evil, protocol)), "data_batch_2")
        assert_says(error, "data_batch_2", "system", "may run code")
        if protocol > 1:
            with pytest.raises(DataError) as error:
                read(folder)
            assert_says(error, "data_batch_2")
    assert not marker.exists()


@pytest.mark.parametrize("wanted", [{1, 2}, complex(1, 2), np.array([{}], object), np.datetime64("2026-01-01"), range(3)])
def test_other_things_are_refused(wanted):
    with pytest.raises(DataError) as error:
        load_pickle(io.BytesIO(pickle.dumps(wanted, 4)), "batch")
    assert_says(error, "batch")


@settings(max_examples=200)
@given(st.data())
def test_damaged_pickles_are_told_or_read(data):
    content = bytearray(pickle.dumps({"data": SMALL, "labels": [1, 2], "names": ("a", b"b")}, data.draw(st.integers(0, 5))))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        load_pickle(io.BytesIO(bytes(content[: data.draw(st.integers(1, len(content)))])), "x")
    except DataError as error:
        assert_says(error)


@settings(max_examples=200)
@given(st.binary(max_size=60))
def test_any_bytes_are_told_or_read(content):
    try:
        load_pickle(io.BytesIO(content), "x")
    except DataError as error:
        assert_says(error)
