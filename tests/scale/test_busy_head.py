"""A head that has more to do than to answer."""

import sys
from types import SimpleNamespace

import pytest

from olhar.base.errors import UsageError
from olhar.scale import cluster


@pytest.mark.parametrize(("aborted", "tried"), [(1, 2), (5, 2), (0, 1)])
def test_a_head_that_is_busy_is_asked_once_more(monkeypatch, aborted, tried):
    asked = []

    def init(**_):
        asked.append(1)
        if len(asked) <= aborted:
            raise ConnectionAbortedError

    monkeypatch.setitem(sys.modules, "ray", SimpleNamespace(init=init, shutdown=lambda: None))
    began = cluster._started("ray://here")
    if aborted > 1:
        with pytest.raises(UsageError), began:
            pass
    else:
        with began:
            pass
    assert len(asked) == tried
