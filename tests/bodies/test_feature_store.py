import multiprocessing

import numpy as np
import pytest

import olhar
from olhar.base.progress import Quiet
from olhar.bodies import feature_store, features
from olhar.bodies.feature_store import features_of
from olhar.bodies.features import feature_network, picture_contract
from olhar.bodies.opened import published_body
from olhar.data.cache import folder
from olhar.data.checks.survey import survey
from tests.scenes import write_scenes

pytestmark = pytest.mark.usefixtures("own_cache")

SIDE = 32


def looked_at(data, views=("plain",), channels=3):
    dataset, body = olhar.read(data), published_body("lite0", SIDE)
    return features_of(dataset, survey(dataset, Quiet()), body, picture_contract(body, channels), views, Quiet())


@pytest.fixture
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def counted(monkeypatch):
    """How many pictures are looked at from now on."""
    seen = []
    compute = feature_store.compute

    def counting(dataset, rows, *rest):
        seen.extend(rows)
        return compute(dataset, rows, *rest)

    monkeypatch.setattr(feature_store, "compute", counting)
    return seen


def test_a_folder_that_has_grown_costs_its_new_pictures_only(monkeypatch, tmp_path):
    data = write_scenes(tmp_path / "data", 4)
    first = looked_at(data)
    assert first.fresh
    seen = counted(monkeypatch)
    again = looked_at(data)
    assert not seen
    assert not again.fresh
    assert np.array_equal(first.values, again.values)
    write_scenes(tmp_path / "data", 2, start=4)
    grown = looked_at(data)
    assert len(seen) == 6
    assert len(grown.values) == 18
    names = [olhar.read(data).where[row] for row in grown.rows.tolist()]
    old = [place for place, name in enumerate(names) if int(name[-7:-4]) < 4]
    assert np.array_equal(grown.values[old], first.values)


def test_equal_pictures_are_looked_at_once_and_a_bad_one_is_named(monkeypatch, tmp_path):
    data = write_scenes(tmp_path / "data", 3)
    (data / "dots" / "copy.png").write_bytes((data / "dots" / "000.png").read_bytes())
    (data / "dots" / "broken.png").write_bytes((data / "dots" / "001.png").read_bytes()[:-40])
    seen = counted(monkeypatch)
    found = looked_at(data)
    assert len(seen) == 9
    assert [picture.where for picture in found.bad] == ["dots/broken.png"]
    assert len(found.values) == len(found.rows) == len(found.hashes) == 10


def test_views_stand_beside_each_other_the_plain_one_first(tmp_path):
    data = write_scenes(tmp_path / "data", 2)
    plain, both = looked_at(data), looked_at(data, ("plain", "mirror"))
    assert both.values.shape[:2] == (6, 2)
    assert np.array_equal(both.values[:, 0], plain.values[:, 0])
    assert not np.array_equal(both.values[:, 1], plain.values[:, 0])
    assert both.block("pooled").shape == (2, 6, 1280)


def test_a_gray_picture_is_repeated(tmp_path):
    data = write_scenes(tmp_path / "data", 2)
    assert looked_at(data, channels=1).values.shape == looked_at(data).values.shape
    network = feature_network(published_body("lite0", SIDE), 1)
    pixels = np.random.default_rng(0).integers(0, 256, (2, SIDE, SIDE, 1), np.uint8)
    gray = features.runtime.session(network).run(["pooled"], {"pictures": pixels})[0]
    colour = features.runtime.session(feature_network(published_body("lite0", SIDE), 3))
    assert np.array_equal(gray, colour.run(["pooled"], {"pictures": np.repeat(pixels, 3, 3)})[0])


def test_a_cache_that_may_only_be_read_is_no_fault(own_cache, monkeypatch, tmp_path):
    data = write_scenes(tmp_path / "data", 2)
    monkeypatch.setattr(folder.os, "access", lambda *_: False)
    expected = looked_at(data)
    assert not own_cache.exists() or not [*own_cache.glob("store/*")]
    seen = counted(monkeypatch)
    assert np.array_equal(looked_at(data).values, expected.values)
    assert not seen


def _look(data, queue):
    queue.put(looked_at(data).values.sum(dtype=np.float64))


def test_two_at_once_come_to_the_same(tmp_path):
    data = write_scenes(tmp_path / "data", 6)
    spawn = multiprocessing.get_context("spawn")
    queue = spawn.Queue()
    processes = [spawn.Process(target=_look, args=(data, queue)) for _ in range(2)]
    for process in processes:
        process.start()
    sums = [queue.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    assert sums[0] == sums[1] == looked_at(data).values.sum(dtype=np.float64)


def test_work_that_is_stopped_keeps_what_it_has(monkeypatch, tmp_path):
    data = write_scenes(tmp_path / "data", 4)
    monkeypatch.setattr(feature_store, "_AT_ONCE", 5)
    seen = counted(monkeypatch)
    counting = feature_store.compute

    def stopping(dataset, rows, *rest):
        if len(seen) >= 10:
            raise KeyboardInterrupt
        return counting(dataset, rows, *rest)

    monkeypatch.setattr(feature_store, "compute", stopping)
    with pytest.raises(KeyboardInterrupt):
        looked_at(data)
    seen.clear()
    monkeypatch.setattr(feature_store, "compute", counting)
    assert len(looked_at(data).values) == 12
    assert len(seen) == 2
