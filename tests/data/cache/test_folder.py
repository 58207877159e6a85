import os
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest

from olhar.base.errors import UsageError
from olhar.base.progress import Quiet
from olhar.data.cache import folder as cache
from olhar.data.cache.store import pack
from olhar.data.checks.survey import survey
from olhar.data.sources import read
from tests.conftest import assert_says, write_pictures

SIDES = (6, 7, 8)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path / "own-cache"))
    monkeypatch.delenv("OLHAR_CACHE_GB", raising=False)


@pytest.fixture
def three(pictures):
    """Three stores of 72 pictures, the smallest used longest ago."""
    for age, side in enumerate(SIDES):
        pack(read(pictures), (side, side), 3, "stretch")
        newest = next(one for one in cache.entries() if one.shape[1:3] == (side, side))
        os.utime(newest.path / "store.json", (1000 + age, 1000 + age))
    return pictures


def sides():
    return sorted(one.shape[1] for one in cache.entries() if one.kind == "pictures")


def test_what_is_kept_is_listed_last_used_first(three):
    listed = cache.entries()
    assert [one.shape for one in listed] == [(72, side, side, 3) for side in reversed(SIDES)]
    assert {(one.name, one.kind, one.fit) for one in listed} == {(three.name, "pictures", "stretch")}
    assert all(one.size > 72 * one.shape[1] ** 2 * 3 for one in listed)
    pack(read(three), (6, 6), 3, "stretch")
    assert cache.entries()[0].shape[1] == 6


def test_what_was_used_longest_ago_goes_when_the_limit_is_reached(three, monkeypatch):
    total = sum(one.size for one in cache.entries())
    monkeypatch.setenv("OLHAR_CACHE_GB", str((total + 10) / 1e9))
    pack(read(three), (5, 5), 3, "stretch")
    assert sides() == [5, 7, 8]
    monkeypatch.setenv("OLHAR_CACHE_GB", "0")
    pack(read(three), (9, 9), 3, "stretch")
    assert sides() == [9]


def test_nothing_goes_that_a_living_process_uses(three, monkeypatch):
    code = textwrap.dedent(f"""
        import sys
        from olhar.data.sources import read
        from olhar.data.cache.store import pack
        held = pack(read({str(three)!r}), (6, 6), 3, "stretch")
        print("ready", flush=True)
        sys.stdin.read()
        assert held.pixels.sum() > 0
    """)
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout
    assert child.stdin
    child.stdout.readline()
    mine = pack(read(three), (7, 7), 3, "stretch")
    monkeypatch.setenv("OLHAR_CACHE_GB", "0")
    cache.make_room(1)
    assert sides() == [6, 7]
    done = cache.empty()
    assert (done.removed, done.busy) == (0, 2)
    child.stdin.close()
    assert child.wait() == 0
    child.stdout.close()
    del mine
    done = cache.empty()
    assert (done.removed, done.busy) == (2, 0)
    assert done.freed > 0
    assert not cache.entries()


def test_a_store_that_is_taken_away_while_in_memory_stays_in_memory(three):
    packed = pack(read(three), (6, 6), 3, "stretch")
    before = np.array(packed.pixels)
    if packed.held:
        packed.held.release()
    assert cache.empty().removed == 3
    assert np.array_equal(packed.pixels, before)
    assert pack(read(three), (6, 6), 3, "stretch").fresh


def test_what_a_killed_process_left_goes_with_the_next_packing(pictures):
    left = cache.stores() / "abc.12345678.draft"
    left.mkdir(parents=True)
    (left / "store.json").write_text("")
    (left / "pixels.npy").write_bytes(b"\0" * 1000)
    assert [one.kind for one in cache.entries()] == ["left"]
    pack(read(pictures), (5, 5), 3, "stretch")
    assert not left.exists()


def test_one_thing_is_taken_away_by_name_or_key(three, tmp_path):
    write_pictures(tmp_path / "other", per_class=2)
    pack(read(tmp_path / "other"), (6, 6), 3, "stretch")
    assert cache.empty(["other"]).removed == 1
    key = next(one.key for one in cache.entries() if one.shape[1] == 7)
    assert cache.empty([key]).removed == 1
    assert sides() == [6, 8]
    assert cache.empty([three.name]).removed == 2
    with pytest.raises(UsageError) as error:
        cache.empty(["other"])
    assert_says(error, "other", "olhar cache")


def test_downloads_are_listed_and_own_copies_go_only_by_name():
    for name, own in (("cifar10", False), ("fer2013", True)):
        folder = cache.downloads(name)
        folder.mkdir(parents=True)
        (folder / "data.bin").write_bytes(b"x" * 500)
        (folder / "data.bin.lock").touch()
        if not own:
            (folder / f"data.bin{cache.RECORD}").write_text("{}")
    assert {(one.name, one.kind, one.size) for one in cache.entries()} == {("cifar10", "download", 500), ("fer2013", "own", 500)}
    cache.make_room(10**12)
    done = cache.empty()
    assert (done.removed, done.freed, done.own) == (1, 500, 1)
    assert not list(cache.downloads("cifar10").glob(f"*{cache.RECORD}"))
    assert cache.empty(["fer2013"]).removed == 1


def test_a_limit_that_is_no_size_is_told_before_anything_is_packed(pictures, monkeypatch):
    for wrong in ("plenty", "-1", "inf", "nan"):
        monkeypatch.setenv("OLHAR_CACHE_GB", wrong)
        with pytest.raises(UsageError) as error:
            pack(read(pictures), (6, 6), 3, "stretch")
        assert_says(error, "OLHAR_CACHE_GB", wrong)
    monkeypatch.setenv("OLHAR_CACHE_GB", "1,5")
    assert cache.size_limit() == 1.5e9


@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed by signal")
@pytest.mark.parametrize("moment", [0.0, 0.004, 0.02, 0.06])
def test_a_kill_at_any_moment_leaves_a_whole_store_or_none(pictures, moment):
    code = textwrap.dedent(f"""
        from olhar.data.sources import read
        from olhar.data.cache.store import pack
        data = read({str(pictures)!r})
        print("ready", flush=True)
        for side in range(4, 400):
            pack(data, (side, side), 3, "stretch")
    """)
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert child.stdout
    child.stdout.readline()
    time.sleep(moment)
    child.kill()
    child.wait()
    child.stdout.close()
    data = read(pictures)
    for one in cache.entries():
        if one.kind == "pictures":
            found = pack(data, one.shape[1:3], 3, "stretch")
            assert not found.fresh
            assert found.pixels.shape == (72, *one.shape[1:])
            assert found.pixels[71].any()
    pack(data, (2, 2), 3, "stretch")
    assert not [one for one in cache.entries() if one.kind == "left" and not one.busy and (one.path / "store.json").exists()]


def test_what_is_kept_of_a_look_makes_room_for_itself_too_and_stays_while_it_is_used(three, monkeypatch):
    monkeypatch.setenv("OLHAR_CACHE_GB", "0")
    seen = survey(read(three), Quiet())
    assert [entry.shape for entry in cache.entries()] == [(72, 32, 32, 1)]
    cache.make_room(1)
    assert cache.empty().busy == 1
    assert seen.gray.any()
    del seen
    assert cache.empty().removed == 1
