"""Files of arrays with some bytes changed: each is read, or refused in one sentence; nothing else ever comes out."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import olhar
from olhar.base.errors import DataError
from tests.data.formats import array_makers as makers

MAKERS = (
    makers.npy_pair,
    makers.kmnist,
    makers.cat_course,
    makers.galaxies,
    makers.svhn,
    makers.emnist,
    makers.silhouettes,
    makers.alphadigs,
    makers.matlab_73,
    makers.traffic_signs,
    makers.stl10,
)


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_arrays_are_refused_or_read(tmp_path_factory, maker, data):
    folder = tmp_path_factory.mktemp("set")
    maker(folder)
    path = data.draw(st.sampled_from(sorted(folder.iterdir())))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, min(len(content), 4096) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(len(content) // 2, len(content)))] if data.draw(st.booleans()) else content)
    _read_or_refuse(folder)


def _read_or_refuse(folder: Path) -> None:
    with suppress(DataError):
        dataset = olhar.read(folder)
        for row in range(len(dataset)):
            dataset.read(row)
