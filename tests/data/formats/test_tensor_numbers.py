import io

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from olhar.base.errors import ModelError
from olhar.data.formats.tensor_numbers import read_state_dict
from tests.conftest import assert_says
from tests.old_torch import old_torch

SMALL = {"a": np.arange(12, dtype=np.float32).reshape(3, 4), "n": np.array(7, np.int64), "d": np.ones((2, 1), np.float64)}


def saved(state):
    out = io.BytesIO()
    torch.save(state, out, _use_new_zipfile_serialization=False)
    return out.getvalue()


def test_what_torch_itself_wrote_is_read_number_by_number():
    base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    state = {
        "whole": base,
        "turned": base.permute(2, 0, 1),
        "part": base[1:, 1:],
        "column": base[:, 0, 3],
        "count": torch.tensor(5),
        "double": torch.rand(3, dtype=torch.float64),
        "half": torch.rand(3).half(),
        "none": torch.zeros(0, 3),
    }
    arrays = read_state_dict(saved(state), "w.pth")
    assert arrays.keys() == state.keys()
    for name, tensor in state.items():
        assert arrays[name].shape == tuple(tensor.shape)
        assert np.array_equal(arrays[name], tensor.numpy())


def test_the_form_made_without_torch_is_read_alike():
    arrays = read_state_dict(old_torch(SMALL), "w.pth")
    assert all(np.array_equal(arrays[name], array) and arrays[name].dtype == array.dtype for name, array in SMALL.items())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80\x02K\x01.",
        old_torch(SMALL)[:-1],
        old_torch(SMALL, counts={"a": 2**40}),
        old_torch(SMALL, counts={"a": -1}),
        old_torch(SMALL, counts={"a": 11}),
    ],
)
def test_what_is_no_such_file_or_says_more_than_it_has_is_refused(data):
    with pytest.raises(ModelError) as error:
        read_state_dict(data, "w.pth")
    assert_says(error, "w.pth", "damaged")


def test_what_would_be_run_is_refused_by_name():
    class Evil:
        def __reduce__(self):
            return print, ("run",)

    with pytest.raises(ModelError) as error:
        read_state_dict(saved({"a": torch.zeros(1), "b": Evil()}), "w.pth")
    assert_says(error, "w.pth", "print")


def test_a_small_file_cannot_ask_for_much_memory():
    base = torch.zeros(1000)
    huge = {f"t{number}": base.view(10, 100) for number in range(5000)}
    with pytest.raises(ModelError):
        read_state_dict(saved(huge), "w.pth")


@given(place=st.integers(0, len(old_torch(SMALL)) - 1), value=st.integers(0, 255))
@example(place=0, value=0)
def test_a_changed_byte_gives_numbers_or_an_error_and_never_more(place, value):
    data = bytearray(old_torch(SMALL))
    data[place] = value
    try:
        arrays = read_state_dict(bytes(data), "w.pth")
    except ModelError:
        return
    assert sum(array.nbytes for array in arrays.values()) <= 8 * len(data)
