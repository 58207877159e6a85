"""The files that name a model's classes: in the order of their indices, or refused with the line."""

import pytest

from olhar.base.errors import ModelError
from olhar.keras_files.read.labels import parse_labels
from tests.conftest import assert_says


@pytest.mark.parametrize(
    "text", ["0 cat\n1 dog", "1 dog\n0 cat", '{"dog": 1, "cat": 0}', "cat\r\n\r\ndog\r\n", "\ufeffcat\ndog", "cat,dog"]
)
def test_the_order_is_that_of_the_indices(text):
    assert parse_labels(text.encode(), "names.txt") == ("cat", "dog")


def test_a_name_that_stands_twice_is_told_with_its_line():
    with pytest.raises(ModelError) as error:
        parse_labels(b"cat\ndog\ncat\nbird\n", "names.txt")
    error.value.values["where"] = "model.h5"
    assert_says(error, "names.txt, line 3", "cat")


@pytest.mark.parametrize("text", ["0 cat\n2 dog", '{"cat": 0, "dog": 5}', '{"cat": {}}'])
def test_an_index_with_gaps_is_told_with_its_line(text):
    with pytest.raises(ModelError) as error:
        parse_labels(text.encode(), "names.txt")
    error.value.values["where"] = "model.h5"
    assert_says(error, "names.txt, line")
