from types import SimpleNamespace

import numpy as np
from sklearn.datasets import load_digits

from olhar.data.sets import digits as room
from olhar.data.sets.digits import digits


def test_the_digits_are_those_of_scikit_learn():
    ours, theirs = digits(), load_digits()
    assert np.array_equal(ours.labels, theirs.target)
    assert np.array_equal(np.stack([ours.read(i) for i in range(1797)]).reshape(-1, 8, 8), np.round(theirs.images * 255 / 16))


def test_scikit_learn_is_asked_where_its_file_lies_elsewhere(monkeypatch, tmp_path):
    expected = room._table()
    monkeypatch.setattr(room, "find_spec", lambda _: SimpleNamespace(submodule_search_locations=[str(tmp_path)]))
    assert np.array_equal(room._table(), expected)
