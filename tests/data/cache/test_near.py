import shutil
import time
from dataclasses import dataclass, field, replace

import pytest

import olhar
from olhar.base import texts
from olhar.base.errors import PictureError
from olhar.base.progress import Quiet
from olhar.data.cache import folder, near
from olhar.data.cache.near import NearSource
from olhar.data.sources import read
from tests.conftest import COLOURS, encoded, noisy
from tests.trained import QUICK


@dataclass
class Slow:
    """A folder on a mounted drive: each picture takes its time; ``asked`` are those that were read."""

    source: object
    asked: list = field(default_factory=list)

    def read(self, index):
        self.asked.append(index)
        time.sleep(1.5 * near.SLOW)
        return self.source.read(index)

    def fingerprint(self):
        return self.source.fingerprint()


class Heard(Quiet):
    def __init__(self):
        self.lines = []

    def line(self, sentence):
        self.lines.append(sentence)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def photos(tmp_path):
    """Twenty pictures of each of two classes, and one that cannot be read."""
    for name in ("blue", "red"):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for i in range(20):
            (tmp_path / "photos" / name / f"{i:02}.png").write_bytes(encoded(noisy(COLOURS[name], i)))
    (tmp_path / "photos" / "red" / "99.png").write_bytes(b"")
    return read(tmp_path / "photos")


def test_a_slow_folder_is_copied_once_and_that_is_said(photos, cache):
    slow, heard = Slow(photos.source), Heard()
    close = near.near(replace(photos, source=slow), heard)
    for language, words in (("en", ("photos", "copied once", str(cache))), ("pt-BR", ("photos", "uma única vez", str(cache)))):
        with texts.speaking(language):
            (line,) = map(str, heard.lines)
        assert all(word in line for word in words), line
    slow.asked.clear()
    assert [close.read(row) for row in range(40)] == [photos.read(row) for row in range(40)]
    assert not slow.asked
    assert list(close.source.fingerprint()) == list(photos.source.fingerprint())
    assert near.near(close, heard) is close
    again = near.near(replace(photos, source=slow), heard)
    assert isinstance(again.source, NearSource)
    assert not slow.asked
    assert len(heard.lines) == 1
    (entry,) = folder.entries()
    assert (entry.name, entry.kind, entry.shape) == ("photos", "pictures", (41,))


def test_a_picture_that_cannot_be_read_is_told_as_ever(photos):
    close = near.near(replace(photos, source=Slow(photos.source)), Quiet())
    assert close.read(40) == photos.read(40) == b""
    shutil.rmtree(photos.source.root)
    with pytest.raises(PictureError):
        close.read(40)


def test_a_quick_folder_and_pictures_in_memory_stay_where_they_are(photos, cache):
    heard = Heard()
    in_memory = olhar.read("digits")
    assert near.near(photos, heard) is photos
    assert near.near(in_memory, heard) is in_memory
    assert not heard.lines
    assert not cache.exists()


def test_what_is_more_than_the_cache_may_hold_is_not_copied_and_the_way_out_is_said(photos, cache, monkeypatch):
    monkeypatch.setenv("OLHAR_CACHE_GB", "0")
    slow, heard = replace(photos, source=Slow(photos.source)), Heard()
    assert near.near(slow, heard) is slow
    for language, words in (("en", "as one zip"), ("pt-BR", "como um só zip")):
        with texts.speaking(language):
            assert words in str(heard.lines[0])
    assert not cache.exists()


def test_check_looks_at_a_slow_folder_but_once(photos, say_of_cache):
    slow = Slow(photos.source)
    olhar.check(replace(photos, source=slow))
    assert max(map(slow.asked.count, range(40))) <= 2  # once to measure, once to copy
    assert "copies of 41 pictures" in say_of_cache()


def test_a_training_reads_each_picture_of_a_slow_folder_but_once(photos, tmp_path):
    slow, heard = Slow(photos.source), Heard()
    olhar.train(replace(photos, source=slow), into=tmp_path / "run", progress=heard, **QUICK)
    assert max(map(slow.asked.count, range(40))) <= 2  # once to measure, once to copy
    assert sum(line.key == "far.slow" for line in heard.lines) == 1


@pytest.fixture
def say_of_cache(capsys):
    """What ``olhar cache`` prints."""
    from olhar.cli.app import main

    def run():
        capsys.readouterr()
        assert main(["cache"]) == 0
        return capsys.readouterr().out

    return run
